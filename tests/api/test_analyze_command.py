"""`listening analyze` and `listening profile --audio`."""
import csv
import io
import json
import os
import xml.etree.ElementTree

import pytest

import sounds
from service import run

WAV = sounds.wav(sounds.music())


@pytest.fixture
def folder(tmp_path):
    """Sounds in folders, hidden ones, circles, and what is no sound."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("Ann - One.wav", "b/Bob - Two.wav", ".hidden/x.wav", ".hidden.wav", "z.wav"):
        (tmp_path / name).write_bytes(WAV)
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "b" / "up").symlink_to("..")
    (tmp_path / "c").symlink_to("b")
    (tmp_path / "b" / "self").symlink_to("self")
    return tmp_path


def analyze(binary, *arguments, status=0):
    found, out, err = run(binary, "analyze", *arguments, seconds=60)
    assert found == status, err
    return out, err


def test_folders_are_looked_through_once_and_in_order(binary, folder):
    out, _ = analyze(binary, "--json", folder)
    files = [os.path.relpath(track["file"], folder) for track in json.loads(out)["tracks"]]
    assert files == ["Ann - One.wav", "b/Bob - Two.wav", "z.wav"]


@pytest.mark.parametrize("jobs", [1, 2, 7, 64])
def test_the_order_does_not_depend_on_the_threads(binary, folder, jobs):
    (folder / "long.wav").write_bytes(sounds.wav(sounds.music(20.0)))
    for i in range(20):
        (folder / f"n{i:02}.wav").write_bytes(WAV)
    out, _ = analyze(binary, "--json", "--jobs", jobs, folder)
    again, _ = analyze(binary, "--json", "--jobs", 1, folder)
    assert out == again and len(json.loads(out)["tracks"]) == 24


def test_json_says_its_units(binary, folder):
    out, _ = analyze(binary, "--json", folder / "z.wav")
    document = json.loads(out)
    assert document["units"]["loudness"] == "LUFS"
    assert document["tracks"][0]["features"]["key"] == 0 and document["tracks"][0]["calibrated"] in (True, False)


def test_csv_has_the_columns_of_exportify(binary, folder):
    (folder / 'a "quote", comma.wav').write_bytes(WAV)
    out, _ = analyze(binary, "--csv", folder)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0])[1:16] == [
        "Track Name", "Artist Name(s)", "Duration (ms)", "Danceability", "Energy", "Key", "Loudness", "Mode",
        "Speechiness", "Acousticness", "Instrumentalness", "Liveness", "Valence", "Tempo", "Time Signature"]
    assert [row["Track Name"] for row in rows] == ["One", 'a "quote", comma', "Two", "z"]
    assert all(row["Loudness Unit"] == "LUFS" and row["Instrumentalness"] == "" and row["Error"] == "" for row in rows)


def test_a_bad_file_is_a_row_and_the_others_go_on(binary, folder):
    sounds.write_all(folder)
    (folder / "secret.wav").write_bytes(WAV)
    (folder / "secret.wav").chmod(0)
    os.mkfifo(folder / "pipe.wav")
    out, err = analyze(binary, "--json", folder, "/dev/zero", folder / "missing.mp3", status=1)
    rows = {os.path.basename(row["file"]): row for row in json.loads(out)["tracks"]}
    for name, _, says in sounds.BAD:
        assert name == "song.m4a" or says in rows[name]["error"]
    assert "pipe" in rows["pipe.wav"]["error"] and "device" in rows["zero"]["error"]
    assert "no such file" in rows["missing.mp3"]["error"]
    assert rows["z.wav"]["features"]["key"] == 0
    assert "could not be read" in err
    table, _ = analyze(binary, folder, status=1)
    assert "no sound file" in table and "One" in table
    for row in csv.DictReader(io.StringIO(analyze(binary, "--csv", folder, status=1)[0])):
        assert bool(row["Error"]) != bool(row["Track Name"])


def test_names_that_are_no_text(binary, tmp_path):
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe - b\xc3\xa9.wav"), "wb") as file:
        file.write(WAV)
    out, _ = analyze(binary, "--json", tmp_path)
    assert json.loads(out)["tracks"][0]["file"].endswith("\ufffd\ufffd - bé.wav")


@pytest.mark.parametrize("arguments", [[], ["--json", "--csv", "x"], ["--jobs", "65", "x"], ["--jobs", "-1", "x"],
                                       ["--nothing", "x"], ["--lang", "de", "x"]])
def test_wrong_use(binary, arguments):
    analyze(binary, *arguments, status=2)


def test_an_empty_folder(binary, tmp_path):
    _, err = analyze(binary, tmp_path, status=1)
    assert "no sound file" in err


def test_a_picture(binary, folder):
    out, _ = analyze(binary, "--plot", folder / "o.svg", folder / "z.wav")
    assert out == ""
    root = xml.etree.ElementTree.parse(folder / "o.svg").getroot()
    words = "".join(root.itertext())
    for word in ("z.wav", "Waveform", "Onset strength", "Chroma", "Momentary loudness"):
        assert word in words
    analyze(binary, "--plot", folder / "o.svg", folder / "z.wav")  # a picture gives way to a picture
    analyze(binary, "--plot", folder / "no" / "o.svg", folder / "z.wav", status=1)
    analyze(binary, "--plot", folder / "o.svg", folder / "cover.jpg", status=1)


def test_a_picture_of_silence_names_no_loudness(binary, tmp_path):
    (tmp_path / "still.wav").write_bytes(sounds.wav([0] * 4 * 22050))
    analyze(binary, "--plot", tmp_path / "o.svg", tmp_path / "still.wav")
    picture = (tmp_path / "o.svg").read_text(encoding="utf-8")
    assert "Momentary loudness" in picture and "nan" not in picture and "inf" not in picture


def test_a_picture_is_written_over_no_other_file(binary, tmp_path):
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(WAV)
    _, err = analyze(binary, "--plot", tmp_path / "a.wav", tmp_path / "b.wav", status=1)
    assert "is no SVG" in err and (tmp_path / "a.wav").read_bytes() == WAV
    for option in ("--json", "--csv"):
        out, err = analyze(binary, option, "--plot", tmp_path / "o.svg", tmp_path / "b.wav", status=2)
        assert out == "" and err.count("\n") == 1 and not (tmp_path / "o.svg").exists()


def test_help(binary):
    out, _ = analyze(binary, "--help")
    assert "LUFS" in out and "--csv" in out


# ---- profiles of folders ----

def test_the_profile_of_a_folder(binary, folder):
    (folder / "bad.mp3").write_bytes(b"?")
    status, out, err = run(binary, "profile", "--audio", folder, "--json", "--lang", "en", seconds=60)
    assert status == 0 and "bad.mp3: this is no sound file" in err
    profile = json.loads(out)
    assert profile["sources"]["measured"] == 3 and profile["genres"] == []
    assert [artist["name"] for artist in profile["artists"]] == ["Ann", "Bob", "Unknown artist"]
    status, out, _ = run(binary, "profile", "--audio", folder, "--lang", "fr", seconds=60)
    assert status == 0 and "inconnus" in out and out.endswith("\n3 titres mesurés dans le son.\n")


def test_profiles_of_nothing(binary, tmp_path):
    for arguments, wanted in ((["--audio", tmp_path], 1), (["--audio", tmp_path, "adele"], 2),
                              (["--audio", tmp_path / "missing"], 1)):
        status, _, err = run(binary, "profile", *arguments)
        assert status == wanted and err.startswith("listening: "), err
