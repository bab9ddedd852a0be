"""What people, programs and attackers send. Each gets the right status and one clear sentence (the client
checks that), and the server lives on."""
import json
import os

import pytest

from service import read_answer, talk

SESSION = "nobody-knows-this-session-id"
JSON_ROUTES = ["/search", "/extract-simulate", "/transform", "/profile", "/getProfile"]
ADELE = [{"id": "adele"}]


def ids(cases):
    return [case[0] for case in cases]


def values(cases):
    return [case[1:] for case in cases]


# ---- bodies that are no JSON of ours ----

BODIES = [
    ("a word", b"hello", 400),
    ("half an object", b'{"session_id": "', 400),
    ("two objects", b"{}{}", 400),
    ("trailing comma", b'{"query": "a",}', 400),
    ("single quotes", b"{'query': 'a'}", 400),
    ("a list", b"[]", 400),
    ("a text", b'"adele"', 400),
    ("a number", b"42", 400),
    ("null", b"null", 400),
    ("not UTF-8", b'{"query": "\xff\xfe"}', 400),
    ("half a character", b'{"query": "\xc3"}', 400),
    ("an overlong slash", b'{"query": "\xc0\xaf"}', 400),
    ("a lone surrogate", b'{"query": "\\ud800"}', 400),
    ("an escaped NUL", b'{"query": "a\\u0000b", "session_id": "a\\u0000b"}', 400),
    ("a raw NUL", b'{"query": "a\x00b"}', 400),
    ("NULs only", b"\x00" * 64, 400),
    ("UTF-16", '{"query": "a"}'.encode("utf-16"), 400),
    ("a byte order mark", b'\xef\xbb\xbf{"query": "a"}', 400),
    ("lists in lists, 10,000 deep", b'{"query": ' + b"[" * 10000 + b"]" * 10000 + b"}", 400),
    ("objects in objects, 10,000 deep", b'{"a":' * 10000 + b"1" + b"}" * 10000, 400),
    ("open brackets only", b"[" * 60000, 400),
    ("a number too large for anything", b'{"query": "a", "limit": ' + b"9" * 400 + b"}", 400),
    ("a real too large for anything", b'{"query": "a", "limit": 1e999}', 400),
    ("a member twice", b'{"query": "a", "query": "b", "session_id": "x", "session_id": "y"}', 400),
    ("NaN", b'{"query": NaN}', 400),
    ("a control character", b'{"query": "a\nb"}', 400),
    ("one byte too many", b'{"query": "' + b"a" * (65536 - 12) + b'"}', 413),
    ("1 MB of letters", b"a" * 1000000, 413),
    ("1 MB of JSON", b'{"query": "' + b"a" * 1000000 + b'"}', 413),
    ("4 MB of spaces", b" " * 4000000, 413),
]


@pytest.mark.parametrize("path", JSON_ROUTES + ["/create-session"])
@pytest.mark.parametrize("body,status", values(BODIES), ids=ids(BODIES))
def test_a_body_that_is_no_json_object(client, path, body, status):
    client.post(path, body, status)


def test_a_body_of_just_the_limit_is_read(client):
    body = b'{"query": "adele", "more": "' + b"a" * (65536 - 30) + b'"}'
    assert len(body) == 65536
    assert client.post("/search", body).json["artists"][0]["id"] == "adele"


@pytest.mark.parametrize("body", [None, b"", b"  \r\n\t "], ids=["none", "empty", "white space"])
@pytest.mark.parametrize("path", JSON_ROUTES)
def test_an_empty_body_is_an_empty_object(client, path, body):
    assert client.post(path, body, 400).body == client.post(path, {}, 400).body


# ---- wrong types and ranges, field by field ----

FIELDS = [
    ("query missing", "/search", {}, "query"),
    ("query a number", "/search", {"query": 5}, "query"),
    ("query a list", "/search", {"query": ["adele"]}, "query"),
    ("query null", "/search", {"query": None}, "query"),
    ("query too long", "/search", {"query": "a" * 201}, "200"),
    ("query too long in bytes", "/search", {"query": "é" * 101}, "200"),
    ("limit 0", "/search", {"query": "a", "limit": 0}, "limit"),
    ("limit 11", "/search", {"query": "a", "limit": 11}, "limit"),
    ("limit negative", "/search", {"query": "a", "limit": -1}, "limit"),
    ("limit a real", "/search", {"query": "a", "limit": 2.5}, "limit"),
    ("limit a text", "/search", {"query": "a", "limit": "3"}, "limit"),
    ("limit null", "/search", {"query": "a", "limit": None}, "limit"),
    ("limit true", "/search", {"query": "a", "limit": True}, "limit"),
    ("limit 2^63 - 1", "/search", {"query": "a", "limit": 2**63 - 1}, "limit"),
    ("limit 2^64", "/search", {"query": "a", "limit": 2**64}, "big"),
    ("artists missing", "/extract-simulate", {"session_id": SESSION}, "artists"),
    ("artists null", "/extract-simulate", {"session_id": SESSION, "artists": None}, "artists"),
    ("artists a text", "/extract-simulate", {"session_id": SESSION, "artists": "adele"}, "artists"),
    ("artists an object", "/extract-simulate", {"session_id": SESSION, "artists": {"id": "adele"}}, "artists"),
    ("0 artists", "/extract-simulate", {"session_id": SESSION, "artists": []}, "1 to 10"),
    ("11 artists", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": f"a{n}"} for n in range(11)]}, "11"),
    ("an artist twice", "/extract-simulate", {"session_id": SESSION, "artists": ADELE * 2}, "twice"),
    ("an artist as a number", "/extract-simulate", {"session_id": SESSION, "artists": [5]}, "artist 1"),
    ("an artist as null", "/extract-simulate", {"session_id": SESSION, "artists": ADELE + [None]}, "artist 2"),
    ("an artist without id", "/extract-simulate", {"session_id": SESSION, "artists": [{"name": "Adele"}]}, "id"),
    ("an empty id", "/extract-simulate", {"session_id": SESSION, "artists": [{"id": ""}]}, "id"),
    ("an id as a number", "/extract-simulate", {"session_id": SESSION, "artists": [{"id": 7}]}, "id"),
    ("a long id", "/extract-simulate", {"session_id": SESSION, "artists": [{"id": "a" * 129}]}, "128"),
    ("a name as a list", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "name": ["Adele"]}]}, "name"),
    ("a long name", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "name": "A" * 513}]}, "512"),
    ("genres as a text", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "genres": "pop"}]}, "genres"),
    ("a genre as a number", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "genres": ["pop", 5]}]}, "genres"),
    ("an empty genre", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "genres": [""]}]}, "genre"),
    ("a long genre", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "genres": ["g" * 257]}]}, "256"),
    ("17 genres", "/extract-simulate",
     {"session_id": SESSION, "artists": [{"id": "adele", "genres": ["pop"] * 17}]}, "16"),
    ("lang unknown", "/getProfile", {"session_id": SESSION, "lang": "de"}, "lang"),
    ("lang a number", "/getProfile", {"session_id": SESSION, "lang": 1}, "lang"),
    ("lang null", "/profile", {"session_id": SESSION, "lang": None}, "lang"),
    ("lang upper case", "/profile", {"session_id": SESSION, "lang": "FR"}, "lang"),
    ("lang with a NUL's escape in text", "/profile", {"session_id": SESSION, "lang": "fr\\u0000"}, "lang"),
    ("wait negative", "/getProfile", {"session_id": SESSION, "wait": -1}, "wait"),
    ("wait too long", "/getProfile", {"session_id": SESSION, "wait": 20001}, "wait"),
    ("wait a text", "/getProfile", {"session_id": SESSION, "wait": "100"}, "wait"),
    ("wait a real", "/getProfile", {"session_id": SESSION, "wait": 1.5}, "wait"),
    ("wait true", "/getProfile", {"session_id": SESSION, "wait": True}, "wait"),
]


@pytest.mark.parametrize("path,body,says", values(FIELDS), ids=ids(FIELDS))
def test_a_wrong_field(client, path, body, says):
    assert says in client.post(path, body, 400).error


def test_a_broken_json_says_where(client):
    assert "line 2" in client.post("/search", b'{\n"query" 5}', 400).error


PARAMETERS = [
    ("no words", "/search", "q"),
    ("limit a word", "/search?q=a&limit=many", "limit"),
    ("limit empty", "/search?q=a&limit=", "limit"),
    ("limit 0", "/search?q=a&limit=0", "limit"),
    ("limit 11", "/search?q=a&limit=11", "limit"),
    ("limit huge", "/search?q=a&limit=" + "9" * 40, "limit"),
    ("limit hexadecimal", "/search?q=a&limit=0x5", "limit"),
    ("limit with a plus", "/search?q=a&limit=%2B5", "limit"),
    ("words too long", "/search?q=" + "a" * 201, "200"),
    ("words not UTF-8", "/search?q=%ff%fe", "UTF-8"),
    ("words with an overlong NUL", "/search?q=a%c0%80", "UTF-8"),
    ("words with a NUL", "/search?q=a%00b", "UTF-8"),
    ("lang unknown", f"/getProfile?session_id={SESSION}&lang=xx", "lang"),
    ("lang with a NUL", f"/getProfile?session_id={SESSION}&lang=fr%00", "lang"),
    ("lang empty", f"/getProfile?session_id={SESSION}&lang=", "lang"),
    ("wait a word", f"/getProfile?session_id={SESSION}&wait=long", "wait"),
    ("wait empty", f"/getProfile?session_id={SESSION}&wait=", "wait"),
    ("wait too long", f"/getProfile?session_id={SESSION}&wait=20001", "wait"),
    ("wait negative", f"/getProfile?session_id={SESSION}&wait=-5", "wait"),
]


@pytest.mark.parametrize("path,says", values(PARAMETERS), ids=ids(PARAMETERS))
def test_a_wrong_parameter(client, path, says):
    assert says in client.get(path, 400).error


@pytest.mark.parametrize("query", ["wait=long", "wait=20001", "wait=", "wait=-5", "lang=xx", "lang=fr%00"])
def test_a_wrong_parameter_is_wrong_for_a_profile_that_is_there_too(client, query):
    session, _ = client.new_profile(["adele"])
    client.profile(session)
    client.get(f"/getProfile?session_id={session}&{query}", 400)


# ---- session ids ----

SESSIONS = [
    ("empty", ""), ("one letter", "a"), ("21 characters", "a" * 21), ("65 characters", "a" * 65),
    ("1,000 characters", "a" * 1000), ("a space", "a" * 22 + " "), ("a dot", "a" * 22 + "."),
    ("a slash", "a" * 11 + "/" + "a" * 11), ("up and away", "../../etc"), ("long up and away", "../" * 10 + "etc/passwd"),
    ("absolute", "/etc/passwd/aaaaaaaaaaaaaaa"), ("backslashes", "..\\..\\aaaaaaaaaaaaaaaaaaaa"),
    ("encoded dots", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"), ("é", "é" * 22), ("emoji", "🎵" * 11),
    ("full-width letters", "ａ" * 22), ("a line end", "a" * 22 + "\n"), ("a tab", "\t" + "a" * 22),
    ("a quote", '"' * 22), ("a star", "*" * 22), ("a colon", "C:" + "a" * 22), ("a percent sign", "%s" * 11),
]


@pytest.mark.parametrize("session", [case[1] for case in SESSIONS], ids=ids(SESSIONS))
@pytest.mark.parametrize("method,path", [("POST", "/extract-simulate"), ("POST", "/transform"), ("POST", "/profile"),
                                         ("POST", "/getProfile"), ("DELETE", "/session")])
def test_a_session_id_that_is_none(client, method, path, session):
    for body in ({"session_id": session}, {"sessionId": session}):
        answer = client.ask(method, path, {**body, "artists": ADELE}, expect=400)
        assert "22 to 64" in answer.error


@pytest.mark.parametrize("session", [None, 5, 22222222222222222222222, True, ["a" * 22], {"id": "a" * 22}],
                         ids=["null", "number", "long number", "true", "list", "object"])
@pytest.mark.parametrize("path", ["/extract-simulate", "/transform", "/profile", "/getProfile"])
def test_a_session_id_of_another_type(client, path, session):
    client.post(path, {"session_id": session, "artists": ADELE}, 400)


@pytest.mark.parametrize("encoded", ["", "short", "..%2F..%2Fetc%2Fpasswd%2Faaaaaaaa", "%2e%2e%2f" * 8, "%00" * 22,
                                     "a" * 22 + "%00", "%ff" * 22, "a" * 22 + "%0d%0aX-Evil:%20yes", "a" * 22 + "%2F"])
def test_a_session_id_in_the_address_that_is_none(client, encoded):
    client.get(f"/getProfile?session_id={encoded}", 400)
    client.ask("DELETE", f"/session?session_id={encoded}", expect=400)


@pytest.mark.parametrize("header", ["", "short", "../../etc/passwd/aaaaaaaaaaaa", "a" * 65, "a b" * 10])
def test_a_session_id_in_the_header_that_is_none(client, header):
    client.get("/getProfile", 400, X_Session_Id=header)


def test_no_session_id_at_all(client):
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {}, 400)
    client.get("/getProfile", 400)
    client.ask("DELETE", "/session", expect=400)


@pytest.mark.parametrize("session", ["a" * 22, "_" * 64, "-" * 22, "3f2b8c1e-9d4a-4e6b-8f7a-1c2d3e4f5a6b"])
def test_a_session_id_that_the_client_made(client, session):
    client.extract(session, ["adele"])
    assert client.profile(session).json["session_id"] == session
    client.erase(session)


def test_nobody_knows_the_session(client):
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {"session_id": SESSION}, 404)
    client.get(f"/getProfile?session_id={SESSION}&wait=20000", 404)


# ---- artists ----

def test_unknown_artists(client):
    session = client.create()
    for artist in ("nobody-by-this-name", "../../etc/passwd", "daft-punk/one-more-time", "DAFT-PUNK", " adele", "%s%n",
                   "'; DROP TABLE artists; --", "ä" * 64):
        assert "no artist" in client.extract(session, [artist], 404).error
    client.extract(session, [{"id": "nobody", "name": "Nobody"}], 404)
    client.extract(session, [{"id": "nobody", "genres": ["pop"]}], 404)
    client.extract(session, [{"id": "nobody", "name": "", "genres": ["pop"]}], 404)
    client.extract(session, ["adele", "nobody-by-this-name"], 404)
    client.get(f"/getProfile?session_id={session}", 404)


def test_a_refused_request_leaves_the_profile_as_it_was(client):
    session, before = client.new_profile(["adele"])
    client.extract(session, ["adele", "adele"], 400)
    client.extract(session, ["nobody-by-this-name"], 404)
    assert client.profile(session).body == before.body


def test_the_longest_of_everything_is_taken(client):
    session = client.create()
    longest = [{"id": f"{n}" * 128, "name": "é" * 256, "genres": [f"{g:x}" * 256 for g in range(16)]} for n in range(10)]
    client.extract(session, longest)
    profile = client.profile(session).json
    assert len(profile["unknown_genres"]) == 16 and len(profile["artists"]) == 10


def test_odd_names_come_back_as_they_were(client):
    names = ["</script><script>alert(1)</script>", "\"quoted\\\"", "a\tb\r\nc", "\u202eoverride", "%s%n%x", "Ünï 🎸",
             "\x7f\x01", "{{7*7}}", "null", "\u2028"]
    artists = [{"id": f"odd-{n}", "name": name, "genres": ["pop"]} for n, name in enumerate(names)]
    profile = client.new_profile(artists)[1].json
    assert [artist["name"] for artist in profile["artists"]] == names


def test_bilingual_objects_cannot_be_smuggled_in(client):
    client.post("/extract-simulate", {"session_id": SESSION,
                                      "artists": [{"id": "x", "name": {"en": "a", "fr": "b"}, "genres": ["pop"]}]}, 400)


def test_unknown_genres_are_listed_and_kept(client, service):
    tags = ["zorgcore", "pop", "bl\u00eerg wave \U0001f921"]
    artists = [{"id": "x", "name": "X", "genres": tags}, {"id": "y", "name": "Y", "genres": ["zorgcore"]}]
    session, answer = client.new_profile(artists)
    profile = answer.json
    assert profile["unknown_genres"] == ["zorgcore", tags[2]]
    assert profile["artists"][1]["genre_families"] == []
    assert profile["artists"][1]["confidence"] < profile["artists"][0]["confidence"]
    with open(service.path(session, "unknown_genres.json", "logs"), encoding="utf-8") as file:
        kept = json.load(file)
    assert kept["unknown_genres"] == ["zorgcore", tags[2]] and kept["session_id"] == session


def test_an_artist_of_unknown_genre_is_not_silently_pop(client):
    unknown = client.new_profile([{"id": "x", "name": "X", "genres": ["zorgcore"]}])[1].json
    pop = client.new_profile([{"id": "x", "name": "X", "genres": ["pop"]}])[1].json
    assert unknown["genres"] == [] and unknown["genre_shares"] == []
    assert unknown["emotions"] != pop["emotions"] and unknown["artists"][0]["confidence"] < pop["artists"][0]["confidence"]


def test_known_genres_leave_no_log(client, service):
    session, _ = client.new_profile([{"id": "x", "name": "X", "genres": ["pop"]}])
    assert not os.path.exists(service.path(session, "unknown_genres.json", "logs"))


# ---- methods and addresses ----

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW", "get"]


def test_wrong_methods_are_told_the_right_ones(client, contract):
    for path, item in contract.document["paths"].items():
        right = {method.upper() for method in item} | ({"HEAD"} if "get" in item else set())
        for method in METHODS:
            if method in right:
                continue
            answer = client.ask(method, path, expect=405)
            assert set(answer.headers["Allow"].split(", ")) == right | {"OPTIONS"}, f"{method} {path}"


ADDRESSES = [
    "/nothing", "/search/more", "/Search", "/SEARCH", "//search", "/search%2Fx", "/search;x=1", "/.", "/..", "/../search",
    "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/static/../../../etc/passwd",
    "/data/x/profile.json", "/openapi.yaml", "/index.html/x", "/openapi.json/x", "/healthz%00", "/healthz%00x",
    "/openapi.json%00.html", "/%00", "/%ff%fe", "/%", "/%zz", "/" + "a" * 3000, "/getProfile%3Fsession_id=x", "/search%20",
    "/\\..\\..\\etc\\passwd",
]


@pytest.mark.parametrize("path", ADDRESSES, ids=lambda path: path[:40])
def test_an_address_where_nothing_is(client, path):
    client.ask("GET", path, expect=404)


def test_addresses_that_cannot_be_sent_by_a_library(service):
    for line in (b"GET http://evil.example/../../etc/passwd HTTP/1.1", b"GET ../../etc/passwd HTTP/1.1",
                 b"GET /\xff\xfe HTTP/1.1", b"GET  HTTP/1.1", b"GET /%00%00 HTTP/1.1"):
        with service.socket() as sock:
            answer = talk(sock, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"root:" not in answer
        assert not answer or answer.split()[1] in (b"400", b"404"), answer[:200]


def test_more_parameters_than_are_read(client):
    many = "&".join(f"p{n}={n}" for n in range(100))
    assert client.get(f"/search?q=adele&{many}").json["artists"][0]["id"] == "adele"
    client.get(f"/search?{many}&q=adele", 400)  # only the first few are read


@pytest.mark.parametrize("count", [450, 1000, 5000])
def test_more_parameters_than_there_is_memory_for(service, count):
    """Refused; libmicrohttpd may also fall silent and close the connection after its idle time."""
    many = "&".join(f"p{n}={n}" for n in range(count)).encode()
    with service.socket() as sock:
        sock.settimeout(1)
        answer = talk(sock, b"GET /search?q=adele&" + many + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert not answer or answer.split()[1] in (b"200", b"414", b"431"), answer[:200]
    service.client().get("/healthz")


def test_the_first_of_two_equal_parameters_counts(client):
    assert client.get("/search?q=adele&q=metallica").json["artists"][0]["id"] == "adele"


def test_after_all_this_the_server_is_well(service):
    with service.socket() as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(sock.makefile("rb")).status == 200
