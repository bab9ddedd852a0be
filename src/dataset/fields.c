/* fields.c - the one table of what columns are called, and what a header is taken for.
 *
 * Names are compared without case and without anything but letters and digits: "Artist Name(s)" is
 * "artistnames". The first name of a field is the best: where a table has several, the best one counts, but
 * for genres, which are brought together. */
#include <ctype.h>
#include <string.h>

#include "dataset/dataset_priv.h"

enum { NAMES_MAX = 20, NORMAL_MAX = 48 };

static const struct {
    const char *label;
    const char *names[NAMES_MAX];
} FIELDS[FIELD_COUNT] = {
    [FIELD_ARTIST] = {"artist",
                      {"artists", "artistnames", "artistname", "artist", "trackartists", "trackartist",
                       "artistsname", "artistsnames", "performer", "singer", "band", "artistmb",
                       "artistlastfm", "artist1", "mainartist", "artistcredit", NULL}},
    [FIELD_ARTIST_IDS] = {"artist_ids",
                          {"artistids", "idartists", "artistsids", "artistsid", "artisturis", "artistid",
                           "artisturi", NULL}},
    [FIELD_ARTIST_MBID] = {"artist_mbid", {"artistmbid", "musicbrainzartistid", NULL}},
    [FIELD_TITLE] = {"title",
                     {"trackname", "title", "songname", "songtitle", "tracktitle", "track", "song",
                      "recordingname", NULL}},
    [FIELD_NAME] = {"name", {"name", NULL}},
    [FIELD_RECORDING_MBID] = {"recording_mbid",
                              {"recordingmbid", "musicbrainzrecordingid", "musicbrainztrackid", NULL}},
    [FIELD_MBID] = {"mbid", {"mbid", NULL}},
    [FIELD_GENRES] = {"genres",
                      {"genres", "artistgenres", "trackgenre", "genre", "playlistgenre", "playlistsubgenre",
                       "topgenre", "subgenre", "maingenre", "tagsmb", "tagslastfm", "tags", NULL}},
    [FIELD_ALIASES] = {"aliases", {"aliases", "alias", "othernames", NULL}},
    [FIELD_POPULARITY] = {"popularity",
                          {"trackpopularity", "popularity", "songpopularity", "spotifypopularity", NULL}},
    [FIELD_ARTIST_POPULARITY] = {"artist_popularity", {"artistpopularity", NULL}},
    [FIELD_COUNT_OF] = {"count",
                        {"count", "artistfollowers", "followers", "listenerslastfm", "listeners",
                         "scrobbleslastfm", "playcount", "totallistencount", "listencount", NULL}},
    [FIELD_YEAR] = {"year",
                    {"originalyear", "year", "releaseyear", "releasedyear", "releasedate",
                     "trackalbumreleasedate", "albumreleasedate", "albumreleaseyear", "firstreleasedate",
                     NULL}},
    [FIELD_FEATURE + LI_DANCEABILITY] = {"danceability", {"danceability", NULL}},
    [FIELD_FEATURE + LI_ENERGY] = {"energy", {"energy", NULL}},
    [FIELD_FEATURE + LI_VALENCE] = {"valence", {"valence", NULL}},
    [FIELD_FEATURE + LI_ACOUSTICNESS] = {"acousticness", {"acousticness", NULL}},
    [FIELD_FEATURE + LI_INSTRUMENTALNESS] = {"instrumentalness", {"instrumentalness", NULL}},
    [FIELD_FEATURE + LI_LIVENESS] = {"liveness", {"liveness", NULL}},
    [FIELD_FEATURE + LI_SPEECHINESS] = {"speechiness", {"speechiness", NULL}},
    [FIELD_FEATURE + LI_LOUDNESS] = {"loudness", {"loudness", "loudnessdb", "overallloudness", NULL}},
    [FIELD_FEATURE + LI_TEMPO] = {"tempo", {"tempo", "bpm", NULL}},
    [FIELD_FEATURE + LI_MODE] = {"mode", {"mode", "audiomode", "keyscale", NULL}},
    [FIELD_LOUDNESS_UNIT] = {"loudness_unit", {"loudnessunit", NULL}},
    [FIELD_ERROR] = {"error", {"error", NULL}},
};

/* Columns that only the tables of AcousticBrainz have. Their danceability is another measure (0 to about 3).
 */
static const char *const ACOUSTICBRAINZ[] = {"submissionoffset", "averageloudness", "onsetrate", "keykey"};

const char *li_dataset_field(size_t index, const char *const **columns) {
    if (index >= FIELD_COUNT)
        return NULL;
    *columns = FIELDS[index].names;
    return FIELDS[index].label;
}

static size_t normalise(struct li_text name, char out[NORMAL_MAX]) {
    size_t used = 0;
    for (size_t i = 0; i < name.size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (!isalnum(byte) && byte < 0x80)
            continue;
        if (used + 1 == NORMAL_MAX)
            return 0; /* none of ours is so long */
        out[used++] = (char)tolower(byte);
    }
    out[used] = '\0';
    return used;
}

static bool label_is(struct li_text label, int field) {
    return li_text_equal(label, li_text_of(FIELDS[field].label));
}

enum li_status li_fields_check_map(const char *map, struct li_error *err) {
    struct li_text column = li_text_of(map), label = li_text_cut(&column, '=');
    for (int f = 0; f < FIELD_COUNT && column.size; f++)
        if (label_is(label, f))
            return LI_OK;
    return li_fail(
        err, LI_INVALID,
        "--map wants FIELD=COLUMN with a field such as artist, title, genres, popularity, year or energy, "
        "not \"%.60s\"; `listening catalog import --help` lists them",
        map);
}

/* The field of a column by its name alone. */
static struct place find(const char *const *maps, struct li_text column) {
    struct place none = {.field = -1, .rank = NAMES_MAX, .scale = 1};
    char name[NORMAL_MAX];
    bool mapped = false;
    for (const char *const *map = maps; map && *map; map++) {
        struct li_text wanted = li_text_of(*map), label = li_text_cut(&wanted, '=');
        for (int f = 0; f < FIELD_COUNT; f++)
            if (label_is(label, f) && li_text_equal(wanted, column))
                return (struct place){.field = f, .rank = -1, .scale = 1};
        mapped = mapped || li_text_equal(wanted, column);
    }
    if (mapped || normalise(column, name) == 0)
        return none;
    for (int f = 0; f < FIELD_COUNT; f++)
        for (int n = 0; FIELDS[f].names[n]; n++)
            if (strcmp(FIELDS[f].names[n], name) == 0) {
                bool percent = column.data[column.size - 1] == '%'; /* "danceability_%" */
                return (struct place){.field = f, .rank = n, .scale = percent ? 0.01 : 1};
            }
    return none;
}

const char *li_fields_label(int field) {
    return field < 0 ? NULL : FIELDS[field].label;
}

static bool is_acousticbrainz(struct li_text column) {
    char name[NORMAL_MAX];
    if (normalise(column, name))
        for (size_t i = 0; i < sizeof ACOUSTICBRAINZ / sizeof *ACOUSTICBRAINZ; i++)
            if (strcmp(name, ACOUSTICBRAINZ[i]) == 0)
                return true;
    return false;
}

/* The column of the best name stays, of genres all. */
static void keep_best(struct header *header, size_t column) {
    int field = header->places[column].field;
    if (field < 0 || field == FIELD_GENRES)
        return;
    for (size_t c = 0; c < column; c++) {
        if (header->places[c].field != field)
            continue;
        bool worse = header->places[c].rank > header->places[column].rank;
        header->places[worse ? c : column].field = -1;
        return;
    }
}

void li_fields_map(struct header *header, const char *const *maps, const struct li_text *columns,
                   size_t count) {
    bool acousticbrainz = false, has[FIELD_COUNT] = {false};
    *header = (struct header){.count = count < COLUMNS_MAX ? count : COLUMNS_MAX};
    for (size_t c = 0; c < header->count; c++) {
        header->places[c] = find(maps, columns[c]);
        acousticbrainz = acousticbrainz || is_acousticbrainz(columns[c]);
        keep_best(header, c);
    }
    for (size_t c = 0; c < header->count; c++) {
        struct place *place = &header->places[c];
        if (acousticbrainz && place->field == FIELD_FEATURE + LI_DANCEABILITY && place->rank >= 0)
            place->field = -1;
        if (place->field >= 0)
            has[place->field] = true;
    }
    for (size_t c = 0; c < header->count; c++) { /* a name is a title where the artist stands elsewhere */
        if (header->places[c].field != FIELD_NAME)
            continue;
        int field = !has[FIELD_ARTIST] ? FIELD_ARTIST : !has[FIELD_TITLE] ? FIELD_TITLE : -1;
        header->places[c].field = field;
        if (field >= 0)
            has[field] = true;
    }
    for (size_t c = 0; c < header->count; c++)
        if (header->places[c].field == FIELD_MBID)
            header->places[c].field =
                has[FIELD_ARTIST] && !has[FIELD_TITLE] ? FIELD_ARTIST_MBID : FIELD_RECORDING_MBID;
    bool recording = has[FIELD_RECORDING_MBID] || has[FIELD_MBID];
    header->shape = has[FIELD_ARTIST]                ? has[FIELD_TITLE] ? SHAPE_TRACKS : SHAPE_ARTISTS
                    : recording && !has[FIELD_TITLE] ? SHAPE_MEASURES
                                                     : SHAPE_UNKNOWN;
    header->measured = has[FIELD_LOUDNESS_UNIT];
}
