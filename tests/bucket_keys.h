/* bucket_keys.h - the keys of a bucket, where its client looks for them: in the environment. */
#ifndef LI_TESTS_BUCKET_KEYS_H
#define LI_TESTS_BUCKET_KEYS_H

#include <stdlib.h>

static inline void use_keys(const char *access_key, const char *secret_key) {
    setenv("AWS_ACCESS_KEY_ID", access_key, 1);
    setenv("AWS_SECRET_ACCESS_KEY", secret_key, 1);
    unsetenv("AWS_SESSION_TOKEN");
}

/* For buckets of our own, which look at no signature. */
static inline void use_any_keys(void) {
    use_keys("AKIDEXAMPLE", "not-a-secret");
}

#endif
