"""Listening histories through the server, and profiles side by side."""
import contextlib
import io
import os
import random
import socket
import threading
import zipfile

import pytest

from service import until

EXPORTS = os.path.join(os.path.dirname(__file__), "..", "history", "exports")
BOUNDARY = "----a-boundary"


def form(fields=(), files=()):
    """(body, headers) of a form; fields (name, value), files (file name, bytes)."""
    body = b""
    for name, value in fields:
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, content in files:
        body += (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def table(*plays):
    """A Last.fm table of (artist, first second, how many)."""
    lines = ["uts,artist,track"]
    for artist, first, count in plays:
        lines += [f"{first + i * 80_000},{artist},Song {i % 5}" for i in range(count)]
    return ("\n".join(lines) + "\n").encode()


LISTENER = table(("Metallica", 1_500_000_000, 600), ("Adele", 1_560_000_000, 300), ("Nobody Of That Name Qx", 1_560_000_500, 50))


def post(client, fields, files, expect=200, **headers):
    body, more = form(fields, files)
    return client.ask("POST", "/import", body, {**more, **headers}, expect)


@pytest.fixture
def session(client):
    session = client.create()
    post(client, [("session_id", session), ("utc_offset_min", "120")], [("scrobbles.csv", LISTENER)])
    return session


def test_a_history_becomes_a_profile(client):
    session = client.create()
    answer = post(client, [("session_id", session)], [("scrobbles.csv", LISTENER)])
    report, history = answer.json["report"], answer.json["history"]
    assert report["plays"] == report["rows"] == 950 and not report["skipped"]
    assert history["artists"] == 3 and history["matched_artists"] == 2
    assert answer.json["unknown_artists"] == [{"name": "Nobody Of That Name Qx", "plays": 50}]
    profile = client.profile(session).json
    assert [artist["id"] for artist in profile["artists"]] == ["metallica", "adele"]
    assert profile["artists"][0]["weight"] > profile["artists"][1]["weight"]
    assert profile["history"] == history


def test_the_timeline_of_a_history(client, session):
    timeline = client.get(f"/timeline?session_id={session}&lang=fr").json
    assert timeline["months"][0]["month"] == "2017-07"
    assert sum(sum(day) for day in timeline["hours"]) == 950
    assert timeline["year"]["now"]["energy"] < timeline["year"]["then"]["energy"]
    assert {emotion["label"] for emotion in timeline["emotions"]} >= {"joie", "tendresse"}
    assert len(client.post("/timeline", {"session_id": session}).json["months"]) == len(timeline["months"])
    for month in timeline["months"]:
        if month["plays"] and month["matched_share"]:
            assert abs(sum(month["emotions"].values()) - 1) < 0.002


def test_several_files_of_several_services_in_one_form(client):
    files = []
    for name in ("lastfm_table.csv", "spotify_extended.zip", "listenbrainz.zip", "deezer.xlsx", "youtube.json"):
        with open(os.path.join(EXPORTS, name), "rb") as file:
            files.append((name, file.read()))
    session = client.create()
    answer = post(client, [("session_id", session)], files + [("me.csv", LISTENER), ("notes.txt", b"hello")])
    report = answer.json["report"]
    assert {row["format"] for row in report["formats"]} == {
        "lastfm_table", "spotify_extended", "listenbrainz", "deezer", "youtube"}
    assert report["files_ignored"] >= 1
    assert report["skipped"]["duplicate"] >= 60  # one listener, written down five times
    assert report["rows"] == report["rows_counted"] + report["rows_naming_artists"] + sum(report["skipped"].values())
    assert "secret" not in answer.body.decode()


def cut_archive(share):
    """A zip of 400 plays of Metallica, and then of what is no history, of which this share is there."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("scrobbles.csv", table(("Metallica", 1_500_000_000, 400)))
        archive.writestr("film.bin", random.Random(1).randbytes(9_000))
    return whole.getvalue()[:int(len(whole.getvalue()) * share)]


@pytest.mark.parametrize("share, plays", [(0.8, 400), (0.002, 0)])
def test_an_archive_that_is_cut_short(client, share, plays):
    session, good = client.create(), ("me.csv", table(("Adele", 1_600_000_000, 18)))
    alone = post(client, [("session_id", session)], [("cut.zip", cut_archive(share))], 200 if plays else 400)
    if plays:
        assert alone.json["report"]["plays"] == plays and alone.json["report"]["files_cut_short"] == 1
    report = post(client, [("session_id", session)], [("cut.zip", cut_archive(share)), good]).json
    assert report["report"]["plays"] == plays + 18 and report["report"]["files_cut_short"] == 1
    assert [note["id"] for note in report["notes"]] == ["cut_short"]


def test_the_wrong_package_is_named(client):
    with open(os.path.join(EXPORTS, "spotify_account.json"), "rb") as file:
        account = file.read()
    for lang, word in (("en", "account-data package"), ("fr", "données du compte")):
        answer = post(client, [("session_id", client.create()), ("lang", lang)],
                      [("x.json", account), ("me.csv", LISTENER)])
        assert word in answer.json["notes"][0]["text"]
        assert answer.headers["Content-Language"] == lang


@pytest.mark.parametrize("fields, files, status, word", [
    ([], [("a.csv", LISTENER)], 400, "session"),
    ([("session_id", "short")], [("a.csv", LISTENER)], 400, "22"),
    ([("session_id", "s" * 30)], [], 400, "no file"),
    ([("session_id", "s" * 30)], [("a.txt", b"hello")], 415, "listening history"),
    ([("session_id", "s" * 30)], [("a.csv", table(("Qx Unheard Of", 1_500_000_000, 3)))], 404, "the only artist in this history is not known"),
    ([("session_id", "s" * 30), ("utc_offset_min", "9999")], [("a.csv", LISTENER)], 400, "utc_offset_min"),
    ([("session_id", "s" * 30), ("half_life_days", "-1")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", "0x10")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", "+5")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", " 5")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", "5\0")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", ".")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", "")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("half_life_days", "nan")], [("a.csv", LISTENER)], 400, "half_life_days"),
    ([("session_id", "s" * 30), ("lang", "de")], [("a.csv", LISTENER)], 400, "lang"),
    ([("session_id", "s" * 300)], [("a.csv", LISTENER)], 400, "too long"),
])
def test_what_is_wrong_is_said(client, fields, files, status, word):
    assert word in post(client, fields, files, status).error


def test_fields_that_nobody_knows_are_passed_over(client):
    session = client.create()
    for days in ("0", "365.25", "1e3", "36500"):
        post(client, [("session_id", session), ("note", "x" * 100_000), ("half_life_days", days)], [("a.csv", LISTENER)])


def test_a_body_that_ends_within_a_field(client):
    body, headers = form([("session_id", "s" * 30)])
    answer = client.ask("POST", "/import", body[:body.index(b"sss") + 5], headers, 400)
    assert "malformed or cut" in answer.error


def test_bodies_that_are_no_form(client):
    assert client.ask("POST", "/import", b"{}", {"Content-Type": "application/json"}, 415)
    body, headers = form([("session_id", "s" * 30)], [("a.csv", LISTENER)])
    for cut in (1, 30, 200, len(body) // 2, len(body) - 3):
        client.ask("POST", "/import", body[:cut], headers, 400)
    client.ask("POST", "/import", b"x" + body, headers, 400)
    client.ask("POST", "/import", body + b"x", headers, 400)
    client.ask("POST", "/import", body + b" " * 100_000 + b"x", headers, 400)


def test_a_bomb(client, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("endsong_0.json", "w") as file:
        file.write(b'[{"endTime":"2023-04-12 13:47","msPlayed":90000}')
        for _ in range(200):
            file.write(b" " * 1_000_000)
    assert "unpacks" in post(client, [("session_id", "s" * 30)], [("bomb.zip", path.read_bytes())], 413).error


def test_nothing_private_is_stored(start, tmp_path):
    server = start(data=tmp_path / "data")
    client = server.client()
    session = client.create()
    files = []
    for name in sorted(os.listdir(EXPORTS)):
        with open(os.path.join(EXPORTS, name), "rb") as file:
            files.append(("secret-" + name, file.read()))
    post(client, [("session_id", session)], files + [("me.csv", LISTENER)])
    client.profile(session)
    kept = b""
    for folder, _, names in os.walk(tmp_path / "data"):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                kept += file.read()
    assert b"metallica" in kept
    for word in (b"secret", b"203.0.113"):
        assert word not in kept
    assert "secret" not in "".join(server.log)


# ---- side by side ----

def test_a_code_shares_numbers_only_and_is_erased_with_the_session(client):
    ours, theirs = client.new_profile(["metallica", "slayer"])[0], client.new_profile(["adele", "stromae"])[0]
    code = client.post("/share", {"session_id": theirs}, 201).json["code"]
    assert client.post("/share", {"session_id": theirs}, 201).json["code"] == code != theirs
    for lang, word in (("en", "feeling"), ("fr", "ressenti")):
        compared = client.get(f"/compare?session_id={ours}&with={code}&lang={lang}").json
        assert word in compared["description"]
    assert 0 < compared["similarity"] < 0.9
    assert abs(sum(dimension["share"] for dimension in compared["dimensions"]) - 1) < 0.01
    assert not any(name in str(compared).lower() for name in ("adele", "stromae", theirs.lower()))
    client.get(f"/getProfile?session_id={code}", 404)  # a code opens nothing
    client.ask("DELETE", f"/session?session_id={theirs}", expect=204)
    client.get(f"/compare?session_id={ours}&with={code}", 404)


def test_now_beside_the_past(client, session):
    compared = client.post("/compare", {"session_id": session, "with": "past"}).json
    assert compared["similarity"] < 1
    assert {dimension["id"] for dimension in compared["dimensions"]} == {"valence", "arousal", "energy", "danceability"}


def test_comparing_with_nobody(client):
    session = client.new_profile(["adele"])[0]
    client.get(f"/compare?session_id={session}", 400)
    client.get(f"/compare?session_id={session}&with=past", 404)
    client.get(f"/compare?session_id={session}&with={'x' * 22}", 404)
    client.get(f"/compare?session_id={session}&with=..%2F..%2Fetc", 404)
    client.post("/share", {"session_id": "n" * 30}, 404)
    client.get(f"/timeline?session_id={session}", 404)


# ---- bodies of any size ----

def test_a_body_of_many_megabytes_is_read_as_it_comes(start, tmp_path):
    server = start(data=tmp_path / "data")
    client = server.client()
    session = client.create()
    big = table(*(("Metallica", 1_300_000_000 + n * 2, 1_000) for n in range(600)))
    assert len(big) > 15_000_000
    answer = post(client, [("session_id", session)], [("a.csv", big), ("b.csv", big)])
    assert answer.json["report"]["rows"] == 1_200_000
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    assert peak < 400_000  # kB; the sanitizers' shadow included


def test_who_hangs_up_in_the_middle_leaves_nothing(start, tmp_path):
    server = start(data=tmp_path / "data")
    body, headers = form([("session_id", "s" * 30)], [("a.csv", LISTENER * 20)])
    for cut in (100, 5_000, 300_000, len(body) - 10):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: {headers['Content-Type']}\r\n"
                               f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:cut])
    client = server.client()
    until(lambda: client.get("/healthz").status == 200, "the server answers")
    client.get(f"/timeline?session_id={'s' * 30}", 404)
    # All workers are free again: as many imports at once as there may be.
    session = client.create()
    until(lambda: client.ask("POST", "/import", *form([("session_id", session)], [("a.csv", LISTENER)])).status == 200,
          "an import is taken again")


def test_who_hangs_up_behind_the_form_leaves_nothing(start, tmp_path):
    server = start(data=tmp_path / "data")
    client, session = server.client(), "s" * 30
    body, headers = form([("session_id", session)], [("a.csv", LISTENER)])
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: {headers['Content-Type']}\r\n"
                           "Content-Length: 1000000\r\n\r\n".encode() + body + b"\r\n" * 100_000)
    until(lambda: any('"event":"http"' in line for line in server.log), "the server has noticed")
    assert not os.path.exists(server.path(session, ""))
    post(client, [("session_id", session)], [("a.csv", LISTENER)])
    body += b"\r\n" * 100_000  # blanks behind it are no fault
    client.ask("POST", "/import", body, headers, 200)


@pytest.fixture
def full(start):
    """A server whose four workers of imports all wait for more."""
    server = start()
    client, holding, over = server.client(), [], threading.Event()
    head = (f"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: 1000000\r\n\r\n--{BOUNDARY}\r\n").encode()

    def no_worker_is_free():
        """What asks takes a worker itself for a moment, in which one that was to hold it may be refused: one more."""
        holding.append(socket.create_connection(("127.0.0.1", server.port)))
        holding[-1].sendall(head)
        return client.ask("POST", "/import", *form([("session_id", "s" * 30)])).status == 503

    def go_on():
        """Their silence would end them."""
        while not over.wait(2):
            for connection in list(holding):
                with contextlib.suppress(OSError):
                    connection.send(b"a")

    speaking = threading.Thread(target=go_on)
    speaking.start()
    try:
        until(no_worker_is_free, "no worker is free")
        yield server
    finally:
        over.set()
        speaking.join()
        for connection in holding:
            connection.close()


def test_who_sends_much_hears_that_there_is_no_room(full):
    answer = full.client().ask("POST", "/import", *form([], [("a.csv", b"x" * 30_000_000)]))
    assert answer.status == 503 and answer.headers["Retry-After"]


def test_who_asks_first_hears_at_once_that_there_is_no_room(full):
    with socket.create_connection(("127.0.0.1", full.port), timeout=5) as connection:
        connection.sendall(b"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                           b"Expect: 100-continue\r\nContent-Length: 20000000\r\n\r\n")
        assert b" 503 " in connection.recv(4096).split(b"\r\n")[0]


def test_a_body_over_the_limit_is_refused_before_it_is_sent(service):
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(b"POST /import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                           b"Expect: 100-continue\r\nContent-Length: 2000000000\r\n\r\n")
        assert b" 413 " in connection.recv(4096).split(b"\r\n")[0]
