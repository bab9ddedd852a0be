/* dataset_priv.h - the parts: bytes -> rows -> records -> facts in staging -> sorted, merged -> catalogue. */
#ifndef LI_DATASET_DATASET_PRIV_H
#define LI_DATASET_DATASET_PRIV_H

#include <jansson.h>

#include "base/csv.h"
#include "dataset/dataset.h"

enum {
    COLUMNS_MAX = 256,
    ROW_BYTES_MAX = 8 << 20, /* of one JSON document */
    CREDITS_MAX = 16,        /* artists of a row */
    TAGS_MAX = 32,           /* genres of a row */
    OTHER_NAMES_MAX = 64,    /* aliases of a row */
    TAG_BYTES_MAX = 128,
    GENRE_COLUMNS_MAX = 4,
    MBID_SIZE = 16,
    HEAD_BYTES = 64 * 1024,  /* of a text, to recognise it by */
    MEMBER_NAMES_MAX = 4096, /* bytes of the names of a JSON object's members */
    BAG_MAX = 128,           /* different texts that are counted */
};

/* ---- fields.c: columns by their names ---- */

enum field {
    FIELD_ARTIST,
    FIELD_ARTIST_IDS,
    FIELD_ARTIST_MBID,
    FIELD_TITLE,
    FIELD_NAME, /* of the track or of the artist, by what else there is */
    FIELD_RECORDING_MBID,
    FIELD_MBID, /* of the recording or of the artist */
    FIELD_GENRES,
    FIELD_ALIASES,
    FIELD_POPULARITY,
    FIELD_ARTIST_POPULARITY,
    FIELD_COUNT_OF, /* listeners, followers, plays, rows behind a mean */
    FIELD_YEAR,
    FIELD_FEATURE, /* and LI_FEATURE_COUNT - 1 more, in the order of enum li_feature */
    FIELD_LOUDNESS_UNIT = FIELD_FEATURE + LI_FEATURE_COUNT,
    FIELD_ERROR,
    FIELD_COUNT
};

struct place {
    int field;    /* or -1 */
    int rank;     /* 0 = the best name; -1 = the person said so */
    double scale; /* that its numbers are multiplied by */
};

enum shape { SHAPE_UNKNOWN, SHAPE_TRACKS, SHAPE_ARTISTS, SHAPE_MEASURES };

struct header {
    struct place places[COLUMNS_MAX];
    size_t count;
    enum shape shape;
    bool measured; /* by `listening analyze` */
};

/* What the columns of a header are taken for. maps: NULL-terminated "FIELD=COLUMN", or NULL. */
void li_fields_map(struct header *header, const char *const *maps, const struct li_text *columns,
                   size_t count);

/* NULL for -1. */
const char *li_fields_label(int field);

LI_MUST_USE enum li_status li_fields_check_map(const char *map, struct li_error *err);

/* ---- values.c: what stands in a cell ---- */

/* Between the items of a list that came as one (JSON). */
enum { LIST_MARK = '\x1f' };

/* Valid UTF-8 (what is not is taken for Windows-1252), without control characters, trimmed; in the arena. */
struct li_text li_value_text(struct li_text cell, struct li_arena *arena);

/* A plain number with a point or one comma. False: it is none; an empty cell, null, nan, none and N/A are
 * NAN and true. */
bool li_value_number(struct li_text cell, double *out);

/* The year of a date, 0 when the cell is empty. False: there is none. */
bool li_value_year(struct li_text cell, int *out);

/* 16 bytes of a UUID, also at the end of an address. */
bool li_value_mbid(struct li_text cell, unsigned char out[MBID_SIZE]);

/* The items of a list: brackets with items in either quote, LIST_MARK, or separated by one of the bytes of
 * separators; otherwise one item. Items that are empty are left out. Returns their number, at most max. */
size_t li_value_list(struct li_text cell, const char *separators, struct li_text *items, size_t max,
                     struct li_arena *arena);

/* ---- tally.c ---- */

/* Where a reader is, for examples. */
struct where {
    struct li_dataset_tally *tally;
    const char *file; /* without its folders */
    uint64_t row;     /* of this file, from 1 */
};

/* Counts one. what: the member that is meant, or NULL. */
void li_tally_count(const struct where *where, enum li_dataset_reason reason, const char *what,
                    struct li_text cell);

/* LI_BUSY, and what to do when one was told to stop. */
enum li_status li_dataset_stopped(struct li_error *err);

/* ---- record.c: one row by meaning ---- */

struct credit {
    struct li_text name;
    unsigned char mbid[MBID_SIZE];
    bool has_mbid;
};

struct tag {
    struct li_text text;
    unsigned votes; /* 0: its place in the list is somebody's choice */
};

struct record {
    enum shape shape;
    struct credit credits[CREDITS_MAX]; /* the first is the main artist */
    size_t credit_count;
    struct li_text id; /* of the artist, when it is given: a listening catalogue's own export */
    struct tag genres[TAGS_MAX];
    size_t genre_count;
    struct li_text aliases[OTHER_NAMES_MAX];
    size_t alias_count;
    int artist_popularity; /* -1 unknown */
    double count;          /* -1 unknown */
    bool canonical;        /* the name and the order of lists are this source's own choice */

    struct li_text title;
    int position; /* of the track in an export, -1 else */
    unsigned char mbid[MBID_SIZE];
    bool has_mbid;
    int year, popularity;
    enum li_catalog_features_origin features_from;
    struct li_features features;
};

void li_record_clear(struct record *record);

/* The cells of one row, by field; texts live as long as the row. */
struct raw {
    struct li_text cells[FIELD_COUNT];
    int ranks[FIELD_COUNT];
    double scales[FIELD_COUNT];
    struct li_text genres[GENRE_COLUMNS_MAX];
    size_t genre_cells;
    bool too_long;
};

void li_raw_clear(struct raw *raw);
void li_raw_set(struct raw *raw, struct place place, struct li_text cell);

/* Reads a row. False: it was left out, and counted. */
bool li_record_read(struct record *record, const struct raw *raw, const struct header *header,
                    struct where *where, struct li_arena *arena);

/* Puts in a feature when it is within its range. */
void li_record_feature(struct record *record, enum li_feature feature, double value, struct where *where);

/* Genres and aliases that fit. */
void li_record_add_genre(struct record *record, struct li_text text, unsigned votes, struct where *where);
void li_record_add_alias(struct record *record, struct li_text text, struct where *where);

/* Whether all names are there and short enough; otherwise counted. */
bool li_record_check(const struct record *record, const struct where *where);

/* ---- readers: bytes in, records out ---- */

struct row_sink {
    void (*record)(void *context, const struct record *record);
    /* A row ended, kept or not, at this place of the stream: reading can go on from there. */
    void (*row_end)(void *context, uint64_t offset);
    void (*mapped)(void *context, const char *format, const struct li_dataset_column *columns, size_t count);
    void *context;
    const char *const *maps;
    struct where where;
};

struct reader;
/* Recognises a text by its beginning (at least 64 KiB of it, or all). offset: where reading goes on, 0 = at
 * the start. LI_UNSUPPORTED when it is nothing known. sink must outlive the reader. */
LI_MUST_USE enum li_status li_reader_new(struct li_text head, uint64_t offset, struct row_sink *sink,
                                         struct reader **out, struct li_error *err);
void li_reader_push(struct reader *reader, const char *bytes, size_t size); /* from offset on */
void li_reader_finish(struct reader *reader);
void li_reader_free(struct reader *reader);

/* mark: bytes of a byte order mark, which stand before what is pushed when offset is 0. */
struct table_reader;
LI_MUST_USE enum li_status li_table_reader_new(struct li_text head, uint64_t offset, size_t mark,
                                               struct row_sink *sink, struct table_reader **out,
                                               struct li_error *err);
void li_table_reader_push(struct table_reader *table, const char *bytes, size_t size);
void li_table_reader_finish(struct table_reader *table);
void li_table_reader_free(struct table_reader *table);

struct json_reader;
LI_MUST_USE enum li_status li_json_reader_new(struct li_text head, uint64_t offset, size_t mark,
                                              struct row_sink *sink, struct json_reader **out,
                                              struct li_error *err);
void li_json_reader_push(struct json_reader *json, const char *bytes, size_t size);
void li_json_reader_finish(struct json_reader *json);
void li_json_reader_free(struct json_reader *json);

/* json_kinds.c: records of one JSON object. arena: for the time of the row. */
struct json_kinds {
    struct row_sink *sink;
    struct li_arena arena;
    struct record record;
    struct raw raw;
    bool described;
    struct header header; /* of the last row with members like columns, whose names are these */
    char names[MEMBER_NAMES_MAX];
    size_t names_size;
};
void li_json_kinds_read(struct json_kinds *kinds, const json_t *object);

/* ---- input.c: the bytes of files, unpacked ---- */

struct input;
LI_MUST_USE enum li_status li_input_open(const char *path, struct input **out, struct li_error *err);

/* Goes to the next text in the file (the first one at first). *found false: there is none left. */
LI_MUST_USE enum li_status li_input_next(struct input *input, bool *found, struct li_error *err);

/* Up to size bytes; *got 0 at the end. */
LI_MUST_USE enum li_status li_input_read(struct input *input, char *buffer, size_t size, size_t *got,
                                         struct li_error *err);

/* Passes over the next bytes of this text. */
LI_MUST_USE enum li_status li_input_skip(struct input *input, uint64_t bytes, struct li_error *err);

enum { IDENTITY_SIZE = 17 + 17 + 21 };
struct input_identity {
    char text[IDENTITY_SIZE];
};
const char *
li_input_identity(const struct input *input);          /* of the whole file: size and samples of its bytes */
const char *li_input_entry(const struct input *input); /* its name within an archive, or NULL */
uint64_t li_input_size(const struct input *input),
    li_input_done(const struct input *input); /* packed bytes */
void li_input_free(struct input *input);

/* ---- fact.c: what one row says of one artist, as bytes ---- */

struct fact {
    struct li_text name;
    bool canonical;
    int artist_popularity, position;
    double count;
    struct tag genres[TAGS_MAX];
    size_t genre_count;
    struct li_text aliases[OTHER_NAMES_MAX];
    size_t alias_count;

    struct li_text title; /* empty: no track */
    int year, popularity;
    enum li_catalog_features_origin features_from;
    struct li_features features;
    unsigned char mbid[MBID_SIZE];
    bool has_mbid;
};

/* In the arena. */
struct li_text li_fact_pack(const struct fact *fact, struct li_arena *arena);
/* Texts are views into bytes. False: they are no fact. */
bool li_fact_unpack(struct li_text bytes, struct fact *out);

/* ---- staging.c: the SQLite file ---- */

struct staging;
LI_MUST_USE enum li_status li_staging_open(const char *catalog_path, bool fresh, const char *before_version,
                                           struct staging **out, bool *is_new, struct li_error *err);
/* Closes it; remove: and takes the file away. */
void li_staging_close(struct staging *staging, bool remove);

LI_MUST_USE enum li_status li_staging_begin(struct staging *staging, struct li_error *err);
LI_MUST_USE enum li_status li_staging_commit(struct staging *staging, const struct li_dataset_tally *tally,
                                             struct li_error *err);
void li_staging_roll_back(struct staging *staging);
LI_MUST_USE enum li_status li_staging_read_tally(struct staging *staging, struct li_dataset_tally *out,
                                                 struct li_error *err);

/* How far a text was read. Absent: zeros. */
struct text_place {
    uint64_t offset, rows;
    bool done;
};
LI_MUST_USE enum li_status li_staging_get_place(struct staging *staging, const char *identity,
                                                struct text_place *out, struct li_error *err);
LI_MUST_USE enum li_status li_staging_set_place(struct staging *staging, const char *identity,
                                                const struct text_place *place, struct li_error *err);

/* Whether all that was read so far is of these files. */
LI_MUST_USE enum li_status li_staging_is_of(struct staging *staging, const struct input_identity *files,
                                            size_t count, bool *out, struct li_error *err);

/* A small dictionary. *value is in the arena, with data NULL when the key is not there. */
LI_MUST_USE enum li_status li_staging_get(struct staging *staging, struct li_text key, struct li_arena *arena,
                                          struct li_text *value, struct li_error *err);
LI_MUST_USE enum li_status li_staging_set(struct staging *staging, struct li_text key, struct li_text value,
                                          struct li_error *err);

LI_MUST_USE enum li_status li_staging_add_fact(struct staging *staging, struct li_text artist,
                                               struct li_text track, struct li_text bytes,
                                               struct li_error *err);
LI_MUST_USE enum li_status li_staging_add_measure(struct staging *staging,
                                                  const unsigned char mbid[MBID_SIZE],
                                                  const struct li_features *features, struct li_error *err);
LI_MUST_USE enum li_status li_staging_get_measure(struct staging *staging,
                                                  const unsigned char mbid[MBID_SIZE],
                                                  struct li_features *out, bool *found, struct li_error *err);
LI_MUST_USE enum li_status li_staging_count_measures(struct staging *staging, uint64_t *out,
                                                     struct li_error *err);

/* The facts in the order of artist, track, reading: the first step sorts them. Texts live until the next. */
struct staged_fact {
    struct li_text artist, track, bytes;
    int64_t sequence;
};
LI_MUST_USE enum li_status li_staging_next(struct staging *staging, struct staged_fact *out, bool *found,
                                           struct li_error *err);

/* Called from time to time within long statements; false interrupts them. */
void li_staging_watch(struct staging *staging, bool (*go_on)(void *context), void *context);

/* ---- identity.c: which artist is meant ---- */

/* Remembers the names of the catalogue that is extended, where its ids are not made of them. */
LI_MUST_USE enum li_status li_identity_learn(struct staging *staging, const struct li_catalog *before,
                                             struct li_error *err);

/* The id of a credit, in the arena. */
LI_MUST_USE enum li_status li_identity_of(struct staging *staging, const struct credit *credit,
                                          struct li_text given, struct li_arena *arena, struct li_text *out,
                                          struct li_error *err);

/* ---- bag.c ---- */

/* Different texts, by how they fold. What is somebody's choice goes before what many rows say: first the
 * lists of the catalogue that was there before, then those of databases of artists. */
enum { CHOSEN_BEFORE = 0, CHOSEN_HERE = 1000, NOT_CHOSEN = 1000000 };

struct bag_item {
    uint64_t fold; /* hash of the folded text; of names, of the text */
    int chosen;    /* its place */
    double votes;
    int64_t first;
    size_t size;
    char text[LI_CATALOG_NAME_MAX];
};
struct bag {
    struct bag_item items[BAG_MAX];
    size_t count;
};

/* The hash of the folded text; of one that folds to nothing, of itself. */
uint64_t li_bag_fold(struct li_text text);

/* Adds votes to the item of this fold, which is made when there is room for it. sequence: of the row; the
 * text of the first row stays. */
void li_bag_add(struct bag *bag, struct li_text text, uint64_t fold, int chosen, double votes,
                int64_t sequence);
struct li_text li_bag_text(const struct bag_item *item);
void li_bag_sort(struct bag *bag); /* chosen first, then by votes, then the first said */

/* ---- merge.c: facts of one artist -> its row of the catalogue ---- */

struct merging;
struct merging *li_merging_new(struct staging *staging, struct li_dataset_report *report);
void li_merging_free(struct merging *merging);
/* before: what the old catalogue says, or NULL. Both texts are copied. */
void li_merging_begin(struct merging *merging, struct li_text id, const struct li_catalog_artist *before);
LI_MUST_USE enum li_status li_merging_add(struct merging *merging, const struct staged_fact *staged,
                                          struct li_error *err);
/* *out lives until the next begin. */
LI_MUST_USE enum li_status li_merging_end(struct merging *merging, const struct li_catalog_artist **out,
                                          struct li_error *err);

/* ---- join.c ---- */

struct join {
    struct staging *staging;
    const struct li_catalog *before; /* may be NULL */
    struct li_catalog_writer *writer;
    struct li_dataset_report *report;
    bool (*go_on)(void *context); /* false: stop, LI_BUSY */
    void *context;
};

/* export.c: the next artist of a catalogue, in the arena, which is cleared; NULL behind the last. index: 0 at
 * first. LI_CORRUPT when one cannot be read: to pass over it would lose it. */
LI_MUST_USE enum li_status li_dataset_next(const struct li_catalog *catalog, size_t *index,
                                           struct li_arena *arena, const struct li_catalog_artist **out,
                                           struct li_error *err);

/* Merges what was staged with the catalogue before, into the writer. */
LI_MUST_USE enum li_status li_join_write(const struct join *join, struct li_error *err);

#endif
