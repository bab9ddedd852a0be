/* Catalogue files: any bytes are a catalogue or LI_CORRUPT; every artist of a catalogue can be found. The
 * input is tried as a whole file, and as changes to a good one: every four bytes are a place and what to put
 * there. */
#include "small_catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_bytes(const void *bytes, size_t size) {
    struct li_catalog *catalog = NULL;
    struct li_error err = {0};
    struct li_catalog_info info;
    enum li_status status = li_catalog_open_bytes(bytes, size, &catalog, &err);
    check(status == LI_OK || (status == LI_CORRUPT && err.message[0] && !catalog));
    if (status)
        return;
    li_catalog_get_info(catalog, &info);
    for (size_t i = 0; i < info.artists; i++) {
        const struct li_catalog_artist *artist = li_catalog_at(catalog, i);
        check(li_catalog_find(catalog, artist->id) == artist);
        check(li_text_valid(artist->name) && artist->track_count > 0);
    }
    li_catalog_free(catalog);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t *good;
    static size_t good_size;
    if (!good)
        good = small_catalog(&good_size);
    open_bytes(data, size);
    uint8_t *copy = malloc(good_size);
    check(copy != NULL);
    memcpy(copy, good, good_size);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        size_t place = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        copy[place % good_size] = data[i + 3];
    }
    open_bytes(copy, good_size);
    free(copy);
    return 0;
}
