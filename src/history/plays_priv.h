/* plays_priv.h - the tables behind li_plays. */
#ifndef LI_HISTORY_PLAYS_PRIV_H
#define LI_HISTORY_PLAYS_PRIV_H

#include "base/arena.h"
#include "history/history_priv.h"

#define NOBODY UINT32_MAX

struct artist {
    struct li_text name; /* or the title that waits for its artist */
    uint32_t plays, rows;
    uint32_t joined; /* its own index, that of the artist it turned out to be, or NOBODY */
    int16_t first_month, last_month;
    enum li_play_kind kind;
    int64_t first_ms, last_ms; /* of its plays alone: what is joined or left out keeps its own */
};

struct track {
    struct li_text title;
    uint64_t identity;
    uint32_t artist, plays;
};

struct li_plays {
    int utc_offset_min;
    int64_t day; /* of which month was asked last */
    int month;
    bool starved;  /* something was not counted for want of memory */
    bool complete; /* a list of all plays was among the files */
    struct li_arena texts;
    size_t name_bytes, title_bytes; /* of artists and tracks, in texts */
    struct artist *artists;
    size_t artist_count, artist_capacity;
    struct track *tracks;
    size_t track_count, track_capacity;
    struct li_map64 artist_of, track_of; /* spellings and folded names */
    struct li_map64 cells;               /* month << 32 | artist, + 1 -> plays */
    struct li_map64 names;               /* folded title -> artist */
    struct li_map64 recent[2];           /* track and minute; the older generation second */
    uint32_t hours[7 * 24];
    /* After settling: indexes of what has plays, and the place of each artist among them. In texts. */
    uint32_t *shown, *place, *shown_tracks;
    size_t shown_count, shown_track_count;
};

#endif
