/* row.c - what one row counts as: a play, a name, or the reason why it is neither. */
#include <stdlib.h>

#include "base/clock.h"
#include "history/history_priv.h"

void li_row_clear(struct li_row *row) {
    memset(row->field, 0, sizeof row->field);
    row->used = 0;
    row->broken = false;
}

void li_row_set(struct li_row *row, enum li_field field, const char *bytes, size_t size) {
    if (row->field[field].size)
        return;
    if (size > FIELD_BYTES_MAX || row->used + size > ROW_BYTES) {
        row->broken = true;
        return;
    }
    char *place = row->bytes + row->used;
    if (size)
        memcpy(place, bytes, size);
    row->used += size;
    row->field[field] = (struct li_text){place, size};
}

const char *li_skip_id(enum li_skip reason) {
    static const char *const IDS[LI_SKIP_COUNT] = {
        "podcast",  "audiobook", "video",      "too_short", "duplicate", "no_artist",
        "bad_date", "private",   "not_a_play", "broken",    "limit",
    };
    return IDS[reason];
}

/* -1 when the field is empty or no number. */
static int64_t whole_number(struct li_text text, double scale) {
    char digits[32], *end;
    text = li_text_trim(text);
    if (text.size == 0 || text.size >= sizeof digits)
        return -1;
    memcpy(digits, text.data, text.size);
    digits[text.size] = 0;
    double value = strtod(digits, &end) * scale;
    return *end || !(value >= 0 && value < 1e12) ? -1 : (int64_t)value;
}

static bool is(struct li_text text, const char *word) {
    return li_text_equal(text, li_text_of(word));
}

/* "Artist - Title" cut at the first " - ". */
static bool cut_pair(struct li_text pair, struct li_text *artist, struct li_text *title) {
    for (size_t i = 0; i + 3 <= pair.size; i++) {
        if (memcmp(pair.data + i, " - ", 3) == 0) {
            *artist = li_text_trim((struct li_text){pair.data, i});
            *title = li_text_trim((struct li_text){pair.data + i + 3, pair.size - i - 3});
            return artist->size && title->size;
        }
    }
    return false;
}

/* YouTube writes "Watched <title>" in the listener's language, and "<artist> - Topic". */
static struct li_text without_words(struct li_text text, const char *const *before,
                                    const char *const *after) {
    for (; *before; before++) {
        size_t size = strlen(*before);
        if (text.size > size && memcmp(text.data, *before, size) == 0) {
            text.data += size;
            text.size -= size;
            break;
        }
    }
    for (; *after; after++) {
        size_t size = strlen(*after);
        if (text.size > size && memcmp(text.data + text.size - size, *after, size) == 0) {
            text.size -= size;
            break;
        }
    }
    return li_text_trim(text);
}

static const char *const WATCHED_BEFORE[] = {
    "Watched ",    "Vous avez regardé ",    "Has visto ",       "Hai guardato ",
    "Assistiu a ", "Je hebt gekeken naar ", "Você assistiu a ", NULL};
static const char *const WATCHED_AFTER[] = {" angesehen", " を視聴しました", NULL};
static const char *const NOTHING[] = {NULL};
static const char *const TOPIC[] = {" - Topic", NULL};

/* The reason not to count a row that needs no artist or date to see; -1 = none. */
static int reason_at_once(const struct li_counter *counter, const struct li_row *row) {
    const struct li_text *field = row->field;
    if (row->broken)
        return LI_SKIP_BROKEN;
    if (field[FIELD_EPISODE].size)
        return LI_SKIP_PODCAST;
    if (field[FIELD_AUDIOBOOK].size)
        return LI_SKIP_AUDIOBOOK;
    if (is(field[FIELD_PRIVATE], "true"))
        return LI_SKIP_PRIVATE;
    if (is(field[FIELD_NOW_PLAYING], "true"))
        return LI_SKIP_NOT_PLAY;
    if (field[FIELD_EVENT].size && !is(field[FIELD_EVENT], "PLAY_END"))
        return LI_SKIP_NOT_PLAY;
    if (counter->format_index == LI_HISTORY_YOUTUBE && !is(field[FIELD_PRODUCT], "YouTube Music"))
        return LI_SKIP_VIDEO;
    return -1;
}

/* Artist and title, as this format writes them. False when they are missing. */
static bool names_of(const struct li_counter *counter, const struct li_row *row, struct li_play *play) {
    play->artist = li_text_trim(row->field[FIELD_ARTIST]);
    play->title = li_text_trim(row->field[FIELD_TITLE]);
    if (row->field[FIELD_PAIR].size && !cut_pair(row->field[FIELD_PAIR], &play->artist, &play->title))
        return false;
    if (counter->format_index == LI_HISTORY_YOUTUBE) {
        play->title = without_words(play->title, WATCHED_BEFORE, WATCHED_AFTER);
        play->artist = without_words(play->artist, NOTHING, TOPIC);
    }
    play->kind = counter->format->role == ROLE_DAILY ? PLAY_DAILY : PLAY_NAMED;
    if (counter->format_index == LI_HISTORY_APPLE_ACTIVITY && play->artist.size == 0)
        play->kind = PLAY_TITLE_ONLY;
    return play->title.size && (play->artist.size || play->kind == PLAY_TITLE_ONLY);
}

/* When it began, and how long it lasted. False for a date that cannot be read. */
static bool time_of(const struct li_counter *counter, const struct li_row *row, struct li_play *play) {
    play->listened_ms = whole_number(row->field[FIELD_MS], 1);
    if (play->listened_ms < 0)
        play->listened_ms = whole_number(row->field[FIELD_SECONDS], 1000);
    if (!li_history_date(row->field[FIELD_DATE], counter->format->date, &play->started_ms))
        return false;
    if (counter->format->date_is_end && play->listened_ms > 0)
        play->started_ms -= play->listened_ms;
    return true;
}

int li_count_play(struct li_counter *counter, struct li_play *play) {
    struct li_history_report *report = counter->report;
    const int64_t oldest_ms = 946684800000; /* 2000-01-01 */
    if (play->started_ms < oldest_ms || play->started_ms > counter->now_ms + LI_DAY_MS)
        return LI_SKIP_BAD_DATE;
    if (play->kind != PLAY_DAILY && play->listened_ms >= 0 && play->listened_ms < LI_HISTORY_SHORTEST_MS)
        return LI_SKIP_TOO_SHORT;
    switch (li_plays_add(counter->plays, play)) {
    case ADDED_TWICE:
        return LI_SKIP_DUPLICATE;
    case ADDED_NOWHERE:
        return LI_SKIP_LIMIT;
    case ADDED_WITHOUT_TITLE:
        report->tracks_unnamed++;
        break;
    case ADDED:
        break;
    }
    report->plays += play->times;
    return -1;
}

/* A line of a list of days: how often, and whose title it is. False when it is no play. */
static bool read_daily(struct li_counter *counter, const struct li_row *row, struct li_play *play) {
    int64_t times = whole_number(row->field[FIELD_COUNT_OF_PLAYS], 1);
    li_plays_name(counter->plays, play->artist, play->title);
    play->times = times > 0 && times < 1000 ? (uint32_t)times : 1;
    return times > 0 || (times < 0 && play->listened_ms >= LI_HISTORY_SHORTEST_MS);
}

static int count_play(struct li_counter *counter, const struct li_row *row) {
    struct li_play play = {
        .times = 1,
        .has_hour = counter->format->date != DATE_YMD,
        .complete = counter->format_index == LI_HISTORY_APPLE_ACTIVITY,
    };
    int reason = reason_at_once(counter, row);
    if (reason >= 0)
        return reason;
    if (!names_of(counter, row, &play))
        return LI_SKIP_NO_ARTIST;
    if (!li_text_valid(play.artist) || !li_text_valid(play.title))
        return LI_SKIP_BROKEN;
    if (!time_of(counter, row, &play))
        return LI_SKIP_BAD_DATE;
    if (play.kind == PLAY_DAILY && !read_daily(counter, row, &play))
        return LI_SKIP_TOO_SHORT;
    return li_count_play(counter, &play);
}

void li_count_row(void *context, struct li_row *row) {
    struct li_counter *counter = context;
    struct li_history_report *report = counter->report;
    int reason;
    report->rows_read++;
    report->rows[counter->format_index]++;
    if (counter->format->role == ROLE_NAME) {
        struct li_play play = {0};
        if (!row->broken && names_of(counter, row, &play) && li_text_valid(play.artist) &&
            li_text_valid(play.title)) {
            li_plays_name(counter->plays, play.artist, play.title);
            report->names++;
            return;
        }
        reason = row->broken ? LI_SKIP_BROKEN : LI_SKIP_NO_ARTIST;
    } else {
        reason = count_play(counter, row);
    }
    if (reason >= 0)
        report->skipped[reason]++;
    else
        report->rows_counted++;
}
