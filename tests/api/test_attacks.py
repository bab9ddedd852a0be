"""The OWASP API Security Top 10 (2023), walked through. What other files prove is named in SECURITY.md; here is the rest:
somebody else's session, fields that nobody asked for, work without end, ambiguous requests, and the sandbox around it all."""
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
import zlib

import pytest

import contract as contract_module
from service import read_answer, talk, until
from sounds import FORM_TYPE, form, header, music, wav

sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "providers"))
import data as known  # noqa: E402
import standin  # noqa: E402

ARTISTS = ["daft-punk", "adele"]
SESSION = "s" * 30
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def sounds(client, *files, status=200):
    body = form(*[("f", f"{i}.wav", data) for i, data in enumerate(files)])
    return client.ask("POST", "/analyze", body, {"Content-Type": FORM_TYPE}, status)


# ---- API1: somebody else's objects ----

def test_near_guesses_of_an_id_find_nothing(client):
    session, made = client.new_profile(ARTISTS)
    guesses = {session[:i] + ALPHABET[(ALPHABET.index(session[i]) + 1) % 64] + session[i + 1:] for i in range(len(session))}
    guesses |= {session.swapcase(), session[::-1], session + "A", "A" + session, session[:-1] + "-A"}
    for guess in sorted(guesses - {session}):
        client.get(f"/getProfile?session_id={guess}", 404)
    for odd in (session + "%20", session + "%00", session + "/", "%2e%2e/" + session, session + "%0a", session[:-1] + "*"):
        assert client.get(f"/getProfile?session_id={odd}", None).status in (400, 404), odd
    assert client.profile(session).body == made.body


@pytest.mark.parametrize("how", ["body", "header", "query", "cookie"])
def test_nobody_can_fix_the_id_that_another_will_get(client, how):
    wish = "fixated-by-an-attacker-0"
    asked = {"body": ("/create-session", {"session_id": wish}, {}), "header": ("/create-session", {}, {"X-Session-Id": wish}),
             "query": (f"/create-session?session_id={wish}", {}, {}),
             "cookie": ("/create-session", {}, {"Cookie": f"session_id={wish}; sessionId={wish}"})}[how]
    answer = client.ask("POST", asked[0], asked[1], asked[2], 201)
    assert answer.json["session_id"] != wish and wish not in str(answer.headers)


def test_no_id_travels_by_itself(client):
    """No cookie: a page of another site cannot act in a listener's name."""
    session, _ = client.new_profile(ARTISTS)
    for method, path in (("POST", "/create-session"), ("GET", f"/getProfile?session_id={session}"), ("GET", "/")):
        assert "Set-Cookie" not in service_answer(client, method, path).headers
    client.ask("GET", "/getProfile", None, {"Cookie": f"session_id={session}", "X-Session": session}, 400)


def test_an_erased_id_replayed_finds_nothing(client):
    session, _ = client.new_profile(ARTISTS)
    client.erase(session)
    for path in ("/transform", "/profile", "/getProfile"):
        client.post(path, {"session_id": session}, 404)
    client.get(f"/getProfile?session_id={session}", 404)
    client.get(f"/timeline?session_id={session}", 404)


def test_two_ways_of_naming_a_session_never_mix(client):
    """One of two named sessions counts, the same on every route, and never the data of one with the id of the other."""
    (one, made), (two, other) = client.new_profile(ARTISTS), client.new_profile(["stromae"])
    for answer in (client.ask("POST", f"/getProfile?session_id={two}", {"session_id": one}),
                   client.ask("POST", "/getProfile", {"session_id": one}, {"X-Session-Id": two}),
                   client.ask("GET", f"/getProfile?session_id={one}", None, {"X-Session-Id": two})):
        if answer.status == 200:
            whole = {one: made, two: other}[answer.json["session_id"]]
            assert answer.json["genres"] == whole.json["genres"]
        else:
            assert answer.status == 400


# ---- API2: who knows the secret (tests/api/test_bucket_events.py has the rest) ----

def test_secrets_and_ids_are_compared_without_telling_where_they_differ():
    """By structure, not by clock. Objects are found by their whole name (a file system's hash, a bucket's key); the
    two comparisons of ours read every byte."""
    sources = os.path.join(contract_module.ROOT, "src", "gateway")
    with open(os.path.join(sources, "cache.c"), encoding="utf-8") as file:
        cache = file.read()
    get = cache[cache.index("li_profile_cache_get(struct"):cache.index("li_profile_cache_put(struct")]
    assert "li_text_same_secret" in get and "memcmp" not in get
    with open(os.path.join(sources, "handlers.c"), encoding="utf-8") as file:
        assert "li_text_same_secret" in file.read()


# ---- API3: fields that nobody asked for ----

def test_fields_that_are_ours_cannot_be_set(client, service):
    session = client.create()
    forged = {"created_at": "1999-01-01T00:00:00Z", "expires_at": "2999-01-01T00:00:00Z", "run": "f" * 32, "model": "forged",
              "confidence": 1, "measured": True, "sources": {"measured": 99}, "ttl": 1e9, "admin": True, "__proto__": {"x": 1}}
    artist = {"id": "adele", **forged, "features": {"energy": 1, "valence": 1}, "popularity": 100, "tracks": [{"title": "forged"}]}
    client.post("/extract-simulate", {"session_id": session, "artists": [artist], "tracks": ["forged"], **forged})
    plain = client.create()
    client.extract(plain, ["adele"])
    ours, theirs = client.profile(session).json, client.profile(plain).json
    for name in ("genres", "emotions", "energy_avg", "sources", "confidence", "model", "tracks", "description"):
        assert ours[name] == theirs[name], name
    assert "forged" not in json.dumps(ours)
    with open(service.path(session, "top_tracks.json"), encoding="utf-8") as file:
        stored = file.read()
    assert "forged" not in stored and "2999" not in stored and "__proto__" not in stored


def test_the_end_of_a_session_cannot_be_moved(client):
    answer = client.post("/create-session", {"expires_at": "2999-01-01T00:00:00Z", "ttl": 10**9}, 201).json
    assert not answer["expires_at"].startswith("2999")


# ---- API4: work without end ----

def quick(service, work, seconds=10):
    """Does a thing that must not cost the server much: far more of a processor's time than it needs, far less than an attack
    would want. What merely hangs ends with the client's patience."""
    before = processor_s(service.process.pid)
    result = work()
    assert processor_s(service.process.pid) - before < seconds
    return result


def processor_s(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("body", [b"[" * 60000, b'{"a":' * 10000, b"[" * 30000 + b"]" * 30000,
                                  b'{"query":' + b"[" * 2000 + b"]" * 2000 + b"}", b'{"query":"' + b"\\u0000" * 9000 + b'"}',
                                  b'{"query":1e' + b"9" * 60000 + b"}", b'{"query":' + b"9" * 60000 + b"}",
                                  b"{" + b",".join(b'"%d":1' % n for n in range(6000)) + b"}"],
                         ids=["brackets", "objects", "balanced", "within", "NULs", "exponent", "digits", "keys"])
def test_json_that_is_deep_wide_or_large(client, service, body):
    assert quick(service, lambda: client.post("/search", body, None)).status == 400


# The characters that grow most when they are decomposed, those with the most marks, and letters without end.
GROWING = ["\ufdfa", "\u1e69\u0323" * 2, "a" + "\u0301" * 60, "\u0390", "\U0001d160", "\ufb2c", "\u3316", "\uac01", "\u202e", "ſ", "ß", "İ"]


@pytest.mark.parametrize("grown", GROWING, ids=[f"U+{ord(text[0]):04X}" for text in GROWING])
def test_text_that_grows_when_it_is_folded(client, service, grown):
    query = grown
    while len((query + grown).encode()) <= 200:
        query += grown
    assert quick(service, lambda: client.post("/search", {"query": query})).status == 200
    assert quick(service, lambda: client.post("/extract-simulate", {
        "session_id": SESSION, "artists": [{"id": f"x{n}", "name": query[:100], "genres": [query[:20]]} for n in range(10)]},
        None)).status in (200, 404, 400)


def test_eleven_artists_are_too_many_and_so_are_a_thousand(client, service):
    for count in (11, 1000):
        assert quick(service, lambda: client.extract(SESSION, [f"a{n}" for n in range(count)], None)).status == 400


def zipped(name, pieces):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
    return out.getvalue()


def gzipped(pieces):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(piece) for piece in pieces] + [packer.flush()])


BOMBS = [
    ("history.csv.gz", lambda: gzipped([b"artist,track,date\n"] + [b" " * 1_000_000] * 300)),
    ("inner.zip", lambda: zipped("a.zip", [zipped("endsong_0.json", [b" " * 1_000_000] * 100)])),
    ("many.zip", lambda: many_files(3000)),
    ("sheet.xlsx", lambda: zipped("xl/worksheets/sheet1.xml", [b"<row>" * 200_000] * 100)),
    ("laughs.xlsx", lambda: zipped("xl/workbook.xml", [billion_laughs()])),
]


def many_files(count):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(count):
            archive.writestr(f"../../{n}/endsong_{n}.json", "[]")
    return out.getvalue()


def billion_laughs():
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)]
    return ('<?xml version="1.0"?><!DOCTYPE w [' + "".join(lines) + "]><workbook>&l11;</workbook>").encode()


@pytest.mark.parametrize("name,make", BOMBS, ids=[name for name, _ in BOMBS])
def test_bombs(client, service, name, make):
    body = form(("session_id", None, SESSION.encode()), ("f", name, make()))
    before = rss_kb(service.process.pid)
    answer = quick(service, lambda: client.ask("POST", "/import", body, {"Content-Type": FORM_TYPE}), 30)
    assert 400 <= answer.status < 500, answer
    assert rss_kb(service.process.pid) < before + 200_000
    assert not os.path.exists(os.path.join(service.data, "..", "0"))


def rss_kb(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def test_a_packed_body_is_not_unpacked(client):
    packed = gzipped([b'{"query":"adele"}' + b" " * 10_000_000])
    assert client.ask("POST", "/search", packed, {"Content-Encoding": "gzip"}).status == 400


# ---- API4: decoders, each in a process of its own ----

LONG = header(rate=8000, channels=1, bits=8, data_bytes=12_000_000) + bytes(range(256)) * 46875  # 25 minutes


def sandboxed(service):
    """The keeper of a server's decoders, and the room that it keeps; skips where there is none."""
    keeper = until(lambda: children(service.process.pid), "the keeper", 10)[0]
    return keeper, until(lambda: children(keeper), "the room", 10)[0]


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry))
    return found


class Upload(threading.Thread):
    """A sound that takes its time, sent by a thread."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self.service, self.answer = service, None
        self.start()

    def run(self):
        client = self.service.client()
        self.answer = sounds(client, LONG, status=None)
        client.close()

    def result(self):
        self.join(60)
        assert self.answer is not None, "no answer came"
        return self.answer


@pytest.mark.parametrize("number,status,says", [(signal.SIGKILL, 503, "try again"), (signal.SIGABRT, 400, "crashed"),
                                                (signal.SIGXCPU, 413, "took more than")],
                         ids=["killed", "crashed", "out of time"])
def test_a_decoder_that_ends_costs_one_sound(start, number, status, says):
    service = start()
    client = service.client()
    keeper, room = sandboxed(service)
    upload = Upload(service)
    os.kill(until(lambda: children(room), "a decoder")[0], number)
    answer = upload.result()
    assert answer.status == status and says in answer.error, answer
    assert sounds(client, wav(music(4.0))).json["tracks"][0]["duration_ms"] == 4000
    assert children(keeper) == [room] and service.running
    client.close()


def test_a_decoder_that_hangs_is_given_up(start):
    service = start("--decode-limit", "1s")
    _, room = sandboxed(service)
    upload = Upload(service)
    os.kill(until(lambda: children(room), "a decoder")[0], signal.SIGSTOP)
    answer = upload.result()
    assert answer.status == 413 and "more than 1 s" in answer.error
    client = service.client()
    sounds(client, wav(music(4.0)))
    client.close()


def test_a_decoder_without_memory(start):
    service = start()
    keeper, room = sandboxed(service)
    client = service.client()
    sounds(client, wav(music(4.0)))
    size = 14_000_000  # less than the program has already
    resource.prlimit(room, resource.RLIMIT_AS, (size, size))
    answer = sounds(client, wav(music(4.0)), status=None)
    assert answer.status in (413, 503), answer
    os.kill(room, signal.SIGKILL)  # its keeper makes another, without that limit
    until(lambda: [pid for pid in children(keeper) if pid != room], "another room")
    sounds(client, wav(music(4.0)))
    client.close()


def test_many_decoders_are_ended_at_once(start):
    service = start()
    keeper, room = sandboxed(service)
    uploads = [Upload(service) for _ in range(6)]
    until(lambda: children(room), "a decoder")
    os.kill(room, signal.SIGKILL)  # and all of its decoders with it
    answers = [upload.result() for upload in uploads]
    assert {answer.status for answer in answers} <= {200, 503}
    assert [answer for answer in answers if answer.status == 503]
    until(lambda: [pid for pid in children(keeper) if pid != room], "another room")
    client = service.client()
    sounds(client, wav(music(4.0)))
    client.close()


def test_sounds_that_are_bombs(client):
    """Hours of silence in few bytes."""
    if not shutil.which("flac"):
        pytest.skip("skipped: flac is not installed; tools/setup test installs it")
    done = subprocess.run(["flac", "-s", "--force-raw-format", "--endian=little", "--channels=1", "--bps=8", "--sign=signed",
                           "--sample-rate=8000", "-8", "-c", "-"], input=bytes(8000 * 40 * 60), capture_output=True, check=True)
    assert len(done.stdout) < 2_000_000
    answer = sounds(client, done.stdout, status=413)
    assert "longer than the limit" in answer.error


def test_decoders_end_with_their_server(start):
    service = start()
    keeper, room = sandboxed(service)
    service.kill()
    until(lambda: not os.path.exists(f"/proc/{room}") and not os.path.exists(f"/proc/{keeper}"), "the end of the decoders")


# ---- API5: what is not for everybody ----

@pytest.mark.parametrize("method,path", [("POST", "/events"), ("POST", "/events?secret="), ("GET", "/admin"), ("GET", "/debug"),
                                         ("TRACE", "/healthz"), ("CONNECT", "/healthz"), ("DELETE", "/getProfile"), ("PUT", "/session"),
                                         ("PATCH", "/session"), ("GET", "/data"), ("GET", "/server-status"), ("GET", "/.env"),
                                         ("GET", "/.git/config")])
def test_functions_that_are_not_for_everybody(client, method, path):
    answer = service_answer(client, method, path)
    assert answer.status in (401, 403, 404, 405, 501), answer


def service_answer(client, method, path, headers=None):
    client.connection.request(method, path, None, headers or {})
    response = client.connection.getresponse()
    response.body = response.read()
    return response


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_it_says(client, name):
    session, _ = client.new_profile(ARTISTS)
    client.ask("GET", f"/getProfile?session_id={session}", None, {name: "DELETE"}, 200)
    client.ask("POST", f"/session?session_id={session}", {}, {name: "DELETE"}, 405)
    client.profile(session)


# ---- API7: requests of ours to where an attacker wants them ----

# The stand-ins are reached by the name localhost, which their owner named; so these are all somewhere else.
TARGETS = ["file:///etc/passwd", "gopher://127.0.0.1:{port}/_GET", "ftp://127.0.0.1:{port}/", "http://127.0.0.1:{port}/in",
           "http://[::1]:{port}/in", "http://[::ffff:127.0.0.1]:{port}/in", "http://2130706433:{port}/in", "http://0x7f.1:{port}/in",
           "http://0:{port}/in", "http://127.1:{port}/in", "http://169.254.169.254/latest/meta-data/", "//127.0.0.1:{port}/in",
           "http://a@127.0.0.1:{port}/in", "https://127.0.0.1:{port}/in", "dict://127.0.0.1:{port}/x"]


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the previews; tools/setup test installs it")
def test_previews_and_redirects_lead_nowhere_inside(start):
    providers, inside = standin.Providers(), standin.Providers()
    try:
        service = start("--source", "deezer", *[option.replace("127.0.0.1", "localhost") for option in providers.options()])
        client = service.client()
        port = inside.root.rpartition(":")[2]
        for target in TARGETS:
            providers.clear()
            providers.fault("^/preview", "redirect", to=target.format(port=port))
            _, profile = client.new_profile([f"deezer:{known.ARTISTS['Adele'][0]}"])
            assert profile.json["sources"]["measured"] == 0, target
        providers.clear()
        for name, targets in (("Björk", TARGETS[:8]), ("Metallica", TARGETS[8:])):
            tracks = [{"id": 7579000 + n, "title": f"Light {n}", "artist": {"name": name}, "preview": target.format(port=port)}
                      for n, target in enumerate(targets)]
            providers.fault(f"/artist/{known.ARTISTS[name][0]}/top", "bytes", body=json.dumps({"data": tracks}).encode())
            _, profile = client.new_profile([f"deezer:{known.ARTISTS[name][0]}"])
            assert profile.json["sources"]["measured"] == 0, name
        assert inside.count() == 0
        client.close()
    finally:
        providers.stop()
        inside.stop()


# ---- API8: settings, headers, caches ----

@pytest.mark.parametrize("headers", [
    {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "gopher"}, {"X-Host": "evil.example"}, {"Forwarded": "host=evil.example"},
    {"X-Original-URL": "/metrics"}, {"X-Rewrite-URL": "/metrics"}, {"X-Forwarded-Prefix": "/evil"}, {"X-Forwarded-For": "evil"},
    {"X-Request-Id": "evil"}, {"Range": "bytes=0-3"}, {"Accept": "text/evil"}, {"Upgrade": "evil"}, {"Cache-Control": "evil"},
    {"Host": "evil.example"}], ids=lambda headers: next(iter(headers)))
@pytest.mark.parametrize("path", ["/", "/openapi.json", "/search?q=adele", "/nothing"])
def test_no_header_of_a_stranger_comes_back(client, headers, path):
    """What a cache might keep for others is the same whatever they said."""
    plain, said = service_answer(client, "GET", path), service_answer(client, "GET", path, headers)
    assert said.status == plain.status and b"evil" not in said.body and "evil" not in str(said.headers)
    if "Accept" not in headers:
        assert said.body == plain.body


@pytest.mark.parametrize("path", ["/%0d%0aX-Evil:%201", "/search?q=%0d%0aX-Evil:%201", "/search?q=a&lang=%0d%0aX-Evil:1",
                                  "/getProfile?session_id=%0d%0aX-Evil:%201", "/search?q=%E5%98%8A%E5%98%8DX-Evil:1"])
def test_nothing_sent_becomes_a_header(client, path):
    for answer in (service_answer(client, "GET", path), service_answer(client, "GET", path, {"Origin": "http://a%0d%0aX-Evil: 1"})):
        assert "X-Evil" not in answer.headers and answer.status < 500
    assert "X-Evil" not in sounds(client, b"", status=None).headers


# ---- request smuggling: what two servers could read in two ways ----

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


def raw(*lines, body=b""):
    return b"\r\n".join([b"POST /search HTTP/1.1", b"Host: x", b"Content-Type: application/json", *lines]) + b"\r\n\r\n" + body


QUERY = b'{"query":"adele"}'
CHUNKED = b"11\r\n" + QUERY + b"\r\n0\r\n\r\n"
AMBIGUOUS = {
    "length and chunks": raw(b"Content-Length: 17", b"Transfer-Encoding: chunked", body=CHUNKED),
    "chunks and length": raw(b"Transfer-Encoding: chunked", b"Content-Length: 17", body=CHUNKED),
    "two lengths": raw(b"Content-Length: 17", b"Content-Length: 5", body=QUERY),
    "two equal lengths": raw(b"Content-Length: 17", b"Content-Length: 17", body=QUERY),
    "a list of lengths": raw(b"Content-Length: 17, 17", body=QUERY),
    "a length with a sign": raw(b"Content-Length: +17", body=QUERY),
    "a length in hex": raw(b"Content-Length: 0x11", body=QUERY),
    "a length with a dot": raw(b"Content-Length: 17.0", body=QUERY),
    "a length with a gap": raw(b"Content-Length: 1 7", body=QUERY),
    "an empty length": raw(b"Content-Length:", body=QUERY),
    "a space before the colon": raw(b"Content-Length : 17", body=QUERY),
    "a tab before the colon": raw(b"Transfer-Encoding\t: chunked", body=CHUNKED),
    "a folded length": raw(b"Content-Length:\r\n 17", body=QUERY),
    "folded chunks": raw(b"Transfer-Encoding:\r\n chunked", body=CHUNKED),
    "chunks folded into another header": raw(b"X: a", b" Transfer-Encoding: chunked", b"Content-Length: 17", body=QUERY),
    "two codings": raw(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=CHUNKED),
    "a list of codings": raw(b"Transfer-Encoding: gzip, chunked", body=CHUNKED),
    "chunked and more": raw(b"Transfer-Encoding: chunked, identity", body=CHUNKED),
    "a coding that nobody knows": raw(b"Transfer-Encoding: xchunked", body=CHUNKED),
    "a coding with a tab": raw(b"Transfer-Encoding: \x0bchunked", body=CHUNKED),
    "a coding in quotes": raw(b'Transfer-Encoding: "chunked"', body=CHUNKED),
    "a chunk with a sign": raw(b"Transfer-Encoding: chunked", body=b"+11\r\n" + QUERY + b"\r\n0\r\n\r\n"),
    "a chunk in 0x": raw(b"Transfer-Encoding: chunked", body=b"0x11\r\n" + QUERY + b"\r\n0\r\n\r\n"),
    "a chunk without its end": raw(b"Transfer-Encoding: chunked", body=b"11\r\n" + QUERY + b"XX0\r\n\r\n"),
    "a chunk of many digits": raw(b"Transfer-Encoding: chunked", body=b"0" * 40 + b"1111111111111111111\r\n" + QUERY),
    "a NUL in a name": raw(b"Content-Len\0gth: 17", body=QUERY),
    "two hosts": raw(b"Host: y", b"Content-Length: 17", body=QUERY),
    "a lone CR": raw(b"X: a\rContent-Length: 17", body=QUERY),
    "a strange method": b"G(T /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_requests(service, name):
    """Refused, and the connection is at its end: what comes behind is never taken for a request of its own."""
    with service.socket() as sock:
        sock.settimeout(3)
        answers = talk(sock, AMBIGUOUS[name] + SMUGGLED, shut=True)
    statuses = re.findall(rb"^HTTP/1\.1 (\d+)", answers, re.M)
    assert set(statuses) <= {b"400", b"413", b"501"}, answers  # the library says some twice; what is smuggled would be a 404
    assert b"/smuggled" not in answers and (not answers or b"connection: close" in answers.lower())
    service.client().get("/healthz")


def test_bare_line_ends_end_lines(service):
    """As RFC 9112 (2.2) lets them, everywhere alike: one request is one request, whoever reads it."""
    request = b"\n".join([b"POST /search HTTP/1.1", b"Host: x", b"Content-Length: 17", b"", b""]) + QUERY
    with service.socket() as sock:
        sock.settimeout(3)
        answers = talk(sock, request, shut=True)
    assert answers.count(b"HTTP/1.1 ") == 1 and b" 200 " in answers.split(b"\r\n", 1)[0]


def test_a_body_where_none_is_expected_is_no_request(service):
    with service.socket() as sock:
        sock.settimeout(3)
        request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED)
        sock.sendall(request + SMUGGLED + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        stream = sock.makefile("rb")
        assert read_answer(stream).status in (200, 400) and read_answer(stream).status == 200
        assert not stream.read()


# ---- paths and logs ----

@pytest.mark.parametrize("path", ["/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..\\..\\etc\\passwd", "//etc/passwd",
                                  "/./search?q=adele", "/search/../metrics", "/search;x=1?q=a", "/SEARCH?q=adele", "/search%00?q=adele",
                                  "/openapi.json%20", "/%252e%252e/etc/passwd", "/..;/metrics", "/%c0%ae%c0%ae/etc/passwd",
                                  "http://x/../metrics"])
def test_paths_are_what_they_say(client, path):
    answer = service_answer(client, "GET", path)
    assert answer.status in (400, 404) and b"root:" not in answer.body and b"# HELP" not in answer.body, (answer.status, answer.body[:80])


def test_nobody_writes_into_the_log(start):
    service = start()
    client = service.client()
    evil = '"}\r\n{"level":"evil","event":"forged"}\n\x1b[31mred\x1b]0;title\x07\u2028\u202e'
    quoted = "".join(f"%{byte:02x}" for byte in evil.encode())
    for path in (f"/{quoted}", f"/search?q={quoted}", f"/getProfile?session_id={quoted}", f"/search?{quoted}=1"):
        service_answer(client, "GET", path)
    client.post("/search", {"query": evil}, None)
    client.extract(SESSION, [{"id": "adele", "name": evil, "genres": [evil]}], None)
    body = form((evil.replace("\r", "").replace("\n", "").replace('"', ""), 'a"b\\.wav', b"x"))
    client.ask("POST", "/analyze", body, {"Content-Type": FORM_TYPE})
    with service.socket() as sock:
        sock.settimeout(2)
        talk(sock, b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: \x1b[31m\x07evil\r\nConnection: close\r\n\r\n")
        talk(sock, b"\x1b[31mevil / HTTP/1.1\r\n\r\n")
    client.close()
    service.stop()
    for line in service.log:
        assert json.loads(line)["level"] in ("info", "warning", "error"), line
        assert "forged" not in line and "\x1b" not in line and "\x07" not in line and "red" not in line.replace("answered", ""), line


# ---- the sandbox around all of it ----

def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def sandbox_line(service):
    return until(lambda: [json.loads(line) for line in service.log if '"sandbox"' in line], "the line of the sandbox")[0]


def test_the_server_says_what_it_gave_up_and_has(start):
    service = start()
    line, status = sandbox_line(service), status_of(service.process.pid)
    if line["calls"] == "seccomp":
        assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
    else:
        assert line["level"] == "warning" and line["calls"].startswith("off: "), line
    assert re.fullmatch(r"Landlock \d+|off: .+", line["files"])


@pytest.mark.parametrize("options,variables", [(["--no-sandbox"], {}), (["--sandbox=off"], {}), ([], {"LISTENING_SANDBOX": "off"})],
                         ids=["--no-sandbox", "--sandbox off", "the variable"])
def test_without_a_sandbox(start, options, variables):
    service = start(*options, variables=variables)
    line = sandbox_line(service)
    assert (line["level"], line["files"], line["calls"]) == ("warning", "off", "off")
    assert status_of(service.process.pid)["Seccomp"] == status_of(os.getpid())["Seccomp"]
    assert children(service.process.pid) == []
    client = service.client()
    assert sounds(client, wav(music(4.0))).json["tracks"][0]["duration_ms"] == 4000
    client.close()


def test_a_sandbox_that_is_neither_on_nor_off(binary, tmp_path):
    done = subprocess.run([binary, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path, "--sandbox", "perhaps"], capture_output=True,
                          text=True, timeout=20, check=False)
    assert done.returncode == 2 and "on or off" in done.stderr


def test_the_command_of_the_decoders_is_not_for_people(binary):
    done = subprocess.run([binary, "decode-worker"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2 and "started by the server itself" in done.stderr
