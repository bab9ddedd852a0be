"""POST /events: what a bucket tells of, from who knows the secret."""
import os

import pytest

SECRET = "pWFIYjXyKUAcNeDjyoHqdr"
ARTISTS = ["daft-punk", "adele"]


def event(*keys, name="ObjectCreated:Put"):
    return {"Records": [{"eventName": name, "s3": {"object": {"key": key}}} for key in keys]}


@pytest.fixture
def server(start):
    return start("--no-own-events", variables={"LISTENING_EVENTS_SECRET": SECRET})


@pytest.fixture
def told(server):
    """A client and a session whose artists were named, and no stage run."""
    client = server.client()
    session = client.create()
    client.extract(session, ARTISTS)
    return client, session


def test_events_run_the_stages(told, client):
    there, session = told
    bearer = {"Authorization": f"Bearer {SECRET}"}
    assert there.get(f"/getProfile?session_id={session}", expect=202).json["stage"] == "transform"
    for name in ("top_tracks", "enriched_tracks"):
        answer = there.post("/events", event(f"data/{session}/{name}.json", "data/other.json"), **bearer)
        assert [result["outcome"] for result in answer.json["results"]] == ["done", "ignored"]
    wanted = client.new_profile(ARTISTS)[1].json
    got = there.profile(session).json
    volatile = ("session_id", "created_at", "expires_at")
    assert {**got, **dict.fromkeys(volatile)} == {**wanted, **dict.fromkeys(volatile)}


def test_the_secret_as_a_parameter(told):
    client, session = told
    answer = client.post(f"/events?secret={SECRET}", event(f"data/{session}/top_tracks.json"))
    assert answer.json["results"][0]["outcome"] == "done"


def test_what_radosgw_writes(told):
    """Its own event name and members, as seen from version 16."""
    client, session = told
    record = {"eventVersion": "2.2", "eventSource": "ceph:s3", "awsRegion": "default", "eventName": "s3:ObjectCreated:Put",
              "eventTime": "2026-11-22T23:56:28.123456Z", "userIdentity": {"principalId": "test"},
              "s3": {"s3SchemaVersion": "1.0", "configurationId": "stages",
                     "bucket": {"name": "listening", "arn": "arn:aws:s3:default::listening"},
                     "object": {"key": f"data/{session}/top_tracks.json", "size": 5, "eTag": "x", "metadata": []}},
              "eventId": "", "opaqueData": ""}
    answer = client.post(f"/events?secret={SECRET}", {"Records": [record]})
    assert answer.json["results"][0]["outcome"] == "done"


WRONG = [("nothing", "", {}), ("a wrong word", "", {"Authorization": "Bearer wrong"}),
         ("its beginning", "", {"Authorization": f"Bearer {SECRET[:-1]}"}),
         ("more than it", "", {"Authorization": f"Bearer {SECRET}x"}),
         ("twice the secret", "", {"Authorization": f"Bearer {SECRET}{SECRET}"}),
         ("another scheme", "", {"Authorization": f"Basic {SECRET}"}),
         ("an empty word", "", {"Authorization": "Bearer "}),
         ("an empty parameter", "?secret=", {}), ("a wrong parameter", "?secret=wrong", {}),
         ("the right parameter behind a wrong word", f"?secret={SECRET}", {"Authorization": "Bearer wrong"})]


@pytest.mark.parametrize("query,headers", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_without_the_secret(told, server, query, headers):
    client, session = told
    answer = client.post(f"/events{query}", event(f"data/{session}/top_tracks.json"), 401, **headers)
    assert "secret" in answer.error and answer.headers["WWW-Authenticate"] == "Bearer"
    assert SECRET not in answer.error
    assert not os.path.exists(server.path(session, "enriched_tracks.json"))


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=x"])
def test_a_server_without_a_secret_takes_no_events(client, query):
    client.post(f"/events{query}", event("data/x/top_tracks.json"), 401)
    client.post(f"/events{query}", event("data/x/top_tracks.json"), 401, Authorization="Bearer ")


def test_what_is_no_event(told):
    client, session = told
    for body in ({}, {"session_id": session}, {"Records": []}, {"Records": "x"}, {"Records": [{}]}):
        client.post(f"/events?secret={SECRET}", body, 400)


def test_an_erased_session_is_no_reason_to_tell_again(told):
    client, session = told
    client.erase(session)
    answer = client.post(f"/events?secret={SECRET}", event(f"data/{session}/top_tracks.json"))
    assert answer.json["results"][0]["outcome"] == "erased"


def test_keys_behind_a_prefix(start):
    server = start("--no-own-events", "--s3-prefix", "listening/", variables={"LISTENING_EVENTS_SECRET": SECRET})
    client = server.client()
    session = client.create()
    client.extract(session, ARTISTS)
    keys = [f"listening/data/{session}/top_tracks.json", f"other/data/{session}/top_tracks.json",
            f"listening/listening/data/{session}/top_tracks.json"]
    answer = client.post(f"/events?secret={SECRET}", event(*keys))
    assert [result["outcome"] for result in answer.json["results"]] == ["done", "ignored", "ignored"]


def test_what_may_go_better_later_is_asked_for_again(told, server):
    """The stage cannot write: its folder is a file for now."""
    client, session = told
    path = server.path(session, "enriched_tracks.json")
    os.mkdir(path)
    answer = client.post(f"/events?secret={SECRET}", event(f"data/{session}/top_tracks.json"), 503)
    assert "again" in answer.error and answer.headers["Retry-After"]
    os.rmdir(path)
    client.post(f"/events?secret={SECRET}", event(f"data/{session}/top_tracks.json"))


def test_no_secret_in_the_log(told, server):
    client, session = told
    client.post(f"/events?secret={SECRET}", event(f"data/{session}/top_tracks.json"))
    server.stop()
    assert SECRET not in "".join(server.log) and session not in "".join(server.log)
