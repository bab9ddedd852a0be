"""AWS Lambda's runtime API (version 2018-06-01) for tests and benches: what the docs "Using the Lambda runtime API"
say, and how Lambda's own server behaves where they are silent: events over 2 KiB come in chunks, an answer over the
limit is refused with 413, an answer to another event than the one under way with 400.

Events come from this API only: a function sees nothing else of the world.
"""
import http.server
import json
import os
import queue
import signal
import socketserver
import subprocess
import threading
import time
import uuid

PREFIX = "/2018-06-01/runtime/"
PAYLOAD_MAX = 6 * 1024 * 1024
CHUNKED_FROM = 2048  # bytes; Go's net/http buffers so much before it gives up knowing the length
WAIT_S = 30
GRACE_S = 5  # Lambda has none; the machine that runs these tests may do much else


class Invocation:
    def __init__(self, payload, timeout_s, trace=None):
        self.id = str(uuid.uuid4())
        self.payload = payload
        self.timeout_s = timeout_s
        self.trace = trace or f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Parent={uuid.uuid4().hex[:16]};Sampled=1"
        self.done = threading.Event()
        self.result = None  # of response: bytes; of error: a dict
        self.failed = False
        self.error_type = None
        self.seconds = None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.server.api.connections += 1

    def answer(self, status, document=None, close=False):
        body = json.dumps(document or {"status": "OK"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        api = self.server.api
        if self.path != PREFIX + "invocation/next":
            return self.answer(404)
        api.asked.set()
        invocation = api.take()
        if invocation is None:
            return self.answer(500, {"errorType": "Shutdown"}, close=True)
        if isinstance(invocation, bytes):  # a broken answer, as it is
            self.wfile.write(invocation)
            self.close_connection = True
            return None
        api.running = invocation
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Lambda-Runtime-Aws-Request-Id", invocation.id)
        self.send_header("Lambda-Runtime-Trace-Id", invocation.trace)
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-3:000000000000:function:test")
        invocation.started = time.monotonic()
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + invocation.timeout_s) * 1000)))
        self.send_body(invocation.payload)
        return None

    def send_body(self, payload):
        if len(payload) < CHUNKED_FROM:
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(payload), 32768):
            part = payload[at:at + 32768]
            self.wfile.write(b"%x\r\n" % len(part) + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self):
        api = self.server.api
        body = self.rfile.read(int(self.headers["Content-Length"]))
        error_type = self.headers.get("Lambda-Runtime-Function-Error-Type")
        if self.path == PREFIX + "init/error":
            api.init_error = (error_type, json.loads(body))
            return self.answer(202)
        parts = self.path.removeprefix(PREFIX).split("/")
        running = api.running
        if len(parts) != 3 or parts[0] != "invocation" or parts[2] not in ("response", "error"):
            return self.answer(404)
        if running is None or parts[1] != running.id:
            return self.answer(400, {"errorType": "InvalidRequestID"})
        if len(body) > PAYLOAD_MAX:
            return self.answer(413, {"errorType": "Function.ResponseSizeTooLarge"})
        running.failed = parts[2] == "error"
        running.result = json.loads(body) if running.failed else body
        running.error_type = error_type
        running.seconds = time.monotonic() - running.started
        api.running = None
        close = api.close_after_answers
        self.answer(202, close=close)
        running.done.set()  # last: who waits may stop everything now
        return None


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass  # a function that was stopped while it waited for an event


class RuntimeApi:
    """The API on a free port. close_after_answers: the connection ends with every answer, as it may."""

    def __init__(self):
        self.queue = queue.Queue()
        self.running = None
        self.init_error = None
        self.asked = threading.Event()
        self.connections = 0
        self.close_after_answers = False
        self.stopping = False
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.api = self
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def take(self):
        return None if self.stopping and self.queue.empty() else self.queue.get()

    def send(self, event, timeout_s=10, trace=None):
        """Queues an event (a document, or bytes as they are) without waiting."""
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        invocation = Invocation(payload, timeout_s, trace)
        self.queue.put(invocation)
        return invocation

    def invoke(self, event, timeout_s=10, trace=None):
        """Waits for the answer, as long as Lambda would: then it kills the process."""
        invocation = self.send(event, timeout_s, trace)
        assert self.asked.wait(WAIT_S), "the function does not ask for events"
        assert invocation.done.wait(timeout_s + GRACE_S), f"the function did not answer within its {timeout_s} s"
        return invocation

    def stop(self):
        self.stopping = True
        self.queue.put(None)
        self.server.shutdown()
        self.server.server_close()


class Function:
    """A process that answers the events of an API. It sees no other variables than these."""

    def __init__(self, command, api, handler, variables=None):
        environment = {name: value for name, value in os.environ.items()
                       if name in ("PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")}
        environment.update({"AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": handler, **(variables or {})})
        self.log = []
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line.decode("utf-8"))

    def lines(self, event=None):
        """The JSON lines of an event of the log; all others when it is None."""
        found = [json.loads(line) for line in self.log if line.startswith("{")]
        return [line for line in found if event is None or line.get("event") == event]

    def wait(self, seconds=WAIT_S):
        status = self.process.wait(timeout=seconds)
        self.reader.join()
        return status

    def stop(self):
        """Ends it as Lambda does at a shutdown; its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        self.process.kill()
        self.wait()
