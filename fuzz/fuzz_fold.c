/* Folding, and the signs of what folds to nothing: what comes out is valid UTF-8 within its room, and doing
 * it again changes nothing. */
#include "base/text.h"
#include "target.h"

enum { EXPANSION = 64 }; /* bytes that one byte may become; the longest in Unicode 15 is 33 bytes of 3 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text text = {(const char *)data, size};
    size_t room = size * EXPANSION + 1, little = size / 2;
    char *once = malloc(room), *twice = malloc(room), *cut = malloc(little + 1);
    check(once && twice && cut);
    size_t length = li_text_fold(text, once, room);
    struct li_text folded = {once, length};
    check(length < room);
    check(li_text_valid(text) || length == 0);
    check(li_text_valid(folded));
    size_t again = li_text_fold(folded, twice, room);
    check(li_text_equal(folded, (struct li_text){twice, again}));
    /* With little room: the beginning of the same. */
    size_t short_length = li_text_fold(text, cut, little);
    check(short_length <= little && short_length <= length);
    check(li_text_equal((struct li_text){once, short_length}, (struct li_text){cut, short_length}));
    check(li_text_valid((struct li_text){cut, short_length}));
    size_t signs = li_text_signs(text, once, room);
    struct li_text kept = {once, signs};
    check(signs < room);
    check(li_text_valid(text) || signs == 0);
    check(li_text_valid(kept));
    check(li_text_equal(kept, (struct li_text){twice, li_text_signs(kept, twice, room)}));
    free(once);
    free(twice);
    free(cut);
    return 0;
}
