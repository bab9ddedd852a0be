"""What bench/accuracy and tools/fit_genres read in common: the library's own answers, and the artists with
their families, mean features and tracks. What the figures mean: docs/emotions.md."""

import ast
import collections
import csv
import math
import os
import subprocess

FEATURES = ("danceability energy valence acousticness instrumentalness liveness speechiness loudness tempo "
            "mode").split()
SHRINKAGE, TRACKS_MAX = 30, 12


class Library:
    """Asks bench-emotion: a list of lines in, a list of answers out."""

    def __init__(self, program):
        self.program = program
        self.emotions = [line.split("\t") for line in self.ask("emotions")]
        self.families = [line.split("\t") for line in self.ask("families")]

    def ask(self, mode, lines=()):
        done = subprocess.run([self.program, mode], input="".join(line + "\n" for line in lines), text=True,
                              stdout=subprocess.PIPE, check=True)
        return done.stdout.split("\n")[:-1]

    def numbers(self, mode, lines):
        return [[float(cell) for cell in line.split()] for line in self.ask(mode, lines)]


def number(cell):
    try:
        return float(cell)
    except (TypeError, ValueError):
        return math.nan


def read_csv(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_tracks(library, rows):
    """Axes and probabilities of each row."""
    return library.numbers("read", ("\t".join(repr(number(row[name])) for name in FEATURES) for row in rows))


def mean(values):
    return sum(values) / len(values)


class Catalogue:
    """The artists with their families, mean features and tracks."""

    def __init__(self, library, data):
        tags = {}
        for row in read_csv(data, "artists", "data_w_genres.csv"):
            tags[self.key(row["artists"])] = ast.literal_eval(row["genres"])
        names = sorted({tag for own in tags.values() for tag in own})
        family = dict(zip(names, map(int, library.ask("match", names))))
        mentions = [family[tag] >= 0 for own in tags.values() for tag in own]
        self.coverage = mean(mentions)
        self.families = {artist: list(dict.fromkeys(family[tag] for tag in own if family[tag] >= 0))
                         for artist, own in tags.items()}
        self.means = {}
        for row in read_csv(data, "artists", "data_by_artist_32k.csv"):
            self.means[self.key(row["artists"])] = (float(row["count"]), [float(row[name]) for name in FEATURES])
        rows = [row for name in ("labelled", "unlabelled") for row in read_csv(data, "tracks", name + ".csv")]
        self.tracks, self.features = collections.defaultdict(list), collections.defaultdict(list)
        for row, answer in zip(rows, read_tracks(library, rows)):
            artist = self.key(row["artist"])
            if artist in self.families:
                self.tracks[artist].append(answer)
                self.features[artist].append([number(row[name]) for name in FEATURES])
        artists = list(self.tracks)
        self.estimate = dict(zip(artists, library.numbers(
            "estimate", (" ".join(map(str, self.families[artist])) for artist in artists))))

    @staticmethod
    def key(name):
        return name.strip().strip('"').casefold()


class Refit:
    """The means of the families made again from artists' means, so that an artist can be left out of them."""

    def __init__(self, library, catalogue):
        self.parent = [int(family[1]) for family in library.families]
        self.artists = {artist: (min(count, TRACKS_MAX), values, catalogue.families[artist])
                        for artist, (count, values) in catalogue.means.items() if catalogue.families.get(artist)}
        self.weight = [0.0] * len(self.parent)  # of the family and all below it
        self.sums = [[0.0] * len(FEATURES) for _ in self.parent]
        self.own_weight = [0.0] * len(self.parent)
        self.own_sums = [[0.0] * len(FEATURES) for _ in self.parent]
        for weight, values, families in self.artists.values():
            for family in families:
                self.add(self.own_weight, self.own_sums, family, weight / len(families), values)
                for at in self.line(family):
                    self.add(self.weight, self.sums, at, weight / len(families), values)
        total = sum(weight for weight, _, _ in self.artists.values())
        self.overall = [sum(weight * values[i] for weight, values, _ in self.artists.values()) / total
                        for i in range(len(FEATURES))]

    @staticmethod
    def add(weights, sums, family, weight, values):
        weights[family] += weight
        sums[family] = [s + weight * v for s, v in zip(sums[family], values)]

    def line(self, family):
        while family >= 0:
            yield family
            family = self.parent[family]

    def fitted(self, family, share=0.0, values=None, gone=None):
        """The means of a family, drawn towards those of the families above it; without one artist's share of it
        and of those, `gone` times each."""
        values = values or self.overall
        at_mean = self.overall
        for at in reversed(list(self.line(family))):
            own = at == family
            weights, sums = (self.own_weight, self.own_sums) if own else (self.weight, self.sums)
            left = share * (1 if own or not gone else gone[at])
            rest = max(weights[at] - left, 0)
            at_mean = [(s - left * v + SHRINKAGE * m) / (rest + SHRINKAGE)
                       for s, v, m in zip(sums[at], values, at_mean)]
        return at_mean

    def without(self, artist):
        """What the artist's families say when the artist is not in them."""
        weight, values, families = self.artists[artist]
        gone = collections.Counter(at for family in families for at in self.line(family))
        answers = [self.fitted(family, weight / len(families), values, gone) for family in families]
        return [mean(column) for column in zip(*answers)]
