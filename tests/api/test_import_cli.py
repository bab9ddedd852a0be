"""`listening import` on the command line: every shape, people's words, JSON, many users."""
import json
import os
import subprocess

import pytest

EXPORTS = os.path.join(os.path.dirname(__file__), "..", "history", "exports")


def run(binary, *words, stdin=None):
    return subprocess.run([binary, "import", *words], input=stdin, capture_output=True, text=True, timeout=60, check=False)


def history(tmp_path, artist="Metallica", count=30, name="plays.csv"):
    path = tmp_path / name
    path.write_text("uts,artist,track\n" + "".join(
        f"{1_600_000_000 + i * 90_000},{artist},Song {i % 5}\n" for i in range(count)))
    return str(path)


@pytest.mark.parametrize("name", sorted(os.listdir(EXPORTS)))
def test_every_export_is_read_and_its_listener_not_known(binary, name):
    """The made-up artists are in no catalogue: that is said, and nothing else goes wrong."""
    answer = run(binary, os.path.join(EXPORTS, name))
    assert answer.returncode == 1
    assert "is known here; name your artists" in answer.stderr or "no play of a named artist" in answer.stderr
    assert "secret" not in answer.stdout + answer.stderr


def test_a_history_in_words_in_both_languages(binary, tmp_path):
    for lang, words in (("en", ("30 plays from September 2020 to October 2020, out of 30 rows read", "metal", "known here")),
                        ("fr", ("30 écoutes entre septembre 2020 et octobre 2020, sur 30 lignes lues", "metal", "connus ici"))):
        answer = run(binary, "--lang", lang, history(tmp_path))
        assert answer.returncode == 0, answer.stderr
        for word in words:
            assert word in answer.stdout


@pytest.mark.parametrize("lang,count,words", [
    ("en", 1, "1 play in September 2020, out of 1 row read\n"),
    ("fr", 1, "1 écoute en septembre 2020, sur 1 ligne lue\n"),
    ("en", 1234, "1,234 plays from September 2020 to March 2024, out of 1,234 rows read\n"),
    ("fr", 1234, "1\u202f234 écoutes entre septembre 2020 et mars 2024, sur 1\u202f234 lignes lues\n")])
def test_numbers_and_months_are_words_of_a_language(binary, tmp_path, lang, count, words):
    answer = run(binary, "--lang", lang, history(tmp_path, count=count))
    assert answer.returncode == 0 and answer.stdout.startswith(words), answer.stdout


@pytest.mark.parametrize("lang,one,two", [("en", "in a private session", "in private sessions"), ("en", "podcast", "podcasts"),
                                          ("fr", "en session privée", "en session privée"), ("fr", "podcast", "podcasts")])
def test_what_was_left_out_is_counted_in_the_right_number(binary, tmp_path, lang, one, two):
    def row(minute, **more):
        return {"ts": f"2023-05-01T10:{minute:02}:00Z", "ms_played": 200_000, "master_metadata_track_name": f"Song {minute}",
                "master_metadata_album_artist_name": "Metallica", "spotify_track_uri": "spotify:track:x", "incognito_mode": False, **more}

    aside = ({"episode_name": "Talk", "master_metadata_track_name": None, "master_metadata_album_artist_name": None}
             if "podcast" in one else {"incognito_mode": True})
    for count, words in ((1, one), (2, two)):
        (tmp_path / "endsong_0.json").write_text(json.dumps([row(m) for m in range(20)] + [row(30 + m, **aside) for m in range(count)]))
        answer = run(binary, "--lang", lang, str(tmp_path / "endsong_0.json"))
        assert f"{count:10} {words}\n" in answer.stdout, answer.stdout


@pytest.mark.parametrize("later,lines", [
    ("Metallica", []),  # what did not move is not told
    ("Adele", ["In the last year, more: ", "; less: "])], ids=["as before", "another taste"])
def test_how_the_last_year_differs(binary, tmp_path, later, lines):
    path = tmp_path / "plays.csv"
    path.write_text("uts,artist,track\n" + "".join(
        f"{1_600_000_000 + i * 8_000_000 + k * 90_000},{'Metallica' if i < 5 else later},Song {k}\n"
        for i in range(9) for k in range(12)))
    answer = run(binary, "--lang", "en", str(path))
    assert answer.returncode == 0, answer.stderr
    last = answer.stdout[answer.stdout.index("tracks estimated from genres."):]
    assert all(words in last for words in lines)
    assert ("In the last year" in last) == bool(lines)
    assert "more: ;" not in last and not last.rstrip("\n").endswith(": ")


def test_json_has_report_profile_and_timeline(binary, tmp_path):
    answer = run(binary, "--json", history(tmp_path), history(tmp_path, "Adele", 10, "other.csv"))
    document = json.loads(answer.stdout)
    assert document["import"]["report"]["plays"] == 40
    assert [artist["id"] for artist in document["profile"]["artists"]] == ["metallica", "adele"]
    assert document["timeline"]["months"][0]["month"] == "2020-09"
    assert sum(sum(day) for day in document["timeline"]["hours"]) == 40


def test_a_file_that_is_no_history_beside_one_that_is(binary, tmp_path):
    (tmp_path / "readme.txt").write_text("hello")
    answer = run(binary, "--json", str(tmp_path / "readme.txt"), history(tmp_path))
    assert answer.returncode == 0
    assert "readme.txt" in answer.stderr
    assert run(binary, str(tmp_path / "readme.txt")).returncode == 1


def test_an_archive_that_is_torn_beside_a_history(binary, tmp_path):
    torn = tmp_path / "torn.zip"
    torn.write_bytes(b"PK\x03\x04" + bytes(20))
    answer = run(binary, "--json", str(torn), history(tmp_path))
    assert answer.returncode == 0 and f"{torn}: this archive is damaged or cut short" in answer.stderr, answer.stderr
    report = json.loads(answer.stdout)["import"]["report"]
    assert report["plays"] == 30 and report["files_cut_short"] == 1
    alone = run(binary, str(torn))
    assert alone.returncode == 1 and "damaged or cut short" in alone.stderr


@pytest.mark.parametrize("words", [[], ["--ndjson", "x"], ["--half-life", "no", "x"], ["--lang", "de", "x"]])
def test_wrong_use(binary, words):
    assert run(binary, *words).returncode == 2


def plays_of_adele(ms):
    return [{"user": "a", "artist": "Adele", "title": f"S{i}", "at": 1_600_000_000 + i * 400_000, "ms": ms} for i in range(20)]


@pytest.mark.parametrize("at", [1e300, -1e300, 1.5e22, True, "soon"])
def test_numbers_that_are_no_moment(binary, at):
    plays = plays_of_adele(200_000)
    answer = run(binary, "--ndjson", stdin="\n".join(json.dumps(play) for play in [*plays, {**plays[0], "at": at}]))
    line = json.loads(answer.stdout)
    assert line["unreadable_lines"] == 1 and line["import"]["report"]["plays"] == 20


@pytest.mark.parametrize("ms", [1e300, -1e300, -5, "long", None])
def test_lengths_that_are_none_are_unknown(binary, ms):
    answer = run(binary, "--ndjson", stdin="\n".join(map(json.dumps, plays_of_adele(ms))))
    assert json.loads(answer.stdout)["import"]["report"]["plays"] == 20, answer.stdout


def test_many_users_one_line_each(binary):
    lines = []
    for user, artist in (("a", "Metallica"), ("b", "Adele"), ("c", "Nobody At All Qx")):
        for i in range(20):
            lines.append(json.dumps({"user": user, "artist": artist, "title": f"S{i % 4}",
                                     "at": 1_600_000_000 + i * 4000, "ms": 200000}))
        lines.append(f"{user}\t" + json.dumps({"user": user, "artist": artist, "title": "T", "at": "2021-01-02T03:04:05Z"}))
    lines.insert(5, "not json")
    answer = run(binary, "--ndjson", stdin="\n".join(lines) + "\n")
    assert answer.returncode == 0, answer.stderr
    users = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [user["user"] for user in users] == ["a", "b", "c"]
    assert users[0]["unreadable_lines"] == 1
    assert users[0]["import"]["report"]["plays"] == 21
    assert users[1]["profile"]["artists"][0]["id"] == "adele"
    assert "error" in users[2]


def test_lines_that_are_all_no_plays_are_not_passed_over(binary):
    answer = run(binary, "--ndjson", stdin="hello\n{\"user\": 5}\n")
    assert answer.returncode == 2 and answer.stdout == "" and "none of these 2 lines is a play" in answer.stderr
    empty = run(binary, "--ndjson", stdin="\n")
    assert (empty.returncode, empty.stdout, empty.stderr) == (0, "", "")  # an empty part of a split input


def test_files_that_are_no_histories_are_each_said_once(binary, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("just words\n")
    answer = run(binary, str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    first, second, last = answer.stderr.splitlines()
    assert answer.returncode == 1 and first != second and "none of these files" in last
