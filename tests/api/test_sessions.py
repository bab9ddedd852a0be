"""Sessions: secret, short-lived, erased on demand, and finished whatever happened to the server."""
import json
import os
import shutil
import threading
import time

import pytest

import sounds
from service import half_a_request, read_answer, until

ARTISTS = ["daft-punk", "adele", "stromae"]
STAGES = ["top_tracks.json", "enriched_tracks.json", "profile.json"]
DAY_S = 24 * 3600


def age(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)


def files_of(service, session):
    found = []
    for folder in ("data", "logs"):
        inner = os.path.join(service.data, folder, session)
        try:
            found += [os.path.join(folder, name) for name in os.listdir(inner)]
        except FileNotFoundError:  # never made, or swept just now
            continue
    return sorted(found)


# ---- ids ----

def test_ids_are_distinct_and_long(client):
    ids = [client.create() for _ in range(1000)]
    assert len(set(ids)) == 1000 and all(len(id_) >= 22 for id_ in ids)
    for place in range(22):  # no place holds always the same few letters
        assert len({id_[place] for id_ in ids}) > 40


def test_a_new_session_lives_a_day_and_stores_nothing(client, service):
    answer = client.post("/create-session", expect=201).json
    created, expires = (time.mktime(time.strptime(answer[name][:19], "%Y-%m-%dT%H:%M:%S"))
                        for name in ("created_at", "expires_at"))
    assert expires - created == DAY_S
    assert files_of(service, answer["session_id"]) == []
    client.get(f"/getProfile?session_id={answer['session_id']}", 404)


# ---- nobody else's ----

def test_nothing_is_readable_with_another_id(client):
    mine, _ = client.new_profile([{"id": "secret-artist", "name": "Secret Artist", "genres": ["secretcore", "pop"]}])
    other = client.create()
    near = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    case = mine.swapcase()
    for session in (other, near, mine + "A", case):
        for method, path, body in (("GET", f"/getProfile?session_id={session}", None),
                                   ("POST", "/getProfile", {"session_id": session}),
                                   ("POST", "/transform", {"session_id": session}),
                                   ("POST", "/profile", {"session_id": session})):
            assert b"ecret" not in client.ask(method, path, body, expect=404).body
        client.erase(session)
    assert client.profile(mine).json["artists"][0]["name"] == "Secret Artist"


def test_two_sessions_do_not_touch_each_other(client):
    one, first = client.new_profile(["metallica"])
    two, second = client.new_profile(["edith-piaf"])
    assert first.json["artists"] != second.json["artists"]
    client.erase(one)
    assert client.profile(two).body == second.body


# ---- while it is being made ----

def lay_out(source, target, names):
    """Puts objects of one session's folder into another server's folder, as if that had just written them. All at
    once: a sweeper takes an empty folder away."""
    beside = target + ".new"
    os.makedirs(beside, mode=0o700)
    for name in names:
        shutil.copyfile(os.path.join(source, name), os.path.join(beside, name))
    os.rename(beside, target)


def test_progress_is_told_while_the_profile_is_made(client, service, start, tmp_path):
    session, made = client.new_profile(ARTISTS)
    done = os.path.dirname(service.path(session, STAGES[0]))
    for present, stage, count in ((STAGES[:1], "transform", 0), (STAGES[:2], "profile", len(made.json["tracks"]))):
        other = start(data=tmp_path / stage)
        lay_out(done, os.path.join(other.data, "data", session), present)
        reader = other.client()
        answer = reader.get(f"/getProfile?session_id={session}", 202)
        assert answer.json == {"session_id": session, "stage": stage, "done": count, "total": len(made.json["tracks"])}
        assert answer.headers["Retry-After"] == "1"
        assert reader.profile(session).body == made.body


@pytest.mark.parametrize("ask", [
    lambda c, s: c.get(f"/getProfile?session_id={s}&wait=20000"),
    lambda c, s: c.post("/getProfile", {"session_id": s, "wait": 20000}),
    lambda c, s: c.post(f"/getProfile?wait=20000&session_id={s}", {}),
], ids=["GET", "POST body", "POST query"])
def test_waiting_is_answered_when_the_profile_comes(client, service, start, tmp_path, ask):
    session, made = client.new_profile(ARTISTS)
    other = start(data=tmp_path / "other")
    lay_out(os.path.dirname(service.path(session, STAGES[0])), os.path.join(other.data, "data", session), STAGES[:1])
    began = time.monotonic()
    assert ask(other.client(), session).body == made.body
    assert time.monotonic() - began < 15, "the answer came when the time was over, not when the profile came"


def test_many_wait_for_one_profile(client, service, start, tmp_path):
    session, made = client.new_profile(ARTISTS)
    other = start(data=tmp_path / "other")
    bodies, readers = [], [other.client() for _ in range(20)]
    lay_out(os.path.dirname(service.path(session, STAGES[0])), os.path.join(other.data, "data", session), STAGES[:1])
    threads = [threading.Thread(target=lambda r=r: bodies.append(r.profile(session).body)) for r in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [made.body] * 20


def test_waiting_for_nothing_is_answered_at_once(client):
    began = time.monotonic()
    client.get(f"/getProfile?session_id={client.create()}&wait=20000", 404)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("lost", [STAGES[1:], STAGES[2:]], ids=["killed before transform", "killed before profile"])
def test_a_profile_is_finished_after_a_crash(start, lost):
    first = start()
    client = first.client()
    session, made = client.new_profile(ARTISTS)
    first.kill()
    for name in lost:
        os.unlink(first.path(session, name))
    assert start().client().profile(session).body == made.body


def test_a_crash_right_after_extract(start):
    first = start()
    client = first.client()
    session = client.create()
    client.extract(session, ARTISTS)
    first.kill()
    profile = start().client().profile(session).json
    assert [artist["id"] for artist in profile["artists"]] == ARTISTS


# ---- erasing ----

def test_erasing_leaves_nothing(client, service):
    session, _ = client.new_profile(["adele", {"id": "x", "name": "X", "genres": ["zorgcore"]}])
    assert files_of(service, session) == ["data/enriched_tracks.json", "data/profile.json", "data/top_tracks.json",
                                          "logs/unknown_genres.json"]
    client.erase(session)
    for folder in ("data", "logs"):
        assert not os.path.exists(os.path.join(service.data, folder, session))
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {"session_id": session}, 404)
    client.get(f"/getProfile?session_id={session}&wait=1000", 404)
    client.erase(session)


def test_erasing_while_it_is_made_leaves_nothing(client, service):
    artists = [{"id": f"x{n}", "name": "X", "genres": ["zorgcore", "pop"]} for n in range(10)]
    sessions = [client.create() for _ in range(30)]
    for session in sessions:
        client.extract(session, artists)
        client.erase(session)
    until(lambda: b"\nlistening_events_waiting 0\n" in client.get("/metrics").body, "the stages come to rest")
    for session in sessions:
        assert files_of(service, session) == []
        client.get(f"/getProfile?session_id={session}&wait=100", 404)


HISTORY = [{"ts": f"2020-01-02T05:{minute:02}:00Z", "ms_played": 200000, "master_metadata_track_name": "Hello",
            "master_metadata_album_artist_name": "Adele"} for minute in range(20)]
TRACK = {"title": "Hello", "artist": "Adele", "features": {"energy": 0.5}}


def as_json(session, **members):
    return json.dumps({"session_id": session, **members}).encode()


MAKERS = {
    "/extract-simulate": lambda session: (as_json(session, artists=ARTISTS), "application/json"),
    "/features": lambda session: (as_json(session, tracks=[TRACK]), "application/json"),
    "/analyze": lambda session: (sounds.form(("session_id", None, session.encode()),
                                             ("file", "a.wav", sounds.wav(sounds.music()))), sounds.FORM_TYPE),
    "/import": lambda session: (sounds.form(("session_id", None, session.encode()),
                                            ("file", "endsong_0.json", json.dumps(HISTORY).encode())), sounds.FORM_TYPE),
}


@pytest.mark.parametrize("path", MAKERS)
def test_what_was_begun_before_it_was_erased_brings_nothing_back(client, service, path):
    session = client.create()
    body, content_type = MAKERS[path](session)
    sock, answers, rest = half_a_request(service, path, body, content_type)
    with sock:
        client.erase(session)
        sock.sendall(rest)
        answer = read_answer(answers)
    assert answer.status == 404 and "erased" in answer.error, answer
    client.contract.check("POST", path, answer)
    assert files_of(service, session) == []
    client.ask("POST", path, body, {"Content-Type": content_type}, 200)  # begun after it
    assert "data/top_tracks.json" in files_of(service, session)


def test_an_erased_session_can_begin_again(client):
    session, before = client.new_profile(["adele"])
    client.erase(session)
    client.extract(session, ["metallica"])
    assert client.profile(session).json["artists"][0]["id"] == "metallica" != before.json["artists"][0]["id"]


# ---- the time to live ----

def test_a_short_life_ends_for_every_reader_and_on_disk(start):
    service = start("--ttl", "4s")
    client = service.client()
    session, _ = client.new_profile(["adele", {"id": "x", "name": "X", "genres": ["zorgcore"]}])
    until(lambda: client.get(f"/getProfile?session_id={session}", None).status == 404, "the session is too old")
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {"session_id": session}, 404)
    until(lambda: files_of(service, session) == [], "its objects are swept from disk")
    until(lambda: not os.path.exists(os.path.dirname(service.path(session, "x"))), "its folder is swept too")


def test_what_is_a_day_old_is_gone_at_once(client, service):
    session, _ = client.new_profile(ARTISTS)
    for name in STAGES:
        age(service.path(session, name), DAY_S + 1)
    client.get(f"/getProfile?session_id={session}", 404)
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {"session_id": session}, 404)


def test_what_is_nearly_a_day_old_is_there(client, service):
    session, made = client.new_profile(ARTISTS)
    for name in STAGES:
        age(service.path(session, name), DAY_S - 60)
    assert client.profile(session).body == made.body


def test_a_profile_does_not_outlive_its_session(start):
    """A profile that was made again later is younger on disk; it goes with its session all the same."""
    first = start()
    session, _ = first.client().new_profile(ARTISTS)
    first.stop()
    age(first.path(session, STAGES[0]), DAY_S + 1)
    client = start().client()
    client.post("/getProfile", {"session_id": session}, 404)
    client.get(f"/getProfile?session_id={session}", 404)
    client.post("/profile", {"session_id": session}, 404)


def test_what_grew_old_while_nobody_ran_is_swept(start, tmp_path):
    first = start()
    client = first.client()
    old, _ = client.new_profile(["adele", {"id": "x", "name": "X", "genres": ["zorgcore"]}])
    young, made = client.new_profile(ARTISTS)
    first.stop()
    for name in files_of(first, old):
        age(os.path.join(first.data, name.split("/")[0], old, name.split("/")[1]), 2 * DAY_S)
    second = start()
    until(lambda: files_of(second, old) == [], "the old session is swept")
    assert second.client().profile(young).body == made.body


def test_what_is_dated_ahead_ends_too(start):
    service = start("--ttl", "3s")  # and a sweep every 3 s
    session = service.client().new_profile(ARTISTS)[0]
    for name in os.listdir(service.path(session, "")):
        age(service.path(session, name), -2 * DAY_S)  # the clock was set back by two days
    until(lambda: files_of(service, session) == [], "a sweep dates them now, and a later one finds them old", 30)


def test_what_a_killed_writer_left_is_swept_and_never_read(start):
    first = start()
    session, made = first.client().new_profile(ARTISTS)
    first.stop()
    leftover = first.path(session, ".tmp-1-1")
    with open(leftover, "wb") as file:
        file.write(b'{"half')
    age(leftover, 3600)
    second = start()
    until(lambda: not os.path.exists(leftover), "the leftover is swept")
    assert second.client().profile(session).body == made.body


def test_what_is_none_of_ours_is_left_alone(start, tmp_path):
    other = tmp_path / "data" / "data" / "notes"
    other.mkdir(parents=True)
    (other / "keep.txt").write_text("keep")
    age(other / "keep.txt", 10 * DAY_S)
    service = start("--ttl", "1s")
    client = service.client()
    session = client.create()
    client.extract(session, ["adele"])
    until(lambda: files_of(service, session) == [], "the session beside it is swept")
    assert (other / "keep.txt").read_text() == "keep"
