"""Two pieces of AWS for one function at a time: the runtime API that hands it events, and a bucket that writes
down what it is asked. Neither checks signatures: other tests do."""
import base64
import email.utils
import json
import os
import queue
import subprocess
import threading
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WAIT_S = 30


class _Server:
    def __init__(self, handler):
        handler.protocol_version = "HTTP/1.1"
        handler.log_message = lambda *_: None
        handler.wbufsize = 65536  # head and body leave together
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


class Bucket(_Server):
    """objects: key -> bytes; calls: (action, key or prefix); after_put(key) may meddle between two calls."""

    def __init__(self, name):
        self.name, self.objects, self.written, self.calls, self.after_put = name, {}, {}, [], None
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do(self):
                address = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
                _, name, key = (urllib.parse.unquote(address.path) + "/").split("/", 2)
                key = key.rstrip("/")
                assert name == bucket.name, self.path
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                getattr(bucket, "_" + self.command.lower())(self, key, query, sent)

            do_GET = do_HEAD = do_PUT = do_DELETE = do

        super().__init__(Handler)

    def _get(self, request, key, query, _):
        if not key:
            self.calls.append(("s3:ListBucket", query.get("prefix", "")))
            keys = sorted(k for k in self.objects if k.startswith(query.get("prefix", "")))
            rows = "".join(f"<Contents><Key>{k}</Key><LastModified>{self._date(k)}</LastModified>"
                           f"<Size>{len(self.objects[k])}</Size></Contents>" for k in keys)
            request.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())
            return
        self.calls.append(("s3:GetObject", key))
        if key in self.objects:
            request.answer(200, self.objects[key], ETag=f'"{abs(hash(self.objects[key])):032x}"',
                           Last_Modified=email.utils.formatdate(self.written[key], usegmt=True))
        else:
            # Who may not list is told 403, so a 404 rests on that permission.
            self.calls.append(("s3:ListBucket", key))
            request.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    _head = _get

    def _put(self, request, key, query, sent):
        assert key and not query, "a plain PutObject"
        self.calls.append(("s3:PutObject", key))
        self.put(key, sent)
        if self.after_put:
            self.after_put(key)
        request.answer(200, ETag=f'"{abs(hash(sent)):032x}"')

    def _delete(self, request, key, query, _):
        assert key and not query, "a plain DeleteObject"
        self.calls.append(("s3:DeleteObject", key))
        self.objects.pop(key, None)
        request.answer(204)

    def put(self, key, content):
        self.objects[key], self.written[key] = content, time.time()

    def _date(self, key):
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.written[key]))


class Function(_Server):
    """One function of the program, with its runtime API. invoke(event) -> (answer, None) or (None, error)."""

    def __init__(self, binary, handler, bucket, timeout_s=30, **variables):
        self.events, self.answers = queue.Queue(), queue.Queue()
        function = self

        class Handler(BaseHTTPRequestHandler):
            def reply(self, status, body=b"", headers=()):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                event = function.events.get()
                if event is None:
                    self.close_connection = True
                    return
                self.reply(200, event, [
                    ("Content-Type", "application/json"),
                    ("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4())),
                    ("Lambda-Runtime-Deadline-Ms", str(int((time.time() + timeout_s) * 1000))),
                    ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-3:123456789012:function:trial"),
                    ("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0")])

            def do_POST(self):
                if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                    body = b""
                    while size := int(self.rfile.readline().split(b";")[0], 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.reply(202, b'{"status":"OK"}')
                function.answers.put((self.path.rsplit("/", 1)[1], body))

        super().__init__(Handler)
        environment = {
            "PATH": os.environ["PATH"], "_HANDLER": handler, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.port}",
            "AWS_LAMBDA_FUNCTION_NAME": f"trial-{handler}", "AWS_REGION": "eu-west-3",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "token",
            "LISTENING_S3_BUCKET": bucket.name, "LISTENING_S3_ENDPOINT": f"http://127.0.0.1:{bucket.port}",
            "LISTENING_S3_PATH_STYLE": "1", "LISTENING_TTL": "24h", "LISTENING_SERVICE": "trial", **variables,
        }
        for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self.process = subprocess.Popen([binary, "lambda"], env=environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.process.stdout), daemon=True).start()

    def invoke(self, event):
        self.events.put(json.dumps(event).encode())
        try:
            kind, body = self.answers.get(timeout=WAIT_S)
        except queue.Empty:
            raise AssertionError(f"no answer in {WAIT_S} s: {b''.join(self.log).decode()}") from None
        document = json.loads(body) if body else None
        return (document, None) if kind == "response" else (None, document)

    def stop(self):
        self.process.terminate()
        self.events.put(None)
        self.process.wait(WAIT_S)
        super().stop()


class Account:
    """The functions of a stack on one bucket, each started when it is first asked; what each asked of the bucket."""

    def __init__(self, binary, bucket, **variables):
        self.binary, self.bucket, self.variables = binary, bucket, variables
        self.functions, self.invocations = {}, []  # (handler, [(action, key)])

    def call(self, handler, event):
        if handler not in self.functions:
            self.functions[handler] = Function(self.binary, handler, self.bucket, **self.variables)
        before = len(self.bucket.calls)
        answer, error = self.functions[handler].invoke(event)
        self.invocations.append((handler, self.bucket.calls[before:]))
        assert error is None, error
        return answer

    def http(self, handler, status, *args, **kwargs):
        answer = self.call(handler, request(*args, **kwargs))
        assert answer["statusCode"] == status, answer
        return body_of(answer)

    def written(self, handler, key):
        """What S3 does when an object was written; what became of it."""
        return self.call(handler, created(self.bucket.name, key))["results"][0]["outcome"]

    def calls(self):
        """{handler: [(action, key)]}"""
        made = {}
        for handler, calls in self.invocations:
            made.setdefault(handler, []).extend(calls)
        return made

    def stop(self):
        """Ends the functions; the bucket stays."""
        for function in self.functions.values():
            function.stop()


def request(method, path, body=None, session=None, query=""):
    """An event of an HTTP API, payload 2.0."""
    headers = {"host": "api.example.org", "accept": "application/json"}
    if body is not None:
        headers["content-type"] = "application/json"
    if session:
        headers["x-session-id"] = session
    return {"version": "2.0", "routeKey": f"{method} {path}", "rawPath": path, "rawQueryString": query,
            "headers": headers, "isBase64Encoded": False,
            "requestContext": {"requestId": "r", "stage": "$default", "domainName": "api.example.org", "timeEpoch": 0,
                               "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                                        "userAgent": "test"}},
            **({"body": json.dumps(body)} if body is not None else {})}


def created(bucket, key):
    """An event of S3: this object was written."""
    return {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-3",
                         "eventTime": "2026-11-22T00:00:00.000Z", "eventName": "ObjectCreated:Put",
                         "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                                "object": {"key": urllib.parse.quote(key), "size": 1, "eTag": "0", "sequencer": "0"}}}]}


def body_of(answer):
    text = answer.get("body") or ""
    return json.loads(base64.b64decode(text) if answer.get("isBase64Encoded") else text) if text else None
