"""What the benches of sound share: asking the library, the measures, and music whose tempo and key are known."""
import json
import math
import os
import subprocess

from corpus import CorpusError

TEMPO_TOLERANCE = .04  # Gouyon et al. 2006


class Library:
    """Asks bench-sound: paths in, what was heard out."""

    def __init__(self, program):
        self.program = program

    def ask(self, mode, paths):
        """The cells of the answers; the first line names them."""
        done = subprocess.run([self.program, mode], input="".join(path + "\n" for path in paths), text=True,
                              stdout=subprocess.PIPE, check=True)
        return [line.split("\t") for line in done.stdout.split("\n")[:-1]]

    def hear(self, paths):
        """A dict a path; None for a file that could not be analysed, with a word about it."""
        names, *lines = self.ask("heard", paths)
        heard = []
        for cells in lines:
            if cells[1] == "error":
                print(f"  not analysed: {os.path.basename(cells[0])}: {cells[2]}")
                heard.append(None)
            else:
                heard.append(dict(zip(names[1:], map(float, cells[1:]))))
        return heard


# ---- measures ----

def near(guess, truth):
    return guess is not None and abs(guess / truth - 1) <= TEMPO_TOLERANCE


def acc1(guess, truth):
    return near(guess, truth)


def acc2(guess, truth):
    return any(near(guess, truth * factor) for factor in (1, 2, 1 / 2, 3, 1 / 3))


def mirex(guess, truth):
    """MIREX's weights for keys (tonic, mode): right 1, a fifth off .5, relative .3, parallel .2."""
    if guess is None:
        return 0.0
    (tonic, mode), (true_tonic, true_mode) = guess, truth
    step = (tonic - true_tonic) % 12
    if mode == true_mode:
        return {0: 1.0, 5: .5, 7: .5}.get(step, 0.0)
    if step == (9 if true_mode else 3):
        return .3
    return .2 if step == 0 else 0.0


def percent(values):
    values = list(values)
    return 100 * sum(values) / len(values)


def with_error(values):
    """Mean in percent with its standard error."""
    values = [float(value) for value in values]
    mean = sum(values) / len(values)
    error = math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1) / len(values))
    return f"{100 * mean:5.1f} ±{100 * error:4.1f}"


def key_of(heard):
    return None if heard is None or heard["key"] < 0 else (int(heard["key"]), int(heard["mode"] >= .5))


def tempo_of(heard):
    return None if heard is None or math.isnan(heard["tempo"]) else heard["tempo"]


def correlation(pairs):
    n = len(pairs)
    a, b = (sum(column) / n for column in zip(*pairs))
    over = sum((x - a) * (y - b) for x, y in pairs)
    under = math.sqrt(sum((x - a) ** 2 for x, _ in pairs) * sum((y - b) ** 2 for _, y in pairs))
    return over / under if under > 0 else math.nan


# ---- music whose truth is known ----

def pop909(shared):
    folder = os.path.join(shared, "data", "pop909")
    if not os.path.isdir(folder):
        print(f"  skipped: the rendered songs are not in {folder}")
        return []
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        return [{**row, "path": os.path.join(folder, row["file"])} for row in json.load(file)]


def tempo_families(corpus, shared):
    """(family, paths, true BPM)."""
    for variant in ("piano", "band"):
        rows = [row for row in pop909(shared) if row["variant"] == variant]
        if rows:
            yield f"pop909 {variant}", [row["path"] for row in rows], [row["bpm"] for row in rows]
    places = (.2, .45, .7)
    made = [("frets on fire", list(corpus.frets_tempi()), places)]
    try:
        made.append(("MIDI songs", list(corpus.midi_tempi()), (.35,)))
    except CorpusError as error:
        print(f"  MIDI songs left out: {error}")
    made.append(("LMMS demos", list(corpus.lmms_tempi()), (.35,)))
    for family, songs, places in made:
        if songs:
            yield (family, [corpus.excerpt(path, at) for _, path, _ in songs for at in places],
                   [bpm for _, _, bpm in songs for _ in places])
