"""`listening features`: the columns of a track list filled from tables, and from a live source."""
import csv
import io
import subprocess

import pytest

LIST = """\ufeffTrack URI,Track Name,Artist Name(s),ISRC,Energy,Tempo
spotify:track:1,"Paper Boats, Slowly","Ana Nova, A Guest",,,
spotify:track:2,Tide,Björk Ørn,XX0000000002,,
spotify:track:3,Kept,Somebody,,0.5,100
spotify:track:4,Unknown,Nobody,,,
"""
DATASET = """artist_name;track_name;isrc;danceability;energy;tempo
ana nova;PAPER BOATS - slowly;;0.41;0.33;98.5
Another Name;Other Title;XX0000000002;0.6;0.7;128
"""


def run(binary, *words):
    return subprocess.run([binary, "features", *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


def rows(answer):
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "known.csv").write_text(DATASET, encoding="utf-8")
    return tmp_path


def test_filled_from_a_dataset_by_name_and_by_isrc(binary, lists):
    answer = run(binary, "--from", lists / "known.csv", lists / "list.csv")
    got = rows(answer)
    assert [row["Feature Source"] for row in got] == ["dataset", "dataset", "given", ""]
    assert (got[0]["Danceability"], got[0]["Energy"], got[0]["Tempo"]) == ("0.41", "0.33", "98.5")
    assert got[1]["Tempo"] == "128"
    assert (got[2]["Energy"], got[2]["Tempo"], got[2]["Danceability"]) == ("0.5", "100", "")
    assert got[0]["Track Name"] == "Paper Boats, Slowly" and got[0]["Artist Name(s)"] == "Ana Nova, A Guest"
    for column in ("Key", "Loudness", "Mode", "Speechiness", "Acousticness", "Instrumentalness", "Liveness", "Valence",
                   "Time Signature"):
        assert column in got[0]
    assert answer.stderr == "listening: 4 rows: 2 filled, 1 had numbers already, 1 not known\n"


def test_its_own_output_keeps_its_columns(binary, lists):
    first = run(binary, "--from", lists / "known.csv", lists / "list.csv")
    (lists / "again.csv").write_text(first.stdout, encoding="utf-8")
    (lists / "more.csv").write_text("artist,title,danceability\nNobody,Unknown,0.9\n", encoding="utf-8")
    again = run(binary, "--from", lists / "more.csv", lists / "again.csv")
    assert again.stdout.splitlines()[0] == first.stdout.splitlines()[0]
    assert [row["Feature Source"] for row in rows(again)] == ["dataset", "dataset", "given", "dataset"]
    assert rows(again)[:3] == rows(first)[:3] and rows(again)[3]["Danceability"] == "0.9"


def test_with_nobody_to_ask_that_is_said(binary, tmp_path):
    (tmp_path / "list.csv").write_text("Track Name,Artist Name(s)\nHello,Adele\n")
    answer = run(binary, tmp_path / "list.csv")
    assert answer.returncode == 0 and answer.stderr.splitlines() == [
        "listening: 1 row: 0 filled, 0 had numbers already, 1 not known",
        "listening: nobody was asked: name tables with --from, or a live --source"]
    answer = run(binary, tmp_path)
    assert answer.returncode == 1 and "Is a directory" in answer.stderr


def test_measured_tables_are_told_from_others(binary, lists):
    (lists / "measured.csv").write_text(
        "File,Track Name,Artist Name(s),Danceability,Energy,Key,Loudness,Mode,Tempo,Loudness Unit\n"
        "x.mp3,Unknown,Nobody,0.5,0.6,7,-9.94,0,124.08,LUFS\n", encoding="utf-8")
    got = rows(run(binary, "--from", lists / "measured.csv", "--from", lists / "known.csv", lists / "list.csv"))
    assert got[3]["Feature Source"] == "measured" and got[3]["Loudness"] == "-9.94"


def test_a_comma_in_quotes_is_no_separator(binary, lists):
    (lists / "odd.csv").write_text('"Track, Name, As Sung";Track Name;Artist Name(s)\nx;Kept;Somebody\n', encoding="utf-8")
    got = rows(run(binary, "--from", lists / "known.csv", lists / "odd.csv"))
    assert got[0]["Track Name"] == "Kept" and got[0]["Feature Source"] == ""


@pytest.mark.parametrize("text, word", [("", "no table"), ("hello", "neither"), ("a,b\n1,2\n", "neither"),
                                        ("\xff\xfe,x\n", "no table")])
def test_lists_that_are_none(binary, tmp_path, text, word):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("latin-1"))
    answer = run(binary, path)
    assert answer.returncode == 2 and word in answer.stderr


def test_wrong_use(binary, lists):
    assert run(binary).returncode == 2
    assert run(binary, lists / "none.csv").returncode == 1
    (lists / "bare.csv").write_text("Track Name,Artist Name(s)\nA,B\n", encoding="utf-8")
    assert "no feature columns" in run(binary, "--from", lists / "bare.csv", lists / "list.csv").stderr


# ---- which row is meant ----

def filled(binary, folder, known, wanted, column="Energy"):
    (folder / "a.csv").write_text(known, encoding="utf-8")
    (folder / "b.csv").write_text(wanted, encoding="utf-8")
    return [row[column] for row in rows(run(binary, "--from", folder / "a.csv", folder / "b.csv"))]


HEAD = "id,title,artist,isrc,energy,danceability\n"
MATCHES = {
    "the number of a row is no id": ("1,Yesterday,A,,0.1,0.5\n2,Help,A,,0.2,0.5\n", "1,Thriller,B,,,\n2,Help,A,,,\n", ["", "0.2"]),
    "an id is": ("4x1,Yesterday,A,,0.1,0.5\n", "4x1,Ieri,B,,,\n", ["0.1"]),
    "the recording's code goes before its name": ("x,S,A,AA0000000001,0.1,0.5\ny,S,A,AA0000000002,0.9,0.5\n",
                                                  ",S,A,AA0000000002,,\n,S,A,AA0000000001,,\n,S,A,,,\n", ["0.9", "0.1", "0.1"]),
    "and before an id": ("x,S,A,AA0000000001,0.1,0.5\ny,S,A,AA0000000002,0.9,0.5\n", "x,S,A,AA0000000002,,\n", ["0.9"]),
    "an id goes before a name": ("x,S,A,,0.1,0.5\ny,S,A,,0.9,0.5\n", "y,S,A,,,\n", ["0.9"]),
    "a comma in a name": (',X,"Tyler, The Creator",,0.1,0.5\n', ',X,Tyler,,,\n,X,"Tyler, The Creator",,,\n', ["", "0.1"]),
    "all artists go before the first": (',X,"A, B",,0.1,0.5\n,X,A,,0.9,0.5\n', ',X,A,,,\n,X,"A, B",,,\n,X,"A, C",,,\n',
                                        ["0.9", "0.1", "0.1"]),
    "lists in brackets": (",X,\"['A', 'B']\",,0.1,0.5\n", ",X,A,,,\n,X,A;B,,,\n", ["0.1", "0.1"]),
    "rows without numbers are passed over": ("x,S,A,AA0000000001,,\ny,S,A,,0.7,\n", "x,S,A,AA0000000001,,\n", ["0.7"]),
}


@pytest.mark.parametrize("known, wanted, energies", MATCHES.values(), ids=MATCHES)
def test_which_row_is_meant(binary, tmp_path, known, wanted, energies):
    assert filled(binary, tmp_path, HEAD + known, HEAD + wanted, "energy") == energies


WIDE = ",".join(f"c{i}" for i in range(255))


@pytest.mark.parametrize("text, status, words", [
    ('Track Name,Artist Name(s)\nX,Y\n"Foo,Bar\nBaz,Qux\n', 2, "ends within a cell whose quote is never closed"),
    ('Track Name,Artist Name(s)\n"Foo,Bar\nBaz,Qux\n', 2, "ends within a cell whose quote is never closed"),
    ("Track Name,Artist Name(s),Notes\nX,Y,\nFoo,Bar," + "x" * 70000 + "\n", 1, "row 3 of "),
    (f"Track Name,Artist Name(s),{WIDE}\nX,Y,{WIDE}\n", 1, "more than 256 columns"),
], ids=["an open quote", "an open quote in the first row", "a long cell", "many columns"])
def test_a_list_that_would_come_out_with_less_than_it_had_is_refused(binary, tmp_path, text, status, words):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    answer = run(binary, tmp_path / "list.csv")
    assert (answer.returncode, answer.stdout) == (status, "") and words in answer.stderr


def test_a_known_table_may_be_wide_and_hold_long_cells(binary, lists):
    table = f"artist,title,danceability,lyrics,{WIDE}\nNobody,Unknown,0.9,{'x' * 70000}\n"
    (lists / "known.csv").write_text(table, encoding="utf-8")
    assert rows(run(binary, "--from", lists / "known.csv", lists / "list.csv"))[3]["Danceability"] == "0.9"


def test_a_known_table_need_not_have_every_feature(binary, lists):
    (lists / "known.csv").write_text("artist,title,tempo\nNobody,Unknown,99\n", encoding="utf-8")
    assert rows(run(binary, "--from", lists / "known.csv", lists / "list.csv"))[3]["Tempo"] == "99"
    (lists / "known.csv").write_text("artist,title\nNobody,Unknown\n", encoding="utf-8")
    assert "has no feature columns" in run(binary, "--from", lists / "known.csv", lists / "list.csv").stderr
