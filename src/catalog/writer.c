/* writer.c - a new catalogue file: rows are written as they come, the index when all are there. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_priv.h"

enum { BLOCK_BYTES = 1 << 20, TAGS_MAX = 1 << 22 };

struct li_catalog_writer {
    char path[PATH_MAX], temporary[PATH_MAX]; /* temporary: empty while the file has no name */
    int fd;                                   /* -1 when there is none */
    struct bytes block;                       /* rows that are not yet written */
    uint64_t rows, sum;                       /* bytes of rows so far, and the sum of those written */
    struct bytes starts;                      /* SECTION_ROW_STARTS */
    struct bytes tags, tag_starts;
    uint32_t *tag_table; /* numbers of tags plus one, by hash; 0 = free */
    size_t tag_slots, tag_count;
    struct bytes keys; /* struct key_source */
    struct bytes texts, popularity;
    char last[LI_CATALOG_ID_MAX];
    size_t last_size, artists, aliases, tracks, featured;
    void (*progress)(void *context, size_t done, size_t total);
    void *context;
};

static enum li_status no_memory(struct li_error *err) {
    return li_fail(err, LI_NO_MEMORY, "no memory for a catalogue of so many artists");
}

static enum li_status write_all(const struct li_catalog_writer *writer, const unsigned char *bytes,
                                size_t size, struct li_error *err) {
    for (size_t done = 0; done < size;) {
        ssize_t wrote = write(writer->fd, bytes + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return li_fail_errno(err, errno, "cannot write %.100s", writer->path);
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return LI_OK;
}

/* A file beside path, without a name where the file system can do that: a process that is killed leaves
 * nothing. Elsewhere its name goes to temporary. Returns -1 with errno. */
static int open_beside(const char *path, char temporary[PATH_MAX]) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
    if (fd >= 0)
        return fd;
    snprintf(temporary, PATH_MAX, "%.*s.XXXXXX", PATH_MAX - 8, path);
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        temporary[0] = '\0';
    else
        (void)fchmod(fd, 0644); /* else it is its owner's alone, which does no harm */
    return fd;
}

enum li_status li_catalog_writer_new(const char *path, struct li_catalog_writer **out, struct li_error *err) {
    static const unsigned char NONE[HEADER_BYTES];
    struct li_catalog_writer *writer = calloc(1, sizeof *writer);
    enum li_status status = LI_OK;
    char there[PATH_MAX];
    struct stat before;
    if (!writer)
        return no_memory(err);
    bool exists = realpath(path, there) && stat(there, &before) == 0;
    path = exists ? there : path; /* a rename would replace a link, not what it leads to */
    writer->sum = SUM_START;
    writer->fd = -1;
    if (strlen(path) + sizeof ".XXXXXX" > sizeof writer->path)
        status = li_fail(err, LI_INVALID, "the path of the catalogue is too long");
    if (!status) {
        memcpy(writer->path, path, strlen(path) + 1);
        writer->fd = open_beside(path, writer->temporary);
        if (exists && writer->fd >= 0)
            (void)fchmod(writer->fd,
                         before.st_mode & 0777); /* who might read it still may, and nobody else */
        status = writer->fd < 0 ? li_fail_errno(err, errno, "cannot make a file beside %.100s", path)
                                : write_all(writer, NONE, sizeof NONE, err); /* the header comes last */
    }
    if (status)
        li_catalog_writer_free(writer);
    else
        *out = writer;
    return status;
}

void li_catalog_writer_watch(struct li_catalog_writer *writer,
                             void (*progress)(void *context, size_t done, size_t total), void *context) {
    writer->progress = progress;
    writer->context = context;
}

/* Rows ----------------------------------------------------------------------------------------------------
 */

/* Doubles the table of tags when it is half full. */
static bool grow_tags(struct li_catalog_writer *writer) {
    if (2 * (writer->tag_count + 1) <= writer->tag_slots)
        return true;
    size_t slots = writer->tag_slots ? 2 * writer->tag_slots : 1024;
    uint32_t *table = calloc(slots, sizeof *table);
    if (!table)
        return false;
    for (size_t i = 0; i < writer->tag_slots; i++) {
        uint32_t number = writer->tag_table[i];
        if (number == 0)
            continue;
        size_t from = li_get32(writer->tag_starts.data + 4 * (number - 1));
        size_t to = number < writer->tag_count ? li_get32(writer->tag_starts.data + 4 * (size_t)number)
                                               : writer->tags.size;
        struct li_text tag = {(const char *)writer->tags.data + from, to - from};
        size_t slot = li_text_hash(tag) & (slots - 1);
        while (table[slot])
            slot = (slot + 1) & (slots - 1);
        table[slot] = number;
    }
    free(writer->tag_table);
    writer->tag_table = table;
    writer->tag_slots = slots;
    return true;
}

/* The number of a tag, which is added when it is new. */
static bool number_tag(struct li_catalog_writer *writer, struct li_text tag, uint32_t *out) {
    if (!grow_tags(writer))
        return false;
    size_t slot = li_text_hash(tag) & (writer->tag_slots - 1);
    for (; writer->tag_table[slot]; slot = (slot + 1) & (writer->tag_slots - 1)) {
        uint32_t number = writer->tag_table[slot] - 1;
        size_t from = li_get32(writer->tag_starts.data + 4 * (size_t)number);
        size_t to = number + 1 < writer->tag_count
                        ? li_get32(writer->tag_starts.data + 4 * ((size_t)number + 1))
                        : writer->tags.size;
        if (to - from == tag.size && memcmp(writer->tags.data + from, tag.data, tag.size) == 0) {
            *out = number;
            return true;
        }
    }
    unsigned char *start = li_bytes_extend(&writer->tag_starts, 4);
    if (!start || writer->tag_count >= TAGS_MAX)
        return false;
    li_put32(start, (uint32_t)writer->tags.size);
    li_bytes_put(&writer->tags, tag.data, tag.size);
    *out = (uint32_t)writer->tag_count++;
    writer->tag_table[slot] = *out + 1;
    return !writer->tags.failed;
}

/* Adds a name or alias as it will be searched for; broken UTF-8 cannot be found and is left out. */
static void add_key(struct li_catalog_writer *writer, struct li_text text, bool alias) {
    struct spelling spelling;
    unsigned char folded[KEY_TEXT_MAX];
    li_spell(text, &spelling);
    if (spelling.length == 0)
        return;
    size_t size = li_spell_write(spelling.letters, spelling.length, spelling.start, spelling.words, folded);
    struct key_source key = {(uint32_t)writer->artists, (uint32_t)size, writer->texts.size, alias};
    li_bytes_put(&writer->texts, folded, size);
    li_bytes_put(&writer->keys, &key, sizeof key);
}

/* Writes the rows that wait; but for the last time whole words of the checksum only. */
static enum li_status flush_rows(struct li_catalog_writer *writer, bool last, struct li_error *err) {
    size_t keep = last ? 0 : writer->block.size % SUM_WORD, size = writer->block.size - keep;
    writer->sum = li_format_sum(writer->sum, writer->block.data, size);
    enum li_status status = write_all(writer, writer->block.data, size, err);
    if (keep)
        memmove(writer->block.data, writer->block.data + size, keep);
    writer->block.size = keep;
    return status;
}

enum li_status li_catalog_writer_add(struct li_catalog_writer *writer, const struct li_catalog_artist *artist,
                                     struct li_error *err) {
    uint32_t tags[LI_CATALOG_GENRES_MAX];
    enum li_status status = li_row_check(artist, false, err);
    if (status)
        return status;
    if (writer->artists &&
        li_text_compare((struct li_text){writer->last, writer->last_size}, artist->id) >= 0)
        return li_fail(err, LI_INVALID, "the id %.*s does not come behind the one before",
                       LI_TEXT_ARG(artist->id));
    if (writer->artists == LI_CATALOG_ARTISTS_MAX)
        return li_fail(err, LI_TOO_LARGE, "a catalogue has at most %d artists", LI_CATALOG_ARTISTS_MAX);
    for (size_t i = 0; i < artist->genre_count; i++)
        if (!number_tag(writer, artist->genres[i], &tags[i]))
            return no_memory(err);
    size_t before = writer->block.size;
    unsigned char *start = li_bytes_extend(&writer->starts, 8);
    if (start)
        li_put64(start, writer->rows);
    li_row_write(&writer->block, artist, tags);
    writer->rows += writer->block.size - before;
    add_key(writer, artist->name, false);
    for (size_t i = 0; i < artist->alias_count; i++)
        add_key(writer, artist->aliases[i], true);
    signed char popularity = (signed char)artist->popularity;
    li_bytes_put(&writer->popularity, &popularity, 1);
    if (!start || writer->block.failed || writer->texts.failed || writer->keys.failed ||
        writer->popularity.failed)
        return no_memory(err);
    memcpy(writer->last, artist->id.data, artist->id.size);
    writer->last_size = artist->id.size;
    writer->artists++;
    writer->aliases += artist->alias_count;
    writer->tracks += artist->track_count;
    for (size_t i = 0; i < artist->track_count; i++)
        writer->featured += artist->tracks[i].features_from != LI_CATALOG_FEATURES_NONE;
    return writer->block.size < BLOCK_BYTES ? LI_OK : flush_rows(writer, false, err);
}

/* The end -------------------------------------------------------------------------------------------------
 */

struct layout {
    unsigned char header[HEADER_BYTES];
    uint64_t at; /* bytes of the file so far */
};

static void describe(struct layout *layout, enum section section, uint64_t size, uint64_t sum) {
    unsigned char *row = layout->header + TABLE_AT + TABLE_ROW * section;
    li_put64(row, layout->at);
    li_put64(row + 8, size);
    li_put64(row + 16, sum);
}

/* Fills up to a multiple of eight. */
static enum li_status pad(const struct li_catalog_writer *writer, struct layout *layout,
                          struct li_error *err) {
    static const unsigned char ZEROS[8];
    size_t size = (size_t)(-layout->at & 7);
    layout->at += size;
    return write_all(writer, ZEROS, size, err);
}

static enum li_status put_section(const struct li_catalog_writer *writer, struct layout *layout,
                                  enum section section, const struct bytes *bytes, struct li_error *err) {
    enum li_status status = pad(writer, layout, err);
    describe(layout, section, bytes->size, li_format_sum(SUM_START, bytes->data, bytes->size));
    if (!status)
        status = write_all(writer, bytes->data, bytes->size, err);
    layout->at += bytes->size;
    return status;
}

static void fill_header(const struct li_catalog_writer *writer, struct layout *layout) {
    unsigned char *header = layout->header;
    char version[VERSION_BYTES + 1];
    const uint64_t counts[COUNTS] = {writer->artists, writer->aliases, writer->tracks, writer->featured,
                                     writer->tag_count};
    memcpy(header, CATALOG_MAGIC, MAGIC_BYTES);
    li_put32(header + SCHEMA_AT, LI_CATALOG_SCHEMA);
    li_put32(header + SECTIONS_AT, SECTION_COUNT);
    li_put64(header + BYTES_AT, layout->at);
    for (int i = 0; i < COUNTS; i++)
        li_put64(header + COUNTS_AT + 8 * i, counts[i]);
    uint64_t sum = li_format_sum(writer->sum, writer->tags.data, writer->tags.size);
    snprintf(version, sizeof version, "%016llx", (unsigned long long)sum);
    memcpy(header + VERSION_AT, version, VERSION_BYTES);
    li_put64(header + SUM_AT, li_format_sum(SUM_START, header, SUM_AT));
}

static enum li_status put_sections(struct li_catalog_writer *writer, struct bytes sections[SECTION_COUNT],
                                   struct layout *layout, struct li_error *err) {
    enum li_status status = flush_rows(writer, true, err);
    layout->at = HEADER_BYTES;
    describe(layout, SECTION_ROWS, writer->rows, writer->sum);
    layout->at += writer->rows;
    sections[SECTION_ROW_STARTS] = writer->starts;
    sections[SECTION_TAG_STARTS] = writer->tag_starts;
    sections[SECTION_TAGS] = writer->tags;
    for (int i = 0; i < SECTION_COUNT && !status; i++)
        if (i != SECTION_ROWS)
            status = put_section(writer, layout, (enum section)i, &sections[i], err);
    if (status)
        return status;
    fill_header(writer, layout);
    if (lseek(writer->fd, 0, SEEK_SET) < 0)
        return li_fail_errno(err, errno, "cannot write %.100s", writer->path);
    return write_all(writer, layout->header, HEADER_BYTES, err);
}

/* The rename is on disk only when the folder is. A file system that cannot do that is no failure. */
static void sync_folder(const char *path) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* Gives the file a name of its own: a link cannot replace what is there, only a rename can. */
static bool name_it(struct li_catalog_writer *writer) {
    char self[64];
    if (writer->temporary[0])
        return true;
    snprintf(self, sizeof self, "/proc/self/fd/%d", writer->fd);
    snprintf(writer->temporary, sizeof writer->temporary, "%.*s.new", PATH_MAX - 8, writer->path);
    unlink(writer->temporary); /* of one that was killed right here */
    if (linkat(AT_FDCWD, self, AT_FDCWD, writer->temporary, AT_SYMLINK_FOLLOW) == 0)
        return true;
    writer->temporary[0] = '\0';
    return false;
}

static enum li_status put_in_place(struct li_catalog_writer *writer, struct li_error *err) {
    if (fsync(writer->fd) != 0 || !name_it(writer))
        return li_fail_errno(err, errno, "cannot write %.100s", writer->path);
    int closed = close(writer->fd);
    writer->fd = -1;
    if (closed != 0 || rename(writer->temporary, writer->path) != 0) {
        int why = errno;
        unlink(writer->temporary);
        return li_fail_errno(err, why, "cannot put %.100s in place", writer->path);
    }
    sync_folder(writer->path);
    return LI_OK;
}

enum li_status li_catalog_writer_finish(struct li_catalog_writer *writer, struct li_catalog_info *info,
                                        struct li_error *err) {
    struct bytes sections[SECTION_COUNT] = {{0}};
    struct layout layout = {0};
    if (writer->artists == 0)
        return li_fail(err, LI_INVALID, "a catalogue has at least one artist");
    unsigned char *end = li_bytes_extend(&writer->starts, 8);
    unsigned char *tag_end = li_bytes_extend(&writer->tag_starts, 4);
    if (!end || !tag_end)
        return no_memory(err);
    li_put64(end, writer->rows);
    li_put32(tag_end, (uint32_t)writer->tags.size);
    const struct index_source source = {
        .popularity = (const signed char *)writer->popularity.data,
        .artists = writer->artists,
        .keys = (const struct key_source *)(const void *)writer->keys.data,
        .key_count = writer->keys.size / sizeof(struct key_source),
        .texts = writer->texts.data,
        .progress = writer->progress,
        .context = writer->context,
    };
    enum li_status status = li_index_make(&source, sections) ? LI_OK : no_memory(err);
    if (!status)
        status = put_sections(writer, sections, &layout, err);
    if (!status)
        status = put_in_place(writer, err);
    if (!status && info) {
        *info = (struct li_catalog_info){writer->artists,
                                         writer->aliases,
                                         writer->tracks,
                                         writer->tag_count,
                                         writer->featured,
                                         (size_t)layout.at,
                                         0,
                                         ""};
        for (int i = SECTION_RANKED; i < SECTION_COUNT; i++)
            info->index_bytes += sections[i].size;
        memcpy(info->version, layout.header + VERSION_AT, VERSION_BYTES);
    }
    for (int i = SECTION_RANKED; i < SECTION_COUNT; i++)
        free(sections[i].data);
    return status;
}

void li_catalog_writer_free(struct li_catalog_writer *writer) {
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->fd >= 0 && writer->temporary[0])
        unlink(writer->temporary);
    free(writer->block.data);
    free(writer->starts.data);
    free(writer->tags.data);
    free(writer->tag_starts.data);
    free(writer->tag_table);
    free(writer->keys.data);
    free(writer->texts.data);
    free(writer->popularity.data);
    free(writer);
}
