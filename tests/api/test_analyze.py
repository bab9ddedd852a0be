"""POST /analyze: sounds in a form, to their features, and to a session's profile."""
import http.client
import json
import socket
import struct
import subprocess
import threading

import pytest

import sounds
from service import read_answer, run, until

WAV = sounds.wav(sounds.music())
FEATURES = ["danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
            "liveness", "valence", "tempo", "time_signature"]


def send(client, *parts, expect=200, path="/analyze", **headers):
    return client.ask("POST", path, sounds.form(*parts), {"Content-Type": sounds.FORM_TYPE, **headers}, expect)


# ---- what is heard ----

def test_one_sound(client):
    track, = send(client, ("file", "Some Body - A Song.wav", WAV)).json["tracks"]
    assert (track["file"], track["title"], track["artist"]) == ("Some Body - A Song.wav", "A Song", "Some Body")
    assert track["duration_ms"] == 6000 and list(track["features"]) == FEATURES
    features = track["features"]
    assert features["key"] == 0 and features["mode"] == 1, "C major went in"
    assert min(abs(features["tempo"] / 120 - times) for times in (0.5, 1, 2)) < 0.04
    assert -30 < features["loudness"] < 0
    assert features["instrumentalness"] is None and features["liveness"] is None
    scores = [emotion["score"] for emotion in track["emotions"]]
    assert len(scores) == 5 and scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
def test_a_server_that_was_started_without_outputs_hears_too(binary, tmp_path, closed):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = " ".join(f"{number}>&-" for number in closed)
    command = ["/bin/sh", "-c", f'exec "$0" "$@" {words}', binary, "serve", "--listen", f"127.0.0.1:{port}", "--data", tmp_path]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: run(binary, "health", "--listen", f"127.0.0.1:{port}")[0] == 0, "it answers")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/analyze", sounds.form(("file", "a.wav", WAV)), {"Content-Type": sounds.FORM_TYPE})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["tracks"][0]["file"]) == (200, "a.wav")
            connection.close()
        finally:
            server.terminate()


def test_several_sounds_in_their_order(client):
    quiet = sounds.wav(sounds.music(level=0.05))
    answer = send(client, ("a", "loud.wav", WAV), ("b", "bad.mp3", b"no sound"), ("c", "quiet.wav", quiet)).json
    assert [track["file"] for track in answer["tracks"]] == ["loud.wav", "bad.mp3", "quiet.wav"]
    assert "no sound file" in answer["tracks"][1]["error"] and "session_id" not in answer
    loud, quiet = (answer["tracks"][i]["features"]["loudness"] for i in (0, 2))
    assert loud - quiet == pytest.approx(20, abs=0.3)


def test_the_same_sound_gives_the_same_bytes(client):
    answers = {send(client, ("file", "a.wav", WAV)).body for _ in range(3)}
    assert len(answers) == 1


def test_words_in_the_language_asked_for(client):
    english = send(client, ("file", "a.wav", WAV)).json["tracks"][0]["emotions"]
    for answer in (send(client, ("file", "a.wav", WAV), ("lang", None, b"fr")),
                   send(client, ("file", "a.wav", WAV), path="/analyze?lang=fr"),
                   send(client, ("file", "a.wav", WAV), **{"Accept-Language": "fr"})):
        french = answer.json["tracks"][0]["emotions"]
        assert [e["id"] for e in french] == [e["id"] for e in english] and french != english
        assert answer.headers["Content-Language"] == "fr"
    send(client, ("file", "a.wav", WAV), ("lang", None, b"de"), expect=400)


def test_silence_is_said(client):
    track, = send(client, ("file", "nothing.wav", sounds.wav([0.0] * 22050 * 5))).json["tracks"]
    assert "silence" in track["warning"] and track["emotions"] == []
    assert all(track["features"][name] is None for name in FEATURES if name != "key")
    assert track["features"]["key"] == -1


@pytest.mark.parametrize("samples", [[0.5] * 22050 * 4, [1.0, -1.0] * 11025 * 4, [float(i % 7 > 3) * 9 for i in range(88200)]],
                         ids=["direct current", "full scale", "clipped"])
def test_ugly_sounds_are_heard(client, samples):
    track, = send(client, ("file", "ugly.wav", sounds.wav(samples))).json["tracks"]
    assert track["duration_ms"] == 4000


def test_a_sound_that_breaks_off_is_said(client):
    track, = send(client, ("file", "cut.wav", WAV[:len(WAV) * 3 // 4])).json["tracks"]
    assert "breaks off" in track["warning"] and track["duration_ms"] == pytest.approx(4500, abs=2)


def test_numbers_that_are_none(client):
    nan, tone = b"\0\0\xc0\x7f", b"\0\0\0\x3f"
    data = sounds.header(rate=8000, channels=1, bits=32, kind=3, data_bytes=32000 * 4) + (nan + tone) * 16000
    track, = send(client, ("file", "nan.wav", data)).json["tracks"]
    assert track["duration_ms"] == 4000


# ---- what is refused ----

@pytest.mark.parametrize("name,data,says", sounds.BAD, ids=[name for name, _, _ in sounds.BAD])
def test_bad_sounds(client, name, data, says):
    answer = send(client, ("file", name, data), expect=415 if says in ("1 Hz", "9 channels", "not decoded here") else 400)
    assert says in answer.error
    rows = send(client, ("file", name, data), ("file", "good.wav", WAV)).json["tracks"]
    assert says in rows[0]["error"] and rows[1]["features"]["key"] == 0


@pytest.mark.parametrize("status,content_type,body", [
    (415, "application/json", b"{}"),
    (415, "application/octet-stream", WAV[:1000]),
    (400, "multipart/form-data", sounds.form(("file", "a.wav", b"x"))),
    (400, "multipart/form-data; boundary=other", sounds.form(("file", "a.wav", b"x"))),
    (400, sounds.FORM_TYPE, b""),
    (400, sounds.FORM_TYPE, sounds.form()),
    (400, sounds.FORM_TYPE, sounds.form(("session_id", None, b"x" * 22))),
    (400, sounds.FORM_TYPE, sounds.form(("file", "a.wav", WAV))[:-30]),
    (400, sounds.FORM_TYPE, sounds.form(("session_id", None, b"short"), ("file", "a.wav", WAV))),
    (413, sounds.FORM_TYPE, sounds.form(*[("file", f"{i}.wav", b"x") for i in range(65)])),
], ids=["JSON", "bytes", "no boundary", "another boundary", "no body", "no part", "no file", "cut", "bad session",
        "65 parts"])
def test_bad_forms(client, status, content_type, body):
    client.ask("POST", "/analyze", body, {"Content-Type": content_type}, status)


def test_other_methods(client):
    answer = client.ask("GET", "/analyze", expect=405)
    assert answer.headers["Allow"] == "POST, OPTIONS"


def test_twenty_megabytes_are_taken_and_more_are_not(client, service):
    room = 20 * 1024 * 1024 - len(sounds.form(("file", "a.wav", WAV), ("pad", None, b"")))
    send(client, ("file", "a.wav", WAV), ("pad", None, bytes(room)))
    other = service.client()
    answer = send(other, ("file", "a.wav", WAV), ("pad", None, bytes(room + 1)), expect=413)
    assert "20971520 bytes" in answer.error
    other.close()


def test_who_asks_first_is_told_at_once(service):
    with service.socket() as sock:
        sock.sendall(b"POST /analyze HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                     b"Content-Length: 30000000\r\nExpect: 100-continue\r\n\r\n")
        assert read_answer(sock.makefile("rb")).status == 413


def test_chunks_without_a_length(service):
    body = sounds.form(("file", "a.wav", WAV))
    with service.socket() as sock:
        sock.sendall(f"POST /analyze HTTP/1.1\r\nHost: x\r\nContent-Type: {sounds.FORM_TYPE}\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n".encode())
        for at in range(0, len(body), 50_000):
            piece = body[at:at + 50_000]
            sock.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        sock.sendall(b"0\r\n\r\n")
        answer = read_answer(sock.makefile("rb"))
        assert answer.status == 200 and answer.json["tracks"][0]["features"]["key"] == 0


def test_an_upload_that_is_given_up_leaves_nothing(service, client):
    for _ in range(20):
        with service.socket() as sock:
            sock.sendall(f"POST /analyze HTTP/1.1\r\nHost: x\r\nContent-Type: {sounds.FORM_TYPE}\r\n"
                         "Content-Length: 20000000\r\n\r\n".encode() + bytes(9_000_000))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # as who is killed
    # 20 times 9 MB are more than all uploads together may hold: they were given back.
    until(lambda: client.ask("POST", "/analyze", sounds.form(("file", "a.wav", WAV)),
                             {"Content-Type": sounds.FORM_TYPE}).status == 200, "room for an upload")


def test_uploads_together_are_bounded_and_do_not_hold_up_others(start):
    service = start()
    socks = []
    head = (f"POST /analyze HTTP/1.1\r\nHost: x\r\nContent-Type: {sounds.FORM_TYPE}\r\n"
            "Content-Length: 20900000\r\n\r\n").encode()
    statuses = []

    def send_half(sock):
        sock.sendall(head + bytes(17_000_000))

    for _ in range(8):
        socks.append(service.socket())
    threads = [threading.Thread(target=send_half, args=(sock,)) for sock in socks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client = service.client()
    client.get("/healthz")
    for sock in socks:
        sock.sendall(bytes(3_900_000))
        statuses.append(read_answer(sock.makefile("rb")).status)
        sock.close()
    # Each wants 20 of 128 MB; the bytes are no form, so those that found room are refused as such.
    assert set(statuses) == {400, 503} and statuses.count(400) <= 6
    send(client, ("file", "a.wav", WAV))
    client.close()


# ---- sessions ----

def test_a_session_of_sounds(client):
    session = client.create()
    loud = sounds.wav(sounds.music(beats_per_minute=140, level=0.9))
    answer = send(client, ("session_id", None, session.encode()), ("file", "Ann - One.wav", WAV),
                  ("file", "Ann - Two.wav", loud), ("file", "03 - Bob - Three.wav", WAV), ("file", "four.wav", WAV),
                  ("file", "bad.mp3", b"?")).json
    assert answer["session_id"] == session and len(answer["tracks"]) == 5
    profile = client.profile(session).json
    assert profile["sources"] == {"measured": 4, "provider": 0, "dataset": 0, "estimated": 0}
    assert profile["genres"] == [] and profile["genre_shares"] == [] and profile["unknown_genres"] == []
    assert [(a["name"], a["weight"], a["estimated_share"]) for a in profile["artists"]] == [
        ("Ann", 0.5, 0), ("Bob", 0.25, 0), ("Unknown artist", 0.25, 0)]
    for track, row in zip(profile["tracks"], answer["tracks"]):
        assert track["source"] == "measured" and track["file"] == row["file"] and track["title"] == row["title"]
        assert track["features"]["tempo"] == pytest.approx(row["features"]["tempo"], abs=0.01)
        assert track["emotion"]["id"] == row["emotions"][0]["id"]
    kinds = {reason["kind"] for emotion in profile["emotions"] for reason in emotion["because"]}
    assert kinds == {"term", "artist", "track"}
    mean = sum(row["features"]["energy"] for row in answer["tracks"][:4]) / 4
    assert profile["energy_avg"] == pytest.approx(mean, abs=0.006)
    assert profile["description"]


def test_sounds_take_the_place_of_artists(client):
    session, first = client.new_profile(["daft-punk"])
    assert first.json["genres"]
    send(client, ("file", "a.wav", WAV), path=f"/analyze?session_id={session}")
    until(lambda: client.profile(session).json["sources"]["measured"] == 1, "the new profile")
    client.extract(session, ["adele"])
    until(lambda: client.profile(session).json["sources"]["measured"] == 0, "the profile of the artist")


def test_a_session_of_silence_is_refused(client, service):
    session = client.create()
    answer = send(client, ("file", "a.wav", sounds.wav([0.0] * 22050 * 4)), expect=400, **{"X-Session-Id": session})
    assert "silence" in answer.error
    client.get(f"/getProfile?session_id={session}", 404)


def test_the_stored_tracks_say_what_they_are(client, service):
    session = client.create()
    send(client, ("sessionId", None, session.encode()), ("file", "a.wav", WAV))
    client.profile(session)
    with open(service.path(session, "top_tracks.json"), encoding="utf-8") as file:
        top = json.load(file)
    assert top["artists"][0]["source"] == "file" and top["tracks"][0]["source"] == "measured"
    enriched = client.post("/transform", {"session_id": session}).json
    assert enriched["tracks"][0]["features"] == top["tracks"][0]["features"]
