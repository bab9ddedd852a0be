/* dataset.h - any table of music that people have -> a catalogue of their own.
 *
 * An import reads files as streams, keeps what they say in a staging file beside the catalogue (FILE.import),
 * and at the end sorts and merges it, with the catalogue that was there before, into a new catalogue that
 * takes the old one's place. What was read is committed in batches together with the place it was read to: an
 * import that was killed goes on from there when the same files are given again; with others it is refused,
 * since rows of files that nobody names any more would come in. The same files twice give the same catalogue.
 * How columns, ids and popularity are understood: docs/catalogue.md.
 *
 * One import has one user at a time; the memory it takes does not grow with its files. */
#ifndef LI_DATASET_DATASET_H
#define LI_DATASET_DATASET_H

#include <stdint.h>
#include <stdio.h>

#include "catalog/catalog.h"

struct li_dataset;

/* Why a row, or only a value of it, was left out. */
enum li_dataset_reason {
    LI_DATASET_UNREADABLE, /* broken JSON, a quote that never ends */
    LI_DATASET_NO_ARTIST,
    LI_DATASET_NO_TITLE,
    LI_DATASET_TOO_LONG,     /* a name over LI_CATALOG_NAME_MAX bytes, or a row over 8 MiB */
    LI_DATASET_OTHER_KIND,   /* JSON of something that is neither an artist nor a track */
    LI_DATASET_FAILED_FILE,  /* a file that `listening analyze` could not read */
    LI_DATASET_NOT_A_NUMBER, /* from here on values, not rows */
    LI_DATASET_OUT_OF_RANGE,
    LI_DATASET_BAD_YEAR,
    LI_DATASET_LONG_VALUE,
    LI_DATASET_ARTIST_MEANS, /* mean features of an artist: the catalogue has no place for them */
    LI_DATASET_REASON_COUNT
};

enum {
    LI_DATASET_VALUE_REASONS = LI_DATASET_NOT_A_NUMBER,
    LI_DATASET_EXAMPLES = 3,
    LI_DATASET_EXAMPLE_SIZE = 160
};

/* "out_of_range": stable; and in words. */
const char *li_dataset_reason_id(enum li_dataset_reason reason);
const char *li_dataset_reason_words(enum li_dataset_reason reason);

/* What was read. rows = kept + the rows left out, by reason. */
struct li_dataset_tally {
    uint64_t rows, kept;
    struct {
        uint64_t count;
        char examples[LI_DATASET_EXAMPLES][LI_DATASET_EXAMPLE_SIZE]; /* "songs.csv row 17: tempo \"abc\"" */
    } reasons[LI_DATASET_REASON_COUNT];
};

struct li_dataset_report {
    struct li_dataset_tally tally;
    size_t files, files_known; /* read; of them read already, by an import that was stopped */
    size_t artists_before;     /* of the catalogue that was extended */
    size_t artists_new;        /* not in it */
    size_t artists_extended;   /* in it, and in the files */
    size_t tracks_new;
    size_t tracks_left_out;           /* beyond the best LI_CATALOG_TRACKS_MAX of an artist */
    uint64_t tracks_merged;           /* rows of a track that another row or the catalogue had */
    uint64_t spellings_merged;        /* ways to write an artist beyond the first */
    uint64_t measures, measures_used; /* AcousticBrainz: recordings measured, and those that have a name */
    struct li_catalog_info catalog;   /* the new one */
};

/* A column (of JSON: a member) and what it is taken for; field NULL: it is not used. */
struct li_dataset_column {
    struct li_text name;
    const char *field; /* "artist", "title", "energy" ... */
};

/* How far it is. */
enum li_dataset_phase { LI_DATASET_READING, LI_DATASET_SORTING, LI_DATASET_WRITING };
struct li_dataset_progress {
    enum li_dataset_phase phase;
    const char *path;     /* reading: of the file */
    uint64_t done, total; /* reading: bytes of this file; writing: artists; sorting: 0 */
    uint64_t rows;        /* read so far, of all files */
};

struct li_dataset_options {
    const char *path;                /* Required: of the catalogue to write; staging lies beside it */
    const struct li_catalog *before; /* what is extended; NULL: nothing. Must outlive the import. */
    const char *const *files;        /* all that will be added; NULL: whatever staging holds comes in too */
    size_t file_count;
    const char *const *maps; /* "FIELD=COLUMN", NULL-terminated; NULL: none */
    bool fresh;              /* throws away what an import that was stopped had read */

    /* Optional. False stops: the call under way returns LI_BUSY and staging stays. */
    bool (*progress)(void *context, const struct li_dataset_progress *progress);
    /* Optional. Told for each table or JSON stream what it is and what its columns are taken for. */
    void (*mapped)(void *context, const char *path, const char *format,
                   const struct li_dataset_column *columns, size_t count);
    void *context;
};

/* Opens or makes the staging file. LI_BUSY: another import writes the same catalogue, or one of other files
 * was stopped and waits. A file that cannot be opened is said here, before any is read. The caller owns *out.
 */
LI_MUST_USE enum li_status li_dataset_new(const struct li_dataset_options *options, struct li_dataset **out,
                                          struct li_error *err);

/* Reads a file: a table (CSV, TSV, semicolons), JSON lines or an array, plain, compressed (gzip, bzip2, xz,
 * zstd) or in an archive (tar, zip). LI_UNSUPPORTED: nothing in it is known, the message says what was
 * looked for. After any failure the import can be freed and gone on with later. */
LI_MUST_USE enum li_status li_dataset_add(struct li_dataset *dataset, const char *path, struct li_error *err);

/* Writes the catalogue and removes the staging file. Until it has returned LI_OK the old catalogue stands. */
LI_MUST_USE enum li_status li_dataset_finish(struct li_dataset *dataset, struct li_dataset_report *out,
                                             struct li_error *err);

/* NULL is fine. Staging stays when finish was not reached. */
void li_dataset_free(struct li_dataset *dataset);

/* Writes a catalogue as JSON lines that li_dataset_add reads back. LI_IO when they cannot be written. */
LI_MUST_USE enum li_status li_dataset_export(const struct li_catalog *catalog, FILE *out,
                                             struct li_error *err);

/* ---- the names of columns, for help and documentation ---- */

/* The fields in their order: its name and the names of columns that are taken for it, NULL-terminated; NULL
 * behind the last. */
const char *li_dataset_field(size_t index, const char *const **columns);

#endif
