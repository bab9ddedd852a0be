"""HTTP itself: connections, bodies, origins, limits, and what is no HTTP at all."""
import gzip
import json
import socket
import struct

import pytest

from service import read_answer, talk, until

ARTISTS = ["daft-punk", "adele"]


def request(method, path, body=b"", *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: example.org", *headers]
    if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def stream(service):
    """A raw connection: (socket, file to read answers from)."""
    with service.socket() as sock:
        yield sock, sock.makefile("rb")


# ---- connections ----

def test_a_connection_is_kept(stream):
    sock, answers = stream
    for _ in range(50):
        sock.sendall(request("GET", "/search?q=adele"))
        assert read_answer(answers).json["artists"][0]["id"] == "adele"


def test_pipelined_requests_are_answered_in_their_order(stream, client, contract):
    sock, answers = stream
    session, made = client.new_profile(ARTISTS)
    named = json.dumps({"session_id": session}).encode()
    one_round = [("GET", "/search?q=adele", b"", 200), ("POST", "/transform", named, 200), ("GET", "/nothing", b"", 404),
                 ("POST", "/profile", named, 200), ("HEAD", "/healthz", b"", 200), ("POST", "/search", b"{", 400),
                 ("GET", f"/getProfile?session_id={session}", b"", 200), ("PUT", "/search", b"x", 405)]
    sock.sendall(b"".join(request(method, path, body) for method, path, body, _ in one_round) * 5)
    for method, path, _, status in one_round * 5:
        answer = read_answer(answers, head=method == "HEAD")
        contract.check(method, path, answer)
        assert answer.status == status
        if path == "/profile" or path.startswith("/getProfile"):
            assert answer.body == made.body


def test_http_1_0_and_connection_close(service):
    for head in (b"GET /healthz HTTP/1.0\r\n\r\n", request("GET", "/healthz", b"", "Connection: close")):
        with service.socket() as sock:
            answer = talk(sock, head)
        assert answer.startswith(b"HTTP/1.") and b" 200 " in answer and answer.endswith(b"}")


def test_a_client_that_has_closed_its_half(service, client, contract):
    with service.socket() as sock:
        sock.sendall(request("POST", "/search", b'{"query": "adele"}'))
        sock.shutdown(socket.SHUT_WR)
        answer = read_answer(sock.makefile("rb"))
    contract.check("POST", "/search", answer)
    assert answer.status == 200


def test_a_client_that_has_closed_its_half_while_a_worker_works(service, client):
    """libmicrohttpd may take that for the end of the connection and not answer; the work is done all the same."""
    session = client.create()
    body = json.dumps({"session_id": session, "artists": ARTISTS}).encode()
    with service.socket() as sock:
        answer = talk(sock, request("POST", "/extract-simulate", body, "Connection: close"), shut=True)
    assert not answer or answer.startswith(b"HTTP/1.1 200 ")
    assert len(until(lambda: client.get(f"/getProfile?session_id={session}&wait=20000", None).json.get("artists"),
                     "the profile of the artists named")) == 2


def test_clients_that_vanish(service, client):
    """In the middle of the head, of the body, and of the answer, by a reset."""
    session, _ = client.new_profile(ARTISTS)
    whole = request("POST", "/extract-simulate", json.dumps({"session_id": session, "artists": ARTISTS}).encode())
    wait = request("GET", f"/getProfile?session_id={session}&wait=20000")
    for data in (whole[:20], whole[:-10], whole, wait, whole + wait) * 20:
        sock = service.socket()
        sock.sendall(data)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    assert len(client.profile(session).json["artists"]) == 2


def test_slow_clients_hold_nobody_up(service, client):
    body = json.dumps({"query": "adele"}).encode()
    slow = [service.socket() for _ in range(100)]
    for place, sock in enumerate(slow):
        sock.sendall(request("POST", "/search", body)[:20 + place])
    client.new_profile(ARTISTS)
    for place, sock in enumerate(slow):
        sock.sendall(request("POST", "/search", body)[20 + place:])
        assert read_answer(sock.makefile("rb")).status == 200
        sock.close()


def test_a_body_byte_by_byte(stream):
    sock, answers = stream
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in request("POST", "/search", b'{"query": "adele"}'):
        sock.sendall(bytes([byte]))
    assert read_answer(answers).json["artists"][0]["id"] == "adele"


# ---- bodies ----

def chunked(body, size):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, 65536])
def test_a_body_in_chunks(stream, size):
    sock, answers = stream
    body = chunked(b'{"query": "adele", "limit": 1}', size)
    sock.sendall(request("POST", "/search", body, "Transfer-Encoding: chunked"))
    assert len(read_answer(answers).json["artists"]) == 1


def test_expect_100_continue(stream):
    sock, answers = stream
    sock.sendall(request("POST", "/search", b"", "Expect: 100-continue", "Content-Length: 18"))
    assert answers.readline().startswith(b"HTTP/1.1 100 ") and answers.readline() == b"\r\n"
    sock.sendall(b'{"query": "adele"}')
    assert read_answer(answers).json["artists"][0]["id"] == "adele"


@pytest.mark.parametrize("path", ["/search", "/extract-simulate", "/getProfile"])
def test_a_body_over_the_limit(service, contract, path):
    for body, *headers in ((b"a" * 65537,), (b"a" * 1000000,), (chunked(b"a" * 65537, 4096), "Transfer-Encoding: chunked"),
                           (chunked(b"a" * 1000000, 65536), "Transfer-Encoding: chunked")):
        with service.socket() as sock:
            sock.sendall(request("POST", path, body, *headers))
            answer = read_answer(sock.makefile("rb"))
        contract.check("POST", path, answer)
        assert answer.status == 413 and "65536" in answer.error


def test_the_connection_goes_on_after_a_body_over_the_limit(stream):
    sock, answers = stream
    sock.sendall(request("POST", "/search", b"a" * 200000) + request("GET", "/healthz"))
    assert read_answer(answers).status == 413
    assert read_answer(answers).status == 200


def test_a_body_without_end_is_cut_off(service):
    piece = chunked(b"a" * 65536, 65536)[:-5]
    with service.socket() as sock:
        with pytest.raises(OSError):  # reset after the most that is thrown away, 8 MiB
            sock.sendall(request("POST", "/search", b"", "Transfer-Encoding: chunked"))
            for _ in range(2000):
                sock.sendall(piece)
            raise AssertionError("the server reads without end")
    service.client().get("/healthz")


# ---- HEAD ----

@pytest.mark.parametrize("path", ["/healthz", "/search?q=adele", "/openapi.json", "/getProfile?session_id=x", "/nothing", "/"])
def test_head_says_what_get_would(service, path):
    got = []
    for method in ("GET", "HEAD"):
        with service.socket() as sock:
            sock.sendall(request(method, path))
            got.append(read_answer(sock.makefile("rb"), head=method == "HEAD"))
    assert got[0].status == got[1].status and got[1].body == b""
    assert without_date(got[0].headers) == without_date(got[1].headers)


def without_date(headers):
    return sorted((name, value) for name, value in headers.items() if name not in ("Date", "X-Request-Id"))


# ---- what is no request ----

GARBAGE = [
    ("a TLS handshake", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n"),
    ("zeros", bytes(5000)),
    ("a word", b"hello\r\n\r\n"),
    ("another version", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("no host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"),
    ("a header without colon", b"GET /healthz HTTP/1.1\r\nHost: x\r\nnothing\r\nConnection: close\r\n\r\n"),
    ("a length that is none", request("POST", "/search", b"x", "Content-Length: abc")),
    ("a negative length", request("POST", "/search", b"x", "Content-Length: -5")),
    ("a huge length", request("POST", "/search", b"x", "Content-Length: 99999999999999999999999")),
    ("a broken chunk", request("POST", "/search", b"zz\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked")),
    ("a huge chunk", request("POST", "/search", b"ffffffffffffffffff\r\nabc", "Transfer-Encoding: chunked")),
    ("a header of 40 KB", request("GET", "/healthz", b"", "X: " + "a" * 40000)),
    ("5,000 headers", request("GET", "/healthz", b"", *[f"X{n}: a" for n in range(5000)])),
    ("an address of 40 KB", request("GET", "/" + "a" * 40000)),
    ("a header with a NUL", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Session-Id: a\0b\r\nConnection: close\r\n\r\n"),
]


@pytest.mark.parametrize("data", [case[1] for case in GARBAGE], ids=[case[0] for case in GARBAGE])
def test_what_is_no_request(service, data):
    """Refused, or waited for until it becomes a request; a header that nobody reads does no harm."""
    with service.socket() as sock:
        sock.settimeout(1)
        answer = talk(sock, data)
    if answer:
        status = int(answer.split()[1])
        assert 400 <= status < 600 or (status == 200 and b'"status":"ok"' in answer), answer[:200]
    service.client().get("/healthz")


# ---- origins ----

ORIGINS = [
    ("the page's own", "http://{host}", True),
    ("its own by https", "https://{host}", True),
    ("localhost:3000", "http://localhost:3000", True),
    ("another port", "http://localhost:3001", False),
    ("https of the listed", "https://localhost:3000", False),
    ("another site", "https://evil.example", False),
    ("a longer name", "http://localhost:3000.evil.example", False),
    ("a name before", "http://evil-localhost:3000", False),
    ("null", "null", False),
    ("a file", "file://", False),
    ("only the host", "{host}", False),
    ("a path behind", "http://localhost:3000/", False),
    ("upper case", "HTTP://LOCALHOST:3000", False),
    ("a star", "*", False),
]


@pytest.mark.parametrize("origin,allowed", [case[1:] for case in ORIGINS], ids=[case[0] for case in ORIGINS])
def test_which_pages_may_read(client, service, origin, allowed):
    origin = origin.format(host=f"127.0.0.1:{service.port}")
    session, _ = client.new_profile(ARTISTS)
    for method, path in (("GET", "/search?q=adele"), ("POST", "/create-session"), ("GET", "/nothing"), ("PUT", "/search"),
                         ("GET", f"/getProfile?session_id={session}"), ("GET", "/openapi.json"),
                         ("DELETE", "/session?session_id=x")):
        answer = client.ask(method, path, None, {"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None), f"{method} {path}"
        assert "Origin" in ", ".join(answer.headers.get_all("Vary", []))
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_command_line_goes_before_its_variables(start):
    service = start("--origin", "https://cmd.example", "--ttl", "1h",
                    variables={"LISTENING_ORIGIN": "https://env.example", "LISTENING_TTL": "never read"})
    for origin, allowed in (("https://cmd.example", True), ("https://env.example", False)):
        answer = service.client().ask("GET", "/healthz", None, {"Origin": origin})
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) == allowed


def test_a_variable_alone_says_who_may_read(start):
    service = start(variables={"LISTENING_ORIGIN": "https://env.example"})
    answer = service.client().ask("GET", "/healthz", None, {"Origin": "https://env.example"})
    assert answer.headers.get("Access-Control-Allow-Origin") == "https://env.example"


def test_without_an_origin_nothing_is_said_of_origins(client):
    assert "Access-Control-Allow-Origin" not in client.get("/healthz").headers


@pytest.mark.parametrize("path,method", [("/search", "POST"), ("/session", "DELETE"), ("/getProfile", "GET")])
def test_a_preflight(client, path, method):
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": method,
               "Access-Control-Request-Headers": "content-type,x-session-id"}
    answer = client.ask("OPTIONS", path, None, headers, 204)
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"content-type", "x-session-id"} <= set(allowed)
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    headers["Origin"] = "https://evil.example"
    refused = client.ask("OPTIONS", path, None, headers, 204)
    assert not [name for name in refused.headers if name.startswith("Access-Control-")]


def test_origins_of_ones_own(start):
    client = start("--origin", "https://one.example", "--origin=https://two.example").client()
    for origin, allowed in (("https://one.example", True), ("https://two.example", True), ("http://localhost:3000", False)):
        answer = client.get("/healthz", Origin=origin)
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)


def test_an_answer_to_a_body_over_the_limit_can_be_read_by_the_page(client):
    answer = client.post("/search", b"a" * 100000, 413, Origin="http://localhost:3000")
    assert answer.headers.get("Access-Control-Allow-Origin") == "http://localhost:3000"


# ---- headers that keep browsers careful ----

def test_every_answer_has_its_careful_headers(client, start):
    session, _ = client.new_profile(ARTISTS)
    answers = [client.ask(method, path, body) for method, path, body in (
        ("GET", "/healthz", None), ("POST", "/create-session", None), ("GET", f"/getProfile?session_id={session}", None),
        ("GET", f"/getProfile?session_id={session}", None), ("POST", "/profile", {"session_id": session}),
        ("GET", "/metrics", None), ("POST", "/search", b"{"), ("POST", "/search", b"a" * 100000), ("PUT", "/search", None),
        ("DELETE", f"/session?session_id={session}", None), ("GET", f"/getProfile?session_id={session}", None))]
    assert [answer.status for answer in answers] == [200, 201, 200, 200, 200, 200, 400, 413, 405, 204, 404]
    limited = start("--rate-limit", "1").client()
    answers.append(next(a for a in (limited.ask("GET", "/healthz") for _ in range(50)) if a.status == 429))
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer
        assert answer.headers["Cache-Control"] == "no-store", answer
    for path in ("/nothing", "/openapi.json"):
        assert client.ask("GET", path).headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_says_what_it_may_load(stream):
    sock, answers = stream
    sock.sendall(request("GET", "/"))
    answer = read_answer(answers)
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("accept,packed", [("gzip", True), ("br;q=1.0, gzip;q=0.5", True), ("GZIP", None), ("identity", False),
                                           ("gzip;q=0", False), ("gzip;q=0.000", False), ("", False), ("deflate", False)])
def test_the_contract_is_packed_for_those_who_take_it(stream, contract, accept, packed):
    sock, answers = stream
    sock.sendall(request("GET", "/openapi.json", b"", f"Accept-Encoding: {accept}"))
    answer = read_answer(answers)
    if packed is not None:
        assert (answer.headers["Content-Encoding"] == "gzip") == packed
    body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] else answer.body
    assert json.loads(body) == contract.document
    assert "Accept-Encoding" in answer.headers["Vary"]


# ---- the rate limit ----

def test_the_rate_limit(start):
    client = start("--rate-limit", "5").client()
    answers = [client.ask("GET", "/search?q=adele") for _ in range(40)]
    passed = [answer.status for answer in answers].index(429)
    assert passed >= 10, "a short burst passes"
    limited = answers[passed]
    assert 1 <= int(limited.headers["Retry-After"]) <= 5
    assert all(answer.status in (200, 429) for answer in answers)
    for path in ("/healthz", "/nothing", "/getProfile"):
        until(lambda p=path: client.ask("GET", p).status == 429, "the limit holds for every address")
    until(lambda: client.ask("GET", "/search?q=adele").status == 200, "time passes and requests do again")


def test_the_rate_limit_cannot_be_talked_away(start):
    service = start("--rate-limit", "1")
    statuses = []
    for n in range(30):
        client = service.client()  # a new connection, and headers that proxies send
        statuses.append(client.ask("GET", "/healthz", None, {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for={n}"}).status)
        client.close()
    assert statuses.count(429) >= 10


def test_who_asks_first_hears_at_once_of_the_rate_limit(start):
    service = start("--rate-limit", "0.01")
    client = service.client()
    until(lambda: client.ask("GET", "/healthz").status == 429, "the limit is reached")
    with service.socket() as sock:
        sock.sendall(request("POST", "/search", b"", "Expect: 100-continue", "Content-Length: 18"))
        assert read_answer(sock.makefile("rb")).status == 429


def test_a_page_can_read_that_it_asked_too_often(start):
    client = start("--rate-limit", "1").client()
    asked = (client.get("/healthz", None, Origin="http://localhost:3000") for _ in range(50))
    limited = next(answer for answer in asked if answer.status == 429)
    assert limited.headers.get("Access-Control-Allow-Origin") == "http://localhost:3000"


def test_no_limit_on_the_own_machine_unless_asked_for(client):
    assert {client.get("/healthz").status for _ in range(300)} == {200}


def test_a_thousand_connections(service):
    socks = [service.socket() for _ in range(1000)]
    for sock in socks:
        sock.sendall(request("GET", "/healthz"))
    for sock in socks:
        assert read_answer(sock.makefile("rb")).status == 200
        sock.close()
