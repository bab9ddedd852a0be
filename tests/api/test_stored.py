"""Stored objects that were torn, swapped or replaced: a clear error or made again; never a crash, and never
another's data."""
import json
import os
import shutil

import pytest

ARTISTS = ["daft-punk", "adele"]
OBJECTS = ["top_tracks.json", "enriched_tracks.json", "profile.json"]
SECRET = "Secret Artist"


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def replace(path, make):
    os.unlink(path)
    make(path)


def change(path, edit):
    document = json.loads(read(path))
    write(path, json.dumps(edit(document) or document).encode())


def put(name, value):
    """An edit that sets a member."""
    return lambda path, other: change(path, lambda document: document.update({name: value}))


DAMAGES = {
    "empty": lambda path, other: write(path, b""),
    "half": lambda path, other: write(path, read(path)[:len(read(path)) // 2]),
    "last byte lost": lambda path, other: write(path, read(path)[:-1]),
    "garbage": lambda path, other: write(path, os.urandom(3000)),
    "NULs": lambda path, other: write(path, b"\0" * 3000),
    "a list": lambda path, other: write(path, b"[]"),
    "an empty object": lambda path, other: write(path, b"{}"),
    "a megabyte of brackets": lambda path, other: write(path, b"[" * 1000000),
    "9 MB": lambda path, other: write(path, b" " * 9 * 1024 * 1024),
    "of another session": lambda path, other: shutil.copyfile(other, path),
    "a link to another session": lambda path, other: replace(path, lambda p: os.symlink(other, p)),
    "a hard link to another session": lambda path, other: replace(path, lambda p: os.link(other, p)),
    "a link to a file of the system": lambda path, other: replace(path, lambda p: os.symlink("/etc/passwd", p)),
    "a link to nowhere": lambda path, other: replace(path, lambda p: os.symlink("/nowhere", p)),
    "a pipe": lambda path, other: replace(path, os.mkfifo),
    "a folder": lambda path, other: replace(path, os.mkdir),
    "another model": put("model", "listening-0"),
    "another run": put("run", "0" * 32),
}
# Of the right session and run, but not of our shape.
SHAPES = {
    "artists a text": put("artists", "x"),
    "no artists": put("artists", []),
    "artists of numbers": put("artists", [1, 2, 3]),
    "artists of nothing": put("artists", [{}, {}]),
    "tracks an object": put("tracks", {}),
    "tracks of numbers": put("tracks", [1, None, "x", []]),
    "a strange track": put("tracks", [{"artist_id": "adele", "source": "measured", "features": {"energy": 1e308}}]),
}


def ours_or_an_error(answer, session):
    assert SECRET.encode() not in answer.body and b"root:" not in answer.body
    if answer.status == 200:
        document = answer.json
        assert document["session_id"] == session
        assert {artist["id"] for artist in document["artists"]} <= set(ARTISTS)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", OBJECTS)
def test_a_damaged_object(client, service, name, damage):
    other, _ = client.new_profile([{"id": "secret", "name": SECRET, "genres": ["pop"]}])
    session, made = client.new_profile(ARTISTS)
    before = read(service.path(other, name))
    DAMAGES[damage](service.path(session, name), service.path(other, name))
    for ask in (lambda: client.get(f"/getProfile?session_id={session}&wait=20000", None),
                lambda: client.post("/getProfile", {"session_id": session, "wait": 20000}, None),
                lambda: client.post("/profile", {"session_id": session}, None),
                lambda: client.post("/transform", {"session_id": session}, None)):
        answer = ask()
        assert answer.status in (200, 404, 500), answer
        ours_or_an_error(answer, session)
    assert read(service.path(other, name)) == before, "another session's object was touched"
    client.erase(session)
    client.extract(session, ARTISTS)
    assert client.profile(session).json["emotions"] == made.json["emotions"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name,path", [("top_tracks.json", "/transform"), ("enriched_tracks.json", "/profile")])
def test_an_object_of_another_shape(client, service, name, path, shape):
    """The stage that reads it says so, or makes of it what is there; the server lives on. What the answer then
    looks like is up to whoever wrote into the folder, so it is not held against the contract."""
    session, made = client.new_profile(ARTISTS)
    SHAPES[shape](service.path(session, name), None)
    for later in OBJECTS[OBJECTS.index(name) + 1:]:
        os.unlink(service.path(session, later))
    answer = service.client(checked=False).post(path, {"session_id": session}, None)
    assert answer.status in (200, 500) and answer.json, answer
    if answer.status == 500:
        assert "cannot be read" in answer.error
    client.extract(session, ARTISTS)
    assert client.profile(session).json["emotions"] == made.json["emotions"]


@pytest.mark.parametrize("damage", ["empty", "half", "garbage", "of another session", "another model"])
@pytest.mark.parametrize("name", OBJECTS[1:])
def test_what_was_made_is_made_again(client, service, name, damage):
    other, _ = client.new_profile([{"id": "secret", "name": SECRET, "genres": ["pop"]}])
    session, made = client.new_profile(ARTISTS)
    DAMAGES[damage](service.path(session, name), service.path(other, name))
    if name == "enriched_tracks.json":
        os.unlink(service.path(session, "profile.json"))
    assert client.profile(session).body == made.body


@pytest.mark.parametrize("damage", ["empty", "half", "garbage", "of another session"])
def test_torn_artists_are_said_so(client, service, damage):
    other, _ = client.new_profile([{"id": "secret", "name": SECRET, "genres": ["pop"]}])
    session, _ = client.new_profile(ARTISTS)
    DAMAGES[damage](service.path(session, OBJECTS[0]), service.path(other, OBJECTS[0]))
    assert "extract its artists again" in client.post("/transform", {"session_id": session}, 500).error
    client.extract(session, ARTISTS)
    client.profile(session)


def test_a_session_folder_that_is_a_file(client, service):
    session = client.create()
    write(os.path.join(service.data, "data", session), b"x")
    client.get(f"/getProfile?session_id={session}", None)
    answer = client.extract(session, ARTISTS, None)
    assert answer.status in (200, 500), answer
    os.unlink(os.path.join(service.data, "data", session))
    client.extract(session, ARTISTS)


def test_a_session_folder_that_links_elsewhere_is_not_emptied(client, service, tmp_path):
    session = client.create()
    (tmp_path / "precious.txt").write_text("precious")
    os.symlink(tmp_path, os.path.join(service.data, "data", session))
    client.ask("DELETE", f"/session?session_id={session}")
    assert (tmp_path / "precious.txt").read_text() == "precious"
