/* known_table.h - tables of features: where their columns stand, and which row tells of the same recording.
 */
#ifndef LI_CLI_KNOWN_TABLE_H
#define LI_CLI_KNOWN_TABLE_H

#include "base/features.h"
#include "cli/table.h"

enum { LI_FEATURE_COLUMN_COUNT = 12 };

/* Exportify's columns, and the other names that they go by; the feature of ours behind each, -1 = only tables
 * know it. */
struct li_feature_column {
    const char *names[4];
    int feature;
};
extern const struct li_feature_column LI_FEATURE_COLUMNS[LI_FEATURE_COLUMN_COUNT];

/* Where the columns of a table stand; -1 = it has none. */
struct li_track_layout {
    int title, artist, isrc, uri, source, feature[LI_FEATURE_COLUMN_COUNT];
};
struct li_track_layout li_track_layout_of(const struct li_table *table);

/* The first of several artists: "A, B", "A;B", "['A', 'B']". */
struct li_text li_first_artist(struct li_text text);

/* What a row is known by, the surest first: hashes of its ISRC, its id, its artists and title, its first
 * artist and title; 0 where it has none. */
enum { LI_ROW_KEYS = 4 };
struct li_row_keys {
    unsigned long long hash[LI_ROW_KEYS];
};
struct li_row_keys li_row_keys_of(const struct li_table *table, const struct li_track_layout *layout,
                                  size_t row);

/* Whether a row has any feature. */
bool li_row_is_filled(const struct li_table *table, const struct li_track_layout *layout, size_t row);

/* A known table, and what its rows are known by. */
struct li_known_table {
    struct li_table table;
    struct li_track_layout layout;
    struct li_row_keys *keys; /* of each row, in the arena of the table */
    const char *source;       /* "measured" or "dataset" */
};

/* The row with features that shares the surest key with these; of equals the first. */
bool li_known_table_find(const struct li_known_table *known, const struct li_row_keys *keys, size_t *out);

#endif
