"""SIGHUP: another catalogue file is put in place while requests are answered."""
import os
import signal
import threading

import pytest

from service import run, until

COLUMNS = (["id", "name", "popularity"] + [f"genre_{i}" for i in range(1, 7)] + [f"alias_{i}" for i in range(1, 7)]
           + [f"{what}_{i}" for i in range(1, 9) for what in ("title", "year")])


@pytest.fixture
def build(binary, tmp_path):
    """Puts a catalogue of these artists in place of the file."""
    def build_one(path, *names):
        tables = tmp_path / "tables"
        tables.mkdir(exist_ok=True)
        rows = ["\t".join(COLUMNS)]
        for name in names:
            cells = {"id": name.lower().replace(" ", "-"), "name": name, "popularity": "50", "genre_1": "rock",
                     "genre_2": "pop", "title_1": "Song"}
            rows.append("\t".join(cells.get(column, "") for column in COLUMNS))
        (tables / "artists.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        status, _, err = run(binary, "catalog", "build", tables, path)
        assert status == 0, err
    return build_one


def ids(client, words):
    answer = client.get("/search?q=" + words)
    assert answer.status == 200
    return [artist["id"] for artist in answer.json["artists"]]


def reloads(service):
    return [line for line in service.log if '"event":"catalog"' in line]


def reload(service):
    before = len(reloads(service))
    service.signal(signal.SIGHUP)
    until(lambda: len(reloads(service)) > before, "the server says what became of the file")
    return reloads(service)[-1]


def test_another_file_is_put_in_place(start, build, tmp_path):
    path = tmp_path / "own.catalog"
    build(path, "Stone Age")
    service = start("--catalog", path)
    client = service.client()
    session, made = client.new_profile(["stone-age"])
    build(path, "Iron Age", "Bronze Age")
    assert ids(client, "age") == ["stone-age"], "the old file until it is told"
    line = reload(service)
    assert '"level":"info"' in line and '"artists":2' in line
    assert ids(client, "age") == ["bronze-age", "iron-age"]
    assert client.profile(session).body == made.body, "a session keeps what it has"
    assert client.new_profile(["iron-age"])[1].status == 200


@pytest.mark.parametrize("damage", ["absent", "empty", "cut", "text"])
def test_a_broken_file_leaves_the_old_one(start, build, tmp_path, damage):
    path, new = tmp_path / "own.catalog", tmp_path / "new"
    build(path, "Stone Age")
    service = start("--catalog", path)
    good = path.read_bytes()
    if damage == "absent":
        path.unlink()
    else:
        new.write_bytes({"empty": b"", "cut": good[:-100], "text": b"id\tname\n" * 300}[damage])
        os.replace(new, path)
    line = reload(service)
    assert '"level":"error"' in line and "own.catalog" in line and '"artists":1' in line
    assert ids(service.client(), "stone") == ["stone-age"]
    build(path, "Iron Age")
    assert '"level":"info"' in reload(service)
    assert ids(service.client(), "iron") == ["iron-age"]


def test_no_request_is_dropped(start, build, tmp_path):
    path = tmp_path / "own.catalog"
    build(path, "Stone Age")
    service = start("--catalog", path)
    faults, asked, over = [], [], threading.Event()

    def ask():
        client = service.client()
        while not over.is_set():
            try:
                found = ids(client, "age")
                asked.append(found)
                if found not in (["stone-age"], ["iron-age"]):
                    faults.append(found)
            except Exception as error:  # pylint: disable=broad-except
                faults.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        build(path, "Iron Age" if number % 2 == 0 else "Stone Age")
        reload(service)
    over.set()
    for thread in threads:
        thread.join()
    assert not faults and asked
    assert ids(service.client(), "age") == ["stone-age"]
