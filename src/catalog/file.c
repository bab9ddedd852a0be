/* file.c - a catalogue file in memory: mapped, or bytes of the program itself. Only the header is read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_priv.h"

#define MAKE_ONE "make one with: listening catalog build"

uint64_t li_format_sum(uint64_t sum, const unsigned char *bytes, size_t size) {
    size_t at = 0;
    for (; at + SUM_WORD <= size; at += SUM_WORD)
        sum = (sum ^ li_get64(bytes + at)) * 0x100000001b3u;
    if (at < size) {
        unsigned char last[SUM_WORD] = {0};
        memcpy(last, bytes + at, size - at);
        sum = (sum ^ li_get64(last)) * 0x100000001b3u;
    }
    return sum;
}

static enum li_status fail_torn(struct li_error *err) {
    return li_fail(err, LI_CORRUPT, "the catalogue is cut short or torn; copy or make it again");
}

static enum li_status check_header(const unsigned char *bytes, size_t size, struct li_error *err) {
    if (size >= 16 && memcmp(bytes, "SQLite format 3", 16) == 0)
        return li_fail(err, LI_CORRUPT, "an SQLite file, as catalogues were before; " MAKE_ONE);
    if (size < SECTIONS_AT || memcmp(bytes, CATALOG_MAGIC, MAGIC_BYTES) != 0)
        return li_fail(err, LI_CORRUPT, "no catalogue file; " MAKE_ONE);
    uint32_t schema = li_get32(bytes + SCHEMA_AT);
    if (schema > LI_CATALOG_SCHEMA)
        return li_fail(err, LI_CORRUPT, "a catalogue of schema %u, newer than this program (%d); update it",
                       schema, LI_CATALOG_SCHEMA);
    if (schema < LI_CATALOG_SCHEMA)
        return li_fail(err, LI_CORRUPT,
                       "a catalogue of schema %u, older than this program (%d); make it again with: "
                       "listening catalog build",
                       schema, LI_CATALOG_SCHEMA);
    if (size < HEADER_BYTES || li_get32(bytes + SECTIONS_AT) != SECTION_COUNT ||
        li_get64(bytes + BYTES_AT) != size ||
        li_get64(bytes + SUM_AT) != li_format_sum(SUM_START, bytes, SUM_AT))
        return fail_torn(err);
    return LI_OK;
}

static bool view_sections(struct catalog_file *file) {
    for (int i = 0; i < SECTION_COUNT; i++) {
        const unsigned char *row = file->bytes + TABLE_AT + TABLE_ROW * i;
        uint64_t offset = li_get64(row), size = li_get64(row + 8);
        if (offset > file->size || size > file->size - offset)
            return false;
        file->section[i] = (struct section_view){file->bytes + offset, (size_t)size};
    }
    return true;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static bool read_info(struct catalog_file *file) {
    const unsigned char *counts = file->bytes + COUNTS_AT;
    const struct section_view *section = file->section;
    struct li_catalog_info *info = &file->info;
    info->artists = (size_t)li_get64(counts);
    info->aliases = (size_t)li_get64(counts + 8);
    info->tracks = (size_t)li_get64(counts + 16);
    info->featured = (size_t)li_get64(counts + 24);
    info->genre_tags = (size_t)li_get64(counts + 32);
    info->bytes = file->size;
    for (int i = SECTION_RANKED; i < SECTION_COUNT; i++)
        info->index_bytes += section[i].size;
    memcpy(info->version, file->bytes + VERSION_AT, VERSION_BYTES);
    for (int i = 0; i < VERSION_BYTES; i++)
        if (!strchr("0123456789abcdef", info->version[i]) || !info->version[i])
            return false;
    file->keys =
        least(least(section[SECTION_KEYS].size / KEY_BYTES, section[SECTION_SKETCHES].size / 8), KEYS_MAX);
    file->words = least(section[SECTION_WORD_KEYS].size / 4, section[SECTION_WORD_PLACES].size / 2);
    return info->artists >= 1 && info->artists <= LI_CATALOG_ARTISTS_MAX &&
           info->artists < section[SECTION_ROW_STARTS].size / 8 &&
           info->artists <= section[SECTION_RANKED].size / 4;
}

enum li_status li_file_wrap(const void *bytes, size_t size, struct catalog_file **out, struct li_error *err) {
    enum li_status status = check_header(bytes, size, err);
    if (status)
        return status;
    struct catalog_file *file = calloc(1, sizeof *file);
    if (!file)
        return li_fail(err, LI_NO_MEMORY, "no memory for the catalogue");
    file->bytes = bytes;
    file->size = size;
    if (!view_sections(file) || !read_info(file)) {
        free(file);
        return fail_torn(err);
    }
    atomic_init(&file->users, 1);
    *out = file;
    return LI_OK;
}

/* Maps a descriptor that is a file. An empty one cannot be mapped. */
static enum li_status map(int fd, const char *path, struct catalog_file **out, struct li_error *err) {
    struct stat about;
    struct li_error why = {0};
    if (fstat(fd, &about) != 0)
        return li_fail_errno(err, errno, "cannot read %.100s", path);
    if (!S_ISREG(about.st_mode))
        return li_fail(err, LI_INVALID, "%.100s is no file", path);
    size_t size = (size_t)about.st_size;
    void *bytes = size ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) : NULL;
    if (bytes == MAP_FAILED)
        return li_fail_errno(err, errno, "cannot map %.100s", path);
    enum li_status status = li_file_wrap(bytes, size, out, &why);
    if (status) {
        if (bytes)
            munmap(bytes, size);
        return li_fail(err, status, "%.90s: %.160s", path, why.message);
    }
    (*out)->mapped = true;
    return LI_OK;
}

enum li_status li_file_map(const char *path, struct catalog_file **out, struct li_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return li_fail_errno(err, errno, "cannot open %.100s", path);
    enum li_status status = map(fd, path, out, err);
    close(fd);
    return status;
}

void li_file_drop(struct catalog_file *file) {
    if (!file || atomic_fetch_sub(&file->users, 1) > 1)
        return;
    if (file->mapped)
        munmap((void *)(uintptr_t)file->bytes, file->size);
    free(file);
}

enum li_status li_file_verify(const struct catalog_file *file, struct li_error *err) {
    for (int i = 0; i < SECTION_COUNT; i++) {
        const struct section_view *view = &file->section[i];
        if (li_format_sum(SUM_START, view->data, view->size) !=
            li_get64(file->bytes + TABLE_AT + TABLE_ROW * i + 16))
            return li_fail(err, LI_CORRUPT, "the catalogue is damaged (section %d); copy or make it again",
                           i);
    }
    return LI_OK;
}
