/* formats.c - the shapes of listening histories, as tables, and recognising them by their beginning.
 *
 * A JSON path names what is open from the row's object down to the value: "track_metadata{artist_name",
 * "artists[" (elements of an array). A prefix names what is open around a row: "[" for the elements of one
 * array, "{scrobbles[" for those of a member, "" for one object a line. */
#include <string.h>

#include "history/history_priv.h"

const struct li_format LI_FORMATS[LI_HISTORY_FORMAT_COUNT] =
    {
        [LI_HISTORY_SPOTIFY_EXTENDED] =
            {
                .id = "spotify_extended",
                .json = true,
                .date_is_end = true,
                .date = DATE_ISO,
                .prefixes = {"["},
                .columns = {{"ts", FIELD_DATE, true},
                            {"ms_played", FIELD_MS, true},
                            {"master_metadata_track_name", FIELD_TITLE, true},
                            {"master_metadata_album_artist_name", FIELD_ARTIST, false},
                            {"episode_name", FIELD_EPISODE, false},
                            {"spotify_episode_uri", FIELD_EPISODE, false},
                            {"audiobook_title", FIELD_AUDIOBOOK, false},
                            {"audiobook_uri", FIELD_AUDIOBOOK, false},
                            {"incognito_mode", FIELD_PRIVATE, false}},
            },
        [LI_HISTORY_SPOTIFY_ACCOUNT] =
            {
                .id = "spotify_account",
                .json = true,
                .date_is_end = true,
                .date = DATE_ISO,
                .prefixes = {"["},
                .columns = {{"endTime", FIELD_DATE, true},
                            {"msPlayed", FIELD_MS, true},
                            {"artistName", FIELD_ARTIST, false},
                            {"trackName", FIELD_TITLE, false},
                            {"episodeName", FIELD_EPISODE, false}},
            },
        [LI_HISTORY_LASTFM_PAGES] =
            {
                .id = "lastfm_pages",
                .json = true,
                .date = DATE_SECONDS,
                .prefixes = {"[{track[", "{track[", "{recenttracks{track[", "[{recenttracks{track["},
                .columns = {{"name", FIELD_TITLE, true},
                            {"artist{#text", FIELD_ARTIST, false},
                            {"artist{name", FIELD_ARTIST, false},
                            {"date{uts", FIELD_DATE, true},
                            {"@attr{nowplaying", FIELD_NOW_PLAYING, false}},
            },
        [LI_HISTORY_LASTFM_STATS] =
            {
                .id = "lastfm_stats",
                .json = true,
                .date = DATE_MS,
                .prefixes = {"{scrobbles["},
                .columns = {{"artist", FIELD_ARTIST, true},
                            {"track", FIELD_TITLE, true},
                            {"date", FIELD_DATE, true}},
            },
        [LI_HISTORY_LASTFM_TABLE] =
            {
                .id = "lastfm_table",
                .date = DATE_SECONDS,
                .columns = {{"uts", FIELD_DATE, true},
                            {"artist", FIELD_ARTIST, true},
                            {"track", FIELD_TITLE, true}},
            },
        [LI_HISTORY_LASTFM_STATS_TABLE] =
            {
                .id = "lastfm_stats_table",
                .date = DATE_MS,
                .columns = {{"Artist", FIELD_ARTIST, true},
                            {"Track", FIELD_TITLE, true},
                            {"Date#*", FIELD_DATE, true}},
            },
        [LI_HISTORY_LASTFM_PLAIN] =
            {
                .id = "lastfm_plain", .date = DATE_PLAIN, /* no header: artist, album, track, date */
            },
        [LI_HISTORY_LISTENBRAINZ] =
            {
                .id = "listenbrainz",
                .json = true,
                .date = DATE_SECONDS,
                .prefixes = {"", "[", "{payload{listens["},
                .columns = {{"listened_at", FIELD_DATE, true},
                            {"track_metadata{artist_name", FIELD_ARTIST, true},
                            {"track_metadata{track_name", FIELD_TITLE, true},
                            {"track_metadata{additional_info{duration_played", FIELD_SECONDS, false}},
            },
        [LI_HISTORY_MALOJA] =
            {
                .id = "maloja",
                .json = true,
                .date = DATE_SECONDS,
                .prefixes = {"{scrobbles[", "{list[", "["},
                .columns = {{"time", FIELD_DATE, true},
                            {"track{artists[", FIELD_ARTIST, true},
                            {"track{title", FIELD_TITLE, true},
                            {"duration", FIELD_SECONDS, false}},
            },
        [LI_HISTORY_APPLE_ACTIVITY] =
            {
                .id = "apple_activity",
                .date = DATE_ISO,
                .columns = {{"Song Name", FIELD_TITLE, true},
                            {"Play Duration Milliseconds", FIELD_MS, true},
                            {"Event Start Timestamp", FIELD_DATE, true},
                            {"Event End Timestamp", FIELD_DATE, false},
                            {"Artist Name", FIELD_ARTIST, false},
                            {"Container Artist Name", FIELD_ARTIST, false},
                            {"Event Type", FIELD_EVENT, false}},
            },
        [LI_HISTORY_APPLE_DAILY] =
            {
                .id = "apple_daily",
                .role = ROLE_DAILY,
                .date = DATE_YMD,
                .columns = {{"Track Description", FIELD_PAIR, true},
                            {"Date Played", FIELD_DATE, true},
                            {"Play Duration Milliseconds", FIELD_MS, false},
                            {"Play Count", FIELD_COUNT_OF_PLAYS, false}},
            },
        [LI_HISTORY_APPLE_TRACKS] =
            {
                .id = "apple_tracks",
                .role = ROLE_NAME,
                .columns = {{"Track Name", FIELD_PAIR, true}, {"Last Played Date", FIELD_DATE, true}},
            },
        [LI_HISTORY_APPLE_LIBRARY] =
            {
                .id = "apple_library",
                .json = true,
                .role = ROLE_NAME,
                .prefixes = {"["},
                .columns = {{"Title", FIELD_TITLE, true}, {"Artist", FIELD_ARTIST, true}},
            },
        [LI_HISTORY_DEEZER] =
            {
                .id = "deezer",
                .date = DATE_ISO,
                .columns = {{"Song Title", FIELD_TITLE, true},
                            {"Artist", FIELD_ARTIST, true},
                            {"Listening Time*", FIELD_SECONDS, true},
                            {"Date", FIELD_DATE, true}},
            },
        [LI_HISTORY_LINES] = {.id = "lines"},
        [LI_HISTORY_YOUTUBE] =
            {
                .id = "youtube",
                .json = true,
                .date = DATE_ISO,
                .prefixes = {"["},
                .columns = {{"header", FIELD_PRODUCT, true},
                            {"title", FIELD_TITLE, true},
                            {"time", FIELD_DATE, true},
                            {"subtitles[{name", FIELD_ARTIST, false}},
            },
};

const char *li_history_format_id(enum li_history_format format) {
    return LI_FORMATS[format].id;
}

/* Which fields a format finds in the rows of a beginning. */
struct probe {
    unsigned seen;
    size_t rows;
};

static void look(void *context, struct li_row *row) {
    struct probe *probe = context;
    for (int f = 0; f < FIELD_COUNT; f++)
        if (row->field[f].data)
            probe->seen |= 1u << f;
    probe->rows++;
}

static bool has_needed(const struct li_format *format, unsigned seen, int *matched) {
    *matched = 0;
    for (const struct li_column *column = format->columns; column->path; column++) {
        bool there = seen & 1u << column->field;
        if (column->needed && !there)
            return false;
        *matched += there;
    }
    return *matched > 0;
}

static int recognise_json(struct li_text head) {
    int best = LI_FORMAT_NONE, most = 0;
    for (int f = 0; f < LI_HISTORY_FORMAT_COUNT; f++) {
        struct probe probe = {0};
        int matched = 0;
        if (!LI_FORMATS[f].json)
            continue;
        struct li_json_rows *rows = li_json_rows_new(&LI_FORMATS[f], look, &probe);
        if (!rows)
            return LI_FORMAT_NO_MEMORY;
        /* A beginning is cut anywhere, so that breaking off is no sign. */
        (void)li_json_rows_push(rows, head.data, head.size);
        li_json_rows_free(rows);
        if (probe.rows && has_needed(&LI_FORMATS[f], probe.seen, &matched) && matched > most) {
            best = f;
            most = matched;
        }
    }
    return best;
}

struct header {
    const struct li_format *format;
    unsigned seen;
    size_t rows, columns;
    bool dated; /* the last of four cells reads as a date */
};

bool li_column_is(const char *path, struct li_text cell) {
    size_t size = strlen(path);
    if (size && path[size - 1] == '*')
        return cell.size >= size - 1 && memcmp(path, cell.data, size - 1) == 0;
    return cell.size == size && memcmp(path, cell.data, size) == 0;
}

static void header_cell(void *context, size_t column, struct li_text cell, bool too_long) {
    struct header *header = context;
    int64_t when;
    if (header->rows || too_long)
        return;
    for (const struct li_column *known = header->format->columns; known->path; known++)
        if (li_column_is(known->path, li_text_trim(cell)))
            header->seen |= 1u << known->field;
    header->dated = column >= 3 && li_history_date(cell, DATE_PLAIN, &when);
}

static void header_end(void *context, size_t columns) {
    struct header *header = context;
    if (header->rows == 0)
        header->columns = columns;
    header->rows++;
}

static int recognise_table(struct li_text head, char *separator) {
    static const char SEPARATORS[] = {',', ';', '\t'};
    int best = LI_FORMAT_NONE, most = 0;
    for (size_t s = 0; s < sizeof SEPARATORS; s++) {
        for (int f = 0; f < LI_HISTORY_FORMAT_COUNT; f++) {
            struct header header = {.format = &LI_FORMATS[f]};
            int matched = 0;
            if (LI_FORMATS[f].json)
                continue;
            struct li_csv *csv = li_csv_new(SEPARATORS[s], header_cell, header_end, &header);
            if (!csv)
                return LI_FORMAT_NO_MEMORY; /* the formats left out might be the right one */
            li_csv_push(csv, head.data, head.size);
            (void)li_csv_finish(csv);
            li_csv_free(csv);
            bool plain = f == LI_HISTORY_LASTFM_PLAIN && header.columns >= 4 && header.dated;
            if ((plain && most == 0) ||
                (has_needed(&LI_FORMATS[f], header.seen, &matched) && matched > most)) {
                best = f;
                most = plain ? 1 : matched;
                *separator = SEPARATORS[s];
            }
        }
    }
    return best;
}

int li_format_recognise(struct li_text head, char *separator) {
    struct li_text text = li_text_trim(head);
    if (text.size == 0)
        return LI_FORMAT_NONE;
    return *text.data == '[' || *text.data == '{' ? recognise_json(head) : recognise_table(head, separator);
}
