/* history.h - listening histories: whatever a service wrote down about a listener, read as plays.
 *
 * Every export that people have (docs/histories.md lists them) goes through one door: bytes come in, are
 * recognised by their content, never by their name alone, and each row is counted once: as a play, or under
 * the reason why it is none. Addresses, user names, devices and countries are never copied out of a row.
 *
 * Reading streams: memory stays under LI_HISTORY_MEMORY_MAX whatever is in the export. Only a spreadsheet,
 * which must be gone through twice, takes up to 40 MiB more while it is read. One object has one user at a
 * time. */
#ifndef LI_HISTORY_HISTORY_H
#define LI_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

enum {
    LI_HISTORY_MEMORY_MAX = 64 * 1024 * 1024, /* bytes, whatever is read */
    LI_HISTORY_SHORTEST_MS = 30 * 1000,       /* a play counts from here on, as everywhere */
    LI_HISTORY_EPOCH_YEAR = 2000,             /* month 0 is its January; no service is older */
    LI_HISTORY_MONTHS_MAX = 1200,
};

/* Why a row is not a play. */
enum li_skip {
    LI_SKIP_PODCAST,
    LI_SKIP_AUDIOBOOK,
    LI_SKIP_VIDEO,     /* watched, not listened to */
    LI_SKIP_TOO_SHORT, /* under LI_HISTORY_SHORTEST_MS */
    LI_SKIP_DUPLICATE, /* the same track, begun within the same minute or the one beside it */
    LI_SKIP_NO_ARTIST, /* no artist or no title */
    LI_SKIP_BAD_DATE,  /* none, before LI_HISTORY_EPOCH_YEAR, or in the future */
    LI_SKIP_PRIVATE,   /* a private session: its listener asked not to be counted */
    LI_SKIP_NOT_PLAY,  /* a line about something else: a lyric view, what is playing now */
    LI_SKIP_BROKEN,    /* cannot be read */
    LI_SKIP_LIMIT,     /* more different artists than are kept */
    LI_SKIP_COUNT
};

/* "too_short": stable. */
const char *li_skip_id(enum li_skip reason);

/* The shapes that are recognised. */
enum li_history_format {
    LI_HISTORY_SPOTIFY_EXTENDED,
    LI_HISTORY_SPOTIFY_ACCOUNT,
    LI_HISTORY_LASTFM_PAGES, /* JSON, the pages of the API */
    LI_HISTORY_LASTFM_STATS, /* JSON */
    LI_HISTORY_LASTFM_TABLE, /* CSV with uts */
    LI_HISTORY_LASTFM_STATS_TABLE,
    LI_HISTORY_LASTFM_PLAIN, /* CSV without header */
    LI_HISTORY_LISTENBRAINZ,
    LI_HISTORY_MALOJA,
    LI_HISTORY_APPLE_ACTIVITY,
    LI_HISTORY_APPLE_DAILY,
    LI_HISTORY_APPLE_TRACKS,  /* names of artists only */
    LI_HISTORY_APPLE_LIBRARY, /* names of artists only */
    LI_HISTORY_DEEZER,
    LI_HISTORY_YOUTUBE,
    LI_HISTORY_LINES, /* plays that a program gives one by one */
    LI_HISTORY_FORMAT_COUNT
};

/* "spotify_extended": stable. */
const char *li_history_format_id(enum li_history_format format);

struct li_history_report {
    size_t files;                         /* recognised, those in archives counted one by one */
    size_t ignored;                       /* not a listening history */
    size_t rows[LI_HISTORY_FORMAT_COUNT]; /* read, by format */
    size_t files_of[LI_HISTORY_FORMAT_COUNT];
    size_t rows_read;              /* the sum */
    size_t rows_counted;           /* as plays */
    size_t plays;                  /* as many or more: a line of a list of days holds several */
    size_t skipped[LI_SKIP_COUNT]; /* rows_read = rows_counted + all skipped + names */
    size_t names;                  /* rows that only named an artist */
    size_t truncated;              /* files that end too early or break off; rows before count */
    size_t tracks_unnamed;         /* rows that count for their artist only: over the limit of titles */
    int64_t first_ms, last_ms;     /* of the plays, 0 when there are none; after li_history_finish */
};

struct li_history;

struct li_history_options {
    int64_t now_ms;     /* Required: later dates are wrong */
    int utc_offset_min; /* Optional: of the listener's clock, for months, weekdays and hours */
    void (*progress)(void *context, size_t bytes); /* Optional: called after each piece of a file on disk */
    void *progress_context;
};

/* The caller owns *out. */
LI_MUST_USE enum li_status li_history_new(const struct li_history_options *options, struct li_history **out,
                                          struct li_error *err);
void li_history_free(struct li_history *history); /* NULL is fine */

/* Gives the next bytes: how many, 0 at the end, less when they cannot be had. */
typedef ptrdiff_t li_history_read(void *context, void *buffer, size_t size);

/* Reads one dropped file: an export, or an archive of them. LI_UNSUPPORTED when nothing in it is a listening
 * history, or it has a password; LI_CORRUPT when it breaks off before its first row; LI_TOO_LARGE for an
 * archive that unpacks to more than any history; LI_IO when read failed. What was read before a failure stays
 * counted, and so does in the report what breaks off (truncated) or is left out (ignored). */
LI_MUST_USE enum li_status li_history_add(struct li_history *history, li_history_read *read, void *context,
                                          struct li_error *err);

/* The same for a file on disk, or a whole folder of them, in which one that fails does not hide the others.
 */
LI_MUST_USE enum li_status li_history_add_path(struct li_history *history, const char *path,
                                               struct li_error *err);

/* Counts one play that a program knows of. listened_ms -1 = unknown. The texts are UTF-8. What was not
 * counted for want of memory is told by li_history_starved. */
void li_history_add_play(struct li_history *history, struct li_text artist, struct li_text title,
                         int64_t started_ms, int64_t listened_ms);

/* Whether something was left out for want of memory: what was added up is of no use then. */
bool li_history_starved(const struct li_history *history);

/* A moment written as seconds or milliseconds since 1970, or as an ISO 8601 date. */
bool li_history_moment(struct li_text text, int64_t *out_ms);

/* After the last file: joins titles with the artists that other files named. Once. */
void li_history_finish(struct li_history *history);

const struct li_history_report *li_history_get_report(const struct li_history *history);

/* ---- what was heard, after li_history_finish ---- */

struct li_heard_artist {
    struct li_text name; /* as first spelt */
    uint32_t plays;
    int first_month, last_month;
};

struct li_heard_track {
    struct li_text title;
    uint32_t plays;
    uint32_t artist; /* index */
};

size_t li_history_artist_count(const struct li_history *history);
struct li_heard_artist li_history_artist(const struct li_history *history, size_t index);

size_t li_history_track_count(const struct li_history *history);
struct li_heard_track li_history_track(const struct li_history *history, size_t index);

/* Calls for pairs of month and artist that have plays; a pair may come more than once, each time with other
 * plays. Months count from January LI_HISTORY_EPOCH_YEAR. */
void li_history_each_month(const struct li_history *history,
                           void (*call)(void *context, int month, size_t artist, uint32_t plays),
                           void *context);

/* Plays by weekday (0 = Monday) and hour on the listener's clock; those whose artist no file named, too. */
const uint32_t *li_history_hours(const struct li_history *history); /* [7 * 24] */

#endif
