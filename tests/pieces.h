/* pieces.h - an input that comes in pieces of so many bytes, for readers that ask for more. The fuzz targets
 * take it too, so nothing of cmocka is in it. */
#ifndef LI_TESTS_PIECES_H
#define LI_TESTS_PIECES_H

#include <stddef.h>
#include <string.h>

#include "base/text.h"

struct pieces {
    struct li_text rest;
    size_t step; /* bytes of a piece, 1 at least */
};

/* Fills buffer with the next piece; 0 at the end. context: a struct pieces. */
static inline ptrdiff_t pieces_take(void *context, void *buffer, size_t size) {
    struct pieces *pieces = context;
    size_t taken = pieces->step < size ? pieces->step : size;
    taken = taken < pieces->rest.size ? taken : pieces->rest.size;
    if (taken) {
        memcpy(buffer, pieces->rest.data, taken);
        pieces->rest = (struct li_text){pieces->rest.data + taken, pieces->rest.size - taken};
    }
    return (ptrdiff_t)taken;
}

#endif
