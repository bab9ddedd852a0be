/* history_priv.h - the parts: bytes -> text -> rows -> plays. */
#ifndef LI_HISTORY_PRIV_H
#define LI_HISTORY_PRIV_H

#include "base/csv.h"
#include "history/history.h"

/* ---- rows: what a line of an export says, by meaning ---- */

enum li_field {
    FIELD_ARTIST,
    FIELD_TITLE,
    FIELD_DATE,
    FIELD_MS,
    FIELD_SECONDS,
    FIELD_EPISODE,
    FIELD_AUDIOBOOK,
    FIELD_PRIVATE,
    FIELD_NOW_PLAYING,
    FIELD_EVENT,   /* Apple: what happened */
    FIELD_PRODUCT, /* YouTube: where */
    FIELD_PAIR,    /* "Artist - Title" in one cell */
    FIELD_COUNT_OF_PLAYS,
    FIELD_COUNT
};

enum { ROW_BYTES = 16 * 1024, FIELD_BYTES_MAX = 2048 };

/* Parsers keep what they have not seen the end of, so that a value without an end would take all memory: a
 * text in which nothing ends for so many bytes is broken. */
enum { QUIET_BYTES_MAX = 256 * 1024 };

struct li_row {
    struct li_text field[FIELD_COUNT];
    size_t used;
    bool broken; /* something in it is too long */
    char bytes[ROW_BYTES];
};

void li_row_clear(struct li_row *row);

/* Keeps the first value that is not empty. */
void li_row_set(struct li_row *row, enum li_field field, const char *bytes, size_t size);

/* ---- formats.c ---- */

enum li_date_kind {
    DATE_ISO,     /* 2014-07-27T20:34:47Z, with fractions and offsets; 2025-04-12 13:47 */
    DATE_SECONDS, /* since 1970, may have a fraction */
    DATE_MS,
    DATE_YMD,   /* 20230405 */
    DATE_PLAIN, /* 06 Sep 2026, 14:23 */
};

enum li_row_role { ROLE_PLAY, ROLE_DAILY, ROLE_NAME };

struct li_column {
    const char *path; /* of a JSON value below its row, or a column's name; a final '*' matches any rest */
    enum li_field field;
    bool needed; /* must be there for the format to be recognised */
};

enum { COLUMNS_MAX = 24, PREFIXES_MAX = 4 };

struct li_format {
    const char *id;
    bool json;
    bool date_is_end; /* the date is when the play ended */
    enum li_row_role role;
    enum li_date_kind date;
    const char *prefixes[PREFIXES_MAX]; /* of JSON rows: what is open around one, see json_rows.c */
    struct li_column columns[COLUMNS_MAX];
};

extern const struct li_format LI_FORMATS[LI_HISTORY_FORMAT_COUNT];

/* Whether a column of a table has the name of one that we know; a final '*' matches any rest. */
bool li_column_is(const char *path, struct li_text name);

enum { LI_FORMAT_NONE = -1, LI_FORMAT_NO_MEMORY = -2 };

/* The format of a text by its beginning, or one of the above. *separator is set for tables. */
int li_format_recognise(struct li_text head, char *separator);

/* ---- readers: text in, rows out ---- */

typedef void li_row_sink(void *context, struct li_row *row);

struct li_json_rows;
struct li_json_rows *li_json_rows_new(const struct li_format *format, li_row_sink *sink, void *context);
bool li_json_rows_push(struct li_json_rows *rows, const char *bytes,
                       size_t size);                 /* false: broken from here */
bool li_json_rows_finish(struct li_json_rows *rows); /* false: ends too early */
void li_json_rows_free(struct li_json_rows *rows);

struct li_table_rows; /* cells -> rows, by the header */
struct li_table_rows *li_table_rows_new(const struct li_format *format, char separator, li_row_sink *sink,
                                        void *context);
void li_table_rows_push(struct li_table_rows *rows, const char *bytes, size_t size);
bool li_table_rows_finish(struct li_table_rows *rows);
void li_table_rows_free(struct li_table_rows *rows);

/* ---- encoding.c: any of UTF-8, UTF-16 with or without mark, Windows-1252 -> UTF-8 ---- */

struct li_transcoder;
/* By the first bytes of the text: a whole file's, or as many as there are (HEAD_BYTES). */
struct li_transcoder *li_transcoder_new(struct li_text head);
typedef bool li_text_sink(void *context, const char *bytes, size_t size);
bool li_transcoder_push(struct li_transcoder *transcoder, const char *bytes, size_t size, li_text_sink *sink,
                        void *context); /* what the sink said */
void li_transcoder_free(struct li_transcoder *transcoder);

/* ---- dates.c ---- */

/* Milliseconds since 1970 in UTC. */
bool li_history_date(struct li_text text, enum li_date_kind kind, int64_t *out_ms);

/* ---- map64.c: 64-bit hashes -> numbers; the hash is the key ---- */

struct li_map64 {
    uint64_t *keys; /* 0 = empty */
    uint32_t *values;
    size_t slots, used, limit; /* limit = entries at most */
    bool starved;              /* something was not put in for want of memory */
};

void li_map64_init(struct li_map64 *map, size_t limit);
void li_map64_clear(struct li_map64 *map); /* gives its memory back */

/* Empties the map, and gives it as many slots as another has, so that it need not grow. */
void li_map64_empty(struct li_map64 *map, const struct li_map64 *like);

/* The value of a key, or NULL. */
uint32_t *li_map64_find(const struct li_map64 *map, uint64_t key);

/* The same, putting in the value where the key is new. NULL when the map is full or memory is out. */
uint32_t *li_map64_put(struct li_map64 *map, uint64_t key, uint32_t value);

/* Mixes a number into a hash. */
uint64_t li_hash_mix(uint64_t hash, uint64_t number);

/* ---- plays.c ---- */

struct li_plays;

enum li_play_kind {
    PLAY_NAMED,      /* with its artist */
    PLAY_TITLE_ONLY, /* waits for the artist that another file names */
    PLAY_DAILY,      /* of a list of days, used when no list of plays is there */
    PLAY_KIND_COUNT
};

struct li_play {
    enum li_play_kind kind;
    struct li_text artist, title;
    int64_t started_ms;
    int64_t listened_ms; /* -1 = unknown */
    uint32_t times;      /* 1, or of a day's line */
    bool has_hour;
    bool complete; /* of a list of all plays, beside which a list of days is not needed */
};

struct li_plays *li_plays_new(int utc_offset_min);
void li_plays_free(struct li_plays *plays);

/* Something was not counted for want of memory. */
bool li_plays_starved(const struct li_plays *plays);

enum li_added { ADDED, ADDED_WITHOUT_TITLE, ADDED_TWICE, ADDED_NOWHERE };
enum li_added li_plays_add(struct li_plays *plays, const struct li_play *play);

/* This title is by this artist. */
void li_plays_name(struct li_plays *plays, struct li_text artist, struct li_text title);

struct li_settled {
    size_t unnamed_rows, unnamed_plays; /* found no artist: not counted after all */
    size_t daily_rows, daily_plays;     /* not needed: not counted after all */
    int64_t first_ms, last_ms;          /* of the others, 0 when there are none */
};

/* Joins what waits. Once, at the end. */
struct li_settled li_plays_settle(struct li_plays *plays);

/* ---- rows -> plays (row.c) ---- */

struct li_counter {
    struct li_plays *plays;
    struct li_history_report *report;
    const struct li_format *format;
    enum li_history_format format_index;
    int64_t now_ms;
};

/* Counts a play whose names and dates are read: the reason why it is none, or -1. */
int li_count_play(struct li_counter *counter, struct li_play *play);

/* Counts one row: a li_row_sink. */
void li_count_row(void *counter, struct li_row *row);

/* ---- text_reader.c: one text, recognised by its beginning and counted as it comes ---- */

struct li_history {
    struct li_plays *plays;
    struct li_history_report report;
    int64_t now_ms;
    uint64_t unpacked; /* bytes out of archives */
    void (*progress)(void *context, size_t bytes);
    void *progress_context;
    bool finished;
    bool starved; /* something was not read for want of memory: the import fails */
};

struct li_text_reader;
struct li_text_reader *li_text_reader_new(struct li_history *history);
/* False: no more is wanted, it is no history or it is broken from here. */
bool li_text_reader_push(struct li_text_reader *reader, const char *bytes, size_t size);
/* Counts the file, as a history (true) or not. Frees the reader. */
bool li_text_reader_finish(struct li_text_reader *reader);

/* ---- archive.c, xlsx.c ---- */

enum { HEAD_BYTES = 64 * 1024, ARCHIVE_DEPTH_MAX = 3 };

/* Bytes that were read ahead, and then the rest. */
struct li_source_bytes {
    struct li_text head;
    li_history_read *read;
    void *context;
};

/* What is still to be read, up to size bytes. As li_history_read. */
ptrdiff_t li_source_take(struct li_source_bytes *source, void *buffer, size_t size);

/* Reads any bytes: a text, an archive, a spreadsheet. depth counts the archives around. *found counts the
 * histories in it. */
LI_MUST_USE enum li_status li_history_any(struct li_history *history, li_history_read *read, void *context,
                                          int depth, size_t *found, struct li_error *err);

bool li_archive_is(struct li_text head);
LI_MUST_USE enum li_status li_archive_read(struct li_history *history, struct li_source_bytes *source,
                                           int depth, size_t *found, struct li_error *err);

bool li_xlsx_is(struct li_text head);
LI_MUST_USE enum li_status li_xlsx_read(struct li_history *history, struct li_source_bytes *source,
                                        size_t *found, struct li_error *err);

#endif
