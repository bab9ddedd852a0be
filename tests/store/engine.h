/* engine.h - the S3 engine that ./test s3 has started: LI_TEST_S3 = "endpoint access_key secret_key bucket".
 */
#ifndef LI_TESTS_ENGINE_H
#define LI_TESTS_ENGINE_H

#include "check.h"

struct engine {
    char endpoint[200], access_key[64], secret_key[64], bucket[64];
};

/* False, after a sentence, when there is none. */
static inline bool engine_find(struct engine *out) {
    const char *line = getenv("LI_TEST_S3");
    if (line && sscanf(line, "%199s %63s %63s %63s", out->endpoint, out->access_key, out->secret_key,
                       out->bucket) == 4)
        return true;
    print_message("skipped: no S3 engine runs (LI_TEST_S3 is not set); ./test s3 starts one\n");
    return false;
}

#endif
