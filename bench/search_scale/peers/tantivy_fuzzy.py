#!/usr/bin/python3
"""tantivy: each word exactly, or with one typing error from 4 letters and two from 8, the last one also half typed;
a whole name counts more. Artists are added best known first and in one thread, so equals stay in that order."""
import importlib.metadata
import os
import shutil

import tantivy

from common import FIRST, artists, measure

OCCUR, QUERY = tantivy.Occur, tantivy.Query
schema = index_ = searcher = None


def index(source, folder):
    global schema, index_, searcher
    path = os.path.join(folder, "tantivy")
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index_ = tantivy.Index(schema, path=path)
    writer = index_.writer(heap_size=1_000_000_000, num_threads=1)
    for key, names, _ in artists(source):
        document = tantivy.Document(id=key)
        for name in names:
            document.add_text("whole", name)
            document.add_text("words", name)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index_.reload()
    searcher = index_.searcher()
    return sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path))


def scored(query, score):
    return QUERY.const_score_query(query, score)


def word_query(word, last):
    ways = [scored(QUERY.term_query(schema, "words", word), 4.0)]
    if last:
        ways.append(scored(QUERY.fuzzy_term_query(schema, "words", word, distance=0, prefix=True), 3.0))
    edits = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
    for distance in range(1, edits + 1):
        ways.append(scored(QUERY.fuzzy_term_query(schema, "words", word, distance=distance,
                                                  transposition_cost_one=True), 3.0 - distance))
    return QUERY.disjunction_max_query(ways)


def search(text):
    words = text.split()
    if not words:
        return []
    parts = [(OCCUR.Must, word_query(word, word is words[-1])) for word in words]
    parts.append((OCCUR.Should, scored(QUERY.term_query(schema, "whole", text), 10.0)))
    hits = searcher.search(QUERY.boolean_query(parts), FIRST, count=False).hits
    return [searcher.doc(address)["id"][0] for _, address in hits]


if __name__ == "__main__":
    measure(index, search, f"tantivy {importlib.metadata.version('tantivy')}")
