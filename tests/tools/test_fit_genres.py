"""tools/fit_genres: the rows that it wrote are what the sets give, an altered row is noticed and fitted back, and
what it is asked in vain is said."""
import os
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build")
SHARED = os.environ.get("LI_SHARED", os.path.join(ROOT, "..", "shared"))
built = pytest.mark.skipif(not os.path.exists(os.path.join(BUILD, "bench", "bench-emotion")),
                           reason="skipped: bench-emotion is not built")
with_sets = pytest.mark.skipif(not os.path.isdir(os.path.join(SHARED, "data", "tracks")),
                               reason="skipped: the data sets are not here (LI_SHARED)")


def fit(*arguments, root=ROOT):
    return subprocess.run([os.path.join(root, "tools", "fit_genres"), "--build-dir", BUILD, "--shared", SHARED,
                           *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def copy_of_the_tree(tmp_path):
    """The tool beside tables of its own, so that it may write."""
    for folder in ("tools", "bench", "data"):
        os.makedirs(tmp_path / folder)
    for name in ("tools/fit_genres", "bench/emotion_data.py", "data/genres.tsv"):
        shutil.copy(os.path.join(ROOT, name), tmp_path / name)
    return str(tmp_path)


@built
@with_sets
def test_the_rows_are_what_the_sets_give():
    done = fit("--check")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == f"0 of {len(lines) - 1} rows are not what the sets give"
    assert {line.split("\t")[0] for line in lines[:-1]} >= {"ambient", "nature sounds", "dance pop", "post-punk"}


@built
@with_sets
def test_an_altered_row_is_fitted_back(tmp_path):
    root = copy_of_the_tree(tmp_path)
    table = os.path.join(root, "data", "genres.tsv")
    with open(table, encoding="utf-8") as file:
        right = file.read()
    lines = right.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("ambient\t"))
    cells = lines[at].split("\t")
    cells[7] = "0.545"  # its energy while it held recordings of rain
    lines[at] = "\t".join(cells)
    with open(table, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    done = fit("--check", "ambient", "ambient", root=root)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 of 1 rows are not what the sets give")
    assert fit("ambient", root=root).returncode == 0
    with open(table, encoding="utf-8") as file:
        assert file.read() == right


@built
@with_sets
def test_families_of_another_build(tmp_path):
    root = copy_of_the_tree(tmp_path)
    with open(os.path.join(root, "data", "genres.tsv"), "a", encoding="utf-8") as file:
        file.write("\t".join(["noise of the sea", "noise of the sea", "bruit de la mer", "sleep"]) + "\n")
    done = fit("sleep", root=root)
    assert (done.returncode, done.stderr) == (1, "fit_genres: the library was built with other families; "
                                                 "build it again\n")


@pytest.mark.parametrize("arguments, said", [
    ([], "name the families to fit"),
    (["sea shanty metal"], "data/genres.tsv has no family 'sea shanty metal'"),
    (["--build-dir", "/nowhere", "ambient"], "/nowhere/bench/bench-emotion is not there; build it first"),
])
def test_what_is_asked_in_vain(arguments, said):
    done = fit(*arguments)
    assert done.returncode != 0
    assert said in done.stderr


@built
def test_without_the_sets(tmp_path):
    done = fit("--shared", str(tmp_path), "ambient")
    assert (done.returncode, done.stdout) == (0, f"fit_genres: skipped, the data sets are not in {tmp_path}/data\n")
