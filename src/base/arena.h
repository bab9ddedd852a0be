/* arena.h - memory that is given out piece by piece and taken back all at once.
 *
 * One arena serves one request. Small fixed allocations (li_arena_alloc) end the program when memory stays
 * out; sizes that come from input go through li_arena_try, which checks the multiplication and may return
 * NULL. Memory is zeroed, aligned for any type, and never moves. Not thread-safe: an arena has one user at a
 * time.
 */
#ifndef LI_BASE_ARENA_H
#define LI_BASE_ARENA_H

#include <stddef.h>

#include "base/text.h"

struct li_arena_block;

/* Zeroed is a valid empty arena. */
struct li_arena {
    struct li_arena_block *head;
    size_t used; /* bytes given out since the last clear */
};

/* Gives back everything, keeping the newest block for the next request. */
void li_arena_clear(struct li_arena *arena);

/* Gives back everything. The arena is empty and valid afterwards. */
void li_arena_release(struct li_arena *arena);

/* Never NULL. For sizes that we choose. */
void *li_arena_alloc(struct li_arena *arena, size_t size);

/* For whoever makes a small fixed allocation and finds no memory: waits for requests that end meanwhile, 1 ms
 * before the first new attempt (0), then twice as long each time. After half a second (attempt 9) it says
 * that memory is out and ends the program. */
void li_arena_wait(int attempt);

/* count * size bytes, or NULL when that overflows or memory is out. For sizes that input chooses. */
void *li_arena_try(struct li_arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it (not counted). */
struct li_text li_arena_copy(struct li_arena *arena, struct li_text text);

/* printf into the arena. */
struct li_text li_arena_printf(struct li_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
