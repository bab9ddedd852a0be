"""`listening catalog import`: killed, stopped, full disks, packed files, and the catalogue that comes out."""
import gzip
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tarfile

import pytest

ROWS = 50_000


def run(binary, *words, **more):
    return subprocess.run([binary, "catalog", *map(str, words)], capture_output=True, text=True, timeout=120,
                          check=False, **more)


def limited(size):
    """The process gets SIGXFSZ, which ends it in the middle of a write, when a file would grow over size."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def full(size):
    """The same as a write that fails, as on a full disk."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limited(size)()
    return prepare


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    path = tmp_path_factory.mktemp("dataset") / "songs.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write("artists,track_name,popularity,energy,tempo,track_genre\n")
        for i in range(ROWS):
            artist = f"Künstler {i * 7919 % 9001}" if i % 3 else f"KUNSTLER {i % 9001};Guest {i % 50}"
            file.write(f"{artist},Song {i * 31 % 20011},{i % 101},{i % 1000 / 999:.4f},{60 + i % 100},genre {i % 17}\n")
        file.write(",no artist,1,1,100,x\n")
    return path


@pytest.fixture(scope="module")
def undisturbed(binary, dataset, tmp_path_factory):
    path = tmp_path_factory.mktemp("undisturbed") / "c.catalog"
    answer = run(binary, "import", "--json", "-o", path, dataset)
    assert answer.returncode == 0, answer.stderr
    return path.read_bytes(), json.loads(answer.stdout)


def rows_committed(target):
    """Rows that staging says are read, when SQLite has rolled back what was not committed (in a copy)."""
    copy = target.parent.parent / "staging-copy"
    for end in ("", "-journal"):
        shutil.copy(f"{target}.import{end}", f"{copy}{end}")
    database = sqlite3.connect(copy)
    try:
        return sum(row[0] for row in database.execute("SELECT rows FROM texts"))
    finally:
        database.close()


def finish(binary, dataset, target, undisturbed):
    answer = run(binary, "import", "--json", "-o", target, dataset)
    assert answer.returncode == 0, answer.stderr
    assert target.read_bytes() == undisturbed[0]
    report = json.loads(answer.stdout)
    for name in ("rows", "kept", "artists_new", "tracks_new", "rows_left_out"):
        assert report[name] == undisturbed[1][name]
    assert sorted(os.listdir(target.parent)) == [target.name]


def test_killed_in_the_middle_of_writing_it_goes_on(binary, dataset, undisturbed, tmp_path):
    target, committed = tmp_path / "c.catalog", []
    for size in (10_000, 200_000, 2_000_000, 4_000_000, 4_000_000, 6_000_000):
        answer = run(binary, "import", "-o", target, dataset, preexec_fn=limited(size))
        assert answer.returncode == -signal.SIGXFSZ
        assert not target.exists()
        if size >= 2_000_000:
            committed.append(rows_committed(target))
    assert committed == sorted(committed) and 0 < committed[-1] <= ROWS + 1
    finish(binary, dataset, target, undisturbed)


@pytest.mark.parametrize("after_s", [0.03, 0.2, 0.4])
def test_kill_9_at_any_moment(binary, dataset, undisturbed, tmp_path, after_s):
    target = tmp_path / "c.catalog"
    for _ in range(2):
        process = subprocess.Popen([binary, "catalog", "import", "-o", target, dataset], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
    answer = run(binary, "import", "--json", "-o", target, dataset)
    assert answer.returncode == 0, answer.stderr
    assert target.read_bytes() == undisturbed[0]
    for name in os.listdir(tmp_path):  # of a writer that was killed a file without a name of ours may stay
        assert not name.endswith((".import", ".import-journal"))


def test_a_full_disk_is_said_and_gone_on_with(binary, dataset, undisturbed, tmp_path):
    target = tmp_path / "c.catalog"
    answer = run(binary, "import", "-o", target, dataset, preexec_fn=full(3_000_000))
    assert answer.returncode == 1
    assert "listening: " in answer.stderr and "Traceback" not in answer.stderr
    assert not target.exists()
    finish(binary, dataset, target, undisturbed)


def test_ctrl_c_keeps_staging_and_says_how_to_go_on(binary, dataset, undisturbed, tmp_path):
    target = tmp_path / "c.catalog"
    process = subprocess.Popen([binary, "catalog", "import", "-o", str(target), str(dataset)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    process.stderr.readline()  # the mapping: reading begins now
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1 and "goes on from here" in said
    assert not target.exists() and (tmp_path / "c.catalog.import").exists()
    finish(binary, dataset, target, undisturbed)


def test_again_changes_nothing_and_others_extend(binary, dataset, undisturbed, tmp_path):
    target, more = tmp_path / "c.catalog", tmp_path / "more.tsv"
    target.write_bytes(undisturbed[0])
    again = run(binary, "import", "--json", "-o", target, dataset, dataset)
    assert json.loads(again.stdout)["files_known"] == 1
    assert target.read_bytes() == undisturbed[0]
    more.write_text("artist\ttitle\tyear\nNew Fangled\tFirst\t2020\nKünstler 1\tLast\t2021\n")
    report = json.loads(run(binary, "import", "--json", "-o", target, more).stdout)
    assert (report["artists_new"], report["artists_extended"], report["tracks_new"]) == (1, 1, 2)
    extended = target.read_bytes()
    run(binary, "import", "-o", target, more)
    assert target.read_bytes() == extended
    found = subprocess.run([binary, "search", "--catalog", target, "new fangl"], capture_output=True, text=True,
                           timeout=60, check=False)
    assert "New Fangled" in found.stdout


def test_a_broken_import_leaves_the_old_catalogue(binary, tmp_path):
    target, good, bad = tmp_path / "c.catalog", tmp_path / "good.csv", tmp_path / "bad.json"
    good.write_text("artist,title\nMira Voss,Kites\n")
    bad.write_text("colour,size\nred,3\n")
    assert run(binary, "import", "--empty", "-o", target, good).returncode == 0
    old = target.read_bytes()
    for words in ([bad], [good, bad], [tmp_path / "absent.csv"], [tmp_path], ["--map", "colour=x", good]):
        answer = run(binary, "import", "-o", target, *words)
        assert answer.returncode in (1, 2) and answer.stderr.strip().count("\n") <= 1, answer.stderr
        assert target.read_bytes() == old
    damaged = tmp_path / "cut.csv.gz"
    damaged.write_bytes(gzip.compress(os.urandom(200_000).hex().encode())[:60_000])
    assert run(binary, "import", "--fresh", "-o", target, damaged).returncode == 1
    assert target.read_bytes() == old
    assert run(binary, "import", "--fresh", "-o", target, good).returncode == 0


def artists(binary, target):
    return [json.loads(line)["name"] for line in run(binary, "export", target).stdout.splitlines()]


def test_rows_of_files_that_are_not_named_stay_out(binary, dataset, tmp_path):
    target, mine = tmp_path / "c.catalog", tmp_path / "mine.csv"
    mine.write_text("artist,title\nMispelled Artist,Song\nOther,Tune\n")
    answer = run(binary, "import", "--empty", "-o", target, mine, tmp_path / "nosuch.csv")
    assert answer.returncode == 1 and "nosuch.csv" in answer.stderr  # said before anything is read
    mine.write_text("artist,title\nCorrect Artist,Song\nOther,Tune\n")
    assert run(binary, "import", "--empty", "-o", target, mine).returncode == 0
    assert sorted(artists(binary, target)) == ["Correct Artist", "Other"]
    mine.write_text("artist,title\nMispelled Artist,Song\n")  # and what was read before a kill, and changed after it
    again = tmp_path / "again.catalog"
    answer = run(binary, "import", "--empty", "-o", again, mine, dataset, preexec_fn=limited(4_000_000))
    assert answer.returncode == -signal.SIGXFSZ
    mine.write_text("artist,title\nCorrect Artist,Song\n")
    answer = run(binary, "import", "--empty", "-o", again, mine)
    assert answer.returncode == 1 and "--fresh" in answer.stderr and answer.stderr.count("\n") == 1
    assert not again.exists()
    assert run(binary, "import", "--empty", "--fresh", "-o", again, mine).returncode == 0
    assert artists(binary, again) == ["Correct Artist"]


def test_a_map_without_its_column_is_said(binary, tmp_path):
    (tmp_path / "a.csv").write_text("artist,title,power\nMira Voss,Kites,0.5\n")
    (tmp_path / "b.jsonl").write_text('{"artist": "Tom Lark", "title": "Oars"}\n'
                                      '{"artist": "Tom Lark", "title": "Oars", "nrgy": 0.5}\n')
    words = ["import", "--empty", "-o", tmp_path / "c", "--map", "energy=nrgy", "--map", "valence=power", tmp_path / "a.csv"]
    answer = run(binary, *words)
    assert answer.returncode == 0
    assert [line for line in answer.stderr.splitlines() if "--map" in line] == [
        "listening: no file has the column of --map energy=nrgy"]
    assert "--map" not in run(binary, *words, tmp_path / "b.jsonl").stderr


def test_packed_files_are_read_as_they_are(binary, dataset, undisturbed, tmp_path):
    packed, archive = tmp_path / "songs.csv.gz", tmp_path / "songs.tar.xz"
    packed.write_bytes(gzip.compress(dataset.read_bytes(), 1))
    with tarfile.open(archive, "w:xz", preset=0) as tar:
        for name, text in (("README", b"words, and more\n"), ("mbdump/songs", dataset.read_bytes())):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    for number, file in enumerate((packed, archive)):
        target = tmp_path / f"{number}.catalog"
        killed = run(binary, "import", "-o", target, file, preexec_fn=limited(4_000_000))
        assert killed.returncode == -signal.SIGXFSZ
        answer = run(binary, "import", "-o", target, file)
        assert answer.returncode == 0, answer.stderr
        assert target.read_bytes() == undisturbed[0]


def test_export_comes_back_the_same(binary, undisturbed, tmp_path):
    target, lines, copy = tmp_path / "c.catalog", tmp_path / "c.jsonl", tmp_path / "copy.catalog"
    target.write_bytes(undisturbed[0])
    lines.write_text(run(binary, "export", target).stdout)
    artist = json.loads(next(line for line in lines.open() if '"kunstler-1"' in line))
    assert artist["tracks"][0]["features_from"] == "dataset"
    assert run(binary, "import", "--empty", "-o", copy, lines).returncode == 0
    assert copy.read_bytes() == undisturbed[0]
    assert run(binary, "info", "--verify", "--catalog", copy).returncode == 0


def test_words_for_people(binary, dataset, tmp_path):
    answer = run(binary, "import", "-o", tmp_path / "c.catalog", dataset)
    assert "artist = artists, title = track_name" in answer.stderr
    assert "without an artist" in answer.stdout and "songs.csv row 50001" in answer.stdout
    assert "\x1b" not in answer.stdout + answer.stderr
    text = run(binary, "--help").stdout
    for word in ("-o my.catalog", "musicbrainz", "artist_popularity", "--fresh"):
        assert word.lower() in text.lower()
    assert run(binary, "import", dataset).returncode == 2
    assert run(binary, "import", "-o", tmp_path / "c.catalog").returncode == 2
