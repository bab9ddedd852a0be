"""POST /features: numbers that a browser measured, to a session's tracks and its profile; sharing, comparing and
mixing them with named artists."""
import json

import pytest

SESSION = "nobody-knows-this-session-id"
FEATURES = {"danceability": 0.41, "energy": 0.43, "key": 7, "loudness": -11.2, "mode": 0, "speechiness": 0.05,
            "acousticness": 0.7, "instrumentalness": None, "liveness": None, "valence": 0.3, "tempo": 117.9,
            "time_signature": 4}
UNIT = ["danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence"]


def track(title="Feeling Good", artist="Nina Simone", duration_ms=174000, confidence=0.6, **changed):
    features = {**FEATURES, **changed}
    return {"title": title, "artist": artist, "duration_ms": duration_ms, "features": features, "confidence": confidence}


def send(client, tracks, session=SESSION, expect=200, **more):
    return client.post("/features", {"session_id": session, "tracks": tracks, **more}, expect)


def profile_of(client, session, lang="en"):
    return client.get(f"/getProfile?session_id={session}&wait=20000&lang={lang}").json


# ---- good ways ----

def test_numbers_become_a_profile_in_both_languages(client):
    session = client.create()
    kept = send(client, [track(), track("Sinnerman"), track("Lilac Wine", "Nina  SIMONE"), track("Hurt", None, energy=0.9)],
                session).json
    assert [(a["name"], a["weight"]) for a in kept["artists"]] == [("Nina Simone", 3), ("Unknown artist", 1)]
    assert all(t["source"] == "measured" and t["measured_by"] == "browser" for t in kept["tracks"])
    assert kept["tracks"][0]["confidence"] == 0.6 and "key" not in kept["tracks"][0]["features"]
    english, french = profile_of(client, session), profile_of(client, session, "fr")
    assert english["sources"] == {"measured": 4, "provider": 0, "dataset": 0, "estimated": 0}
    assert english["energy_avg"] == pytest.approx((3 * 0.43 + 0.9) / 4, abs=0.006)
    assert {t["measured_by"] for t in english["tracks"]} == {"browser"}
    assert [a["estimated_share"] for a in english["artists"]] == [0, 0]
    assert [e["id"] for e in english["emotions"]] == [e["id"] for e in french["emotions"]]
    assert english["dominant_emotion"] != french["dominant_emotion"] and french["lang"] == "fr"
    assert english["description"] != french["description"]
    for profile, name in ((english, "Unknown artist"), (french, "Artiste inconnu")):
        assert [a["name"] for a in profile["artists"]] == ["Nina Simone", name]
        assert [t["artist"] for t in profile["tracks"]] == ["Nina Simone"] * 3 + [name]
        reasons = [reason for e in profile["emotions"] for reason in e["because"] if reason["kind"] == "artist"]
        assert {reason["label"] for reason in reasons} == {"Nina Simone", name}


def test_the_same_numbers_give_the_same_profile(client):
    session = client.create()
    runs = set()
    for _ in range(2):
        runs.add(send(client, [track()], session).json["run"])
        profile = profile_of(client, session)
    assert len(runs) == 1 and profile["run"] in runs


def test_they_take_the_place_of_artists_and_the_other_way_round(client):
    session, _ = client.new_profile(["adele"])
    send(client, [track()], session)
    assert [a["name"] for a in profile_of(client, session)["artists"]] == ["Nina Simone"]
    client.extract(session, ["adele"])
    assert profile_of(client, session)["sources"]["measured"] == 0


def test_sharing_and_comparing(client):
    one, other = client.create(), client.create()
    send(client, [track(energy=0.9, valence=0.9)], one)
    send(client, [track(energy=0.1, valence=0.1, loudness=-25)], other)
    for session in (one, other):
        profile_of(client, session)
    code = client.post("/share", {"session_id": other}, 201).json["code"]
    compared = client.get(f"/compare?session_id={one}&with={code}").json
    assert 0 < compared["similarity"] < 1
    client.erase(other)
    client.get(f"/compare?session_id={one}&with={code}", 404)


def test_mixing_with_named_artists(client):
    session = client.create()
    kept = send(client, [track(), track("Hello", "ADÈLE"), track("Demo", "adele")], session,
                artists=["adele", {"id": "my-cousin", "name": "My Cousin", "genres": ["zouk"]}]).json
    weights = {a["name"]: a["weight"] for a in kept["artists"]}
    of_adele = [t for t in kept["tracks"] if t["artist"] == "Adele"]
    titles = [t["title"] for t in of_adele]
    assert weights["My Cousin"] == 5 and weights["Nina Simone"] == 1
    assert len(titles) == len({t.casefold() for t in titles}), "a measured track takes the place of the same title"
    known = client.extract(client.create(), ["adele"]).json["tracks"]
    replaced = sum(t["title"] == "Hello" for t in known)
    assert weights["Adele"] == 7 - replaced and len(of_adele) == len(known) + 2 - replaced
    profile = profile_of(client, session)
    assert profile["sources"]["measured"] == 3 and profile["sources"]["estimated"] == len(of_adele) - 2
    assert sum(a["weight"] for a in profile["artists"]) == pytest.approx(1, abs=0.001)
    shares = {a["name"]: a["estimated_share"] for a in profile["artists"]}
    assert shares["Nina Simone"] == 0 and shares["My Cousin"] == 1 and 0 < shares["Adele"] < 1


@pytest.mark.parametrize("artists", [None, []], ids=["null", "an empty list"])
def test_no_artist_beside_them(client, artists):
    assert len(send(client, [track()], client.create(), artists=artists).json["artists"]) == 1


def test_what_may_be_left_out(client):
    kept = send(client, [{"title": " A ", "features": {"energy": 1}, "more": 1}], client.create(), more=[1]).json
    one, = kept["tracks"]
    assert one["title"] == "A" and one["artist"] == "Unknown artist" and one["confidence"] is None
    assert [name for name, value in one["features"].items() if value is not None] == ["energy"]


@pytest.mark.parametrize("loudness", [-100, 20])
def test_the_bounds_belong_to_the_range(client, loudness):
    kept, = send(client, [track(loudness=loudness, tempo=400)], client.create()).json["tracks"]
    assert (kept["features"]["loudness"], kept["features"]["tempo"]) == (loudness, 400)


def test_a_tempo_of_0_is_unknown(client):
    """So Spotify's tables say that none was found: it must not count in the mean."""
    session = client.create()
    kept = send(client, [track(tempo=0), track("Sinnerman", tempo=120)], session).json["tracks"]
    assert [t["features"]["tempo"] for t in kept] == [None, 120]
    assert profile_of(client, session)["tempo_avg"] == 120
    silent = [{"title": "a", "features": {"tempo": 0}}]
    assert "no feature" in send(client, silent, session, expect=400).error


@pytest.mark.parametrize("tracks,kept", [
    ([track(), track("Other"), track(energy=0.9)], ["Feeling Good", "Other"]),
    ([track(), track("FEELING  good!", "nina simone", valence=0.5)], ["Feeling Good"]),
    ([track("Don't stop"), track("Dont stop")], ["Don't stop"]),
    ([track(duration_ms=None)] * 3, ["Feeling Good"]),
    ([track(), track(duration_ms=174001)], ["Feeling Good", "Feeling Good"]),
], ids=["again", "written otherwise", "an apostrophe", "without a length", "of another length"])
def test_a_repeated_track_is_left_out(client, tracks, kept):
    """The pages have an idea of their own of what is the same: a collection is not refused for one track of it."""
    session = client.create()
    answer = send(client, tracks, session).json
    assert [t["title"] for t in answer["tracks"]] == kept
    assert [a["weight"] for a in answer["artists"]] == [len(kept)]
    assert answer["tracks"][0]["features"]["energy"] == 0.43, "the first stands"
    assert profile_of(client, session)["sources"]["measured"] == len(kept)


@pytest.mark.parametrize("confidence,kept", [
    (None, None), (0, 0), (1, 1), ({}, None), ({"key": 0.1}, None), ({"energy": 0.5, "tempo": None, "valence": 1}, 0.75),
])
def test_confidence(client, confidence, kept):
    assert send(client, [track(confidence=confidence)], client.create()).json["tracks"][0]["confidence"] == kept


def test_500_tracks_fit_and_their_profile_comes(client):
    tracks = [track(f"Song {n} " + "é" * 200, f"Artist {n % 400} " + "ü" * 200) for n in range(500)]
    body = {"session_id": client.create(), "tracks": tracks}
    assert 400_000 < len(json.dumps(body, ensure_ascii=False).encode()) < 1_048_576
    assert len(client.post("/features", body).json["artists"]) == 400
    assert profile_of(client, body["session_id"])["sources"]["measured"] == 500


def test_the_session_in_the_query_or_header(client):
    session = client.create()
    client.post(f"/features?session_id={session}", {"tracks": [track()]})
    client.ask("POST", "/features", {"tracks": [track()]}, {"X-Session-Id": session}, 200)


# ---- what is refused ----

TRACKS = [
    ("none", None, "1 to 500"), ("a text", "a", "1 to 500"), ("an object", {}, "1 to 500"), ("empty", [], "1 to 500"),
    ("501", [track(str(n)) for n in range(501)], "1 to 500"),
    ("a number in the list", [5], "track 1"), ("null in the list", [track(), None], "track 2"),
    ("no title", [{"features": FEATURES}], "title"), ("an empty title", [track("")], "title"),
    ("a blank title", [track(" \t ")], "title"), ("a title as a number", [track(5)], "title"),
    ("a long title", [track("a" * 513)], "512"), ("a title long in bytes", [track("é" * 257)], "512"),
    ("an artist as a list", [track(artist=["a"])], "artist"), ("a long artist", [track(artist="a" * 513)], "512"),
    ("a NUL", [track("a\0b")], ""), ("a lone surrogate", [track("\ud800")], ""),
    ("no features", [{"title": "a"}], "features"), ("features as a list", [{"title": "a", "features": [1]}], "features"),
    ("no feature known", [{"title": "a", "features": {}}], "silence"),
    ("nothing but nulls", [{"title": "a", "features": dict.fromkeys(UNIT)}], "silence"),
    ("nothing but a key", [{"title": "a", "features": {"key": 3}}], "silence"),
    ("a negative length", [track(duration_ms=-1)], "duration_ms"), ("half a millisecond", [track(duration_ms=1.5)], "duration_ms"),
    ("more than a day", [track(duration_ms=86400001)], "duration_ms"), ("a length as a text", [track(duration_ms="1")], "duration_ms"),
    ("confidence 2", [track(confidence=2)], "confidence"), ("confidence a text", [track(confidence="high")], "confidence"),
    ("confidence of one feature", [track(confidence={"energy": -0.1})], "energy"),
]
RANGES = [(name, value) for name in UNIT for value in (-0.001, 1.001)] + [
    ("loudness", -100.1), ("loudness", 20.1), ("tempo", -1), ("tempo", 400.1), ("mode", 2), ("mode", -1), ("mode", 0.5),
    ("key", -2), ("key", 12), ("key", 1.5), ("time_signature", 17), ("time_signature", -1), ("energy", "0.5"),
    ("energy", True), ("energy", [0.5]), ("tempo", {}), ("loudness", 1e300)]


@pytest.mark.parametrize("tracks,says", [case[1:] for case in TRACKS], ids=[case[0] for case in TRACKS])
def test_bad_tracks(client, tracks, says):
    body = json.dumps({"session_id": SESSION, "tracks": tracks}).encode()  # in ASCII: a lone surrogate can be sent
    assert says in client.post("/features", body, 400).error


@pytest.mark.parametrize("name,value", RANGES, ids=[f"{name} {value}" for name, value in RANGES])
def test_a_feature_out_of_its_range(client, name, value):
    error = send(client, [track(), track("Other", **{name: value})], expect=400).error
    assert f'"{name}" of track 2' in error


@pytest.mark.parametrize("bytes_", [b'{"tracks": [{"title": "a", "features": {"energy": NaN}}]}',
                                    b'{"tracks": [{"title": "a", "features": {"energy": 1e999}}]}',
                                    b'[]', b'{', b'{"tracks": ' + b"[" * 100000], ids=["NaN", "1e999", "list", "half", "deep"])
def test_bad_bodies(client, bytes_):
    client.post("/features", bytes_, 400)


@pytest.mark.parametrize("artists,count,status,says", [
    ("adele", 1, 400, "artists"), ([5], 1, 400, "artist 1"), (["adele", "adele"], 1, 400, "twice"),
    (["adele"] * 11, 1, 400, "11"), (["nobody-of-this-name"], 1, 404, ""),
    (["adele"], 496, 400, "1 to 495 tracks"),
], ids=["a text", "a number", "twice", "11", "nobody", "no room left"])
def test_bad_artists(client, artists, count, status, says):
    assert says in send(client, [track(str(n)) for n in range(count)], expect=status, artists=artists).error


@pytest.mark.parametrize("session", [None, "", "short", "../../../etc/passwd-and-more", 5], ids=str)
def test_bad_sessions(client, session):
    assert "session" in send(client, [track()], session, expect=400).error


def test_a_refusal_leaves_what_was_there(client):
    session, before = client.new_profile(["adele"])
    send(client, [track(energy=2)], session, expect=400)
    send(client, [track()], session, expect=404, artists=["nobody-of-this-name"])
    assert client.profile(session).json["run"] == before.json["run"]


def test_the_limit_of_the_body(client):
    body = json.dumps({"session_id": client.create(), "tracks": [track()], "pad": ""}).encode()
    full = body[:-2] + b"a" * (1048576 - len(body)) + body[-2:]
    client.post("/features", full)
    client.post("/features", full[:-2] + b"a" + full[-2:], 413)


def test_other_methods(client):
    assert client.ask("GET", "/features", expect=405).headers["Allow"] == "POST, OPTIONS"
