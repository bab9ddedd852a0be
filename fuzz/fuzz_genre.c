/* Any bytes as a genre tag: the answer is a family or -1, twice the same, and the id of the
 * family found is itself a tag of that family. */
#include <listening.h>
#include <string.h>

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int family = li_genre_match((const char *)data, size);
    check(family == li_genre_match((const char *)data, size));
    check(family == -1 || (family >= 0 && (size_t)family < li_genre_count()));
    if (family >= 0) {
        const char *id = li_genre_at((size_t)family)->id;
        check(li_genre_match(id, strlen(id)) == family);
    }
    return 0;
}
