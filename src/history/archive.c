/* archive.c - zip archives, and the archives in them, by libarchive, as a stream: nothing is unpacked to
 * disk.
 *
 * Limits against bombs: what comes out of all archives of one import, what comes out for each byte that went
 * in, how many entries there are, and how deep archives lie in archives. What is no history counts, too: to
 * skip it, libarchive has to unpack it where its size is not known before. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "history/history_priv.h"

enum { BLOCK = 64 * 1024, ENTRIES_MAX = 20000, RATIO_MAX = 200, FOLDER_BYTES_MAX = 1024 * 1024 };

#define UNPACKED_MAX ((uint64_t)16 << 30)
#define RATIO_FREE ((uint64_t)64 << 20) /* unpacked bytes before the ratio is looked at */

struct bag {
    struct li_history *history;
    struct li_source_bytes *source;
    struct archive *archive;
    struct li_text piece; /* of the entry that is open: unpacked, not taken yet */
    uint64_t unpacked;
    size_t folder_bytes; /* packed, since the entry that is no file began */
    bool in_folder, too_large;
    char block[BLOCK];
};

bool li_archive_is(struct li_text head) {
    return head.size >= 4 && memcmp(head.data, "PK\3\4", 4) == 0;
}

static la_ssize_t feed(struct archive *archive, void *context, const void **buffer) {
    struct bag *bag = context;
    ptrdiff_t got = li_source_take(bag->source, bag->block, sizeof bag->block);
    if (got > 0 && bag->in_folder)
        bag->folder_bytes += (size_t)got;
    if (bag->folder_bytes > FOLDER_BYTES_MAX) { /* a folder that holds something itself */
        bag->too_large = true;
        got = -1;
    }
    if (got < 0)
        archive_set_error(archive, ARCHIVE_FATAL, "the bytes end");
    *buffer = bag->block;
    return (la_ssize_t)got;
}

/* The next bytes of the entry that is open: a li_history_read. By pieces, for archive_read_data drops what it
 * has put into the buffer when the archive breaks off behind it. */
static ptrdiff_t take_entry(void *context, void *buffer, size_t size) {
    struct bag *bag = context;
    while (bag->piece.size == 0) {
        const void *piece;
        la_int64_t place;
        int result = archive_read_data_block(bag->archive, &piece, &bag->piece.size, &place);
        bag->piece.data = piece;
        if (result == ARCHIVE_OK)
            continue;
        bag->piece.size = 0;
        if (result != ARCHIVE_EOF && archive_errno(bag->archive) == ENOMEM)
            bag->history->starved = true;
        return result == ARCHIVE_EOF ? 0 : -1;
    }
    size_t got = size < bag->piece.size ? size : bag->piece.size;
    memcpy(buffer, bag->piece.data, got);
    bag->piece.data += got;
    bag->piece.size -= got;
    bag->unpacked += got;
    bag->history->unpacked += got;
    uint64_t packed = (uint64_t)archive_filter_bytes(bag->archive, -1);
    bag->too_large = bag->history->unpacked > UNPACKED_MAX || bag->unpacked > RATIO_FREE + RATIO_MAX * packed;
    return bag->too_large ? -1 : (ptrdiff_t)got;
}

static enum li_status too_large(struct li_error *err) {
    return li_fail(
        err, LI_TOO_LARGE,
        "this archive unpacks to far more than a listening history holds; send the files in it instead");
}

/* Reads one entry, whatever it is, to its end. */
static enum li_status read_entry(struct bag *bag, int depth, size_t *found, struct li_error *err) {
    char rest[16 * 1024];
    enum li_status status = li_history_any(bag->history, take_entry, bag, depth + 1, found, err);
    bool goes_on = status == LI_OK || status == LI_CORRUPT || status == LI_IO || status == LI_UNSUPPORTED;
    while (goes_on && take_entry(bag, rest, sizeof rest) > 0) {
    }
    if (bag->too_large)
        return too_large(err);
    return goes_on ? LI_OK : status; /* one bad entry does not hide the others */
}

static enum li_status read_entries(struct bag *bag, int depth, size_t *found, struct li_error *err) {
    struct archive_entry *entry;
    for (size_t entries = 0;; entries++) {
        int result = archive_read_next_header(bag->archive, &entry);
        if (bag->too_large)
            return too_large(err);
        if (result == ARCHIVE_EOF)
            return LI_OK;
        if (result < ARCHIVE_WARN && archive_errno(bag->archive) == ENOMEM)
            bag->history->starved = true;
        if (result < ARCHIVE_WARN)
            return li_fail(err, LI_CORRUPT, "this archive is damaged or cut short; download it again");
        if (entries == ENTRIES_MAX)
            return too_large(err);
        bag->in_folder = archive_entry_filetype(entry) != AE_IFREG;
        bag->folder_bytes = 0;
        bag->piece.size = 0;
        if (bag->in_folder)
            continue;
        if (archive_entry_is_encrypted(entry))
            return li_fail(err, LI_UNSUPPORTED,
                           "this archive has a password; unpack it and send the files in it");
        enum li_status status = read_entry(bag, depth, found, err);
        if (status)
            return status;
    }
}

enum li_status li_archive_read(struct li_history *history, struct li_source_bytes *source, int depth,
                               size_t *found, struct li_error *err) {
    if (depth >= ARCHIVE_DEPTH_MAX)
        return li_fail(err, LI_TOO_LARGE,
                       "archives lie in archives more than %d deep; send the files in them",
                       ARCHIVE_DEPTH_MAX);
    struct bag *bag = malloc(sizeof *bag);
    if (!bag)
        return li_fail(err, LI_NO_MEMORY, "no memory to unpack this archive");
    memset(bag, 0, offsetof(struct bag, block));
    bag->history = history;
    bag->source = source;
    bag->archive = archive_read_new();
    enum li_status status = LI_OK;
    if (!bag->archive || archive_read_support_format_zip_streamable(bag->archive) != ARCHIVE_OK ||
        archive_read_open(bag->archive, bag, NULL, feed, NULL) != ARCHIVE_OK)
        status = li_fail(err, LI_NO_MEMORY, "no memory to unpack this archive");
    else
        status = read_entries(bag, depth, found, err);
    archive_read_free(bag->archive);
    free(bag);
    return status;
}
