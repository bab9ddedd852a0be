"""The real binary as a process, and a client that speaks to it over a real socket."""
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time

START_S, STOP_S = 20, 40
DEADLINE_S = 15  # until something that comes by itself must have come


def until(condition, what, seconds=DEADLINE_S):
    """Waits for a condition; its value. The only waiting in these tests, never longer than needed."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Client:
    """One keep-alive connection. Every answer is held against the contract, when there is one."""

    def __init__(self, service, contract):
        self.contract = contract
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)

    def ask(self, method, path, body=None, headers=None, expect=None):
        """body: bytes as they are, anything else as JSON. path is sent as it is."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers or {}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if self.contract:
            self.contract.check(method, path, answer)
        if expect is not None:
            assert answer.status == expect, f"{method} {path}: wanted {expect}, got {answer}"
        return answer

    def get(self, path, expect=200, **headers):
        return self.ask("GET", path, None, named(headers), expect)

    def post(self, path, body=None, expect=200, **headers):
        return self.ask("POST", path, body, named(headers), expect)

    def create(self):
        return self.post("/create-session", expect=201).json["session_id"]

    def extract(self, session, artists, expect=200):
        artists = [{"id": artist} if isinstance(artist, str) else artist for artist in artists]
        return self.post("/extract-simulate", {"session_id": session, "artists": artists}, expect)

    def profile(self, session, lang="en", expect=200):
        """Asks again while the stages are at work, as the pages do: fifty tracks take a slow machine over 20 s."""
        path, asked = f"/getProfile?session_id={session}&lang={lang}&wait=20000", 1
        answer = self.get(path, None)
        while answer.status == 202 and asked < 6:
            answer, asked = self.get(path, None), asked + 1
        assert expect in (None, answer.status), f"{path}: wanted {expect}, got {answer}, asked {asked} times"
        return answer

    def new_profile(self, artists, lang="en"):
        """A fresh session of these artists: (session id, answer of /getProfile)."""
        session = self.create()
        self.extract(session, artists)
        return session, self.profile(session, lang)

    def erase(self, session):
        self.ask("DELETE", f"/session?session_id={session}", expect=204)

    def close(self):
        self.connection.close()


def named(headers):
    """Accept_Language -> Accept-Language"""
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Service:
    """`listening serve` on a free port. Use start() of conftest, which sees to its end."""

    def __init__(self, binary, contract, data, *options, user=None, variables=None):
        self.contract, self.data = contract, str(data)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LISTENING_")}
        counts = os.environ.get("LI_TEST_COUNTS")  # a folder: counts of coverage lie in it
        if counts and "--source" in options:
            clean["LISTENING_SANDBOX"] = "off"  # a server with a cache of its own cannot write there
        elif counts:  # one in its sandbox can, where its cache would lie
            clean["LISTENING_CACHE"] = os.path.join(counts, "cache.sqlite")
        as_user = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data", self.data, *map(str, options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**clean, **(variables or {})}, **as_user)
        self.log = []
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()
        self.port = self.read_port()

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line.decode("utf-8"))

    def read_port(self):
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self.process.stdout.readline().decode()), daemon=True).start()
        try:
            line = lines.get(timeout=START_S)
        except queue.Empty:
            line = ""
        if not line.startswith("listening on http://127.0.0.1:"):
            self.process.kill()
            self.process.wait()
            self.reader.join()
            raise AssertionError(f"the server did not start: {line!r} {self.log}")
        return int(line.rsplit(":", 1)[1])

    def client(self, checked=True):
        return Client(self, self.contract if checked else None)

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def path(self, session, name, folder="data"):
        return os.path.join(self.data, folder, session, name)

    @property
    def running(self):
        return self.process.poll() is None

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self):
        """Its exit status, when all its log was read."""
        status = self.process.wait(timeout=STOP_S)
        self.reader.join()
        return status

    def stop(self):
        """Ends it as an operator would, and sees that it ended well."""
        if not self.running:
            return
        self.signal()
        status = self.wait()
        assert status == 0, f"stopped with {status}: {self.log[-20:]}"
        self.check_sanitizers()

    def kill(self):
        self.process.kill()
        self.wait()

    def check_sanitizers(self):
        found = [line for line in self.log if "runtime error" in line or "Sanitizer" in line]
        assert not found, "".join(self.log[-60:])


def run(binary, *arguments, seconds=START_S):
    """A command that must end by itself: (exit status, stdout, stderr)."""
    done = subprocess.run([binary, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=seconds, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def talk(sock, data, shut=False):
    """Sends bytes as they are and reads until the other side closes or the socket's patience ends."""
    try:
        sock.sendall(data)
        if shut:
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # it has answered and closed already
    return read_to_end(sock)


def read_to_end(sock):
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except (ConnectionResetError, TimeoutError):
        pass  # cut, or kept open: what has come is what there is
    return b"".join(parts)


def read_answer(stream, head=False):
    """One answer from a socket's makefile("rb")."""
    status = int(stream.readline().split()[1])
    headers = http.client.parse_headers(stream)
    size = 0 if head or status in (204, 304) or status < 200 else int(headers["Content-Length"])
    body = stream.read(size)
    assert len(body) == size, "the answer was cut short"
    return Answer(status, headers, body)


def half_a_request(service, path, body, content_type="application/json"):
    """Sends all of a request but its last byte, when the server has said that it took it up. Returns the socket, the
    stream of its answer and the last byte."""
    sock = service.socket()
    sock.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n"
                 f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
    answers = sock.makefile("rb")
    assert answers.readline().startswith(b"HTTP/1.1 100 ") and answers.readline() == b"\r\n"
    sock.sendall(body[:-1])
    return sock, answers, body[-1:]
