#!/usr/bin/python3
"""Makes N artists and the queries that look for them: the same N gives the same bytes.

    bench/search_scale/generate.py N ARTISTS.tsv QUERIES.tsv [SEED]

Real names come first: data/artists.tsv, and the artists of LI_SHARED/data/artists where that is. The others are
made up by a model that is fitted here, at run time, on the real names: how many words a name has, which words
return in several names, and which letter follows which two. Part of the names is in other scripts, in the
proportions of SCRIPTS. Popularity (0..100) is the logarithm of a Zipf law, as in streaming services: few
artists are known, most are near 0.

ARTISTS.tsv: id, name, popularity, genres, aliases (lists separated by "|"), in the order of the ids.
QUERIES.tsv: kind, sampling, what is typed, id of the artist meant, in random order.
"""
import collections
import csv
import math
import os
import random
import re
import sys
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = {"cyrillic": 0.05, "japanese": 0.05, "hangul": 0.03, "arabic": 0.03}  # the rest is Latin
RANGES = {"cyrillic": "\u0400-\u04ff", "japanese": "\u3040-\u30ff\u4e00-\u9fff", "hangul": "\uac00-\ud7a3",
          "arabic": "\u0621-\u064a"}
ALIAS_SHARE = 0.1  # of the made-up names in Latin letters; a name in another script always has one in Latin
NEW_POPULARITY_MAX = 60
KNOWN, EVEN_SHARE = 50_000, 0.02  # whom the queries look for
QUERY_NAMES = {"keystroke": 120, "exact": 500, "one edit": 500, "two edits": 500}  # for each way of sampling
NEIGHBOURS = {"q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip",
              "p": "ol", "a": "sq", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl",
              "l": "ko", "z": "xa", "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n"}


def plain(text):
    """Lower case, without marks."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in text if not unicodedata.combining(c)))


def fold(text):
    """What makes two names the same: letters and digits alone."""
    return "".join(c for c in plain(text) if c.isalnum())


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", plain(text))[:70].strip("-")


def read_own():
    with open(os.path.join(ROOT, "data", "artists.tsv"), encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t",
                              quoting=csv.QUOTE_NONE)
        for row in rows:
            many = {what: [row[f"{what}_{i}"] for i in range(1, 7) if row.get(f"{what}_{i}")]
                    for what in ("genre", "alias")}
            yield row["name"], int(row["popularity"] or 0), many["genre"], many["alias"]


def read_shared():
    path = os.path.join(os.environ.get("LI_SHARED", os.path.join(ROOT, "..", "shared")), "data", "artists",
                        "data_by_artist_32k.csv")
    if not os.path.exists(path):
        print("generate: LI_SHARED has no data/artists: only the repository's own names are real", file=sys.stderr)
        return
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = " ".join(row["artists"].split())
            if 0 < len(name.encode()) <= 200:
                yield name, round(float(row["popularity"])), [], []


class Names:
    """A model of names, fitted on real ones."""

    def __init__(self, names, aliases, rng):
        self.rng = rng
        latin = [name.split() for name in names if all(ord(c) < 0x250 or not c.isalpha() for c in name)]
        words = collections.Counter(word for name in latin for word in name)
        self.lengths = [min(len(name), 6) for name in latin]
        self.places = self.fit_places(latin, words)
        self.pools = {place: [] for place in self.places}
        self.follows = self.fit_letters(words)
        self.scripts = {name: self.fit_script(names + aliases, span) for name, span in RANGES.items()}

    @staticmethod
    def place(number, count):
        """Where a word stands in its name: a name of one word is chosen otherwise than a first or family name."""
        return "only" if count == 1 else "first" if number == 0 else "last" if number == count - 1 else "middle"

    @staticmethod
    def fit_places(names, words):
        """For each place the words that occur in more than one name, how often, and their share of all there."""
        places = collections.defaultdict(collections.Counter)
        for name in names:
            for number, word in enumerate(name):
                places[Names.place(number, len(name))][word] += 1
        fitted = {}
        for place, counts in places.items():
            known = {word: count for word, count in counts.items() if words[word] > 1}
            fitted[place] = {"words": list(known), "weights": list(known.values()),
                             "share": sum(known.values()) / sum(counts.values())}
        return fitted

    @staticmethod
    def fit_letters(words):
        """Which letters follow two letters; "^" stands before a word and "$" behind it."""
        follows = collections.defaultdict(list)
        for word in words:
            for i, letter in enumerate(word + "$"):
                follows[("^^" + word)[i:i + 2]].append(letter)
        return follows

    @staticmethod
    def fit_script(texts, span):
        """Words of one script: their letters, and how many a word and a name have."""
        names = [re.findall(f"[{span}]+", text) for text in texts]
        names = [name for name in names if name]
        letters = [letter for name in names for word in name for letter in word]
        return {"letters": letters, "words": [len(name) for name in names],
                "follows": Names.fit_letters([word for name in names for word in name]),
                "sizes": [len(word) for name in names for word in name]}

    def new_word(self, follows):
        pair, word = "^^", ""
        while len(word) < 16:
            letter = self.rng.choice(follows[pair])
            if letter == "$":
                break
            word += letter
            pair = pair[1] + letter
        return word

    def word(self, place):
        fitted, pool = self.places[place], self.pools[place]
        if self.rng.random() >= fitted["share"]:
            return self.new_word(self.follows)
        if not pool:  # drawing many at once is much faster
            pool += self.rng.choices(fitted["words"], fitted["weights"], k=100_000)
        return pool.pop()

    def latin(self):
        while True:
            count = self.rng.choice(self.lengths)
            name = " ".join(self.word(self.place(number, count)) for number in range(count))
            if slug(name) and len(name) <= 80:
                return name

    def in_script(self, script):
        model = self.scripts[script]
        count = self.rng.choice(model["words"])
        if script in ("cyrillic", "arabic"):
            return " ".join(self.new_word(model["follows"]) for _ in range(max(2, count)))
        return " ".join("".join(self.rng.choices(model["letters"], k=max(2, self.rng.choice(model["sizes"]))))
                        for _ in range(count))


def make_artists(count, rng):
    """Yields (id, name, popularity, genres, aliases): real artists, then made-up ones."""
    seen, ids, real, aliases = set(), set(), [], []
    for name, popularity, genres, others in list(read_own()) + list(read_shared()):
        if len(real) < count and fold(name) and fold(name) not in seen:
            seen.add(fold(name))
            real.append((name, popularity, genres, others))
            aliases += others
    tags = sorted({tag for row in real for tag in row[2]})
    names = Names([row[0] for row in real], aliases, rng)
    scripts, bounds = list(SCRIPTS), []
    for script in scripts:
        bounds.append(SCRIPTS[script] + (bounds[-1] if bounds else 0))
    for number in range(count):
        if number < len(real):
            name, popularity, genres, others = real[number]
        else:
            draw = rng.random()
            script = next((s for s, bound in zip(scripts, bounds) if draw < bound), None)
            name = names.in_script(script) if script else names.latin()
            others = [names.latin()] if script or rng.random() < ALIAS_SHARE else []
            rank = number - len(real) + 1
            popularity = round(NEW_POPULARITY_MAX * (1 - math.log(rank) / math.log(count)))
            genres = rng.sample(tags, rng.randint(0, 3))
        key = slug(name) or slug(others[0] if others else "") or "x"
        if hash(key) in ids:
            key += f"-{number}"
        ids.add(hash(key))
        yield key, name, popularity, genres, others


def misspell(text, edits, rng):
    """Typing errors at random letters: another letter (two in five), one missing, one too many, two swapped."""
    letters = list(text)
    for _ in range(edits):
        at = rng.choice([i for i, letter in enumerate(letters) if letter.isalnum()])
        kind = rng.choices(("replace", "drop", "insert", "swap"), (40, 25, 20, 15))[0]
        near = NEIGHBOURS.get(letters[at]) if rng.random() < 0.6 else None
        other = rng.choice(near or [c for c in "abcdefghijklmnopqrstuvwxyz" if c != letters[at]])
        if ord(letters[at]) >= 0x250:  # of the same script: a letter of the name
            other = rng.choice([c for c in letters if c.isalnum()])
        if kind == "swap" and at + 1 < len(letters) and letters[at] != letters[at + 1]:
            letters[at:at + 2] = [letters[at + 1], letters[at]]
        elif kind == "drop":
            del letters[at]
        elif kind == "insert":
            letters.insert(at, other)
        else:
            letters[at] = other
    return "".join(letters)


def make_queries(known, everybody, taken, rng):
    """known, everybody: (id, name, popularity) of the best known and of an even sample. Half of the names are
    drawn from the former by how much they are listened to, half from the latter with equal chances. An error
    that by chance gives another artist's name (taken: hashes of the folded names) is no error, and drawn again.
    Yields kind, sampling, typed, id."""
    weights = [10 ** (popularity / 20) for _, _, popularity in known]
    for sampling in ("known", "any"):
        for kind, least in (("keystroke", 1), ("exact", 1), ("one edit", 4), ("two edits", 8)):
            made = 0
            while made < QUERY_NAMES[kind]:
                key, name, _ = rng.choices(known, weights)[0] if sampling == "known" else rng.choice(everybody)
                typed = plain(name) if rng.random() < 0.5 else name.lower()
                if len(fold(name)) < least or len(typed.encode()) > 190:
                    continue
                edits = {"one edit": 1, "two edits": 2}.get(kind, 0)
                wrong = misspell(typed, edits, rng)
                if edits and hash(fold(wrong)) in taken:
                    continue
                made += 1
                if kind != "keystroke":
                    yield kind, sampling, wrong, key
                    continue
                for size in range(1, len(typed) + 1):
                    if typed[:size].strip() == typed[:size]:
                        yield kind, sampling, typed[:size], key


def main():
    count, artists, queries = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 20261123)
    rows, known, everybody, taken = [], [], [], set()
    for number, row in enumerate(make_artists(count, rng)):
        key, name, popularity, genres, others = row
        taken.update(hash(fold(text)) for text in [name, *others])
        if number < KNOWN:
            known.append((key, name, popularity))
        if rng.random() < EVEN_SHARE:
            everybody.append((key, name, popularity))
        rows.append("\t".join((key, name.replace("|", " "), str(popularity), "|".join(genres),
                               "|".join(other.replace("|", " ") for other in others))))
    rows.sort(key=lambda row: row[:row.index("\t")].encode())
    with open(artists, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(row + "\n")
    made = list(make_queries(known, everybody, taken, rng))
    rng.shuffle(made)
    with open(queries, "w", encoding="utf-8") as file:
        for query in made:
            file.write("\t".join(query) + "\n")


if __name__ == "__main__":
    main()
