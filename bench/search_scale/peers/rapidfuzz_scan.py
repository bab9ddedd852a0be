#!/usr/bin/python3
"""RapidFuzz: the likeness of the query to every name, one after another (its fastest scorer). Not made for names
half typed; here to show what a well made scan costs."""
import importlib.metadata

from rapidfuzz import fuzz, process

from common import FIRST, artists, measure

names, ids = [], []


def index(source, _folder):
    for key, others, _ in artists(source):
        names.extend(others)
        ids.extend([key] * len(others))
    return 0


def search(text):
    hits = process.extract(text, names, scorer=fuzz.ratio, limit=2 * FIRST, score_cutoff=50)
    return list(dict.fromkeys(ids[number] for _, _, number in hits))[:FIRST]


if __name__ == "__main__":
    measure(index, search, f"RapidFuzz {importlib.metadata.version('rapidfuzz')}")
