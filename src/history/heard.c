/* heard.c - reading what was added up. */
#include "history/plays_priv.h"

size_t li_history_artist_count(const struct li_history *history) {
    return history->plays->shown_count;
}

struct li_heard_artist li_history_artist(const struct li_history *history, size_t index) {
    const struct artist *artist = &history->plays->artists[history->plays->shown[index]];
    return (struct li_heard_artist){artist->name, artist->plays, artist->first_month, artist->last_month};
}

size_t li_history_track_count(const struct li_history *history) {
    return history->plays->shown_track_count;
}

/* The place of an artist among those that are shown, or that of whom it was joined with. */
static uint32_t place_of(const struct li_plays *plays, uint32_t artist) {
    return plays->place[plays->artists[artist].joined];
}

struct li_heard_track li_history_track(const struct li_history *history, size_t index) {
    const struct li_plays *plays = history->plays;
    const struct track *track = &plays->tracks[plays->shown_tracks[index]];
    return (struct li_heard_track){track->title, track->plays, place_of(plays, track->artist)};
}

void li_history_each_month(const struct li_history *history,
                           void (*call)(void *context, int month, size_t artist, uint32_t plays),
                           void *context) {
    const struct li_plays *plays = history->plays;
    if (!plays->place)
        return;
    for (size_t i = 0; i < plays->cells.slots; i++) {
        uint64_t key = plays->cells.keys[i];
        if (!key)
            continue;
        uint32_t artist = (uint32_t)(key - 1);
        if (plays->artists[artist].joined != NOBODY)
            call(context, (int)((key - 1) >> 32), place_of(plays, artist), plays->cells.values[i]);
    }
}

const uint32_t *li_history_hours(const struct li_history *history) {
    return history->plays->hours;
}
