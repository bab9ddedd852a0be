/* fuzz_genre.c - any bytes as a genre tag: the answer is a family or -1, twice the same, and the id of the
 * family found is itself a tag of that family. */
#include <listening.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int family = li_genre_match((const char *)data, size);
    if (family != li_genre_match((const char *)data, size))
        abort();
    if (family < -1 || (family >= 0 && (size_t)family >= li_genre_count()))
        abort();
    if (family >= 0) {
        const char *id = li_genre_at((size_t)family)->id;
        if (li_genre_match(id, strlen(id)) != family)
            abort();
    }
    return 0;
}
