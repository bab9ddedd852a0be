/* target.h - what every fuzz target begins with: the function that libFuzzer calls, and what stops it where
 * something that always holds does not. */
#ifndef LI_FUZZ_TARGET_H
#define LI_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void check(bool holds) {
    if (!holds)
        abort();
}

#endif
