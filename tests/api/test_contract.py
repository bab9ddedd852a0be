"""Every route on its good days."""
import json
import re

import pytest

import sounds
from contract import OPENAPI, ROOT

ARTISTS = ["daft-punk", "adele", "stromae", "metallica", "booba", "nirvana", "bts", "fela-kuti", "edith-piaf",
           "radiohead"]
NAME_CARD = ["session_id", "genres", "dominant_emotion", "energy_avg", "danceability_avg", "top_emotions"]
WORDS = {"label", "description", "lang", "dominant_emotion", "top_emotions"}


def without(document, names):
    return {name: value for name, value in document.items() if name not in names}


def facts(value):
    """A profile without its words: what must not depend on the language."""
    if isinstance(value, dict):
        return {key: facts(inner) for key, inner in value.items() if key not in WORDS}
    if isinstance(value, list):
        return [facts(inner) for inner in value]
    return value


# ---- routes ----

def test_a_listener_from_nothing_to_a_profile(client):
    session = client.create()
    found = client.get("/search?q=daft+pun&limit=3").json["artists"]
    assert found[0]["id"] == "daft-punk"
    top = client.extract(session, [found[0]["id"], "adele"]).json
    assert [artist["id"] for artist in top["artists"]] == ["daft-punk", "adele"]
    assert top["session_id"] == session
    enriched = client.post("/transform", {"session_id": session}).json
    assert [t["id"] for t in enriched["tracks"]] == [t["id"] for t in top["tracks"]]
    made = client.post("/profile", {"session_id": session, "lang": "en"})
    read = client.profile(session)
    assert read.json == made.json
    assert read.headers["Content-Language"] == "en"
    client.erase(session)
    client.get(f"/getProfile?session_id={session}", 404)


def test_every_operation_of_the_contract_has_a_good_day(client, contract):
    session, _ = client.new_profile(["adele"])
    history = "uts,artist,track\n" + "".join(f"{1_500_000_000 + n * 900_000},Adele,Song {n % 3}\n" for n in range(60))
    history = history.encode()
    good = {
        "createSession": ("POST", "/create-session", None, 201),
        "searchArtists": ("GET", "/search?q=adele", None, 200),
        "searchArtistsByBody": ("POST", "/search", {"query": "adele"}, 200),
        "extractArtists": ("POST", "/extract-simulate", {"session_id": session, "artists": ["adele"]}, 200),
        "transformTracks": ("POST", "/transform", {"session_id": session}, 200),
        "makeProfile": ("POST", "/profile", {"session_id": session}, 200),
        "getProfile": ("GET", f"/getProfile?session_id={session}&wait=20000", None, 200),
        "getProfileByBody": ("POST", "/getProfile", {"session_id": session, "wait": 20000}, 200),
        "shareNumbers": ("POST", "/share", {"session_id": session}, 201),
        "importHistory": ("POST", f"/import?session_id={session}", sounds.form(("file", "plays.csv", history)), 200),
        "getTimeline": ("GET", f"/timeline?session_id={session}", None, 200),
        "getTimelineByBody": ("POST", "/timeline", {"session_id": session}, 200),
        "compareProfiles": ("GET", f"/compare?session_id={session}&with=past", None, 200),
        "compareProfilesByBody": ("POST", "/compare", {"session_id": session, "with": "past"}, 200),
        "eraseSession": ("DELETE", "/session", {"session_id": session}, 204),
        "analyzeSounds": ("POST", "/analyze", sounds.form(("file", "a.wav", sounds.wav(sounds.music(4.0)))), 200),
        "submitFeatures": ("POST", "/features", {"session_id": session, "tracks": [{"title": "A", "features": {"energy": 0.5}}]}, 200),
        "getHealth": ("GET", "/healthz", None, 200),
        "getMetrics": ("GET", "/metrics", None, 200),
        "getContract": ("GET", "/openapi.json", None, 200),
    }
    named = {operation["operationId"] for path in contract.document["paths"].values() for operation in path.values()}
    named.remove("tellEvents")  # wants a server with a secret: test_bucket_events.py
    assert set(good) == named, "this table must name every operation of the contract"
    for method, path, body, status in good.values():
        headers = {"Content-Type": sounds.FORM_TYPE} if isinstance(body, bytes) else None
        client.ask(method, path, body, headers, status)


def test_the_routes_of_the_source_are_those_of_the_contract(contract):
    with open(f"{ROOT}/src/gateway/routes.c", encoding="utf-8") as file:
        rows = re.findall(r'^\s*\{"(/[^"]*)", ([A-Z_| ]+),', file.read(), re.MULTILINE)
    routes = {path: {name[3:].lower() for name in methods.split(" | ")} for path, methods in rows}
    assert len(routes) >= 9
    assert contract.document["paths"].keys() - routes.keys() == {"/openapi.json"}
    for path, methods in routes.items():
        assert contract.document["paths"][path].keys() == methods


def test_a_slash_at_the_end_is_the_same_address(client):
    assert client.get("/healthz/").json["status"] == "ok"


def test_the_pages_are_there(service):
    with service.socket() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = sock.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 ") and b"text/html" in answer


# ---- search ----

SEARCHES = [
    ("exact", "Daft%20Punk", "daft-punk"),
    ("small letters", "dAFT%20pUNK", "daft-punk"),
    ("beginning", "metall", "metallica"),
    ("accents left out", "beyonce", "beyonce"),
    ("accents kept", "Beyonc%C3%A9", "beyonce"),
    ("typing error", "metalica", "metallica"),
    ("punctuation", "daft%20-%20punk!", "daft-punk"),
    ("plus for space", "daft+punk", "daft-punk"),
    ("signs alone", "!!!", "chk-chk-chk"),
]


@pytest.mark.parametrize("words,first", [case[1:] for case in SEARCHES], ids=[case[0] for case in SEARCHES])
def test_search_finds_first(client, words, first):
    assert client.get(f"/search?q={words}").json["artists"][0]["id"] == first


@pytest.mark.parametrize("words", ["zzqqxxjjkk", "", "%20", "???", "%F0%9F%A6%84"],
                         ids=["nonsense", "empty", "space", "punctuation", "emoji"])
def test_search_finds_nothing_rather_than_noise(client, words):
    assert client.get(f"/search?q={words}").json == {"artists": []}


def test_search_is_the_same_by_get_and_post_and_keeps_to_the_limit(client):
    for limit in (1, 3, 10):
        got = client.get(f"/search?q=the&limit={limit}")
        posted = client.post("/search", {"query": "the", "limit": limit})
        assert got.body == posted.body
        assert len(got.json["artists"]) == limit
    assert client.get("/search?query=the").body == client.get("/search?q=the").body == got.body


# ---- the session's place in a request ----

PLACES = {
    "body session_id": lambda s: ("POST", "/getProfile", {"session_id": s}, {}),
    "body sessionId": lambda s: ("POST", "/getProfile", {"sessionId": s}, {}),
    "query session_id": lambda s: ("GET", f"/getProfile?session_id={s}", None, {}),
    "query sessionId": lambda s: ("GET", f"/getProfile?sessionId={s}", None, {}),
    "query of a POST": lambda s: ("POST", f"/getProfile?session_id={s}", None, {}),
    "header": lambda s: ("GET", "/getProfile", None, {"X-Session-Id": s}),
    "header of a POST": lambda s: ("POST", "/getProfile", {}, {"x-session-id": s}),
    "body before header": lambda s: ("POST", "/getProfile", {"session_id": s}, {"X-Session-Id": "x" * 22}),
    "body before query": lambda s: ("POST", f"/getProfile?session_id={'x' * 22}", {"session_id": s}, {}),
    "query before header": lambda s: ("GET", f"/getProfile?session_id={s}", None, {"X-Session-Id": "x" * 22}),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_session_may_stand_in(client, place):
    session, profile = client.new_profile(["adele"])
    method, path, body, headers = PLACES[place](session)
    assert client.ask(method, path, body, headers, expect=200).json == profile.json


def test_extract_and_erase_take_the_session_from_every_place(client):
    artists = [{"id": "adele"}]
    for headers, query, body in (({"X-Session-Id": "a" * 22}, "", {}), ({}, "?session_id=" + "b" * 22, {}),
                                 ({}, "", {"sessionId": "c" * 22})):
        session = (headers.get("X-Session-Id") or query[12:] or body.get("sessionId"))
        top = client.ask("POST", "/extract-simulate" + query, {"artists": artists, **body}, headers, 200)
        assert top.json["session_id"] == session
        client.ask("DELETE", "/session" + query, body or None, headers, 204)
        client.get(f"/getProfile?session_id={session}", 404)


# ---- languages ----

LANGUAGES = [
    ("fr", None, "fr"), ("en", None, "en"), ("en", "fr", "en"), ("fr", "en", "fr"), (None, None, "en"),
    (None, "fr", "fr"), (None, "fr-CA", "fr"), (None, "FR", "fr"), (None, "en-GB,fr;q=0.9", "en"),
    (None, "fr;q=0.5, en;q=0.9", "en"), (None, "fr;q=0.9, en;q=0.5", "fr"), (None, "de, fr;q=0.2", "fr"),
    (None, "de", "en"), (None, "*", "en"), (None, "en;q=0, fr;q=0.1", "fr"), (None, "fro, de", "en"),
    (None, "fr;q=banana, en;q=0.1", "en"), (None, ",,;;q=,fr", "fr"), (None, "x" * 4000, "en"),
]


@pytest.mark.parametrize("lang,accept,expected", LANGUAGES, ids=lambda value: str(value)[:30])
def test_the_language_is_chosen(client, lang, accept, expected):
    session, _ = client.new_profile(["stromae"])
    headers = {"Accept-Language": accept} if accept else {}
    query = f"&lang={lang}" if lang else ""
    read = ("GET", f"/getProfile?session_id={session}{query}", None)  # twice: the second comes from the cache
    for method, path, body in (read, read,
                               ("POST", "/profile", {"session_id": session, **({"lang": lang} if lang else {})})):
        answer = client.ask(method, path, body, headers, 200)
        assert answer.json["lang"] == expected
        if path != "/profile":
            assert answer.headers["Content-Language"] == expected


def test_every_profile_says_its_language_in_a_header(client):
    session, _ = client.new_profile(["stromae"])
    for lang in ("en", "fr"):
        for path in ("/profile", "/getProfile"):
            assert client.post(path, {"session_id": session, "lang": lang}).headers["Content-Language"] == lang


def test_languages_differ_in_words_only(client):
    session, english = client.new_profile(ARTISTS)
    french = client.profile(session, "fr")
    assert facts(without(english.json, {"genres", "genre_shares"})) == \
        facts(without(french.json, {"genres", "genre_shares"}))
    assert english.json["description"] != french.json["description"]
    for one, other in zip(english.json["genre_shares"], french.json["genre_shares"]):
        assert (one["id"], one["share"]) == (other["id"], other["share"])
    labels = [[emotion["label"] for emotion in p["emotions"]] for p in (english.json, french.json)]
    assert sum(a != b for a, b in zip(*labels)) >= 10
    for profile in (english.json, french.json):
        assert profile["dominant_emotion"] == profile["emotions"][0]["label"]
        assert profile["top_emotions"] == [emotion["label"] for emotion in profile["emotions"][:3]]


# ---- the profile ----

def test_the_name_card_stands_first_in_the_raw_bytes(client):
    session, answer = client.new_profile(ARTISTS[:3])
    for body in (answer.body, client.post("/profile", {"session_id": session}).body):
        pairs = json.loads(body, object_pairs_hook=list)
        assert [name for name, _ in pairs][:6] == NAME_CARD
        assert body.startswith(b'{"session_id":"' + session.encode() + b'","genres":[')


def stripped(body):
    """The bytes without what may differ: session id and dates."""
    return re.sub(rb'"(session_id|created_at|expires_at)":"[^"]*"', rb'"\1":""', body)


def test_the_same_artists_give_the_same_bytes(start, tmp_path):
    bodies = set()
    for number in range(2):
        client = start(data=tmp_path / str(number)).client()
        for _ in range(2):
            session, answer = client.new_profile(ARTISTS)
            bodies.add(stripped(answer.body))
            bodies.add(stripped(client.post("/profile", {"session_id": session}).body))
    assert len(bodies) == 1
    assert stripped(client.new_profile(ARTISTS[:9])[1].body) not in bodies


def test_naming_artists_again_makes_a_new_profile(client):
    session, first = client.new_profile(["metallica"])
    client.extract(session, ["edith-piaf"])
    second = client.profile(session)
    assert second.json["artists"][0]["id"] == "edith-piaf"
    assert second.json["run"] != first.json["run"]
    client.extract(session, ["metallica"])
    assert stripped(client.profile(session).body) == stripped(first.body)


@pytest.mark.parametrize("artists", [ARTISTS[:1], ARTISTS[:2], ARTISTS[:5], ARTISTS], ids=lambda a: f"{len(a)} artists")
def test_the_numbers_of_a_profile_agree(client, artists):
    profile = client.new_profile(artists)[1].json
    scores = [emotion["score"] for emotion in profile["emotions"]]
    assert sum(scores) == pytest.approx(1, abs=16 * 0.00005)
    assert scores == sorted(scores, reverse=True)
    assert len({emotion["id"] for emotion in profile["emotions"]}) == 16
    assert sum(profile["sources"].values()) == len(profile["tracks"])
    for origin, count in profile["sources"].items():
        assert count == sum(track["source"] == origin for track in profile["tracks"])
    assert [artist["id"] for artist in profile["artists"]] == artists
    assert sum(artist["weight"] for artist in profile["artists"]) == pytest.approx(1, abs=0.0006)
    assert sum(share["share"] for share in profile["genre_shares"]) == pytest.approx(1, abs=0.003)
    assert profile["energy_avg"] == profile["features"]["energy"]["mean"]
    assert profile["tempo_avg"] == profile["features"]["tempo"]["mean"]
    assert {track["artist_id"] for track in profile["tracks"]} <= set(artists)


def test_reasons_add_up(client):
    """All artists together hold the whole score of an emotion, and only the largest of a kind are shown."""
    for emotion in client.new_profile(ARTISTS[:3])[1].json["emotions"]:
        kinds = [reason["kind"] for reason in emotion["because"]]
        assert all(kinds.count(kind) <= 3 for kind in set(kinds))
        assert kinds == sorted(kinds, key=["term", "genre", "artist", "track"].index)
        shares = {reason["id"]: reason["value"] for reason in emotion["because"] if reason["kind"] == "artist"}
        assert shares.keys() == set(ARTISTS[:3])
        assert sum(shares.values()) == pytest.approx(1, abs=0.003)
        for kind in ("genre", "artist"):
            sizes = [abs(reason["value"]) for reason in emotion["because"] if reason["kind"] == kind]
            assert sizes == sorted(sizes, reverse=True)


def test_an_artist_that_only_the_caller_knows(client):
    cousin = {"id": "my-cousin", "name": "Ma Cousine 🎤", "genres": ["zouk", "french hip hop"]}
    profile = client.new_profile([cousin, "adele"])[1].json
    artist = profile["artists"][0]
    assert (artist["name"], artist["popularity"], artist["image"]) == ("Ma Cousine 🎤", None, None)
    assert artist["genre_families"] and profile["unknown_genres"] == []
    assert artist["estimated_share"] == 1


def test_the_callers_genres_count_before_the_catalogues(client):
    plain = client.new_profile(["adele"])[1].json
    told = client.new_profile([{"id": "adele", "name": "ignored", "genres": ["death metal"]}])[1].json
    assert told["artists"][0]["name"] == plain["artists"][0]["name"] == "Adele"
    assert told["artists"][0]["genres"] == ["death metal"]
    assert told["energy_avg"] > plain["energy_avg"] + 0.2


def test_openapi_json_is_the_yaml(client, contract):
    answer = client.get("/openapi.json")
    assert answer.json == contract.document, f"the binary carries another contract than {OPENAPI}"
    client.ask("GET", "/openapi.json", None, {"If-None-Match": answer.headers["ETag"]}, 304)
    client.ask("GET", "/openapi.json", None, {"If-None-Match": '"other"'}, 200)
