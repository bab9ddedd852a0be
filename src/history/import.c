/* import.c - the one door: any dropped file, in any mixture. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/history_priv.h"

enum { FOLDER_DEPTH_MAX = 8 };

static enum li_status starved(struct li_error *err) {
    return li_fail(err, LI_NO_MEMORY, "no memory to read a listening history");
}

enum li_status li_history_new(const struct li_history_options *options, struct li_history **out,
                              struct li_error *err) {
    struct li_history *history = calloc(1, sizeof *history);
    struct li_plays *plays = li_plays_new(options->utc_offset_min);
    if (!history || !plays) {
        free(history);
        li_plays_free(plays);
        return starved(err);
    }
    history->plays = plays;
    history->now_ms = options->now_ms;
    history->progress = options->progress;
    history->progress_context = options->progress_context;
    *out = history;
    return LI_OK;
}

void li_history_free(struct li_history *history) {
    if (!history)
        return;
    li_plays_free(history->plays);
    free(history);
}

const struct li_history_report *li_history_get_report(const struct li_history *history) {
    return &history->report;
}

bool li_history_starved(const struct li_history *history) {
    return history->starved || li_plays_starved(history->plays);
}

ptrdiff_t li_source_take(struct li_source_bytes *source, void *buffer, size_t size) {
    if (source->head.size == 0)
        return source->read(source->context, buffer, size);
    size_t taken = size < source->head.size ? size : source->head.size;
    memcpy(buffer, source->head.data, taken);
    source->head.data += taken;
    source->head.size -= taken;
    return (ptrdiff_t)taken;
}

static enum li_status read_text(struct li_history *history, struct li_source_bytes *source, size_t *found,
                                struct li_error *err) {
    char block[HEAD_BYTES];
    ptrdiff_t got = 0;
    struct li_text_reader *reader = li_text_reader_new(history);
    if (!reader)
        return starved(err);
    do {
        got = li_source_take(source, block, sizeof block);
    } while (got > 0 && li_text_reader_push(reader, block, (size_t)got));
    *found += li_text_reader_finish(reader);
    return got < 0 ? li_fail(err, LI_IO, "this file could not be read to its end") : LI_OK;
}

static enum li_status read_bytes(struct li_history *history, li_history_read *read, void *context, int depth,
                                 size_t *found, struct li_error *err) {
    enum li_status status;
    char head[256];
    size_t size = 0;
    ptrdiff_t got = 1;
    while (size < sizeof head && got > 0) {
        got = read(context, head + size, sizeof head - size);
        size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return li_fail(err, LI_IO, "this file could not be read");
    /* What was read ahead goes in front of the rest. */
    struct li_source_bytes whole = {{head, size}, read, context};
    if (li_xlsx_is(whole.head))
        status = li_xlsx_read(history, &whole, found, err);
    else if (li_archive_is(whole.head))
        status = li_archive_read(history, &whole, depth, found, err);
    else
        status = read_text(history, &whole, found, err);
    return li_history_starved(history) ? starved(err) : status;
}

enum li_status li_history_any(struct li_history *history, li_history_read *read, void *context, int depth,
                              size_t *found, struct li_error *err) {
    struct li_history_report *report = &history->report;
    size_t truncated = report->truncated, rows = report->rows_read;
    enum li_status status = read_bytes(history, read, context, depth, found, err);
    /* The only place where these count, once a file: the text that an archive breaks off in has counted. */
    if ((status == LI_CORRUPT || status == LI_IO) && report->truncated == truncated)
        report->truncated++;
    report->ignored += status == LI_UNSUPPORTED;
    return status == LI_CORRUPT && report->rows_read > rows ? LI_OK : status;
}

enum li_status li_history_add(struct li_history *history, li_history_read *read, void *context,
                              struct li_error *err) {
    size_t found = 0;
    enum li_status status = li_history_any(history, read, context, 0, &found, err);
    if (!status && found == 0)
        return li_fail(err, LI_UNSUPPORTED, "nothing in this file is a listening history that we know");
    return status;
}

struct file {
    int descriptor;
    const struct li_history *history;
};

static ptrdiff_t read_file(void *context, void *buffer, size_t size) {
    struct file *file = context;
    ptrdiff_t got;
    do {
        got = read(file->descriptor, buffer, size);
    } while (got < 0 && errno == EINTR);
    if (got > 0 && file->history->progress)
        file->history->progress(file->history->progress_context, (size_t)got);
    return got;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static enum li_status add_path(struct li_history *history, const char *path, int depth, size_t *found,
                               struct li_error *err);

static enum li_status add_folder(struct li_history *history, const char *path, int depth, size_t *found,
                                 struct li_error *err) {
    struct dirent **entries = NULL;
    int count = depth < FOLDER_DEPTH_MAX ? scandir(path, &entries, is_visible, by_name) : 0;
    enum li_status status =
        count < 0 ? li_fail_errno(err, errno, "cannot read the folder %.150s", path) : LI_OK;
    for (int i = 0; i < count; i++) {
        char *name = NULL;
        if (!status && asprintf(&name, "%s/%s", path, entries[i]->d_name) < 0) {
            name = NULL;
            status = starved(err);
        }
        if (!status)
            status = add_path(history, name, depth + 1, found, err);
        if (status == LI_CORRUPT || status == LI_UNSUPPORTED)
            status = LI_OK; /* the others may be whole and open */
        free(name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum li_status add_path(struct li_history *history, const char *path, int depth, size_t *found,
                               struct li_error *err) {
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (depth ? O_NOFOLLOW : 0));
    if (file < 0 && depth && errno == ELOOP)
        return LI_OK; /* links within a folder may lead anywhere, in circles even */
    if (file < 0 || fstat(file, &facts) != 0) {
        enum li_status status = li_fail_errno(err, errno, "cannot read %.150s", path);
        if (file >= 0)
            close(file);
        return status;
    }
    enum li_status status = LI_OK;
    if (S_ISDIR(facts.st_mode)) {
        status = add_folder(history, path, depth, found, err);
    } else if (S_ISREG(facts.st_mode)) {
        struct file open_file = {file, history};
        status = li_history_any(history, read_file, &open_file, 0, found, err);
    } else if (depth == 0) {
        status = li_fail(err, LI_INVALID, "%.150s is neither a file nor a folder", path);
    }
    close(file);
    return status;
}

enum li_status li_history_add_path(struct li_history *history, const char *path, struct li_error *err) {
    size_t found = 0;
    struct li_error why = {0};
    enum li_status status = add_path(history, path, 0, &found, &why);
    bool said = why.status == LI_CORRUPT || why.status == LI_UNSUPPORTED; /* of what a folder holds */
    if (!status && found == 0 && !said)
        return li_fail(err, LI_UNSUPPORTED, "nothing in %.150s is a listening history that we know", path);
    if (!status && found == 0)
        status = why.status;
    if (status && err)
        *err = why;
    return status;
}

void li_history_add_play(struct li_history *history, struct li_text artist, struct li_text title,
                         int64_t started_ms, int64_t listened_ms) {
    struct li_history_report *report = &history->report;
    struct li_counter counter = {.plays = history->plays, .report = report, .now_ms = history->now_ms};
    struct li_play play = {
        .kind = PLAY_NAMED,
        .artist = li_text_trim(artist),
        .title = li_text_trim(title),
        .started_ms = started_ms,
        .listened_ms = listened_ms,
        .times = 1,
        .has_hour = true,
    };
    bool named = play.artist.size && play.title.size && play.artist.size <= FIELD_BYTES_MAX &&
                 play.title.size <= FIELD_BYTES_MAX;
    int reason = named ? li_count_play(&counter, &play) : LI_SKIP_NO_ARTIST;
    report->rows_read++;
    report->rows[LI_HISTORY_LINES]++;
    if (reason >= 0)
        report->skipped[reason]++;
    else
        report->rows_counted++;
}

void li_history_finish(struct li_history *history) {
    struct li_history_report *report = &history->report;
    if (history->finished)
        return;
    history->finished = true;
    struct li_settled settled = li_plays_settle(history->plays);
    report->rows_counted -= settled.unnamed_rows + settled.daily_rows;
    report->plays -= settled.unnamed_plays + settled.daily_plays;
    report->skipped[LI_SKIP_NO_ARTIST] += settled.unnamed_rows;
    report->skipped[LI_SKIP_DUPLICATE] += settled.daily_rows;
    report->first_ms = settled.first_ms;
    report->last_ms = settled.last_ms;
}
