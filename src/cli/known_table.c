/* known_table.c - tables of features: where their columns stand, and which row tells of the same recording.
 */
#include "cli/known_table.h"

#include <string.h>
#include <strings.h>

enum { KEY_SIZE = 512 };

const struct li_feature_column LI_FEATURE_COLUMNS[LI_FEATURE_COLUMN_COUNT] = {
    {{"Danceability", NULL}, LI_DANCEABILITY},
    {{"Energy", NULL}, LI_ENERGY},
    {{"Key", NULL}, -1},
    {{"Loudness", NULL}, LI_LOUDNESS},
    {{"Mode", NULL}, LI_MODE},
    {{"Speechiness", NULL}, LI_SPEECHINESS},
    {{"Acousticness", NULL}, LI_ACOUSTICNESS},
    {{"Instrumentalness", NULL}, LI_INSTRUMENTALNESS},
    {{"Liveness", NULL}, LI_LIVENESS},
    {{"Valence", NULL}, LI_VALENCE},
    {{"Tempo", "bpm", NULL}, LI_TEMPO},
    {{"Time Signature", "time_signature", NULL}, -1},
};

static const char *const TITLES[] = {"Track Name", "track_name", "name", "title", "song", "track", NULL};
static const char *const ARTISTS[] = {"Artist Name(s)", "Artist Name",  "artist_name", "artists",
                                      "artist",         "track_artist", NULL};
static const char *const ISRCS[] = {"ISRC", NULL};
static const char *const URIS[] = {"Track URI", "Spotify URI", "uri", "track_id", "id", NULL};
static const char *const SOURCES[] = {"Feature Source", NULL};

struct li_track_layout li_track_layout_of(const struct li_table *table) {
    struct li_track_layout layout = {
        .title = li_table_column(table, TITLES),
        .artist = li_table_column(table, ARTISTS),
        .isrc = li_table_column(table, ISRCS),
        .uri = li_table_column(table, URIS),
        .source = li_table_column(table, SOURCES),
    };
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++)
        layout.feature[f] = li_table_column(table, LI_FEATURE_COLUMNS[f].names);
    return layout;
}

/* "Tyler, The Creator" is one: a comma before "The" parts nobody. */
static bool parts(struct li_text text, size_t at) {
    static const char THE[] = ", the ";
    return strchr(";]\"", text.data[at]) ||
           (text.data[at] == ',' &&
            (text.size - at < sizeof THE - 1 || strncasecmp(text.data + at, THE, sizeof THE - 1) != 0));
}

struct li_text li_first_artist(struct li_text text) {
    while (text.size && strchr("[\"' ", *text.data)) {
        text.data++;
        text.size--;
    }
    size_t end = 0;
    while (end < text.size && !parts(text, end))
        end++;
    text.size = end;
    while (text.size && strchr("' ", text.data[text.size - 1]))
        text.size--;
    return text;
}

static unsigned long long hash_of(struct li_text text) {
    return text.size ? li_text_hash(text) : 0;
}

/* Of "artist / title", folded; 0 when either is missing. */
static unsigned long long hash_of_name(struct li_text artist, struct li_text title) {
    char name[KEY_SIZE];
    size_t size = li_text_fold(artist, name, KEY_SIZE / 2);
    name[size] = '/';
    size_t more = li_text_fold(title, name + size + 1, KEY_SIZE / 2 - 1);
    return size && more ? hash_of((struct li_text){name, size + 1 + more}) : 0;
}

/* A bare number is the number of a row, and says nothing in another table. */
static struct li_text without_numbers(struct li_text id) {
    for (size_t i = 0; i < id.size; i++)
        if (!strchr("0123456789.", id.data[i]))
            return id;
    return (struct li_text){0};
}

struct li_row_keys li_row_keys_of(const struct li_table *table, const struct li_track_layout *layout,
                                  size_t row) {
    struct li_text artist = li_table_cell(table, row, layout->artist);
    struct li_text title = li_table_cell(table, row, layout->title);
    return (struct li_row_keys){{
        hash_of(li_table_cell(table, row, layout->isrc)),
        hash_of(without_numbers(li_table_cell(table, row, layout->uri))),
        hash_of_name(artist, title),
        hash_of_name(li_first_artist(artist), title),
    }};
}

bool li_row_is_filled(const struct li_table *table, const struct li_track_layout *layout, size_t row) {
    bool any = false;
    for (int f = 0; f < LI_FEATURE_COLUMN_COUNT; f++)
        any = any || li_table_cell(table, row, layout->feature[f]).size;
    return any;
}

/* The first key that both have alike, LI_ROW_KEYS when there is none. */
static int alike(const struct li_row_keys *a, const struct li_row_keys *b) {
    int key = 0;
    while (key < LI_ROW_KEYS && (!a->hash[key] || a->hash[key] != b->hash[key]))
        key++;
    return key;
}

bool li_known_table_find(const struct li_known_table *known, const struct li_row_keys *keys, size_t *out) {
    int best = LI_ROW_KEYS, first = 0;
    while (first < LI_ROW_KEYS && !keys->hash[first])
        first++;
    for (size_t row = 0; row < known->table.rows && best > first; row++) {
        int key = alike(&known->keys[row], keys);
        if (key >= best || !li_row_is_filled(&known->table, &known->layout, row))
            continue;
        best = key;
        *out = row;
    }
    return best < LI_ROW_KEYS;
}
