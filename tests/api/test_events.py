"""S3 event notifications, as the bucket sends them to /transform and /profile."""
import os

import pytest

ARTISTS = ["daft-punk", "adele"]


def record(key, event="ObjectCreated:Put"):
    return {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": event,
            "s3": {"bucket": {"name": "b"}, "object": {"key": key, "size": 1}}}


def outcomes(client, path, *records):
    results = client.post(path, {"Records": list(records)}).json["results"]
    assert len(results) == len(records)
    return [result["outcome"] for result in results]


@pytest.fixture
def session(client):
    return client.new_profile(ARTISTS)[0]


GOOD = [
    ("plain", "data/{}/top_tracks.json", "ObjectCreated:Put"),
    ("all encoded", "data%2F{}%2Ftop_tracks.json", "ObjectCreated:Put"),
    ("with s3: before the event", "data/{}/top_tracks.json", "s3:ObjectCreated:Put"),
    ("another way of creating", "data/{}/top_tracks.json", "ObjectCreated:CompleteMultipartUpload"),
]


@pytest.mark.parametrize("key,event", [case[1:] for case in GOOD], ids=[case[0] for case in GOOD])
def test_an_event_starts_its_stage(client, service, session, key, event):
    made = client.profile(session).body
    for name in ("enriched_tracks.json", "profile.json"):
        os.unlink(service.path(session, name))
    assert outcomes(client, "/transform", record(key.format(session), event)) == ["done"]
    assert os.path.exists(service.path(session, "enriched_tracks.json"))
    assert outcomes(client, "/profile", record(f"data/{session}/enriched_tracks.json")) == ["done"]
    assert os.path.exists(service.path(session, "profile.json"))
    assert client.profile(session).body == made


def test_the_same_event_twice_does_no_harm(client, session):
    made = client.profile(session).body
    twice = [record(f"data/{session}/top_tracks.json")] * 2 + [record(f"data/{session}/enriched_tracks.json")] * 2
    assert outcomes(client, "/transform", *twice) == ["done"] * 4
    assert client.profile(session).body == made


IGNORED = [
    ("another folder", "other/{}/top_tracks.json", "ObjectCreated:Put"),
    ("another name", "data/{}/other.json", "ObjectCreated:Put"),
    ("deeper", "data/{}/x/top_tracks.json", "ObjectCreated:Put"),
    ("no session", "data/short/top_tracks.json", "ObjectCreated:Put"),
    ("up and away", "data/../../../etc/passwd", "ObjectCreated:Put"),
    ("encoded up and away", "data/%2e%2e%2f%2e%2e%2f{}/top_tracks.json", "ObjectCreated:Put"),
    ("a leading slash", "/data/{}/top_tracks.json", "ObjectCreated:Put"),
    ("a space", "data/{}/top+tracks.json", "ObjectCreated:Put"),
    ("empty", "", "ObjectCreated:Put"),
    ("removed", "data/{}/top_tracks.json", "ObjectRemoved:Delete"),
    ("restored", "data/{}/top_tracks.json", "ObjectRestore:Completed"),
    ("a log", "logs/{}/top_tracks.json", "ObjectCreated:Put"),
]


@pytest.mark.parametrize("key,event", [case[1:] for case in IGNORED], ids=[case[0] for case in IGNORED])
@pytest.mark.parametrize("path", ["/transform", "/profile"])
def test_an_event_that_is_none_of_ours_is_passed_over(client, session, path, key, event):
    assert outcomes(client, path, record(key.format(session), event)) == ["ignored"]


def test_objects_that_start_nothing_are_passed_over(client, session):
    assert outcomes(client, "/profile", record(f"data/{session}/profile.json"),
                    record(f"logs/{session}/unknown_genres.json")) == ["ignored"] * 2


def test_one_record_that_fails_does_not_stop_the_others(client, service, session):
    os.unlink(service.path(session, "enriched_tracks.json"))
    nobody, torn = "nobody-knows-this-session", client.create()
    client.extract(torn, ["adele"])
    client.profile(torn)
    for name in ("top_tracks.json", "enriched_tracks.json"):
        with open(service.path(torn, name), "w", encoding="utf-8") as file:
            file.write('{"torn')
    body = {"Records": [record(f"data/{torn}/top_tracks.json"), record(f"data/{nobody}/top_tracks.json"),
                        record("readme.txt"), record(f"data/{session}/top_tracks.json")]}
    results = client.post("/transform", body).json["results"]
    assert [result["outcome"] for result in results] == ["failed", "erased", "ignored", "done"]
    assert "extract" in results[0]["error"]
    assert os.path.exists(service.path(session, "enriched_tracks.json"))


def test_the_most_records(client, session):
    records = [record(f"data/{session}/top_tracks.json")] * 100
    assert outcomes(client, "/transform", *records) == ["done"] * 100
    client.post("/transform", {"Records": records + records[:1]}, 400)


BROKEN = [
    ("no records", {"Records": []}),
    ("a number as record", {"Records": [5]}),
    ("null as record", {"Records": [None]}),
    ("an empty record", {"Records": [{}]}),
    ("no key", {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {}}}]}),
    ("no object", {"Records": [{"eventName": "ObjectCreated:Put", "s3": {}}]}),
    ("s3 a text", {"Records": [{"eventName": "ObjectCreated:Put", "s3": "x"}]}),
    ("the key a number", {"Records": [record(5)]}),
    ("the key null", {"Records": [record(None)]}),
    ("the event a number", {"Records": [record("x", 5)]}),
    ("a broken escape", {"Records": [record("data/%zz/top_tracks.json")]}),
    ("half an escape", {"Records": [record("data/%2")]}),
    ("an encoded NUL", {"Records": [record("data/%00/top_tracks.json")]}),
    ("not UTF-8", {"Records": [record("data/%ff%fe/top_tracks.json")]}),
    ("a good and a broken one", {"Records": [record("readme.txt"), {}]}),
    ("records a text", {"Records": "x"}),
    ("records an object", {"Records": {"0": record("x")}}),
]


@pytest.mark.parametrize("body", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
@pytest.mark.parametrize("path", ["/transform", "/profile"])
def test_a_malformed_event(client, path, body):
    client.post(path, body, 400)


def test_a_broken_event_starts_nothing(client, service, session):
    os.unlink(service.path(session, "enriched_tracks.json"))
    client.post("/transform", {"Records": [record(f"data/{session}/top_tracks.json"), {}]}, 400)
    assert not os.path.exists(service.path(session, "enriched_tracks.json"))
