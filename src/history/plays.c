/* plays.c - plays added up: by artist, by track, by month, by hour of the week.
 *
 * Names are compared folded; a table of the spellings seen saves the folding, so that a play costs a few
 * lookups. All tables have a limit, and all limits together stay under LI_HISTORY_MEMORY_MAX. */
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "history/plays_priv.h"

enum {
    ARTISTS_MAX = 32768,
    TRACKS_MAX = 150000,
    SPELLINGS_MAX = 300000, /* of tracks; more are folded each time */
    MONTH_CELLS_MAX = 390000,
    RECENT_MAX = 780000, /* plays among which duplicates are looked for, twice */
    NAME_BYTES_MAX = 2 * 1024 * 1024,
    TITLE_BYTES_MAX = 4 * 1024 * 1024,
};

struct li_plays *li_plays_new(int utc_offset_min) {
    struct li_plays *plays = calloc(1, sizeof *plays);
    if (!plays)
        return NULL;
    plays->utc_offset_min = utc_offset_min;
    li_map64_init(&plays->artist_of, ARTISTS_MAX * 4);
    li_map64_init(&plays->track_of, SPELLINGS_MAX);
    li_map64_init(&plays->cells, MONTH_CELLS_MAX);
    li_map64_init(&plays->names, TRACKS_MAX);
    for (int i = 0; i < 2; i++)
        li_map64_init(&plays->recent[i], RECENT_MAX);
    return plays;
}

void li_plays_free(struct li_plays *plays) {
    if (!plays)
        return;
    li_map64_clear(&plays->artist_of);
    li_map64_clear(&plays->track_of);
    li_map64_clear(&plays->cells);
    li_map64_clear(&plays->names);
    for (int i = 0; i < 2; i++)
        li_map64_clear(&plays->recent[i]);
    li_arena_release(&plays->texts);
    free(plays->artists);
    free(plays->tracks);
    free(plays);
}

bool li_plays_starved(const struct li_plays *plays) {
    return plays->starved || plays->artist_of.starved || plays->track_of.starved || plays->cells.starved ||
           plays->names.starved || plays->recent[0].starved;
}

/* Room for one more in an array that doubles up to its limit. */
static bool make_room(struct li_plays *plays, void **array, size_t *capacity, size_t count, size_t size,
                      size_t limit) {
    if (count < *capacity)
        return true;
    if (count >= limit)
        return false;
    size_t more = *capacity ? *capacity * 2 : 256;
    if (more > limit)
        more = limit;
    void *larger = realloc(*array, more * size);
    if (!larger) {
        plays->starved = true;
        return false;
    }
    *array = larger;
    *capacity = more;
    return true;
}

/* Keeps a text, unless the texts of its kind take their room already: names may be kilobytes long. */
static bool keep_text(struct li_plays *plays, struct li_text text, size_t *bytes, size_t limit,
                      struct li_text *out) {
    if (*bytes + text.size > limit)
        return false;
    *bytes += text.size;
    *out = li_arena_copy(&plays->texts, text);
    return true;
}

/* The artist of a name, new when need be; -1 over the limit. */
static int64_t artist_index(struct li_plays *plays, enum li_play_kind kind, struct li_text name) {
    uint64_t spelt = li_hash_mix(li_text_hash(name), 8 + kind);
    uint32_t *found = li_map64_find(&plays->artist_of, spelt);
    if (found)
        return *found;
    uint64_t folded = li_hash_mix(li_text_name_hash(name), kind);
    found = li_map64_find(&plays->artist_of, folded);
    if (!found) {
        struct li_text kept;
        if (!make_room(plays, (void **)&plays->artists, &plays->artist_capacity, plays->artist_count,
                       sizeof *plays->artists, ARTISTS_MAX) ||
            !keep_text(plays, name, &plays->name_bytes, NAME_BYTES_MAX, &kept))
            return -1;
        found = li_map64_put(&plays->artist_of, folded, (uint32_t)plays->artist_count);
        if (!found)
            return -1;
        plays->artists[plays->artist_count] = (struct artist){
            .name = kept,
            .kind = kind,
            .joined = (uint32_t)plays->artist_count,
            .first_month = LI_HISTORY_MONTHS_MAX,
            .last_month = -1,
            .first_ms = INT64_MAX,
        };
        plays->artist_count++;
    }
    uint32_t index = *found; /* putting in the spelling may move it */
    (void)li_map64_put(&plays->artist_of, spelt, index);
    return index;
}

/* The track of a play; *identity tells tracks apart even when there is no room to keep one. */
static struct track *track_at(struct li_plays *plays, const struct li_play *play, uint32_t artist,
                              uint64_t *identity) {
    uint64_t spelt = li_hash_mix(li_text_hash(play->title), 2 * (uint64_t)artist + 1);
    uint32_t *found = li_map64_find(&plays->track_of, spelt);
    if (found) {
        *identity = plays->tracks[*found].identity;
        return &plays->tracks[*found];
    }
    *identity = li_hash_mix(li_text_name_hash(play->title), 2 * (uint64_t)artist);
    found = li_map64_find(&plays->track_of, *identity);
    if (!found) {
        struct li_text kept;
        if (!make_room(plays, (void **)&plays->tracks, &plays->track_capacity, plays->track_count,
                       sizeof *plays->tracks, TRACKS_MAX) ||
            !keep_text(plays, play->title, &plays->title_bytes, TITLE_BYTES_MAX, &kept))
            return NULL;
        found = li_map64_put(&plays->track_of, *identity, (uint32_t)plays->track_count);
        if (!found)
            return NULL;
        plays->tracks[plays->track_count++] =
            (struct track){.title = kept, .artist = artist, .identity = *identity};
    }
    uint32_t index = *found;
    (void)li_map64_put(&plays->track_of, spelt, index);
    return &plays->tracks[index];
}

/* Whether the same track began within this minute or one beside it; remembers this one. */
static bool heard_twice(struct li_plays *plays, uint64_t identity, int64_t minute) {
    for (int64_t m = minute - 1; m <= minute + 1; m++)
        for (int i = 0; i < 2; i++)
            if (li_map64_find(&plays->recent[i], li_hash_mix(identity, (uint64_t)m)))
                return true;
    if (!li_map64_put(&plays->recent[0], li_hash_mix(identity, (uint64_t)minute), 0)) {
        struct li_map64 full = plays->recent[0];
        plays->starved = plays->starved || full.starved;
        plays->recent[0] = plays->recent[1];
        plays->recent[1] = full;
        li_map64_empty(&plays->recent[0], &full); /* growing would take half as much again */
        (void)li_map64_put(&plays->recent[0], li_hash_mix(identity, (uint64_t)minute), 0);
    }
    return false;
}

/* Months since January of LI_HISTORY_EPOCH_YEAR. One day is asked for many times in a row. */
static int month_of(struct li_plays *plays, int64_t ms) {
    int64_t day = ms / LI_DAY_MS;
    if (day != plays->day) {
        time_t seconds = (time_t)(ms / 1000);
        struct tm when;
        gmtime_r(&seconds, &when);
        int month = (when.tm_year + 1900 - LI_HISTORY_EPOCH_YEAR) * 12 + when.tm_mon;
        plays->day = day;
        plays->month = month < 0 ? 0 : month < LI_HISTORY_MONTHS_MAX ? month : LI_HISTORY_MONTHS_MAX - 1;
    }
    return plays->month;
}

static void add_hour(struct li_plays *plays, int64_t local_ms, uint32_t times) {
    int64_t hour = local_ms / (3600 * 1000);
    /* 1970-01-01 was a Thursday, day 3 of a week that begins on Monday. */
    plays->hours[((hour / 24 + 3) % 7) * 24 + hour % 24] += times;
}

enum li_added li_plays_add(struct li_plays *plays, const struct li_play *play) {
    /* A date without an hour is a day of the listener's already. */
    int64_t local_ms = play->started_ms + (play->has_hour ? (int64_t)plays->utc_offset_min * 60000 : 0);
    struct li_text name = play->kind == PLAY_TITLE_ONLY ? play->title : play->artist;
    int64_t index = artist_index(plays, play->kind, name);
    uint64_t identity;
    if (index < 0)
        return ADDED_NOWHERE;
    struct track *track = track_at(plays, play, (uint32_t)index, &identity);
    /* A list of days may hold several lines of one track and day, which differ in their time. */
    if (play->kind == PLAY_DAILY)
        identity = li_hash_mix(identity, (uint64_t)play->listened_ms);
    if (heard_twice(plays, identity, play->started_ms / 60000))
        return ADDED_TWICE;
    struct artist *artist = &plays->artists[index];
    int month = month_of(plays, local_ms);
    artist->plays += play->times;
    artist->rows++;
    artist->first_month = (int16_t)(month < artist->first_month ? month : artist->first_month);
    artist->last_month = (int16_t)(month > artist->last_month ? month : artist->last_month);
    artist->first_ms = play->started_ms < artist->first_ms ? play->started_ms : artist->first_ms;
    artist->last_ms = play->started_ms > artist->last_ms ? play->started_ms : artist->last_ms;
    uint32_t *cell =
        li_map64_put(&plays->cells, ((uint64_t)month << 32 | (uint32_t)index) + 1, 0); /* exact, not hashed */
    if (cell)
        *cell += play->times;
    if (play->has_hour)
        add_hour(plays, local_ms, play->times);
    plays->complete = plays->complete || play->complete;
    if (!track)
        return ADDED_WITHOUT_TITLE;
    track->plays += play->times;
    return ADDED;
}

void li_plays_name(struct li_plays *plays, struct li_text artist, struct li_text title) {
    int64_t index = artist_index(plays, PLAY_NAMED, artist);
    if (index >= 0)
        (void)li_map64_put(&plays->names, li_text_name_hash(title), (uint32_t)index);
}

/* The artist that one that waits belongs to; -1 = none. */
static int64_t owner_of(struct li_plays *plays, uint32_t index) {
    struct artist *artist = &plays->artists[index];
    if (artist->kind == PLAY_NAMED)
        return index;
    uint64_t folded = li_text_name_hash(artist->name);
    uint32_t *found = artist->kind == PLAY_TITLE_ONLY
                          ? li_map64_find(&plays->names, folded)
                          : li_map64_find(&plays->artist_of, li_hash_mix(folded, PLAY_NAMED));
    if (!found || (artist->kind == PLAY_DAILY && plays->complete))
        return -1;
    return *found;
}

static void join(struct artist *to, const struct artist *from) {
    to->plays += from->plays;
    to->rows += from->rows;
    to->first_month = from->first_month < to->first_month ? from->first_month : to->first_month;
    to->last_month = from->last_month > to->last_month ? from->last_month : to->last_month;
}

/* The first and the last play of all that count. */
static void find_ends(const struct li_plays *plays, struct li_settled *settled) {
    for (size_t i = 0; i < plays->artist_count; i++) {
        const struct artist *artist = &plays->artists[i];
        if (artist->joined == NOBODY || artist->rows == 0)
            continue;
        if (settled->first_ms == 0 || artist->first_ms < settled->first_ms)
            settled->first_ms = artist->first_ms;
        if (artist->last_ms > settled->last_ms)
            settled->last_ms = artist->last_ms;
    }
}

/* The artists and tracks that have plays, in the order in which they came. */
static void list_shown(struct li_plays *plays) {
    plays->shown = li_arena_alloc(&plays->texts, plays->artist_count * sizeof *plays->shown);
    plays->place = li_arena_alloc(&plays->texts, plays->artist_count * sizeof *plays->place);
    plays->shown_tracks = li_arena_alloc(&plays->texts, plays->track_count * sizeof *plays->shown_tracks);
    for (size_t i = 0; i < plays->artist_count; i++) {
        if (plays->artists[i].joined == i && plays->artists[i].plays) {
            plays->place[i] = (uint32_t)plays->shown_count;
            plays->shown[plays->shown_count++] = (uint32_t)i;
        }
    }
    for (size_t t = 0; t < plays->track_count; t++)
        if (plays->tracks[t].plays && plays->artists[plays->tracks[t].artist].joined != NOBODY)
            plays->shown_tracks[plays->shown_track_count++] = (uint32_t)t;
}

struct li_settled li_plays_settle(struct li_plays *plays) {
    struct li_settled settled = {0};
    for (size_t i = 0; i < plays->artist_count; i++) {
        struct artist *artist = &plays->artists[i];
        int64_t owner = owner_of(plays, (uint32_t)i);
        if (owner == (int64_t)i)
            continue;
        if (owner >= 0) {
            join(&plays->artists[owner], artist);
            artist->joined = (uint32_t)owner;
            continue;
        }
        bool daily = artist->kind == PLAY_DAILY;
        artist->joined = NOBODY;
        *(daily ? &settled.daily_rows : &settled.unnamed_rows) += artist->rows;
        *(daily ? &settled.daily_plays : &settled.unnamed_plays) += artist->plays;
    }
    find_ends(plays, &settled);
    list_shown(plays);
    return settled;
}
