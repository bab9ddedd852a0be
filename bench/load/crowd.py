#!/usr/bin/python3
"""Thousands of clients in one process, over epoll, none of them polite. Started by bench/load/run.

Each kind of client says what it sends and how fast, and what it must be answered; whatever else happens is an
error. A line of JSON a second on standard output: the number of connections, answers and errors so far.
"""
import argparse
import collections
import heapq
import json
import random
import select
import socket
import sys
import time

CREATE = b"POST /create-session HTTP/1.1\r\nHost: load\r\nContent-Length: %d\r\n\r\n"
SEARCH = b"GET /search?q=%s HTTP/1.1\r\nHost: load\r\n\r\n"
NAMES = [b"daft", b"adele", b"stromae", b"metalica", b"fela+kuti", b"burna+boy", b"aya", b"bts"]


class Actor:
    """One connection. wake() is called when its time has come, got() with what it has received."""
    statuses = (200,)
    receive_buffer = None

    def __init__(self, crowd):
        self.crowd = crowd
        self.socket = None
        self.open()

    def open(self):
        self.close()
        self.socket = socket.socket()
        if self.receive_buffer:  # and segments as on a real line: those of loopback are larger than this buffer
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", self.crowd.port))
        self.buffer, self.expected, self.to_send = b"", 0, b""
        self.crowd.watch(self)
        self.crowd.later(self, random.random() * self.crowd.spread_s)

    def close(self):
        if self.socket:
            self.crowd.forget(self)
            self.socket.close()
            self.socket = None

    def send(self, data):
        """Sends as much as goes, and the rest a little later: the connection may not even be made."""
        self.to_send += data
        self.flush()

    def flush(self):
        try:
            self.to_send = self.to_send[self.socket.send(self.to_send):]
        except BlockingIOError:
            pass
        if self.to_send:
            self.crowd.later(self, 0.2, self.flush)

    def answers(self):
        """Takes whole answers off the buffer and holds each against what is expected."""
        while b"\r\n\r\n" in self.buffer:
            head, rest = self.buffer.split(b"\r\n\r\n", 1)
            fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
            size = int(fields.get(b"content-length", b"0"))
            if len(rest) < size:
                return
            self.buffer = rest[size:]
            status = int(head.split(b" ", 2)[1])
            self.crowd.count["answers"] += 1
            if self.expected <= 0 or status not in self.statuses:
                self.crowd.error(self, f"answer {status}" if self.expected > 0 else "an answer to nothing")
            self.expected -= 1

    def got(self, data):
        self.buffer += data
        self.answers()

    def ended(self):
        if self.expected > 0:
            self.crowd.error(self, f"closed with {self.expected} answers to come")
        self.open()


class Idle(Actor):
    """Keeps its connection, and asks something before the server would close it (30 s)."""
    def wake(self):
        if not self.expected:
            self.send(SEARCH % random.choice(NAMES))
            self.expected += 1
        self.crowd.later(self, random.uniform(12, 22))


class SlowSender(Actor):
    """Sends its request one byte a second, header and body alike."""
    statuses = (201,)

    def open(self):
        super().open()
        self.request, self.at = b"", 0

    def wake(self):
        if self.at == len(self.request) and not self.expected:
            self.request, self.at = CREATE % 10 + b"{        }", 0
            self.expected = 1
        if self.at < len(self.request):
            self.send(self.request[self.at:self.at + 1])
            self.at += 1
        self.crowd.later(self, 1)


class SlowReader(Actor):
    """Asks for much and takes it in small bites: 16 kB a second."""
    receive_buffer = 16384
    BITE = 4096

    def wake(self):
        if not self.expected:
            self.send(b"GET /openapi.json HTTP/1.1\r\nHost: load\r\n\r\n" * 4)
            self.expected = 4
        try:
            data = self.socket.recv(self.BITE)
            if data:
                self.got(data)
            else:
                return self.ended()
        except BlockingIOError:
            pass
        except OSError:
            return self.ended()
        self.crowd.later(self, 0.25)


class Pipeliner(Actor):
    """Writes twenty requests at once, and wants twenty answers."""
    def wake(self):
        if not self.expected:
            self.send(b"".join(SEARCH % random.choice(NAMES) for _ in range(20)))
            self.expected = 20
        self.crowd.later(self, random.uniform(1, 3))


class HalfCloser(Actor):
    """Says that it has nothing more to say, and still wants its answer."""
    def open(self):
        super().open()
        self.asked = False

    def wake(self):
        if not self.asked:
            self.asked = True
            self.expected = 1
            self.send(SEARCH % random.choice(NAMES))
        elif not self.expected:
            return self.open()
        self.crowd.later(self, random.uniform(5, 10))

    def flush(self):
        super().flush()
        if not self.to_send:
            self.socket.shutdown(socket.SHUT_WR)


class Quitter(Actor):
    """Hangs up in the middle of its request or before its answer. Nothing is expected."""
    def wake(self):
        cut = random.randrange(1, len(SEARCH) + 4)
        self.send((SEARCH % b"adele")[:cut])
        self.open()


KINDS = {kind.__name__: kind for kind in (Idle, SlowSender, SlowReader, Pipeliner, HalfCloser, Quitter)}


class Crowd:
    def __init__(self, port, spread_s):
        self.port, self.spread_s = port, spread_s
        self.epoll, self.actors, self.alarms, self.turn = select.epoll(), {}, [], 0
        self.count, self.examples = collections.Counter(), {}

    def watch(self, actor):
        self.actors[actor.socket.fileno()] = actor
        if not isinstance(actor, SlowReader):
            self.epoll.register(actor.socket.fileno(), select.EPOLLIN | select.EPOLLRDHUP)

    def forget(self, actor):
        number = actor.socket.fileno()
        del self.actors[number]
        if not isinstance(actor, SlowReader):
            self.epoll.unregister(number)

    def later(self, actor, seconds, call=None):
        """Calls wake() of an actor, or something else of it, unless it has another connection by then."""
        self.turn += 1
        heapq.heappush(self.alarms, (time.monotonic() + seconds, self.turn, actor, actor.socket, call or actor.wake))

    def error(self, actor, what):
        what = f"{type(actor).__name__}: {what}"
        self.count["errors"] += 1
        self.examples[what] = self.examples.get(what, 0) + 1

    def guarded(self, actor, call, *args):
        try:
            call(*args)
        except OSError as problem:
            self.error(actor, type(problem).__name__)
            actor.expected = 0
            actor.open()

    def read(self, actor):
        try:
            data = actor.socket.recv(65536)
        except BlockingIOError:
            return
        if data:
            actor.got(data)
        else:
            actor.ended()

    def run(self):
        next_line = time.monotonic() + 1
        while True:
            now = time.monotonic()
            while self.alarms and self.alarms[0][0] <= now:
                _, _, actor, was, call = heapq.heappop(self.alarms)
                if actor.socket is was:
                    self.guarded(actor, call)
            if now >= next_line:
                print(json.dumps({"open": len(self.actors), **self.count, "examples": self.examples}), flush=True)
                next_line += 1
            wait = min(next_line, self.alarms[0][0] if self.alarms else next_line) - time.monotonic()
            for number, _ in self.epoll.poll(max(wait, 0), 1024):
                if number in self.actors:
                    actor = self.actors[number]
                    self.guarded(actor, self.read, actor)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("port", type=int)
    parser.add_argument("--spread", type=float, default=20, help="seconds over which clients begin")
    for name in KINDS:
        parser.add_argument(f"--{name}", type=int, default=0)
    options = vars(parser.parse_args())
    crowd = Crowd(options["port"], options["spread"])
    kept = [KINDS[name](crowd) for name in KINDS for _ in range(options[name])]
    sys.stderr.write(f"{len(kept)} clients\n")
    crowd.run()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
