/* lanes.h - eight floats at a time.
 *
 * Vectors of GCC and Clang: plain C operators, element by element, on any machine. Where the build allows,
 * a function marked LI_CLONED is compiled for several instruction sets and the best one is picked when the
 * program starts; elsewhere it is compiled once. Every operation is an IEEE operation on one element and
 * fused multiply-add is off, so that all the clones give the same bits. */
#ifndef LI_AUDIO_LANES_H
#define LI_AUDIO_LANES_H

#include <stddef.h>

enum { LI_LANES = 8 };

typedef float li_lanes __attribute__((vector_size(4 * 8)));
typedef int li_lanes_int __attribute__((vector_size(4 * 8)));

/* The same where memory is aligned for a float only. */
typedef float li_lanes_any __attribute__((vector_size(4 * 8), aligned(4), may_alias));

/* Clang 14 cannot clone for x86-64 levels; the resolvers run before a sanitizer is ready. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                                  \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LI_CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LI_CLONED
#endif

#define LI_INLINE static inline __attribute__((always_inline))

#endif
