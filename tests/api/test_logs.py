"""What operators see: logs that say nothing of people, and metrics."""
import json
import re

import pytest

from service import until

SECRETS = ["daft-punk", "Zaphod Beeblebrox", "zorgcore", "my-secret-artist", "words-that-someone-typed", "10.9.8.7"]


@pytest.fixture
def busy_log(start):
    """All the log lines of a server that did a bit of everything, and the sessions it knew."""
    service = start()
    client = service.client()
    session, _ = client.new_profile(["daft-punk", {"id": "my-secret-artist", "name": "Zaphod Beeblebrox",
                                                    "genres": ["zorgcore"]}])
    failing = client.create()
    client.extract(failing, ["adele"])
    client.profile(failing)
    with open(service.path(failing, "top_tracks.json"), "wb") as file:
        file.write(b"torn")
    client.post("/getProfile", {"session_id": failing}, 500)
    client.get("/search?q=words-that-someone-typed", X_Forwarded_For="10.9.8.7")
    client.post("/search", {"query": "words-that-someone-typed"})
    client.post("/search", b'words-that-someone-typed"', 400)
    client.extract(session, ["words-that-someone-typed"], 404)
    client.get("/words-that-someone-typed", 404)
    client.get("/getProfile?session_id=words-that-someone-typed", 404)
    client.ask("PUT", "/search", b"words-that-someone-typed", expect=405)
    client.post("/transform", {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {
        "key": f"data/{failing}/top_tracks.json"}}}]})
    with service.socket() as sock:
        sock.sendall(b"words-that-someone-typed / HTTP/7\r\n" + session.encode() + b"\r\n\r\n")
        sock.recv(1000)
    client.erase(session)
    client.close()
    service.stop()
    return service.log, [session, failing]


def test_every_line_is_one_json_object(busy_log):
    lines, _ = busy_log
    assert len(lines) > 15
    for line in lines:
        record = json.loads(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["time"])
        assert record["level"] in ("error", "warning", "info") and record["event"]


def test_no_line_says_who_or_what(busy_log):
    lines, sessions = busy_log
    for line in lines:
        for secret in SECRETS + sessions + ["127.0.0.1"]:
            assert secret not in line, f"{secret} stands in the log: {line}"


def test_requests_are_told_with_route_status_and_duration(busy_log):
    requests = [json.loads(line) for line in busy_log[0] if '"event":"request"' in line]
    for record in requests:
        assert record["route"] and 100 <= record["status"] <= 599 and record["duration_us"] >= 0
        assert (record["status"] >= 500) == (record["level"] == "error")
    told = [(record["route"], record["status"]) for record in requests]
    for expected in (("/create-session", 201), ("/search", 200), ("/search", 400), ("/search", 405), ("/getProfile", 500),
                     ("other", 404), ("/session", 204)):
        assert expected in told


def test_requests_are_told_with_an_id_of_their_own(busy_log):
    ids = [json.loads(line).get("request_id") for line in busy_log[0] if '"event":"request"' in line]
    assert all(ids) and len(set(ids)) == len(ids)


def test_lines_of_one_session_can_be_brought_together(busy_log):
    requests = [json.loads(line) for line in busy_log[0] if '"event":"request"' in line]
    hashes = [record["session"] for record in requests if record["route"] == "/extract-simulate"]
    assert len(hashes) == 3 and hashes[0] == hashes[2] != hashes[1]


def test_a_session_has_another_hash_in_another_run(start):
    hashes = set()
    for _ in range(2):
        service = start()
        service.client().get("/getProfile?session_id=the-same-session-id-twice", 404)
        service.stop()
        hashes |= {json.loads(line)["session"] for line in service.log if '"session"' in line}
    assert len(hashes) == 2


@pytest.mark.parametrize("level,levels", [("info", {"info", "warning", "error"}), ("warning", {"warning", "error"}),
                                          ("error", {"error"}), ("nothing", set())])
def test_the_log_level(start, level, levels):
    service = start("--log", level)
    client = service.client()
    client.get("/healthz")
    session = client.create()
    client.extract(session, ["adele"])
    with open(service.path(session, "top_tracks.json"), "wb") as file:
        file.write(b"torn")
    client.post("/transform", {"session_id": session}, 500)
    service.stop()
    found = {json.loads(line)["level"] for line in service.log}
    assert found <= levels and ("error" in found) == ("error" in levels) and ("info" in found) == ("info" in levels)


def test_the_environment_sets_options_too(start):
    service = start(variables={"LISTENING_LOG": "nothing", "LISTENING_ORIGIN": "https://env.example"})
    answer = service.client().get("/healthz", Origin="https://env.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://env.example"
    service.stop()
    assert service.log == []


# ---- metrics ----

LINE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="[^"]*",?)*)\})? (\S+)')


def metrics(client):
    """{(name, labels): value}, after the format's own rules: help and type before the samples of a name."""
    samples, types = {}, {}
    text = client.get("/metrics").body.decode()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            types[name] = kind
        elif not line.startswith("# HELP "):
            name, labels, value = LINE.fullmatch(line).groups()
            assert re.sub(r"_(bucket|sum|count)$", "", name) in types or name in types, line
            assert (name, labels) not in samples, line
            samples[name, labels] = float(value)
    return samples


def test_metrics_are_prometheus_text_and_count(start):
    client = start().client()
    before = metrics(client)
    for _ in range(3):
        client.get("/search?q=adele")
    client.get("/nothing", 404)
    client.post("/search", {}, 400)
    after = metrics(client)
    count = "listening_requests_total"
    assert after[count, 'route="/search",status="2xx"'] == 3
    assert after[count, 'route="/search",status="4xx"'] == 1
    assert after[count, 'route="other",status="4xx"'] == 1
    duration = "listening_request_duration_seconds"
    assert after[duration + "_count", None] - before[duration + "_count", None] == 6  # the first /metrics too
    buckets = [value for (name, _), value in after.items() if name == duration + "_bucket"]
    assert buckets == sorted(buckets) and buckets[-1] == after[duration + "_count", None]
    assert after[duration + "_sum", None] > before[duration + "_sum", None]
    assert 1e6 < after["process_resident_memory_bytes", None] < 1e10
    calls, errors = (f"listening_source_{what}_total" for what in ("calls", "errors"))
    assert after[calls, 'source="catalog"'] - before[calls, 'source="catalog"'] == 3
    assert after[errors, 'source="catalog"'] == 0


def test_metrics_count_the_stages(start):
    client = start().client()
    for _ in range(3):
        client.new_profile(["adele"])
    # A stage is counted a moment after its object can be read.
    until(lambda: metrics(client)["listening_events_waiting", None] == 0, "the stages come to rest")
    after = metrics(client)
    assert after["listening_stages_total", 'stage="transform",result="done"'] == 3
    assert after["listening_stages_total", 'stage="profile",result="done"'] == 3


def test_health_says_what_answers(client):
    health = client.get("/healthz").json
    assert (health["status"], health["source"], health["store"]) == ("ok", "catalog", "dir")
