"""Faults of the machine under a server that runs: no descriptors, a disk that becomes read-only, a cache that is
replaced, signals. What is promised for each stands in docs/reliability.md."""
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading

import pytest

import contract as contract_module
from service import Service, until

sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "providers"))
import standin  # noqa: E402

ARTISTS = ["daft-punk", "adele", "stromae"]


def test_out_of_descriptors(start):
    """Every descriptor is taken by connections; when they are gone, all is well again."""
    server = start()
    client = server.client()
    session, made = client.new_profile(ARTISTS)
    most = len(os.listdir(f"/proc/{server.process.pid}/fd")) + 8
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, most))
    crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(40)]
    until(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) >= most, "no descriptor is left")
    for _ in range(5):  # on a connection that is there: a right answer, or a sentence
        fresh = client.create()
        answer = client.extract(fresh, ARTISTS, expect=None)
        assert answer.status == 200 or answer.error
        assert client.profile(session, expect=None).status in (200, 500, 503)
    for one in crowd:
        one.close()
    until(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) < most - 4, "the connections are closed")
    assert client.profile(session).body == made.body
    assert server.client().new_profile(ARTISTS)[1].json["emotions"] == made.json["emotions"]


@pytest.fixture
def disk(make_disk):
    return make_disk("4m")


def remount(disk, how):
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount")
def test_a_disk_that_becomes_read_only(disk, contract, binary):
    server = Service(binary, contract, disk / "d")
    try:
        client = server.client()
        session, made = client.new_profile(ARTISTS)
        remount(disk, "ro")
        fresh = client.create()
        assert "Read-only" in client.extract(fresh, ARTISTS, 500).error
        assert client.ask("DELETE", f"/session?session_id={session}", expect=500).error
        assert client.profile(session).body == made.body
        remount(disk, "rw")
        client.extract(fresh, ARTISTS)
        assert client.profile(fresh).json["emotions"] == made.json["emotions"]
        client.erase(session)
    finally:
        server.stop()


@pytest.fixture
def providers():
    server = standin.Providers()
    yield server
    server.stop()


def truncate(path):
    os.truncate(path, 100)


def overwrite(path):
    with open(path, "wb") as file:
        file.write(b"no database at all " * 1000)


def replace(path):
    other = f"{path}.other"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE something (else_ TEXT)")
    connection.commit()
    connection.close()
    os.replace(other, path)


@pytest.mark.parametrize("damage", [os.remove, truncate, overwrite, replace])
def test_the_cache_file_is_damaged_while_it_is_open(start, providers, damage, tmp_path):
    """A cache may be lost at any time: answers come from the providers again."""
    server = start("--source", "deezer", *providers.options(), data=tmp_path / "data")
    client = server.client()
    first = client.get("/search?q=adele").json["artists"]
    assert first
    files = [os.path.join(folder, name) for folder, _, names in os.walk(server.data) for name in names
             if "cache" in name and not name.endswith(("-wal", "-shm"))]
    assert files, "there is a cache file"
    for path in files:
        damage(path)
    for words in ("adele", "metallica", "adele"):
        assert client.get(f"/search?q={words}").json["artists"]
    assert client.get("/search?q=adele").json["artists"] == first
    client.get("/healthz")


def test_stopped_and_continued_while_it_works(start):
    """Being stopped and continued interrupts system calls (EINTR) wherever they are: nothing is lost."""
    server = start()
    done = threading.Event()

    def storm():
        while not done.is_set():
            for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGWINCH, signal.SIGCHLD, signal.SIGPIPE):
                server.signal(number)
            done.wait(0.002)
    sender = threading.Thread(target=storm)
    sender.start()
    try:
        client = server.client()
        made = [client.new_profile(ARTISTS)[1].json["emotions"] for _ in range(30)]
    finally:
        done.set()
        sender.join()
    assert all(one == made[0] for one in made)
