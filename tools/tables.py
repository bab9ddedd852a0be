#!/usr/bin/python3
"""Turns the tables of a room into one C source of constants.

    tools/tables.py data/emotions.tsv data/genres.tsv data/genre_aliases.tsv OUT.c     the emotion room
    tools/tables.py data/audio_model.tsv OUT.c                                         the sound room

A table that does not hold together stops the build with the file, the line and what is wrong.
"""

import sys

FEATURES = ("danceability energy valence acousticness instrumentalness liveness speechiness loudness tempo "
            "mode").split()
TEXTURES = "danceability acousticness speechiness instrumentalness".split()
EMOTIONS = 16
# enum li_audio_term in src/audio/audio.h, in lower case.
AUDIO_TERMS = "one loud busy full steady groove even bass danceable bright open major talk".split()
AUDIO_FEATURES = ["energy", "danceability", "acousticness", "valence", "speechiness"]
SUM_TOLERANCE = 0.005  # the shares are rounded in the tables; here they are brought back to a sum of 1


class TableError(Exception):
    pass


class Row:
    """One line of a table, cells by column name; knows where it stands."""

    def __init__(self, path, line, cells):
        self.path, self.line, self.cells = path, line, cells

    def fail(self, why):
        raise TableError(f"{self.path}:{self.line}: {why}")

    def text(self, column):
        value = self.cells[column]
        if not value or value != value.strip():
            self.fail(f"{column} is empty or has spaces around it")
        return value

    def number(self, column, low, high):
        try:
            value = float(self.cells[column])
        except ValueError:
            self.fail(f"{column} is not a number: {self.cells[column]!r}")
        if not low <= value <= high:
            self.fail(f"{column} is {value}, outside {low}..{high}")
        return value


def read_table(path, columns):
    rows, header = [], None
    with open(path, encoding="utf-8", newline="\n") as file:
        for line, raw in enumerate(file, 1):
            raw = raw.rstrip("\n")
            if raw.startswith("#"):
                continue
            cells = raw.split("\t")
            if header is None:
                header = cells
                if header != columns:
                    raise TableError(f"{path}:{line}: the columns must be {' '.join(columns)}")
                continue
            if len(cells) != len(header):
                raise TableError(f"{path}:{line}: {len(cells)} cells where the header has {len(header)}")
            rows.append(Row(path, line, dict(zip(header, cells))))
    return rows


def unique(rows, column):
    seen = {}
    for row in rows:
        value = row.text(column)
        if value in seen:
            row.fail(f"{column} {value!r} stands in line {seen[value]} already")
        seen[value] = row.line


def c_text(value):
    """A C string literal in plain ASCII; octal escapes end by themselves after three digits."""
    out = []
    for byte in value.encode("utf-8"):
        plain = 32 <= byte < 127 and byte not in b'"\\?'
        out.append(chr(byte) if plain else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def c_list(values):
    return "{" + ", ".join(repr(value) for value in values) + "}"


def shares(row, values):
    total = sum(values)
    if abs(total - 1) > SUM_TOLERANCE:
        row.fail(f"the shares add up to {total:.4f}, not to 1")
    return [value / total for value in values]


def read_emotions(path):
    rows = read_table(path, ["id", "label_en", "label_fr", "phrase_en", "phrase_fr", "color", "quadrant",
                             "pleasantness", "activation", "log_prior"]
                      + ["texture_" + name for name in TEXTURES] + ["base_rate"])
    if len(rows) != EMOTIONS:
        raise TableError(f"{path}: {len(rows)} emotions, not {EMOTIONS}")
    for column in ("id", "label_en", "label_fr", "color"):
        unique(rows, column)
    for row in rows:
        if row.text("quadrant") not in tuple("HESC-"):
            row.fail("quadrant is none of H E S C -")
        color = row.text("color")
        if len(color) != 7 or color[0] != "#" or color[1:].strip("0123456789ABCDEF"):
            row.fail("color is not #RRGGBB")
    return rows


def write_emotions(rows, out):
    base = shares(rows[0], [row.number("base_rate", 0, 1) for row in rows])
    out.append("const struct li_emotion_row li_emotion_rows[LI_EMOTION_COUNT] = {")
    for row, rate in zip(rows, base):
        place = [row.number("pleasantness", -2, 2), row.number("activation", -2, 2)]
        texture = [row.number("texture_" + name, -2, 2) for name in TEXTURES]
        labels = ", ".join(c_text(row.text(column)) for column in ("label_en", "label_fr"))
        phrases = ", ".join(c_text(row.text(column)) for column in ("phrase_en", "phrase_fr"))
        out.append(f"    {{{{{c_text(row.text('id'))}, {{{labels}}}, {c_text(row.text('color'))}, "
                   f"'{row.text('quadrant')}', {place[0]!r}, {place[1]!r}, {rate!r}}},")
        out.append(f"     {{{phrases}}}, {row.number('log_prior', -5, 5)!r}, {c_list(texture)}}},")
    out.append("};\n")


def limits(feature):
    return {"loudness": (-60, 0), "tempo": (0, 300)}.get(feature, (0, 1))


def read_genres(path, emotions):
    rows = read_table(path, ["id", "label_en", "label_fr", "parent", "artists", "tracks"]
                      + ["mean_" + name for name in FEATURES] + ["sd_" + name for name in FEATURES]
                      + ["p_" + row.text("id") for row in emotions])
    for column in ("id", "label_en", "label_fr"):
        unique(rows, column)
    index = {row.text("id"): i for i, row in enumerate(rows)}
    for row in rows:
        steps, at = 0, row
        while at.cells["parent"]:
            if at.cells["parent"] not in index:
                at.fail(f"there is no family {at.cells['parent']!r} to be its parent")
            at = rows[index[at.cells["parent"]]]
            steps += 1
            if steps > len(rows):
                row.fail("its parents go round in a circle")
    return rows, index


def write_genres(rows, index, emotions, out):
    out.append(f"const size_t li_genre_row_count = {len(rows)};")
    out.append("const struct li_genre li_genre_rows[] = {")
    for row in rows:
        parent = index.get(row.cells["parent"], -1)
        artists = int(row.number("artists", 0, 1e6))
        row.number("tracks", 0, 1e7)
        mean = [row.number("mean_" + name, *limits(name)) for name in FEATURES]
        spread = [row.number("sd_" + name, 0, 100) for name in FEATURES]
        p = shares(row, [row.number("p_" + emotion.text("id"), 0, 1) for emotion in emotions])
        labels = ", ".join(c_text(row.text(column)) for column in ("label_en", "label_fr"))
        out.append(f"    {{{c_text(row.text('id'))}, {{{labels}}}, {parent}, {artists}, "
                   f"{'true' if artists < 10 else 'false'},")
        out.append(f"     {{{c_list(mean)}}},")
        out.append(f"     {{{c_list(spread)}}},")
        out.append(f"     {c_list(p)}}},")
    out.append("};\n")


def write_aliases(path, index, out):
    rows = read_table(path, ["alias", "family"])
    unique(rows, "alias")
    for row in rows:
        if row.text("family") not in index:
            row.fail(f"there is no family {row.text('family')!r}")
    rows.sort(key=lambda row: row.text("alias").encode("utf-8"))  # strcmp order
    out.append(f"const size_t li_genre_alias_words_max = {max(row.text('alias').count(' ') for row in rows) + 1};")
    out.append(f"const size_t li_genre_alias_row_count = {len(rows)};")
    out.append("const struct li_genre_alias_row li_genre_alias_rows[] = {")
    for row in rows:
        out.append(f"    {{{c_text(row.text('alias'))}, {index[row.text('family')]}}},")
    out.append("};")


def read_calibrated(path):
    with open(path, encoding="utf-8") as file:
        first = file.readline().rstrip("\n")
    if first not in ("# calibrated 0", "# calibrated 1"):
        raise TableError(f"{path}:1: the first line must be \"# calibrated 0\" or \"# calibrated 1\"")
    return first.endswith("1")


def write_audio_model(path, out):
    links, confidence, seen = {}, {}, set()
    sums = {feature: [0.0] * len(AUDIO_TERMS) for feature in AUDIO_FEATURES}
    for row in read_table(path, ["feature", "link", "term", "coefficient", "source"]):
        feature, link, term = row.text("feature"), row.text("link"), row.text("term")
        if feature not in sums:
            row.fail(f"there is no feature {feature!r}")
        if term not in AUDIO_TERMS + ["confidence"]:
            row.fail(f"there is no term {term!r}")
        if (feature, term) in seen:
            row.fail(f"{term!r} of {feature!r} stands above already")
        if link not in ("clip", "logit") or links.setdefault(feature, link) != link:
            row.fail("link is clip or logit, the same for all terms of a feature")
        seen.add((feature, term))
        row.text("source")
        if term == "confidence":
            confidence[feature] = row.number("coefficient", 0, 1)
        else:
            sums[feature][AUDIO_TERMS.index(term)] = row.number("coefficient", -1000, 1000)
    missing = [feature for feature in AUDIO_FEATURES if feature not in confidence]
    if missing:
        raise TableError(f"{path}: no row for the confidence of {missing[0]!r}")
    out.append(f"const bool li_audio_calibrated = {'true' if read_calibrated(path) else 'false'};")
    out.append("const struct li_audio_model li_audio_models[LI_AUDIO_MODELS] = {")
    for feature in AUDIO_FEATURES:
        terms = ",\n      ".join(f"[LI_SOUND_{term.upper()}] = {value!r}"
                              for term, value in zip(AUDIO_TERMS, sums[feature]) if value)
        out.append(f"    {{LI_{feature.upper()}, {'true' if links[feature] == 'logit' else 'false'}, "
                   f"{confidence[feature]!r},\n     {{{terms or '0'}}}}},")
    out.append("};")


def write_emotion_tables(arguments, out):
    emotions = read_emotions(arguments[0])
    write_emotions(emotions, out)
    genres, index = read_genres(arguments[1], emotions)
    write_genres(genres, index, emotions, out)
    write_aliases(arguments[2], index, out)


def main(arguments):
    if len(arguments) not in (2, 4):
        print(__doc__, file=sys.stderr)
        return 2
    room, write = ("emotion", write_emotion_tables) if len(arguments) == 4 else (
        "audio", lambda names, out: write_audio_model(names[0], out))
    try:
        out = ["/* Made by tools/tables.py from data/: change the tables, not this file. */",
               f'#include "{room}/{room}_priv.h"\n']
        write(arguments[:-1], out)
        with open(arguments[-1], "w", encoding="ascii", newline="\n") as file:
            file.write("\n".join(out) + "\n")
    except (TableError, OSError, UnicodeError) as error:
        print(f"tables.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
