/* open.c - a catalogue from a file or from bytes: checked at the door, read whole (load.c), indexed
 * (index.c). */
#include <stdio.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

enum {
    HEADER_BYTES = 100, /* of an SQLite file; offsets below: sqlite.org/fileformat2.html, section 1.3 */
    PAGE_SIZE_AT = 16,
    PAGE_COUNT_AT = 28,
    USER_VERSION_AT = 60,
    APPLICATION_ID_AT = 68,
};

static uint32_t big_endian(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum li_status check_header(const unsigned char *bytes, size_t size, struct li_error *err) {
    if (size < HEADER_BYTES || memcmp(bytes, "SQLite format 3", 16) != 0)
        return li_fail(err, LI_CORRUPT, "no catalogue file; make one with: listening catalog build");
    if (big_endian(bytes + APPLICATION_ID_AT) != APPLICATION_ID)
        return li_fail(err, LI_CORRUPT,
                       "an SQLite file, but no catalogue; make one with: listening catalog build");
    uint32_t schema = big_endian(bytes + USER_VERSION_AT);
    if (schema > LI_CATALOG_SCHEMA)
        return li_fail(err, LI_CORRUPT, "a catalogue of schema %u, newer than this program (%d); update it",
                       schema, LI_CATALOG_SCHEMA);
    if (schema < LI_CATALOG_SCHEMA)
        return li_fail(err, LI_CORRUPT,
                       "a catalogue of schema %u, older than this program (%d); make it again with: "
                       "listening catalog build",
                       schema, LI_CATALOG_SCHEMA);
    size_t page = (size_t)bytes[PAGE_SIZE_AT] << 8 | bytes[PAGE_SIZE_AT + 1];
    if ((page == 1 ? 65536 : page) * big_endian(bytes + PAGE_COUNT_AT) != size)
        return li_fail(err, LI_CORRUPT, "the catalogue is cut short or torn; copy or make it again");
    return LI_OK;
}

enum li_status li_catalog_open_bytes(const void *bytes, size_t size, struct li_catalog **out,
                                     struct li_error *err) {
    enum li_status status = size > CATALOG_BYTES_MAX
                                ? li_fail(err, LI_TOO_LARGE, "the catalogue is larger than 1 GiB")
                                : check_header(bytes, size, err);
    if (status)
        return status;
    struct li_catalog *catalog = calloc(1, sizeof *catalog);
    if (!catalog)
        return li_fail(err, LI_NO_MEMORY, "no memory for the catalogue");
    status = li_catalog_load(catalog, bytes, size, err);
    if (!status && !li_index_build(&catalog->index, catalog->artists, catalog->info.artists))
        status = li_fail(err, LI_NO_MEMORY, "no memory for the catalogue");
    if (status) {
        li_catalog_free(catalog);
        return status;
    }
    catalog->info.bytes = size;
    *out = catalog;
    return LI_OK;
}

enum li_status li_catalog_open_file(const char *path, struct li_catalog **out, struct li_error *err) {
    char *bytes = NULL;
    size_t size = 0;
    struct li_error why = {0};
    enum li_status status = li_catalog_read_file(path, CATALOG_BYTES_MAX, &bytes, &size, err);
    if (status)
        return status;
    status = li_catalog_open_bytes(bytes, size, out, &why);
    if (status)
        li_fail(err, status, "%.90s: %.160s", path, why.message);
    free(bytes);
    return status;
}

void li_catalog_free(struct li_catalog *catalog) {
    if (!catalog)
        return;
    li_index_free(&catalog->index);
    free(catalog->artists);
    free(catalog->genres);
    free(catalog->aliases);
    free(catalog->tracks);
    li_arena_release(&catalog->arena);
    free(catalog);
}

const struct li_catalog_artist *li_catalog_find(const struct li_catalog *catalog, struct li_text id) {
    size_t low = 0, high = catalog->info.artists;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = li_text_compare(catalog->artists[middle].id, id);
        if (order == 0)
            return &catalog->artists[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct li_catalog_artist *li_catalog_at(const struct li_catalog *catalog, size_t index) {
    return index < catalog->info.artists ? &catalog->artists[index] : NULL;
}

void li_catalog_get_info(const struct li_catalog *catalog, struct li_catalog_info *out) {
    *out = catalog->info;
}
