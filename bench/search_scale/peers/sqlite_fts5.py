#!/usr/bin/python3
"""SQLite FTS5 with the trigram tokenizer, asked as its documentation advises: what begins so (an ordinary index),
then what contains it (a phrase of trigrams), and where that finds nothing any of its trigrams, by bm25."""
import os
import sqlite3

from common import FIRST, artists, measure

base = None


def index(source, folder):
    global base
    path = os.path.join(folder, "fts5.sqlite")
    if os.path.exists(path):
        os.unlink(path)
    base = sqlite3.connect(path)
    base.executescript("""
        pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -262144;
        create table artists (number integer primary key, id text, popularity integer);
        create table names (name text, popularity integer, number integer);
        create virtual table grams using fts5 (name, content='', tokenize='trigram');""")
    for number, (key, names, popularity) in enumerate(artists(source)):
        base.execute("insert into artists values (?, ?, ?)", (number, key, popularity))
        base.executemany("insert into names values (?, ?, ?)", ((name, popularity, number) for name in names))
        base.execute("insert into grams (rowid, name) values (?, ?)", (number, "\n".join(names)))
    base.executescript("create index by_name on names (name, popularity, number);"
                       "insert into grams (grams) values ('optimize'); analyze;")
    base.commit()
    base.execute("pragma mmap_size = 4294967296")
    return os.path.getsize(path)


def search(text):
    if not text:
        return []
    numbers = [row[0] for row in base.execute(
        "select number from names where name >= ? and name < ? order by name = ? desc, popularity desc limit ?",
        (text, text + "\U0010ffff", text, 2 * FIRST))]
    if len(set(numbers)) < FIRST and len(text) >= 3:
        numbers += [row[0] for row in base.execute(
            "select number from grams join artists on grams.rowid = number where grams match ? "
            "order by popularity desc limit ?", (f'"{text}"', FIRST))]
    if not numbers and len(text) >= 4:
        grams = " OR ".join(f'"{text[i:i + 3]}"' for i in range(len(text) - 2))
        numbers += [row[0] for row in base.execute(
            "select rowid from grams where grams match ? order by rank limit ?", (grams, FIRST))]
    first = list(dict.fromkeys(numbers))[:FIRST]
    return [base.execute("select id from artists where number = ?", (number,)).fetchone()[0] for number in first]


if __name__ == "__main__":
    measure(index, search, f"SQLite {sqlite3.sqlite_version} FTS5")
