"""What goes wrong around a server: it cannot have the port, the disk or the catalogue it wants."""
import json
import os
import shutil
import stat
import subprocess
import tempfile
import threading
from urllib.parse import quote

import pytest

from contract import ROOT
from service import run

ARTISTS = ["daft-punk", "adele", "stromae"]
NOBODY = 65534
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to run the server as another user or to mount")


def one_sentence(text, *words):
    """One line on standard error that a user can act on."""
    lines = text.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("listening: "), text
    assert "Sanitizer" not in text and "assert" not in text
    for word in words:
        assert word in lines[0], lines[0]


# ---- the port ----

def test_a_port_in_use(binary, service, tmp_path):
    status, out, err = run(binary, "serve", "--listen", f"127.0.0.1:{service.port}", "--data", tmp_path / "d")
    assert (status, out) == (1, "")
    one_sentence(err, "in use", "--listen")
    service.client().get("/healthz")


@pytest.mark.parametrize("listen", ["nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", ":http",
                                    "", "256.1.1.1:0", "no.such.host.invalid:0", "a" * 1000 + ":0"])
def test_an_address_that_is_none(binary, tmp_path, listen):
    status, out, err = run(binary, "serve", "--listen", listen, "--data", tmp_path / "d")
    assert status in (1, 2) and out == ""
    one_sentence(err)


WRONG_USES = ["--ttl soon", "--ttl 0s", "--ttl -1h", "--ttl 1e999h", "--ttl 5", "--rate-limit many", "--rate-limit -1",
              "--log loud", "--what", "--listen", "word", "--origin http://x " * 17, "--ttl=", "--log=info=x", "-x"]


@pytest.mark.parametrize("options", [use.split() for use in WRONG_USES], ids=[use[:20] for use in WRONG_USES])
def test_wrong_use(binary, options):
    status, out, err = run(binary, "serve", "--listen", "127.0.0.1:0", "--data", "/dev/null/x", *options)
    assert (status, out) == (2, "")
    one_sentence(err)


# ---- the data folder ----

def test_a_data_folder_that_is_a_file(binary, tmp_path):
    (tmp_path / "file").write_text("x")
    for data in (tmp_path / "file", tmp_path / "file" / "below", "/dev/null"):
        status, _, err = run(binary, "serve", "--listen", "127.0.0.1:0", "--data", data)
        assert status == 1
        one_sentence(err, "data folder")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "data").write_text("x")
    status, _, err = run(binary, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d")
    assert status == 1
    one_sentence(err, "data folder")


def test_a_data_folder_below_folders_that_are_not_there(start, tmp_path):
    start(data=tmp_path / "a" / "b" / "c").client().new_profile(["adele"])
    assert stat.S_IMODE((tmp_path / "a" / "b" / "c" / "data").stat().st_mode) == 0o700


@pytest.fixture
def outside():
    """A folder that other users can reach, with a copy of the program."""
    folder = tempfile.mkdtemp(prefix="listening-nobody-")
    os.chmod(folder, 0o755)
    yield folder
    shutil.rmtree(folder)


@ROOT_ONLY
def test_an_unwritable_data_folder(binary, outside):
    program = shutil.copy(binary, outside)
    os.mkdir(os.path.join(outside, "d"), 0o755)
    done = subprocess.run([program, "serve", "--listen", "127.0.0.1:0", "--data", os.path.join(outside, "d")],
                          check=False, capture_output=True, timeout=20, user=NOBODY, group=NOBODY, extra_groups=[])
    assert done.returncode == 1
    one_sentence(done.stderr.decode(), "data folder", "ermission denied")


@ROOT_ONLY
def test_a_data_folder_that_becomes_unwritable(binary, start, outside):
    program = shutil.copy(binary, outside)
    data = os.path.join(outside, "d")
    os.mkdir(data)
    os.chown(data, NOBODY, NOBODY)
    service = start(data=data, program=program, user=NOBODY)
    client = service.client()
    session, made = client.new_profile(ARTISTS)
    for folder in ("data", os.path.join("data", session)):
        os.chmod(os.path.join(data, folder), 0o500)
    fresh = client.create()
    assert "data folder" in client.extract(fresh, ARTISTS, 500).error
    client.extract(session, ARTISTS, 500)
    client.ask("DELETE", f"/session?session_id={session}", expect=500)
    assert client.profile(session).body == made.body
    for folder in ("data", os.path.join("data", session)):
        os.chmod(os.path.join(data, folder), 0o700)
    client.extract(fresh, ARTISTS)
    client.profile(fresh)


@pytest.fixture
def small_disk(make_disk):
    return make_disk("256k")


def fill(disk, leave=0):
    """Fills a file system but for so many bytes."""
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * (free.f_bavail * free.f_bsize - leave))


@ROOT_ONLY
def test_a_full_disk(small_disk, start):
    client = start(data=small_disk / "d").client()
    session, made = client.new_profile(ARTISTS)
    fill(small_disk)
    for _ in range(3):
        fresh = client.create()
        answer = client.extract(fresh, ARTISTS, 507)
        assert "No space left" in answer.error
        client.get(f"/getProfile?session_id={fresh}", 404)
    assert client.profile(session).body == made.body
    assert client.profile(session, "fr").json["lang"] == "fr"
    client.get("/search?q=adele")
    client.get("/healthz")
    (small_disk / "filler").unlink()
    client.extract(fresh, ARTISTS)
    assert client.profile(fresh).json["emotions"] == made.json["emotions"]


@ROOT_ONLY
def test_a_disk_that_fills_up_while_the_profile_is_made(small_disk, start):
    """Room for the artists, not for what is made of them: a clear error, and the profile when there is room."""
    client = start(data=small_disk / "d").client()
    fill(small_disk, leave=8192)
    session = client.create()
    client.extract(session, [{"id": f"x{n}", "name": "X", "genres": ["pop", "zouk"]} for n in range(10)])
    assert "No space left" in client.profile(session, expect=507).error
    (small_disk / "filler").unlink()
    assert client.profile(session).json["session_id"] == session


@ROOT_ONLY
def test_erasing_works_on_a_full_disk(small_disk, start):
    client = start(data=small_disk / "d").client()
    session, _ = client.new_profile(ARTISTS)
    fill(small_disk)
    client.erase(session)
    client.get(f"/getProfile?session_id={session}", 404)


# ---- two servers ----

def test_two_servers_on_one_folder(start):
    one, two = start().client(), start().client()
    session = one.create()
    one.extract(session, ARTISTS)
    made = two.profile(session)
    assert one.profile(session).body == made.body
    two.extract(session, ["metallica"])
    again = one.profile(session)
    assert again.json["artists"][0]["id"] == "metallica"
    assert two.profile(session).body == again.body
    one.erase(session)
    two.get(f"/getProfile?session_id={session}", 404)
    two.extract(session, ARTISTS)
    assert one.profile(session).json["emotions"] == made.json["emotions"]


def test_two_servers_work_on_the_same_sessions_at_once(start):
    servers = [start("--log", "error") for _ in range(2)]
    sessions = [servers[0].client().create() for _ in range(20)]
    faults = []

    def work(server):
        client = server.client()
        try:
            for session in sessions:
                client.extract(session, ARTISTS)
                answer = client.post("/profile", {"session_id": session}, None)
                assert answer.status in (200, 404), answer  # 404: the other began it again in between
        except Exception as fault:  # told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(server,)) for server in servers for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    readers = [server.client() for server in servers]
    emotions = {json.dumps(readers[n % 2].profile(session).json["emotions"]) for n, session in enumerate(sessions)}
    assert len(emotions) == 1


# ---- the catalogue ----

@pytest.fixture(scope="module")
def catalog(binary, tmp_path_factory):
    """The bytes of a good catalogue file."""
    path = tmp_path_factory.mktemp("catalog") / "good.catalog"
    status, _, err = run(binary, "catalog", "build", os.path.join(ROOT, "data"), path)
    assert status == 0, err
    return path.read_bytes()


def test_a_catalogue_file_of_ones_own(start, tmp_path, catalog):
    (tmp_path / "own.catalog").write_bytes(catalog)
    client = start("--catalog", tmp_path / "own.catalog").client()
    assert client.get("/search?q=adele").json["artists"][0]["id"] == "adele"
    (tmp_path / "new").write_bytes(b"gone")  # put in its place, it is not looked at before SIGHUP
    os.replace(tmp_path / "new", tmp_path / "own.catalog")
    assert client.new_profile(["adele"])[1].status == 200


def patched(catalog, at, data):
    return catalog[:at] + data + catalog[at + len(data):]


HEADER = 496  # bytes; its checksum comes last
CATALOGS = {
    "empty": lambda good: b"",
    "a text": lambda good: b"artist\tname\n" * 100,
    "half": lambda good: good[:len(good) // 2],
    "some bytes short": lambda good: good[:-2048],
    "a bit of the header": lambda good: good[:100],
    "the header alone": lambda good: good[:HEADER],
    "twice": lambda good: good + good,
    "an older schema": lambda good: patched(good, 8, (1).to_bytes(4, "little")),
    "a newer schema": lambda good: patched(good, 8, (99).to_bytes(4, "little")),
    "another program's": lambda good: patched(good, 0, b"ABCD"),
    "an SQLite file": lambda good: patched(good, 0, b"SQLite format 3\0"),
    "the table of sections zeroed": lambda good: patched(good, 80, bytes(HEADER - 88)),
    "garbage behind the magic": lambda good: good[:16] + bytes(n * 7 % 256 for n in range(len(good) - 16)),
}


@pytest.mark.parametrize("damage", CATALOGS)
def test_a_catalogue_that_cannot_be_read(binary, tmp_path, catalog, damage):
    (tmp_path / "bad.catalog").write_bytes(CATALOGS[damage](catalog))
    status, out, err = run(binary, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", "--catalog",
                           tmp_path / "bad.catalog")
    assert (status, out) == (1, "")
    one_sentence(err, "catalogue")
    if damage.endswith("schema"):
        assert "schema" in err


DAMAGED = {
    "all behind the header zeroed": lambda good: good[:HEADER] + bytes(len(good) - HEADER),
    "all behind the header ones": lambda good: good[:HEADER] + b"\xff" * (len(good) - HEADER),
    "the middle zeroed": lambda good: patched(good, len(good) // 2, bytes(65536)),
    "the last third garbage": lambda good: patched(
        good, len(good) * 2 // 3, bytes(n * 7 % 256 for n in range(len(good) - len(good) * 2 // 3))),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_catalogue_damaged_inside(start, binary, tmp_path, catalog, damage):
    """Opening reads no row: what is damaged is not found, and nothing worse. --verify sees it."""
    path = tmp_path / "bad.catalog"
    path.write_bytes(DAMAGED[damage](catalog))
    client = start("--catalog", path).client()
    for words in ("adele", "daft punk", "radiohed", "the", "宇多田"):
        assert client.get("/search?q=" + quote(words)).status == 200
    status, _, err = run(binary, "catalog", "info", "--verify", "--catalog", path)
    assert status == 1
    one_sentence(err, "damaged")


@pytest.mark.parametrize("path", ["", "/nowhere/catalog.sqlite", "/", "/dev/null", "/dev/zero"])
def test_a_catalogue_that_is_not_there(binary, tmp_path, path):
    status, out, err = run(binary, "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", "--catalog", path)
    assert status in (1, 2) and out == ""
    one_sentence(err)
