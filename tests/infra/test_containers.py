"""The images, the compose file, the balancer and the service unit, as far as they can be read or tried without an
engine. infra/prove-image runs the images."""
import os
import re
import shutil
import socket
import subprocess
import threading

import pytest
import yaml

from template import ROOT, read


def test_images_run_without_rights():
    text = read("infra/Dockerfile")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    assert [stage.split()[-1] if " AS " not in stage.split("\n")[0] else stage.split("\n")[0].split(" AS ")[1]
            for stage in stages] == ["build", "functions", "server"]
    for stage in stages[1:]:
        assert stage.startswith("scratch") and "USER 10001:10001" in stage and "RUN" not in stage
        assert 'ENTRYPOINT ["/usr/bin/listening"' in stage, "no shell between"
    assert 'HEALTHCHECK' in stages[2] and '["/usr/bin/listening", "health"]' in stages[2]
    assert "ADD " not in text and "curl" not in text


def test_the_build_is_given_what_it_needs():
    """Files that the Dockerfile's build reads are in, and what a developer has lying around is not."""
    rows = read("infra/Dockerfile.dockerignore").split("\n")
    taken = {row[1:] for row in rows if row.startswith("!")}
    for path in taken:
        assert os.path.exists(os.path.join(ROOT, path)), path
    subdirectories = set(re.findall(r"subdir\('(\w+)'\)", read("meson.build")))
    assert subdirectories - {"fuzz"} <= taken and "*" in rows and {".git", "build"} & taken == set()


def test_compose():
    document = yaml.safe_load(read("infra/compose.yaml"))
    services = document["services"]
    assert set(services) == {"server-1", "server-2", "store", "bucket", "balancer"}
    for name in ("server-1", "server-2"):
        assert services[name]["read_only"] is True and services[name]["cap_drop"] == ["ALL"]
        assert "ports" not in services[name], "only the balancer is reached from outside"
    assert all(port.startswith("127.0.0.1:") for port in services["balancer"]["ports"])
    for service in services.values():
        for variable, value in service.get("environment", {}).items():
            assert "SECRET" not in variable or value.startswith("${STORE_SECRET:?")
        assert service["image"] == "listening" or re.search(r":v?\d", service["image"]), "a version, not latest"
    known = set(re.findall(r'"(LISTENING_\w+)"', read("src/cli/cmd_serve.c") + read("src/cli/store_options.h")))
    assert {name for name in services["server-1"]["environment"] if name.startswith("LISTENING_")} <= known
    names = set(re.findall(r"server (server-\d):8080", read("infra/nginx.conf")))
    assert names == {"server-1", "server-2"}


def test_nginx_takes_the_balancers_configuration(tmp_path):
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not nginx:
        pytest.skip("skipped: nginx is not installed, so the balancer's configuration was not tried")
    text = re.sub(r"server-\d:8080", "127.0.0.1:8080", read("infra/nginx.conf")).replace("/tmp/nginx.pid", str(tmp_path / "pid"))
    path = tmp_path / "nginx.conf"
    path.write_text(text)
    done = subprocess.run([nginx, "-t", "-c", str(path), "-p", str(tmp_path)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_service_unit():
    if not shutil.which("systemd-analyze"):
        pytest.skip("skipped: systemd-analyze is not installed, so the unit was not looked over")
    path = os.path.join(ROOT, "infra/listening.service")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], check=False, capture_output=True, text=True)
    complaints = [line for line in done.stderr.split("\n") if "listening.service" in line and "is not executable" not in line]
    assert not complaints
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", path], check=False,
                          capture_output=True, text=True)
    if "unrecognized option" in done.stderr:
        pytest.skip("skipped: this systemd cannot judge a unit offline")
    assert done.returncode == 0, done.stdout[-200:]


# ---- `listening health`, which stands in for curl in the image ----

def health(binary, address):
    done = subprocess.run([binary, "health", "--listen", address], check=False, capture_output=True, text=True)
    return done.returncode, done.stderr


class Answering:
    """A server that says one thing to whoever comes first."""

    def __init__(self, words):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = b""

        def run():
            one, _ = self.socket.accept()
            with one:
                self.asked = one.recv(1000)
                for part in words:
                    one.sendall(part)

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def stop(self):
        self.thread.join(10)
        self.socket.close()


@pytest.mark.parametrize("words, status", [
    ([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], 0),
    ([b"HTTP/1.", b"1 20", b"0 OK\r\n\r\n"], 0),
    ([b"HTTP/1.1 503 Service Unavailable\r\n\r\n"], 1),
    ([b"HTTP/1.1 20"], 1),
    ([b"SSH-2.0-OpenSSH_9.2"], 1),
    ([], 1),
])
def test_health_reads_the_answer(binary, words, status):
    server = Answering(words)
    assert health(binary, server.address)[0] == status
    server.stop()
    assert server.asked.startswith(b"GET /healthz HTTP/1.1\r\nHost: ")


def test_health_of_a_server_that_is_not_there(binary):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    status, said = health(binary, f"127.0.0.1:{port}")
    assert status == 1 and "no healthy server answers" in said


@pytest.mark.parametrize("address", ["8080", "localhost:", "", "x" * 300 + ":1"])
def test_health_wants_an_address(binary, address):
    status, said = health(binary, address)
    assert status == 2 and "--listen is HOST:PORT" in said


def test_health_asks_this_machine_for_everywhere(binary):
    for everywhere in ("", "0.0.0.0"):
        server = Answering([b"HTTP/1.1 200 OK\r\n\r\n"])
        assert health(binary, everywhere + ":" + server.address.split(":")[1])[0] == 0
        server.stop()


# ---- docs/deploy.md ----

def test_the_documentation_names_every_library(binary):
    if not shutil.which("dpkg-query") or not shutil.which("readelf"):
        pytest.skip("skipped: neither dpkg nor readelf, so libraries have no packages here")
    needed = re.findall(r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", binary], check=True, capture_output=True,
                                                             text=True).stdout)
    listed = re.search(r"apt-get install ((?:lib[\w.-]+[\s\\]*)+)", read("docs/deploy.md")).group(1).replace("\\", " ").split()
    packages = set()
    for library in needed:
        if not library.startswith(("libc.so", "libm.so", "ld-linux", "libasan", "libubsan", "libgcc_s", "libtsan", "libstdc++")):
            owner = subprocess.run(["dpkg-query", "-S", "*/" + library], check=True, capture_output=True, text=True).stdout
            packages.add(owner.split(":")[0])
    assert packages <= set(listed), "docs/deploy.md, One machine, step 2"
