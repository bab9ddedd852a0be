"""The same program as functions on AWS Lambda: everything goes through the runtime API of tests/lambda."""
import base64
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading

import jsonschema
import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lambda"))
import runtime_api  # noqa: E402  the folder is named as the room it tests, which is a word of Python

ARTISTS = ["daft-punk", "adele", "stromae"]


class Cloud:
    """Functions that share one store, each with its own runtime API, as Lambda runs them."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.functions = binary, str(folder), {}
        self.apis, self.processes = [], []

    def start(self, handler="api", words=("lambda",), program=None, settled=True, **variables):
        api = runtime_api.RuntimeApi()
        function = runtime_api.Function([program or self.binary, *words], api, handler,
                                        {"LISTENING_DATA": self.folder, **variables})
        self.apis.append(api)
        self.processes.append(function)
        if settled:
            self.functions[handler] = api, function
        return api, function

    def api(self, handler):
        if handler not in self.functions:
            self.start(handler)
        return self.functions[handler][0]

    def ask(self, event, handler="api", expect=None, timeout_s=20):
        """An HTTP event's answer: (status, headers with small names, body)."""
        invocation = self.api(handler).invoke(event, timeout_s)
        assert not invocation.failed, invocation.result
        answer = json.loads(invocation.result)
        names = {name.lower(): value for name, value in
                 (answer.get("headers") or answer.get("multiValueHeaders")).items()}
        body = answer["body"]
        if answer["isBase64Encoded"]:
            body = base64.b64decode(body)
        if expect is not None:
            assert answer["statusCode"] == expect, answer
        return answer["statusCode"], names, body

    def stop(self):
        for api, function in zip(self.apis, self.processes):
            status = function.stop()
            api.stop()
            found = [line for line in function.log if "runtime error" in line or "Sanitizer" in line]
            assert not found, "".join(function.log[-60:])
            if any(function is settled for _, settled in self.functions.values()):
                assert status == 0, function.log[-20:]


@pytest.fixture
def cloud(binary, tmp_path):
    made = Cloud(binary, tmp_path / "data")
    yield made
    made.stop()


# ---- events as API Gateway and S3 write them ----


def http_2(method, path, query="", body=None, headers=None, cookies=None, stage="$default", encoded=False):
    event = {"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
             "headers": {"accept": "*/*", "host": "abc.execute-api.example", **(headers or {})},
             "requestContext": {"accountId": "000000000000", "apiId": "abc", "stage": stage,
                                "http": {"method": method, "path": path, "protocol": "HTTP/1.1",
                                         "sourceIp": "192.0.2.7", "userAgent": "someone"}},
             "isBase64Encoded": encoded}
    if cookies:
        event["cookies"] = cookies
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event


def http_1(method, path, query=(), body=None, headers=None, stage="$default", version="1.0", encoded=False):
    many = {}
    for name, value in query:
        many.setdefault(name, []).append(value)
    headers = {"Accept": "*/*", "Host": "abc.execute-api.example", **(headers or {})}
    event = {"version": version, "resource": "/{proxy+}", "path": path, "httpMethod": method,
             "headers": {name: value if isinstance(value, str) else value[-1] for name, value in headers.items()},
             "multiValueHeaders": {name: [value] if isinstance(value, str) else value
                                   for name, value in headers.items()},
             "queryStringParameters": {name: values[-1] for name, values in many.items()} or None,
             "multiValueQueryStringParameters": many or None,
             "requestContext": {"stage": stage, "httpMethod": method, "path": f"/{stage}{path}"},
             "body": body if body is None or isinstance(body, str) else json.dumps(body), "isBase64Encoded": encoded}
    if version is None:
        del event["version"]
    return event


def s3_event(*keys, event="ObjectCreated:Put"):
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-3", "eventName": event,
                         "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": "b"},
                                "object": {"key": key, "size": 1, "eTag": "x", "sequencer": "0"}}} for key in keys]}


def new_session(cloud, artists=ARTISTS):
    """A session whose artists are named, by events."""
    session = json.loads(cloud.ask(http_2("POST", "/create-session"), expect=201)[2])["session_id"]
    cloud.ask(http_2("POST", "/extract-simulate", body={"session_id": session, "artists": artists}), expect=200)
    return session


# ---- the whole way ----


def test_a_whole_session_by_events_alone_each_stage_its_own_function(cloud):
    session = json.loads(cloud.ask(http_2("POST", "/create-session"), "create", 201)[2])["session_id"]
    ids = []
    for words in ("daft+punk", "ad%C3%A8le", "stromae"):
        found = json.loads(cloud.ask(http_2("GET", "/search", f"q={words}&limit=1"), "search", 200)[2])["artists"]
        ids.append(found[0]["id"])
    assert ids == ARTISTS
    body = {"session_id": session, "artists": [{"id": artist} for artist in ids]}
    assert len(json.loads(cloud.ask(http_2("POST", "/extract-simulate", body=body), "extract", 200)[2])["tracks"]) == 15
    get = http_2("GET", "/getProfile", f"session_id={session}&lang=fr")
    assert json.loads(cloud.ask(get, "getProfile", 202)[2])["stage"] == "transform"
    done = cloud.api("transform").invoke(s3_event(f"data/{session}/top_tracks.json"))
    assert not done.failed and json.loads(done.result)["results"][0]["outcome"] == "done"
    assert json.loads(cloud.ask(get, "getProfile", 202)[2])["stage"] == "profile"
    done = cloud.api("profile").invoke(s3_event(f"data/{session}/enriched_tracks.json"))
    assert not done.failed and json.loads(done.result)["results"][0]["outcome"] == "done"
    profile = json.loads(cloud.ask(get, "getProfile", 200)[2])
    assert profile["session_id"] == session and profile["lang"] == "fr" and profile["top_emotions"]
    cloud.ask(http_2("DELETE", "/session", f"session_id={session}"), "erase", 204)
    cloud.ask(get, "getProfile", 404)


def test_functions_started_anew_for_every_event_give_the_same(cloud):
    def once(event, handler):
        api, function = cloud.start(handler)
        invocation = api.invoke(event)
        assert not invocation.failed and function.stop() == 0
        return json.loads(invocation.result)

    session = new_session(cloud)
    once(s3_event(f"data/{session}/top_tracks.json"), "transform")
    once(s3_event(f"data/{session}/enriched_tracks.json"), "profile")
    answers = [once(http_2("GET", "/getProfile", f"session_id={session}"), "getProfile")["body"] for _ in range(2)]
    assert answers[0] == answers[1] == cloud.ask(http_2("GET", "/getProfile", f"session_id={session}"))[2]


def test_a_profile_that_another_function_makes_is_waited_for(cloud):
    session = new_session(cloud)
    waiting = cloud.api("getProfile").send(http_2("GET", "/getProfile", f"session_id={session}&wait=20000"), 25)
    for handler, name in (("transform", "top_tracks"), ("profile", "enriched_tracks")):
        assert not cloud.api(handler).invoke(s3_event(f"data/{session}/{name}.json")).failed
    assert waiting.done.wait(runtime_api.WAIT_S)
    assert json.loads(waiting.result)["statusCode"] == 200


def test_waiting_ends_in_time_for_an_answer(cloud):
    session = new_session(cloud)
    status, headers, _ = cloud.ask(http_2("GET", "/getProfile", f"session_id={session}&wait=20000"), timeout_s=3)
    assert (status, headers["retry-after"]) == (202, "1")


# ---- payloads ----


@pytest.mark.parametrize("event", [
    http_2("GET", "/search", "q=daft%20punk&limit=1"),
    http_2("GET", "/search/", "q=daft+punk&limit=1&q=adele"),
    http_2("GET", "/prod/search", "limit=1&q=Daft%20Punk", stage="prod"),
    http_2("GET", "/search", "limit=1&q=daft%2Bpunk&&=x&y"),
    http_2("POST", "/search", body={"query": "daft punk", "limit": 1}),
    http_2("POST", "/search", body=base64.b64encode(b'{"query":"daft punk","limit":1}').decode(), encoded=True),
    http_2("GET", "/search", "q=daft%20punk&limit=1", cookies=["a=b", "session_id=c; d"], headers={"x-forwarded-for": "192.0.2.1"}),
    http_1("GET", "/search", [("q", "daft punk"), ("limit", "1")]),
    http_1("GET", "/search", [("q", "daft punk"), ("q", "adele"), ("limit", "1")]),
    http_1("GET", "/prod/search", [("q", "daft punk"), ("limit", "1")], stage="prod"),
    http_1("GET", "/search", [("q", "daft punk"), ("limit", "1")], stage="search", version=None),
    http_1("POST", "/search", body={"query": "daft punk", "limit": 1}, headers={"Cookie": "a=b; c=d"}),
    http_1("POST", "/search", body=base64.b64encode(b'{"query":"daft punk","limit":1}').decode(), encoded=True),
])
def test_every_form_of_a_request(cloud, event):
    status, headers, body = cloud.ask(event)
    assert status == 200, body
    assert [artist["id"] for artist in json.loads(body)["artists"]] == ["daft-punk"]
    assert headers["content-type"] in ("application/json", ["application/json"])


def test_headers_of_a_request(cloud):
    session = new_session(cloud)
    for handler, name in (("transform", "top_tracks"), ("profile", "enriched_tracks")):
        assert not cloud.api(handler).invoke(s3_event(f"data/{session}/{name}.json")).failed
    wanted = {"X-Session-Id": session, "Accept-Language": "de, fr;q=0.8"}
    for event in (http_2("GET", "/getProfile", headers={name.lower(): value for name, value in wanted.items()}),
                  http_1("GET", "/getProfile", headers=wanted),
                  http_1("GET", "/getProfile", headers={**wanted, "Accept-Language": ["fr", "en"]})):
        _, headers, body = cloud.ask(event, expect=200)
        assert json.loads(body)["lang"] == "fr"
        assert headers["content-language"] in ("fr", ["fr"])
    origin = {"origin": "https://pages.example"}
    cloud.start("search", LISTENING_ORIGIN=origin["origin"])
    _, headers, _ = cloud.ask(http_2("OPTIONS", "/search", headers=origin), "search", 204)
    assert headers["access-control-allow-origin"] == origin["origin"]
    assert cloud.ask(http_2("GET", "/search", "q=a", headers={"origin": "https://else.example"}), "search", 200)[1].get(
        "access-control-allow-origin") is None


@pytest.mark.parametrize("make", [http_2, http_1])
def test_bytes_are_answered_in_base64(cloud, make):
    for coding, magic in (("gzip", b"\x1f\x8b"), ("identity", b"{")):
        event = make("GET", "/openapi.json", headers={"accept-encoding": coding})
        invocation = cloud.api("api").invoke(event)
        answer = json.loads(invocation.result)
        assert answer["isBase64Encoded"] == (coding == "gzip")
        _, headers, body = cloud.ask(event, expect=200)
        body = body if isinstance(body, bytes) else body.encode()
        assert body.startswith(magic)
    assert cloud.ask(make("HEAD", "/openapi.json"), expect=200)[2] == ""


def test_several_values_of_an_answers_header(cloud):
    headers = {"origin": "https://else.example", "accept-encoding": "identity"}
    assert cloud.ask(http_2("GET", "/openapi.json", headers=headers), expect=200)[1]["vary"] == "Origin, Accept-Encoding"
    assert cloud.ask(http_1("GET", "/openapi.json", headers=headers), expect=200)[1]["vary"] == ["Origin", "Accept-Encoding"]


def test_a_function_answers_its_own_route_only(cloud):
    cloud.ask(http_2("GET", "/search", "q=adele"), "search", 200)
    for path in ("/create-session", "/", "/searching", "/search/more", "/getProfile"):
        status, _, body = cloud.ask(http_2("GET", path), "search")
        assert status == 404 and json.loads(body)["error"]
    assert cloud.ask(http_2("GET", "/healthz"), expect=200)


def test_text_with_everything_in_it(cloud):
    for body in ("\u0000", "\ud83c\udfb5", '{"query":"\\u0000"}', "x" * 70000):
        status, _, answer = cloud.ask(http_2("POST", "/search", body=body))
        assert status in (400, 413) and json.loads(answer)["error"]
    for query in ("q=%00", "q=%ff", "q=" + "a" * 300):
        assert cloud.ask(http_2("GET", "/search", query))[0] == 400
    assert json.loads(cloud.ask(http_2("GET", "/search", "q=%zz%2"), expect=200)[2])["artists"] is not None


# ---- sizes ----


def wav(seconds=15, rate=44100):
    """A tone with a beat, 16 bit, one channel."""
    samples = b"".join(struct.pack("<h", 8000 if (i // 50) % 2 and i % 22050 < 11025 else -8000)
                       for i in range(seconds * rate))
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2,
                       2, 16, b"data", len(samples))
    return head + samples


def test_a_file_of_megabytes_in_base64(cloud):
    form = (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n' +
            wav() + b"\r\n--x--\r\n")
    event = http_2("POST", "/analyze", body=base64.b64encode(form).decode(), encoded=True,
                   headers={"content-type": "multipart/form-data; boundary=x"})
    assert len(json.dumps(event)) > 1.7e6
    status, _, body = cloud.ask(event, timeout_s=60)
    assert status == 200, body


def test_an_event_of_the_largest_size(cloud):
    empty = len(json.dumps(http_2("POST", "/search", body="")))
    event = http_2("POST", "/search", body="x" * (runtime_api.PAYLOAD_MAX - empty))
    assert len(json.dumps(event)) == runtime_api.PAYLOAD_MAX
    status, _, body = cloud.ask(event)
    assert status == 413 and "larger" in json.loads(body)["error"]


def test_an_event_over_the_largest_size_fails_alone(cloud):
    failed = cloud.api("api").invoke(b" " * (runtime_api.PAYLOAD_MAX + 1))
    assert failed.failed and failed.error_type == "Runtime.EventTooLarge"
    cloud.ask(http_2("GET", "/healthz"), expect=200)


# ---- events that are none ----


BROKEN = [
    b"", b"{", b"null", b"[]", b'"text"', b"{}", b"\xff\xfe", b"{}{}", b'{"version":"2.0"}', b"[" * 5000,
    b'{"version":"2.0","requestContext":{}}', b'{"version":"2.0","requestContext":{"http":{"method":5}},"rawPath":"/"}',
    b'{"version":"2.0","requestContext":{"http":{"method":"GET"}},"rawPath":5}',
    b'{"version":"2.0","requestContext":{"http":{"method":"GET"}},"rawPath":""}',
    b'{"version":"2.0","requestContext":{"http":{"method":"GET"}},"rawPath":"x"}',
    b'{"version":"2.0","requestContext":{"http":{"method":"GET"}},"rawPath":"/","body":{}}',
    b'{"version":"2.0","requestContext":{"http":{"method":"POST"}},"rawPath":"/search","body":"?","isBase64Encoded":true}',
    b'{"version":"3.0","httpMethod":"GET","path":"/"}', b'{"httpMethod":"GET"}', b'{"httpMethod":{},"path":"/"}',
    b'{"Records":[]}', b'{"Records":[{}]}', b'{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"%zz"}}}]}',
    b'{"source":"aws.events"}',
]


def test_malformed_events_fail_alone(cloud):
    api = cloud.api("api")
    for event in BROKEN:
        failed = api.invoke(event)
        assert failed.failed and failed.result["errorMessage"], event
        assert failed.error_type == failed.result["errorType"]
    cloud.ask(http_2("GET", "/healthz"), expect=200)


def test_what_s3_sends_when_notifications_are_set_up(cloud):
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-22T00:00:00.000Z", "Bucket": "b"}
    assert not cloud.api("transform").invoke(event).failed


# ---- S3's events ----


def test_keys_as_s3_writes_them(cloud):
    session = new_session(cloud)
    outcomes = [result["outcome"] for result in json.loads(cloud.api("transform").invoke(s3_event(
        f"data%2F{session}%2Ftop_tracks.json", "my+holiday%28caf%C3%A9%29.jpg", f"data/{session}/enriched_tracks.json",
        f"data/{session}/other.json", "data/../top_tracks.json")).result)["results"]]
    assert outcomes == ["done"] + ["ignored"] * 4
    removed = cloud.api("transform").invoke(s3_event(f"data/{session}/top_tracks.json", event="ObjectRemoved:Delete"))
    assert json.loads(removed.result)["results"][0]["outcome"] == "ignored"


def test_keys_behind_a_prefix(cloud):
    session = new_session(cloud)
    api, _ = cloud.start("transform", LISTENING_S3_PREFIX="two words/")
    invocation = api.invoke(s3_event(f"two+words/data/{session}/top_tracks.json"))
    assert json.loads(invocation.result)["results"][0]["outcome"] == "done"


def test_one_record_that_fails_is_tried_again_and_the_others_are_done(cloud):
    torn, sound, gone = new_session(cloud), new_session(cloud), new_session(cloud)
    path = os.path.join(cloud.folder, "data", torn, "top_tracks.json")
    with open(path, "rb") as file:
        whole = file.read()
    with open(path, "wb") as file:
        file.write(whole[:100])
    cloud.ask(http_2("DELETE", "/session", f"session_id={gone}"), expect=204)
    event = s3_event(*[f"data/{session}/top_tracks.json" for session in (torn, gone, sound)])
    failed = cloud.api("transform").invoke(event)
    assert failed.failed and failed.error_type == "Listening.StageFailed"
    assert "1 of 3" in failed.result["errorMessage"]
    made = os.path.join(cloud.folder, "data", sound, "enriched_tracks.json")
    before = os.stat(made)
    with open(path, "wb") as file:
        file.write(whole)
    again = cloud.api("transform").invoke(event)
    assert [result["outcome"] for result in json.loads(again.result)["results"]] == ["done", "erased", "done"]
    assert os.stat(made).st_mtime_ns == before.st_mtime_ns, "done work was done again"
    _, function = cloud.functions["transform"]
    function.stop()
    assert [line["message"] for line in function.lines("stage")], "the failing record was not told in the log"
    assert [line.get("StagesFailed") for line in function.lines("metrics")] == [1, 0]


# ---- time ----


@pytest.fixture
def silent():
    """An endpoint that takes connections and never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def accept():
        try:
            while True:
                kept.append(listener.accept())
        except OSError:
            pass

    threading.Thread(target=accept, daemon=True).start()
    yield {"LISTENING_S3_BUCKET": "b", "LISTENING_S3_ENDPOINT": "http://127.0.0.1:%d" % listener.getsockname()[1],
           "LISTENING_S3_PATH_STYLE": "1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    listener.close()
    for sock, _ in kept:
        sock.close()


SESSION = "session-one-0123456789"


def test_a_handler_that_outlives_its_deadline_is_answered_and_the_next_event_too(cloud, silent):
    api, function = cloud.start("api", **silent)
    late = api.invoke(http_2("GET", "/getProfile", f"session_id={SESSION}"), timeout_s=3)
    assert not late.failed
    answer = json.loads(late.result)
    assert answer["statusCode"] == 503 and json.loads(answer["body"])["error"]
    assert answer["headers"]["Retry-After"] == "1"
    assert json.loads(api.invoke(http_2("POST", "/create-session")).result)["statusCode"] == 201
    late = api.invoke(s3_event(f"data/{SESSION}/top_tracks.json"), timeout_s=3)
    assert late.failed and late.error_type == "Listening.DeadlineExceeded"
    assert function.stop() == 0
    assert len(function.lines("late")) == 2


def test_a_process_full_of_late_handlers_starts_anew(cloud, silent):
    api, function = cloud.start("api", settled=False, **silent)
    for number in range(5):
        assert not api.invoke(http_2("GET", "/getProfile", f"session_id={SESSION}-{number}"), timeout_s=1.5).failed
    assert function.wait() == 1
    assert function.lines("stop")


# ---- what operators see ----

# "Specification: Embedded metric format", Amazon CloudWatch user guide.
EMF = {
    "type": "object", "required": ["_aws", "Service", "Duration"],
    "properties": {
        "_aws": {
            "type": "object", "required": ["Timestamp", "CloudWatchMetrics"], "additionalProperties": False,
            "properties": {
                "Timestamp": {"type": "integer", "minimum": 1.6e12},
                "CloudWatchMetrics": {"type": "array", "minItems": 1, "items": {
                    "type": "object", "required": ["Namespace", "Dimensions", "Metrics"], "additionalProperties": False,
                    "properties": {
                        "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
                        "Dimensions": {"type": "array", "minItems": 1, "items": {
                            "type": "array", "maxItems": 30, "items": {"type": "string", "minLength": 1, "maxLength": 250}}},
                        "Metrics": {"type": "array", "maxItems": 100, "items": {
                            "type": "object", "required": ["Name"], "additionalProperties": False,
                            "properties": {"Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                                           "Unit": {"enum": ["Seconds", "Microseconds", "Milliseconds", "Bytes", "Count",
                                                             "Percent", "None"]}}}},
                    }}},
            }},
    },
}


def check_emf(line):
    jsonschema.validate(line, EMF)
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            for name in dimensions:
                assert isinstance(line[name], str) and line[name]
        for metric in directive["Metrics"]:
            assert isinstance(line[metric["Name"]], (int, float)), f"{metric['Name']} is not in the line"


def test_metrics_are_in_cloudwatchs_own_format(cloud):
    session = new_session(cloud)
    api, function = cloud.start("api", LISTENING_SERVICE="listening-test")
    api.invoke(http_2("GET", "/search", "q=adele"))
    api.invoke(s3_event(f"data/{session}/top_tracks.json"))
    api.invoke(b"{}")
    assert function.stop() == 0
    lines = function.lines("metrics")
    for line in lines:
        check_emf(line)
    assert [line["ColdStarts"] for line in lines] == [1, 0, 0]
    assert [line["StagesDone"] for line in lines] == [0, 1, 0]
    assert "InitDuration" in lines[0] and "InitDuration" not in lines[1]
    assert {line["Service"] for line in lines} == {"listening-test"}
    names = {metric["Name"] for line in lines for directive in line["_aws"]["CloudWatchMetrics"] for metric in directive["Metrics"]}
    assert len(names) <= 10, "more metrics than are free"


def test_one_json_line_a_request_with_its_ids_and_without_its_words(cloud):
    api, function = cloud.start("api")
    session = json.loads(json.loads(api.invoke(http_2("POST", "/create-session")).result)["body"])["session_id"]
    artists = [{"id": "my-secret-artist", "name": "Zaphod Beeblebrox", "genres": ["zorgcore"]}]
    api.invoke(http_2("POST", "/extract-simulate", body={"session_id": session, "artists": artists}, cookies=["crumb=1"]))
    api.invoke(http_2("GET", "/search", "q=words-that-someone-typed"))
    traced = api.invoke(http_1("GET", "/getProfile", [("session_id", session)]), trace="Root=1-5bef4de7-ad49b0e8;Sampled=1")
    api.invoke(s3_event(f"data/{session}/top_tracks.json"))
    assert function.stop() == 0
    assert len(function.lines()) == len([line for line in function.log if line.strip()])
    requests = function.lines("request")
    assert [line["route"] for line in requests] == ["/create-session", "/extract-simulate", "/search", "/getProfile"]
    for line in requests:
        assert re.fullmatch(r"[0-9a-f-]{36}", line["invocation_id"]) and line["duration_us"] >= 0
    assert requests[3]["invocation_id"] == traced.id and requests[3]["trace_id"] == "Root=1-5bef4de7-ad49b0e8;Sampled=1"
    assert len(function.lines("s3_event")) == 1
    for line in function.log:
        for secret in (session, "my-secret-artist", "Zaphod", "zorgcore", "words-that", "192.0.2", "crumb"):
            assert secret not in line, line


def test_the_log_can_be_turned_off(cloud):
    api, function = cloud.start("api", LISTENING_LOG="nothing")
    api.invoke(http_2("GET", "/search", "q=adele"))
    api.invoke(b"{}")
    assert function.stop() == 0 and not function.log


# ---- starting and stopping ----


def test_called_as_bootstrap_or_with_lambdas_variable_alone(cloud, binary, tmp_path):
    link = tmp_path / "bootstrap"
    os.symlink(binary, link)
    for program, words, handler in ((str(link), (), "api"), (binary, (), "api"), (str(link), ("search",), "create")):
        api, function = cloud.start(handler, words, program)
        assert not api.invoke(http_2("GET", "/search", "q=adele")).failed
        assert function.stop() == 0


@pytest.mark.parametrize("handler,variables,error_type", [
    ("nothing", {}, "Runtime.NoSuchHandler"), ("apis", {}, "Runtime.NoSuchHandler"), ("index.handler", {}, "Runtime.NoSuchHandler"),
    ("api", {"LISTENING_TTL": "never"}, "Runtime.ConfigInvalid"), ("api", {"LISTENING_LOG": "loud"}, "Runtime.ConfigInvalid"),
])
def test_a_wrong_setting_is_told_to_lambda(cloud, handler, variables, error_type):
    api, function = cloud.start(handler, settled=False, **variables)
    assert function.wait() == 2
    assert api.init_error[0] == error_type and api.init_error[1]["errorType"] == error_type
    assert api.init_error[1]["errorMessage"]


def test_without_a_runtime(cloud, binary):
    class Nowhere:
        address = ""

    for address, status in (("", 2), ("nonsense", 2), ("127.0.0.1:0", 2), ("127.0.0.1:1", 1)):
        Nowhere.address = address
        function = runtime_api.Function([binary, "lambda"], Nowhere, "api", {"LISTENING_DATA": cloud.folder})
        assert function.wait() == status, function.log
        assert function.log[-1].startswith("listening: ")


def test_a_store_that_cannot_be_opened_is_said_by_every_answer(cloud, tmp_path):
    (tmp_path / "file").write_text("")
    api, function = cloud.start("api", LISTENING_DATA=str(tmp_path / "file"))
    status, _, body = (lambda answer: (answer["statusCode"], None, answer["body"]))(
        json.loads(api.invoke(http_2("GET", "/getProfile", f"session_id={SESSION}")).result))
    assert status == 500 and json.loads(body)["error"]
    assert json.loads(api.invoke(http_2("GET", "/search", "q=adele")).result)["statusCode"] == 200


def test_a_runtime_that_closes_after_every_answer(cloud):
    api, _ = cloud.start("api")
    api.close_after_answers = True
    for _ in range(3):
        assert not api.invoke(http_2("GET", "/healthz")).failed
    assert api.connections >= 3


BABBLE = [
    b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a/../b\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 20\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\n" + b"x" * 70000,
]


@pytest.mark.parametrize("babble", BABBLE, ids=range(len(BABBLE)))
def test_a_runtime_that_babbles_ends_the_process(cloud, babble):
    api, function = cloud.start("api", settled=False)
    api.queue.put(babble)
    api.stopping = True
    assert function.wait() == 1
    assert function.log[-1].startswith("listening: ")


# ---- the package ----


def check_symbols(*arguments):
    done = subprocess.run([os.path.join(ROOT, "tools", "check_symbols"), *map(str, arguments)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def test_the_program_itself_starts_on_amazon_linux(binary):
    status, said = check_symbols(binary)
    assert status == 0, said


def test_symbols_that_amazon_linux_lacks_are_found(tmp_path):
    source, program = tmp_path / "x.c", tmp_path / "x"
    source.write_text("#include <pthread.h>\nint main(void) { return (int)pthread_self(); }\n")
    subprocess.run(["gcc", "-o", program, source], check=True)
    assert check_symbols(program)[0] == 0
    status, said = check_symbols("--most", "2.2", program)
    assert status == 1 and "__libc_start_main" in said
    assert check_symbols(source)[0] not in (0, None)
