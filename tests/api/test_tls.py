"""TLS to the bucket is verified: by the certificates of AWS_CA_BUNDLE, and by the name of the host."""
import os
import shutil
import ssl
import subprocess
import threading
import http.server

import pytest

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here to make a certificate")


class Busy(http.server.BaseHTTPRequestHandler):
    """Refuses whatever is asked: the program says so when it has come as far as that."""

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *unused):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *unused):
        pass  # a client that hangs up over the certificate


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """(port, file of its certificate, which is for "localhost" alone)"""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    subprocess.run([OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                    certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(("127.0.0.1", 0), Busy)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], certificate
    server.shutdown()
    server.server_close()


def doctor(binary, host, port, certificates):
    """What `listening doctor` says of the store."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LISTENING_", "AWS_"))}
    done = subprocess.run([binary, "doctor", "--s3", "bucket", "--s3-endpoint", f"https://{host}:{port}", "--s3-path-style"],
                          env={**clean, "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
                               **({"AWS_CA_BUNDLE": certificates} if certificates else {})},
                          capture_output=True, text=True, timeout=60, check=False)
    return next(line for line in done.stdout.splitlines() if "store" in line)


def test_a_certificate_that_we_trust(binary, store):
    assert "refuses this (403" in doctor(binary, "localhost", *store)


def test_a_certificate_that_nobody_vouches_for(binary, store):
    assert "certificate of localhost cannot be verified" in doctor(binary, "localhost", store[0], None)


def test_a_certificate_for_another_name(binary, store):
    assert "certificate of 127.0.0.1 cannot be verified" in doctor(binary, "127.0.0.1", *store)
