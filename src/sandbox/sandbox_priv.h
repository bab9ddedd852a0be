/* sandbox_priv.h - what the files of this room share. */
#ifndef LI_SANDBOX_SANDBOX_PRIV_H
#define LI_SANDBOX_SANDBOX_PRIV_H

#include "sandbox/sandbox.h"

#ifdef __has_feature /* clang */
#define LI_SANITIZED                                                                                         \
    (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LI_SANITIZED 1
#else
#define LI_SANITIZED 0
#endif

#endif
