/* import.c - how fast a listening history is read: a made Spotify extended history of so many plays, read by
 * the bare JSON parser and by the importer, in turns. CPU time of this thread; ratios from the best of each.
 *
 * usage: import PLAYS [ROUNDS]    the file is made on the fly and never lies on disk or in memory as a whole
 *        import PLAYS 0           writes the file, for sending it to a server
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <yajl/yajl_parse.h>

#include "history/history.h"

enum { BLOCK = 64 * 1024, ARTISTS = 3000, SONGS = 12, ROWS_READY = 4096 };

/* Rows differ in date, artist and title; the rest is as Spotify writes it. Written ahead, so that making them
 * does not count; dates are put in when a row is taken. */
struct maker {
    long plays, made;
    char row[1024];
    size_t size, at;
};

static void next_row(struct maker *maker) {
    long n = maker->made;
    unsigned long mixed = (unsigned long)n * 2654435761u;
    /* Few artists are heard often and many seldom. */
    unsigned artist = (unsigned)((mixed % 1000) * (mixed % 1000) / 1000 * ARTISTS / 1000);
    unsigned song = (unsigned)(mixed >> 20) % SONGS;
    time_t at = 1262304000 + n * 400 / (1 + maker->plays / 1000000);
    struct tm when;
    gmtime_r(&at, &when);
    maker->size = (size_t)snprintf(
        maker->row, sizeof maker->row,
        "%s  {\n    \"ts\": \"%04d-%02d-%02dT%02d:%02d:%02dZ\",\n    \"platform\": \"android\",\n    "
        "\"ms_played\": %u,\n"
        "    \"conn_country\": \"XX\",\n    \"ip_addr\": \"203.0.113.7\",\n    "
        "\"master_metadata_track_name\": \"Song number "
        "%u\",\n    \"master_metadata_album_artist_name\": \"Artist number %u\",\n    "
        "\"master_metadata_album_album_name\": \"An album of some length\",\n    \"spotify_track_uri\": "
        "\"spotify:track:%010u%012u\",\n    \"episode_name\": null,\n    \"episode_show_name\": null,\n    "
        "\"spotify_episode_uri\": null,\n    \"reason_start\": \"trackdone\",\n    \"reason_end\": "
        "\"trackdone\",\n    "
        "\"shuffle\": false,\n    \"skipped\": false,\n    \"offline\": false,\n    \"offline_timestamp\": "
        "0,\n    "
        "\"incognito_mode\": false\n  }%s",
        n ? "" : "[\n", when.tm_year + 1900, when.tm_mon + 1, when.tm_mday, when.tm_hour, when.tm_min,
        when.tm_sec, 31000 + song * 1000, song, artist, artist, song,
        n + 1 == maker->plays ? "\n]\n" : ",\n");
    maker->at = 0;
    maker->made++;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Time spent in making rows, which is nobody's. */
static double making_s;

static ptrdiff_t take(void *context, void *buffer, size_t size) {
    struct maker *maker = context;
    size_t used = 0;
    double started = seconds();
    while (used < size) {
        if (maker->at == maker->size) {
            if (maker->made == maker->plays)
                break;
            next_row(maker);
        }
        size_t left = maker->size - maker->at, taken = left < size - used ? left : size - used;
        memcpy((char *)buffer + used, maker->row + maker->at, taken);
        maker->at += taken;
        used += taken;
    }
    making_s += seconds() - started;
    return (ptrdiff_t)used;
}

static int one(void *context) {
    ++*(long *)context;
    return 1;
}
static int boolean(void *context, int value) {
    (void)value;
    return one(context);
}
static int text(void *context, const unsigned char *bytes, size_t size) {
    (void)bytes, (void)size;
    return one(context);
}
static int number(void *context, const char *bytes, size_t size) {
    (void)bytes, (void)size;
    return one(context);
}

static double bare(long plays, double *bytes) {
    static char block[BLOCK];
    static const yajl_callbacks callbacks = {one, boolean, NULL, NULL, number, text,
                                             one, text,    one,  one,  one};
    struct maker maker = {.plays = plays};
    long values = 0;
    yajl_handle parser = yajl_alloc(&callbacks, NULL, &values);
    ptrdiff_t got;
    making_s = 0;
    *bytes = 0;
    double started = seconds();
    while ((got = take(&maker, block, sizeof block)) > 0) {
        *bytes += (double)got;
        if (yajl_parse(parser, (unsigned char *)block, (size_t)got) != yajl_status_ok)
            exit(1);
    }
    double spent = seconds() - started - making_s;
    yajl_free(parser);
    return spent;
}

static double import(long plays) {
    const struct li_history_options options = {.now_ms = 1900000000000};
    struct maker maker = {.plays = plays};
    struct li_history *history = NULL;
    struct li_error err = {0};
    making_s = 0;
    double started = seconds();
    if (li_history_new(&options, &history, &err) != LI_OK ||
        li_history_add(history, take, &maker, &err) != LI_OK) {
        fprintf(stderr, "import: %s\n", err.message);
        exit(1);
    }
    li_history_finish(history);
    double spent = seconds() - started - making_s;
    const struct li_history_report *report = li_history_get_report(history);
    if (report->rows_read != (size_t)plays ||
        report->plays + report->skipped[LI_SKIP_DUPLICATE] != (size_t)plays) {
        fprintf(stderr, "import: %zu rows, %zu plays of %ld\n", report->rows_read, report->plays, plays);
        exit(1);
    }
    li_history_free(history);
    return spent;
}

static int write_out(long plays) {
    static char block[BLOCK];
    struct maker maker = {.plays = plays};
    ptrdiff_t got;
    while ((got = take(&maker, block, sizeof block)) > 0)
        if (fwrite(block, 1, (size_t)got, stdout) != (size_t)got)
            return 1;
    return fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv) {
    long plays = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 3;
    double best[2] = {1e9, 1e9}, bytes = 0;
    if (plays < 1 || rounds < 0) {
        fputs("usage: import PLAYS [ROUNDS]\n", stderr);
        return 2;
    }
    if (rounds == 0)
        return write_out(plays);
    for (long r = 0; r < rounds; r++) {
        double parsed = bare(plays, &bytes), imported = import(plays);
        best[0] = parsed < best[0] ? parsed : best[0];
        best[1] = imported < best[1] ? imported : best[1];
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%ld plays, %.0f MB: bare parser %.2f s (%.0f MB/s), importer %.2f s (%.0f MB/s), ratio %.2f; "
           "memory at most "
           "%.1f MiB\n",
           plays, bytes / 1e6, best[0], bytes / 1e6 / best[0], best[1], bytes / 1e6 / best[1],
           best[0] / best[1], (double)usage.ru_maxrss / 1024);
    return 0;
}
