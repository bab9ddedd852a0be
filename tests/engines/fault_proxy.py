"""A proxy that stands between the program and an S3 engine and does to their exchanges what networks and busy
stores do. Requests are passed on byte for byte, so that signatures stay good."""
import http.client
import socket
import socketserver
import struct
import threading
import time

SLOW_DOWN = (b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 97\r\n\r\n"
             b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code><Message>m</Message></Error>   ")
FAULTS = ["delay", "busy", "busy-after", "internal", "reset-before", "reset-after", "reset-middle", "truncate",
          "long-length", "short-length", "flip", "garbage"]


def read_message(stream):
    """Head and body of a request or answer, as they came; (None, b"") at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline(65536)
        if not line:
            return None, b""
        head += line
    first, _, rest = head.partition(b"\r\n")
    if first.startswith(b"HTTP/") and first.split()[1] in (b"204", b"304"):
        return head, b""
    for line in rest.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head, stream.read(int(line[15:]))
    return head, b""


def with_length(head, change):
    lines = head.split(b"\r\n")
    for i, line in enumerate(lines):
        if line.lower().startswith(b"content-length:"):
            lines[i] = b"Content-Length: %d" % max(0, int(line[15:]) + change)
    return b"\r\n".join(lines)


class Handler(socketserver.BaseRequestHandler):
    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self):
        stream = self.request.makefile("rb")
        try:
            while True:
                head, body = read_message(stream)
                if head is None or not self.serve(head, body):
                    return
        except OSError:
            pass  # the client has gone

    def reset(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def serve(self, head, body):
        """One exchange; False when the connection ends with it."""
        method, path = head.split(b" ", 2)[:2]
        fault = self.server.owner.choose(method.decode(), path.decode())
        if fault == "busy":
            self.request.sendall(SLOW_DOWN)
            return True
        if fault == "internal":
            self.request.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n")
            return True
        if fault == "reset-before":
            return self.reset()
        if fault == "garbage":
            self.request.sendall(b"what?\r\n\r\n")
            return False
        if fault == "delay":
            time.sleep(self.server.owner.delay_s)
        return self.answer(fault, method, *self.server.owner.forward(head, body))

    def answer(self, fault, method, head, body):
        send = self.request.sendall
        if method == b"HEAD":  # its length is that of a body that does not come
            body = b""
        if fault == "busy-after":
            send(SLOW_DOWN)
        elif fault == "reset-after":
            return self.reset()
        elif fault == "reset-middle":
            send(head + body[:len(body) // 2])
            return self.reset()
        elif fault == "truncate" and body:
            send(head + body[:len(body) // 2])
            return False
        elif fault == "long-length" and body:
            send(with_length(head, 10) + body)
            return False
        elif fault == "short-length" and body:
            send(with_length(head, -10) + body)
            return False
        elif fault == "flip" and body:
            middle = len(body) // 2
            send(head + body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1:])
        else:
            send(head + body)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class FaultProxy:
    """choose(method, path) names the fault of each exchange, or None. Use as a context."""

    def __init__(self, host, port, choose, delay_s=0.3):
        self.target, self.delay_s, self.count, self.lock = (host, port), delay_s, {}, threading.Lock()
        self.chooser = choose
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def choose(self, method, path):
        with self.lock:
            fault = self.chooser(method, path)
            self.count[fault] = self.count.get(fault, 0) + 1
        return fault

    def forward(self, head, body):
        """Head and body of the engine's answer; chunks are put together."""
        with socket.create_connection(self.target, timeout=30) as engine:
            engine.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            engine.sendall(head + body)
            answer = http.client.HTTPResponse(engine, method=head.split(b" ", 1)[0].decode())
            answer.begin()
            content = answer.read()
            lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
            lines += [f"{name}: {value}" for name, value in answer.getheaders()
                      if name.lower() not in ("transfer-encoding", "content-length", "connection")]
            length = answer.headers["Content-Length"] or len(content)
            if answer.status != 204:
                lines.append(f"Content-Length: {length}")
            return "\r\n".join(lines + ["", ""]).encode("latin-1"), content

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.server.shutdown()
        self.server.server_close()
