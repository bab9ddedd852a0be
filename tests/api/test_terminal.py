"""The commands as people meet them: at a terminal, with --help, with words that do not fit, and with an output that
takes nothing."""
import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import socket
import struct
import subprocess
import termios
import threading
import time
import xml.etree.ElementTree

import pytest

import sounds
from contract import ROOT
from service import run

COMMANDS = ["profile", "analyze", "import", "features", "search", "serve", "lambda", "catalog", "doctor", "health"]
WAV = sounds.wav(sounds.music(4.0))


def at_terminal(binary, *words, columns=0, **variables):
    """Exit status and what is shown, where the terminal is both outputs; columns=0: it does not say how wide it is."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    with subprocess.Popen([binary, *map(str, words)], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                          env={**os.environ, **variables}) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:
            pass  # the other end is closed
        os.close(ours)
    return process.returncode, shown.decode()


@pytest.fixture
def files(tmp_path):
    """Something for every command to read."""
    (tmp_path / "music").mkdir()
    for name in ("Ann - One.wav", "Bob - Two.wav"):
        (tmp_path / "music" / name).write_bytes(WAV)
    (tmp_path / "plays.csv").write_text("uts,artist,track\n" + "".join(
        f"{1_600_000_000 + i * 90_000},Metallica,Song {i % 5}\n" for i in range(40)))
    (tmp_path / "list.csv").write_text("Track Name,Artist Name(s)\nA,B\n")
    (tmp_path / "tracks.csv").write_text("artist,title,energy\n" + "".join(f"Band {i},Song,0.5\n" for i in range(40)))
    return tmp_path


# ---- a terminal ----

def test_a_profile_has_colours_unless_told_otherwise(binary):
    status, shown = at_terminal(binary, "profile", "--lang", "en", "adele", NO_COLOR="")
    assert status == 0 and "█" in shown
    plain = at_terminal(binary, "profile", "--lang", "en", "adele", NO_COLOR="1")[1]
    assert "\033" not in plain
    coloured = at_terminal(binary, "profile", "--lang", "en", "adele", NO_COLOR="")[1]
    assert re.sub("\033\\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("words", [["analyze", "music"], ["profile", "--audio", "music"], ["import", "plays.csv"],
                                   ["catalog", "import", "--empty", "-o", "own.catalog", "tracks.csv"]], ids=lambda words: words[0])
def test_long_work_shows_how_far_it_is_and_wipes_it_away(binary, files, words):
    words = [str(files / word) if (files / word).exists() or word.endswith(".catalog") else word for word in words]
    status, shown = at_terminal(binary, *words)
    assert status == 0, shown
    assert re.search(r"\r\033\[K\[[= ]{24}\] +\d+ %", shown) and shown.count("\r\033[K") >= 2, shown
    status, _, err = run(binary, *words, seconds=60)
    assert status == 0 and "\033" not in err


# ---- help ----

@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(binary, command):
    status, out, err = run(binary, command, "--help")
    assert status == 0 and out.startswith(f"listening {command}") and not err
    assert run(binary, command, "-h") == (status, out, err)
    assert "--" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_found_as_a_word_too_and_fits_a_terminal(binary, command):
    status, out, _ = run(binary, "help", command)
    assert status == 0 and out == run(binary, command, "--help")[1]
    options = out[out.index("\n  --"):].splitlines()
    assert max(map(len, options)) <= 100 and not [line for line in options if line != line.rstrip()]


@pytest.mark.parametrize("words,says", [("", "profile import --help"), ("ser", "serve"), ("search --lim", "--limit"),
                                        ("features --c", "--catalog --cache --contact"), ("catalog ", "info import export build"),
                                        ("nothing --", "--help")])
def test_completion_in_bash(binary, words, says):
    typed = [*words.split(" ")]
    said = subprocess.run(["bash", "-c", f"""
        . {ROOT}/infra/completion/listening.bash
        COMP_WORDS=({binary} {' '.join(word or "''" for word in typed)}) COMP_CWORD={len(typed)}
        _listening; echo "${{COMPREPLY[*]}}" """], capture_output=True, text=True, timeout=20, check=True).stdout.split()
    assert set(says.split()) <= set(said) and (not words or said == says.split()), said


@pytest.mark.skipif(not shutil.which("zsh"), reason="there is no zsh here")
def test_completion_in_zsh(binary):
    """Its own functions are replaced: they work in an interactive line only."""
    said = subprocess.run(["zsh", "-fc", f"""
        compadd() {{ print -r -- ${{(P)2}} }}; _describe() {{ print -r -- ${{(P)2}} }}; _files() {{ print files }}
        complete_word() {{ words=({binary} "$@"); CURRENT=$#words; PREFIX=$words[-1]; . {ROOT}/infra/completion/_listening }}
        complete_word ''; complete_word features --; complete_word catalog ''; complete_word import x"""],
        capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()
    assert "serve:the web service" in said[0] and "--from" in said[1] and said[2:] == ["info import export build", "files"]


def test_the_help_names_every_command(binary):
    status, out, _ = run(binary, "--help")
    assert status == 0 and run(binary, "help")[1] == run(binary, "-h")[1] == run(binary)[1] == out
    assert re.findall(r"^  (\w+) +[a-z]", out, re.MULTILINE)[-len(COMMANDS):] == COMMANDS
    assert run(binary)[0] == 2


def test_the_version_names_the_build(binary):
    status, out, _ = run(binary, "--version")
    assert status == 0 and re.fullmatch(r"listening \d+\.\d+\.\d+ \(build \S+, compiled by (gcc|.*Clang) \d.*\)\n", out)


# ---- words that do not fit ----

@pytest.mark.parametrize("words,says", [
    (["nonsense"], "no command"),
    (["--nonsense"], "no option"),
    (["help", "nonsense"], 'no command "nonsense"'),
    (["search", "--limit=-1", "adele"], "--limit wants a number of 0 or more, not"),
    (["search", "-M-"], "goes behind --"),
    (["profile", "daft", "punk"], '"daft" and "punk" are both taken for Daft Punk'),
    (["analyze", "--plot", "x.svg", "a.wav", "b.wav"], "draws one file"),
    (["search"], "whom to look for"),
    (["search", "--limit", "0", "adele"], "--limit is 1 to"),
    (["search", "--limit", "11", "adele"], "--limit is 1 to"),
    (["search", "--limit", "many", "adele"], "a number"),
    (["search", "--limit"], "wants a value"),
    (["search", "--json=yes", "adele"], "takes no value"),
    (["search", "--nothing", "adele"], "no option"),
    (["search", "-x", "adele"], "no option"),
    (["profile"], "name 1 to 10 artists"),
    (["profile", *"abcdefghijk"], "name 1 to 10 artists"),
    (["profile", "--lang", "de", "adele"], "en or fr"),
    (["doctor", "word"], "options only"),
    (["health", "word"], "options only"),
    (["health", "--listen", "nowhere"], "HOST:PORT"),
    (["health", "--listen", "127.0.0.1:"], "HOST:PORT"),
    (["health", "--listen", "127.0.0.1:http"], "127.0.0.1:http"),
    (["health", "--listen", ":74667"], "HOST:PORT"),
    (["health", "--listen", ":0"], "HOST:PORT"),
    (["health", "--listen", ":-1"], "HOST:PORT"),
    (["serve", "word"], "options only"),
    (["serve", "--ttl", "soon"], "a time such as"),
    (["serve", "--decode-limit", "0.5ms"], "a time such as"),
    (["serve", "--log", "loud"], "--log is"),
    (["lambda", "one", "two"], "one handler"),
    (["lambda"], "AWS_LAMBDA_RUNTIME_API"),
    (["catalog"], "catalog info"),
    (["catalog", "burn"], "catalog info"),
    (["catalog", "import", "x.csv"], "which catalogue to write"),
    (["catalog", "import", "-o", "x.catalog"], "name the files"),
    (["features"], "one track list"),
    (["features", *(["--from=x"] * 40), "y"], "times at most"),
], ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "")
def test_words_that_do_not_fit(binary, words, says):
    status, out, err = run(binary, *words)
    assert status == 2 and not out and says in err, err
    assert err.startswith("listening: ") and err.count("\n") == 1


def test_what_is_not_there(binary, tmp_path):
    for words in (["search", "--catalog", tmp_path / "none", "adele"], ["catalog", "info", "--catalog", tmp_path / "none"],
                  ["catalog", "export", tmp_path / "none"], ["catalog", "build", tmp_path / "none", tmp_path / "x"],
                  ["profile", "no such artist anywhere"], ["features", tmp_path / "none"], ["import", tmp_path / "none"],
                  ["health", "--listen", "127.0.0.1:1"], ["health", "--listen", "no..such..name:80"], ["health", "--listen", "[::1]:1"]):
        status, out, err = run(binary, *words)
        assert status == 1 and not out and err.startswith("listening: "), (words, out, err)
    assert run(binary, "search", "zzzzqqqqxxxx")[:2] == (0, "No artist by that name was found.\n")


def test_the_doctor_says_what_is_ill(binary, tmp_path):
    status, out, _ = run(binary, "doctor", "--data", tmp_path / "data")
    assert status == 0 and re.search(r"^ok +catalog", out, re.MULTILINE) and re.search(r"^ok +store", out, re.MULTILINE)
    (tmp_path / "file").write_text("x")
    status, out, _ = run(binary, "doctor", "--data", tmp_path / "file", "--catalog", tmp_path / "file")
    assert status == 1 and re.search(r"^FAIL +catalog", out, re.MULTILINE) and re.search(r"^FAIL +store", out, re.MULTILINE)
    status, out, _ = run(binary, "doctor", "--data", tmp_path / "data", "--source", "spotify")
    assert status == 1 and re.search(r"^FAIL +source", out, re.MULTILINE)


@pytest.mark.parametrize("said,json_wanted", [("1", True), ("yes", True), ("", False), ("0", False), ("false", False),
                                              ("No", False), ("OFF", False)])
def test_a_variable_switches_a_flag(binary, monkeypatch, said, json_wanted):
    monkeypatch.setenv("LISTENING_JSON", said)
    assert run(binary, "search", "adele")[1].startswith("{") == json_wanted


def test_a_variable_that_is_wrong_is_said_where_it_counts(binary, monkeypatch):
    monkeypatch.setenv("LISTENING_LIMIT", "many")
    status, _, err = run(binary, "search", "adele")
    assert status == 2 and "LISTENING_LIMIT" in err
    assert run(binary, "search", "--limit", "1", "adele")[0] == 0


def test_a_source_that_is_away_is_said(binary):
    status, out, err = run(binary, "profile", "--source", "deezer", "--deezer-url", "http://127.0.0.1:1", "deezer:27")
    assert status == 1 and not out
    assert err.splitlines()[-1].startswith("listening: Deezer does not answer"), err


# ---- what is said of the work ----

def test_a_name_that_is_taken_for_another_is_said(binary):
    status, out, err = run(binary, "profile", "--json", "--", "daft pnk")
    assert status == 0 and json.loads(out)["artists"][0]["id"] == "daft-punk"
    assert err == 'listening: "daft pnk" is taken for Daft Punk\n'
    assert run(binary, "profile", "--json", "DAFT  punk")[2] == ""
    assert run(binary, "profile", "--lang", "fr", "daft pnk")[2] == "listening: « daft pnk » est pris pour Daft Punk\n"


def test_an_emotion_comes_from_people_first(binary, files):
    out = run(binary, "profile", "--lang", "en", "metallica", "adele")[1]
    assert re.search(r"^  anger +█+ +\d+\.\d%  Metallica · metal$", out, re.MULTILINE), out
    assert re.search(r"^  sadness +█+ +\d+\.\d%  Adele · singer-songwriters$", out, re.MULTILINE), out
    (files / "plain").mkdir()
    (files / "plain" / "one.wav").write_bytes(WAV)
    for lang in ("en", "fr"):  # who made it is not known: its name says more
        out = run(binary, "profile", "--lang", lang, "--audio", files / "plain", seconds=60)[1]
        assert "%  one" in out and "nknown artist" not in out, out


def test_a_profile_is_broken_between_words(binary):
    out = run(binary, "profile", "--lang", "fr", "adele", "metallica")[1]
    words = out.split("\n\n")[1].splitlines()
    assert len(words) > 1 and all(60 < len(line) <= 100 for line in words[:-1]), words
    for columns, widest in ((60, 60), (300, 100), (5, 100)):  # as wide as the terminal, where that can be
        shown = at_terminal(binary, "profile", "--lang", "fr", "adele", "metallica", columns=columns)[1].replace("\r", "")
        narrow = shown.split("\n\n")[1].splitlines()
        assert " ".join(narrow) == " ".join(words) and widest - 25 < max(map(len, narrow)) <= widest, narrow
    assert not [line for line in out.splitlines() if line != line.rstrip()]


def test_health_of_a_server(binary, service):
    for address in (f"127.0.0.1:{service.port}", f":{service.port}", f"0.0.0.0:{service.port}"):
        assert run(binary, "health", "--listen", address) == (0, "", "")
    status, _, err = run(binary, "health", "--listen", f"[::]:{service.port}")
    assert status == 1 and "no healthy server" in err


def test_a_history_says_what_was_left_out(binary, tmp_path):
    rows = [f"{1_600_000_000 + i * 90_000},{artist},Song {i % 5}" for i, artist in enumerate(
        ["Metallica"] * 30 + [f"Nobody {n} Qx" for n in range(10)])]
    (tmp_path / "plays.csv").write_text("\n".join(["uts,artist,track", *rows, rows[0], "5,Metallica,Song", ",,"]) + "\n")
    for lang, words in (("en", ["Not known here: Nobody", "counted already", "without"]),
                        ("fr", ["Inconnus ici : Nobody", "déjà comptée", "sans"])):
        status, out, err = run(binary, "import", "--lang", lang, tmp_path / "plays.csv")
        assert status == 0, err
        for word in words:
            assert word in out, out
        assert out.count("Nobody") == 8, "the first eight are enough"


def test_an_import_says_what_it_took_and_what_not(binary, tmp_path):
    (tmp_path / "songs.csv").write_text("band,piece,colour,mood,energy\n" + "".join(
        f"Some Band,Song {i},red,dark,0.{i + 100}\n" for i in range(300)))
    words = ["catalog", "import", "--empty", "-o", tmp_path / "own.catalog", "--map", "artist=band", "--map", "title=piece",
             tmp_path / "songs.csv"]
    status, out, err = run(binary, *words)
    assert status == 0 and "artist = band, title = piece" in err and "not used: colour, mood" in err, err
    assert "tracks left out: the catalogue keeps the" in out and "300 rows of 1 file: 300 kept" in out
    status, out, _ = run(binary, "catalog", "info", "--verify", "--catalog", tmp_path / "own.catalog")
    assert status == 0 and "every checksum is right" in out
    status, out, _ = run(binary, "search", "--catalog", tmp_path / "own.catalog", "some band")
    assert status == 0 and "[some-band]" in out


def test_a_table_of_strange_sounds(binary, tmp_path):
    """Silence has no key and no tempo; names are cut at their beginning, at whole letters, and have no controls."""
    (tmp_path / "silence.wav").write_bytes(sounds.wav([0.0] * 22050 * 4))
    (tmp_path / ("é" * 60 + ".wav")).write_bytes(WAV)
    (tmp_path / "bell\a.wav").write_bytes(WAV)
    (tmp_path / "cut.wav").write_bytes(WAV[:-20_000])
    status, out, err = run(binary, "analyze", "--lang", "en", tmp_path, seconds=60)
    assert status == 0, err
    rows = out.splitlines()[1:]
    assert len(rows) == 4 and "\a" not in out
    assert any(re.search(r"bell\?\.wav  ", row) for row in rows)
    assert any(re.search(r"…é{35}\.wav ", row) for row in rows), out
    assert any(re.search(r"silence\.wav .*0:04 +- +- +- ", row) for row in rows), out
    assert any("cut.wav" in row and row.endswith(")") for row in rows), out
    status, out, _ = run(binary, "analyze", "--json", tmp_path / "cut.wav")
    assert status == 0 and "breaks off" in json.loads(out)["tracks"][0]["warning"]


def test_a_picture_of_a_name_with_markup(binary, tmp_path):
    (tmp_path / "a <b> & c.wav").write_bytes(sounds.wav(sounds.music(15.0, rate=8000), rate=8000))
    assert run(binary, "analyze", "--plot", tmp_path / "o.svg", tmp_path / "a <b> & c.wav")[0] == 0
    root = xml.etree.ElementTree.parse(tmp_path / "o.svg").getroot()
    words = [element.text for element in root if element.tag.endswith("text")]
    assert words[0] == "a <b> & c.wav" and words[-1] == "0:14"


# ---- an output that takes nothing ----

@pytest.mark.parametrize("words", [["search", "adele"], ["search", "--json", "adele"], ["profile", "adele"], ["profile", "--json", "adele"],
                                   ["analyze", "music"], ["analyze", "--json", "music"], ["analyze", "--csv", "music"],
                                   ["import", "--json", "plays.csv"], ["features", "list.csv"], ["catalog", "info"], ["catalog", "info", "--json"],
                                   ["catalog", "export"], ["doctor", "--data", "data"], ["--help"], ["--version"]], ids=" ".join)
def test_a_full_disk_behind_the_output_is_no_success(binary, files, words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([binary, *words], cwd=files, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                              timeout=60, check=False)
    said = done.stderr.decode().splitlines()
    assert done.returncode == 1 and "written" in said[-1], said


def test_health_takes_no_longer_than_it_says(binary):
    with socket.create_server(("127.0.0.1", 0)) as server:
        def answer_in_drops():
            with server.accept()[0] as client, contextlib.suppress(OSError):
                for byte in b"HTTP/1.1 200":
                    time.sleep(0.5)
                    client.sendall(bytes([byte]))
        drops = threading.Thread(target=answer_in_drops)
        drops.start()
        begun = time.monotonic()
        status, _, err = run(binary, "health", "--listen", f"127.0.0.1:{server.getsockname()[1]}")
        taken = time.monotonic() - begun
        drops.join()
    assert status == 1 and "within 3 s" in err and 2.9 < taken < 4.5
