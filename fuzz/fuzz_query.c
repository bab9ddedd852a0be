/* Searching a small catalogue: any query is answered within its limit, each artist once, the same each time.
 */
#include "small_catalog.h"
#include "target.h"

/* Opened at the first call, then only read. */
static const struct li_catalog *opened(void) {
    static struct li_catalog *catalog;
    static uint8_t *bytes;
    size_t size = 0;
    if (!catalog) {
        bytes = small_catalog(&size);
        check(li_catalog_open_bytes(bytes, size, &catalog, NULL) == LI_OK);
    }
    return catalog;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct li_catalog *catalog = opened();
    const struct li_catalog_artist *hits[LI_CATALOG_HITS_MAX], *again[LI_CATALOG_HITS_MAX];
    size_t count = 0, same = 0;
    if (size == 0)
        return 0;
    size_t limit = 1 + data[0] % LI_CATALOG_HITS_MAX;
    struct li_text query = {(const char *)data + 1, size - 1};
    struct li_arena arena = {0};
    enum li_status status = li_catalog_search(catalog, query, limit, hits, &count, &arena, NULL);
    if (query.size > LI_CATALOG_QUERY_MAX || !li_text_valid(query))
        check(status == LI_INVALID);
    else
        check(status == LI_OK);
    if (status == LI_OK) {
        check(count <= limit);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < i; j++)
                check(!li_text_equal(hits[i]->id, hits[j]->id));
        check(li_catalog_search(catalog, query, limit, again, &same, &arena, NULL) == LI_OK);
        check(same == count);
        for (size_t i = 0; i < count; i++)
            check(li_text_equal(hits[i]->id, again[i]->id));
    }
    li_arena_release(&arena);
    return 0;
}
