/* Catalogue files: any bytes are a catalogue or LI_CORRUPT, and whatever is read from one or found in it is
 * within its limits and UTF-8. The input is tried as a whole file, and as changes to a good one whose header
 * is then sealed again: every four bytes are a place and what to put there. */
#include "catalog/format.h"
#include "small_catalog.h"
#include "target.h"

static void check_texts(const struct li_text *texts, size_t count, size_t max) {
    check(count <= max);
    for (size_t i = 0; i < count; i++)
        check(texts[i].size > 0 && texts[i].size <= LI_CATALOG_NAME_MAX && li_text_valid(texts[i]));
}

static void check_artist(const struct li_catalog_artist *artist) {
    check(li_catalog_valid_id(artist->id) && artist->popularity >= -1 && artist->popularity <= 100);
    check_texts(&artist->name, 1, 1);
    check_texts(artist->genres, artist->genre_count, LI_CATALOG_GENRES_MAX);
    check_texts(artist->aliases, artist->alias_count, LI_CATALOG_ALIASES_MAX);
    check(artist->track_count <= LI_CATALOG_TRACKS_MAX);
    for (size_t i = 0; i < artist->track_count; i++) {
        check_texts(&artist->tracks[i].title, 1, 1);
        check(li_text_valid(artist->tracks[i].id));
    }
}

static void ask(const struct li_catalog *catalog, struct li_text query, struct li_arena *arena) {
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX];
    size_t count = 0;
    if (li_catalog_search(catalog, query, LI_CATALOG_HITS_MAX, hits, &count, arena, NULL) != LI_OK)
        return;
    check(count <= LI_CATALOG_HITS_MAX);
    for (size_t i = 0; i < count; i++)
        check_artist(hits[i]);
}

static void open_bytes(const void *bytes, size_t size, struct li_text query) {
    static const char *const QUERIES[] = {"a", "the", "led zepelin", "utada hikaru", "宇多田", "guns roses"};
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    struct li_catalog_info info;
    struct li_arena arena = {0};
    enum li_status status = li_catalog_open_bytes(bytes, size, &catalog, &err);
    check(status == LI_OK || (status == LI_CORRUPT && err.message[0] && !catalog));
    if (status)
        return;
    li_catalog_get_info(catalog, &info);
    for (size_t i = 0; i < info.artists && i < 64; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(catalog, i, &arena);
        if (!artist)
            continue;
        check_artist(artist);
        const struct li_catalog_artist *found = li_catalog_find(catalog, artist->id, &arena);
        check(!found || li_text_equal(found->id, artist->id));
        ask(catalog, artist->name, &arena);
    }
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++)
        ask(catalog, li_text_of(QUERIES[i]), &arena);
    ask(catalog, query, &arena);
    li_arena_release(&arena);
    li_catalog_free(catalog);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t *good;
    static size_t good_size;
    struct li_text query = {(const char *)data, size < 24 ? size : 24};
    if (!good)
        good = small_catalog(&good_size);
    open_bytes(data, size, query);
    uint8_t *copy = malloc(good_size);
    check(copy != NULL);
    memcpy(copy, good, good_size);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        size_t place = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        copy[place % good_size] = data[i + 3];
    }
    li_put64(copy + SUM_AT, li_format_sum(SUM_START, copy, SUM_AT));
    open_bytes(copy, good_size, query);
    free(copy);
    return 0;
}
