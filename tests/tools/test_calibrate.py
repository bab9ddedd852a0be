"""tools/calibrate on a made set whose coefficients are known: it finds them again, splits by artist, says when there
is nothing to be learnt, and writes a table that the build accepts."""
import csv
import os
import re
import subprocess
import sys

import pytest

numpy = pytest.importorskip("numpy", reason="skipped: python3-numpy is not installed (tools/setup test)")

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, "tools", "calibrate")
MODEL = os.path.join(ROOT, "data", "audio_model.tsv")
sys.path.insert(0, os.path.join(ROOT, "tools"))
import tables  # noqa: E402

TERMS = tables.AUDIO_TERMS[1:]
# The truth behind the made labels: link, constant, coefficients.
TRUTH = {
    "energy": ("logit", -2.2, {"loud": 3.0, "busy": 1.0, "full": .8}),
    "danceability": ("logit", -1.0, {"groove": 2.4, "even": .8, "full": -.6}),
    "acousticness": ("logit", 2.0, {"loud": -3.0, "bright": -1.5, "open": .7}),
    "valence": ("clip", .15, {"groove": .35, "loud": .20, "major": .10}),
    "speechiness": ("clip", .10, {"talk": .60}),
}


def made_terms(rng, tracks):
    """Terms within their ranges, correlated as real ones are."""
    common = rng.normal(size=(tracks, 1))
    terms = 1 / (1 + numpy.exp(-(.7 * common + rng.normal(size=(tracks, len(TERMS))))))
    terms[:, TERMS.index("major")] = rng.choice([-1, 1], tracks)
    return terms


def made_labels(rng, terms, feature, noise):
    link, constant, coefficients = TRUTH[feature]
    sums = constant + sum(value * terms[:, TERMS.index(term)] for term, value in coefficients.items())
    sums = sums + rng.normal(scale=noise * (4 if link == "logit" else 1), size=len(sums))
    return 1 / (1 + numpy.exp(-sums)) if link == "logit" else numpy.clip(sums, 0, 1)


def write_set(folder, artists=150, each=6, noise=.05, features=TRUTH, shuffle=False):
    rng = numpy.random.default_rng(7)
    terms = made_terms(rng, artists * each)
    labels = {feature: made_labels(rng, terms, feature, noise) for feature in features}
    if shuffle:
        labels = {feature: rng.permutation(column) for feature, column in labels.items()}
    with open(folder / "sounds.tsv", "w", encoding="utf-8") as file:
        file.write("\t".join(["file", *TERMS]) + "\n")
        for i, row in enumerate(terms):
            file.write("\t".join([f"music/{i}.mp3", *(f"{value:.6f}" for value in row)]) + "\n")
    with open(folder / "labels.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["file", "artist", *labels])
        for i in range(len(terms)):
            out.writerow([f"{i}.wav", f"Artist {i // each}", *(f"{column[i]:.4f}" for column in labels.values())])
    return folder


def calibrate(folder):
    out = folder / "model.tsv"
    done = subprocess.run([sys.executable, TOOL, str(folder / "sounds.tsv"), str(folder / "labels.csv"), "--out", str(out)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done, out


def read_model(path):
    first = path.read_text(encoding="utf-8").split("\n")[0]
    rows = tables.read_table(str(path), ["feature", "link", "term", "coefficient", "source"])
    links = {row.cells["feature"]: row.cells["link"] for row in rows}
    return first, links, {(row.cells["feature"], row.cells["term"]): float(row.cells["coefficient"]) for row in rows}


def measured(output, feature):
    """R2 and the two ends of its interval."""
    line = next(line for line in output.split("\n") if line.startswith(feature))
    return tuple(map(float, re.search(r"(-?[\d.]+) \[ *(-?[\d.]+) +(-?[\d.]+)\]", line).groups()))


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    done, out = calibrate(write_set(tmp_path_factory.mktemp("known")))
    assert done.returncode == 0, done.stderr
    return done.stdout, out


@pytest.mark.parametrize("feature", TRUTH)
def test_finds_the_coefficients_again(known, feature):
    _, links, found = read_model(known[1])
    link, constant, coefficients = TRUTH[feature]
    assert links[feature] == link
    scale = 4 if link == "logit" else 1  # a logit is about four times as steep as a clip
    for term in ["one", *TERMS]:
        wanted = constant if term == "one" else coefficients.get(term, 0)
        if term == "one" and feature == "valence":
            continue  # with unused terms near zero its constant may wander; the predictions below may not
        assert abs(found[feature, term] - wanted) < .05 * scale, term


def test_reports_how_good_it_is(known):
    found = read_model(known[1])[2]
    for feature in TRUTH:
        r2, low, high = measured(known[0], feature)
        assert low <= r2 <= high and r2 > .5
        assert abs(found[feature, "confidence"] - r2) < .001
    assert "mean alone: R2" in known[0]


def test_a_full_fit_is_calibrated_and_builds(known, tmp_path):
    assert read_model(known[1])[0] == "# calibrated 1"
    assert tables.main([str(known[1]), str(tmp_path / "model.c")]) == 0
    assert "li_audio_calibrated = true" in (tmp_path / "model.c").read_text(encoding="ascii")


def test_the_same_input_gives_the_same_table(tmp_path):
    write_set(tmp_path, artists=40, each=4, features=["energy"])
    first = calibrate(tmp_path)[1].read_bytes()
    assert calibrate(tmp_path)[1].read_bytes() == first


def test_nothing_to_learn_is_said_and_not_called_calibrated(tmp_path):
    done, out = calibrate(write_set(tmp_path, artists=60, each=4, shuffle=True))
    assert done.returncode == 0, done.stderr
    for feature in TRUTH:
        assert measured(done.stdout, feature)[0] < .1
    assert read_model(out)[0] == "# calibrated 0"


def test_knowing_the_artist_is_not_praised(tmp_path):
    """Labels that depend on the artist alone, terms that give the artist away: an honest split sees through it."""
    write_set(tmp_path, artists=40, each=10, features=["energy"])
    rng = numpy.random.default_rng(3)
    tracks = 400
    artist = numpy.arange(tracks) // 10
    of_artist, label = rng.random((40, len(TERMS))), rng.random(40)
    with open(tmp_path / "sounds.tsv", "w", encoding="utf-8") as file:
        file.write("\t".join(["file", *TERMS]) + "\n")
        for i in range(tracks):
            file.write("\t".join([f"{i}.mp3", *(f"{value:.6f}" for value in of_artist[artist[i]])]) + "\n")
    with open(tmp_path / "labels.csv", "w", encoding="utf-8") as file:
        file.write("file,artist,energy\n")
        file.writelines(f"{i}.mp3,Artist {artist[i]},{label[artist[i]]:.4f}\n" for i in range(tracks))
    done, _ = calibrate(tmp_path)
    assert done.returncode == 0, done.stderr
    assert measured(done.stdout, "energy")[0] < .15


def test_features_without_labels_keep_their_formulas(tmp_path):
    done, out = calibrate(write_set(tmp_path, artists=40, each=4, features=["energy"]))
    assert done.returncode == 0 and "valence" in done.stdout and "keeps its formula" in done.stdout
    with open(MODEL, encoding="utf-8") as file:
        before = [line for line in file if line.startswith("valence\t")]
    with open(out, encoding="utf-8") as file:
        assert [line for line in file if line.startswith("valence\t")] == before
    assert read_model(out)[0] == "# calibrated 0"


def test_louder_and_busier_never_lowers_energy(tmp_path):
    """Labels made the wrong way round: the coefficients stop at zero."""
    write_set(tmp_path, artists=40, each=4, features=["energy"])
    rows = list(csv.DictReader(open(tmp_path / "labels.csv", encoding="utf-8")))
    with open(tmp_path / "labels.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows({**row, "energy": 1 - float(row["energy"])} for row in rows)
    done, model = calibrate(tmp_path)
    assert done.returncode == 0, done.stderr
    coefficients = read_model(model)[2]
    assert all(coefficients["energy", term] >= 0 for term in ("loud", "busy", "full", "steady"))


@pytest.mark.parametrize("name, change, words", [
    ("sounds.tsv", lambda text: text.replace("groove", "grove", 1), 'no column "groove"'),
    ("sounds.tsv", lambda text: "", 'no rows with a column "file"'),
    ("labels.csv", lambda text: text.replace("artist", "singer", 1), 'no column "artist"'),
    ("labels.csv", lambda text: text.replace(",0.", ",7.", 1), "must lie within 0..1"),
    ("labels.csv", lambda text: text.replace(",0.", ",o.", 1), "is not a number"),
    ("labels.csv", lambda text: "\n".join(text.split("\n")[:50]), "at least 100"),
    ("labels.csv", lambda text: text.replace(",energy", ",mood"), "labels for none"),
])
def test_says_what_is_wrong_with_its_input(tmp_path, name, change, words):
    write_set(tmp_path, artists=40, each=4, features=["energy"])
    path = tmp_path / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    done, out = calibrate(tmp_path)
    assert done.returncode == 1 and not out.exists()
    assert words in done.stderr and len(done.stderr.strip().split("\n")) == 1


@pytest.mark.parametrize("change, words", [
    (("# calibrated 0", "# calibrated 2"), "the first line must be"),
    (("energy\tclip\tloud", "energy\tclip\tlout"), "there is no term 'lout'"),
    (("energy\tclip\tloud", "energie\tclip\tloud"), "there is no feature 'energie'"),
    (("energy\tclip\tloud", "energy\tlogit\tloud"), "the same for all terms"),
    (("energy\tclip\tbusy", "energy\tclip\tloud"), "stands above already"),
    (("loud\t.60", "loud\tvery"), "is not a number"),
    (("valence\tclip\tconfidence", "valence\tclip\tloud"), "stands above already"),
    (("clip\tconfidence\t.5", "clip\tconfidence\t5"), "outside 0..1"),
])
def test_a_broken_model_stops_the_build(tmp_path, capsys, change, words):
    with open(MODEL, encoding="utf-8") as file:
        text = file.read()
    assert change[0] in text
    (tmp_path / "model.tsv").write_text(text.replace(*change, 1), encoding="utf-8")
    assert tables.main([str(tmp_path / "model.tsv"), str(tmp_path / "model.c")]) == 1
    assert words in capsys.readouterr().err
