#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#ifdef __SANITIZE_ADDRESS__
#define LI_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LI_ASAN 1
#endif
#endif
#ifdef LI_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(start, size) ASAN_POISON_MEMORY_REGION(start, size)
#define UNPOISON(start, size) ASAN_UNPOISON_MEMORY_REGION(start, size)
enum { RED_ZONE = 16 }; /* bytes between pieces, so that an overrun is seen */
#else
#define POISON(start, size) ((void)(start), (void)(size))
#define UNPOISON(start, size) ((void)(start), (void)(size))
enum { RED_ZONE = 0 };
#endif

enum { BLOCK_BYTES = 16 * 1024, ALIGN = alignof(max_align_t) };

struct li_arena_block {
    struct li_arena_block *next;
    size_t capacity, used;
    alignas(max_align_t) unsigned char bytes[];
};

static struct li_arena_block *block_new(size_t capacity) {
    struct li_arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        return NULL;
    block->next = NULL;
    block->capacity = capacity;
    block->used = 0;
    POISON(block->bytes, capacity);
    return block;
}

static void block_free(struct li_arena_block *block) {
    UNPOISON(block->bytes, block->capacity);
    free(block);
}

static void *take(struct li_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t room = (size + RED_ZONE + ALIGN - 1) / ALIGN * ALIGN;
    struct li_arena_block *block = arena->head;
    if (!block || block->capacity - block->used < room) {
        block = block_new(room > BLOCK_BYTES ? room : BLOCK_BYTES);
        if (!block)
            return NULL;
        block->next = arena->head;
        arena->head = block;
    }
    void *piece = block->bytes + block->used;
    block->used += room;
    arena->used += size;
    UNPOISON(piece, size);
    memset(piece, 0, size);
    return piece;
}

void *li_arena_try(struct li_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return take(arena, bytes);
}

void li_arena_wait(int attempt) {
    if (attempt > 8) {
        fputs("listening: out of memory\n", stderr);
        abort();
    }
    li_clock_sleep_ms(1 << attempt);
}

void *li_arena_alloc(struct li_arena *arena, size_t size) {
    void *piece = NULL;
    for (int attempt = 0; !(piece = take(arena, size)); attempt++)
        li_arena_wait(attempt);
    return piece;
}

void li_arena_clear(struct li_arena *arena) {
    struct li_arena_block *keep = arena->head;
    if (!keep)
        return;
    for (struct li_arena_block *block = keep->next, *next; block; block = next) {
        next = block->next;
        block_free(block);
    }
    keep->next = NULL;
    keep->used = 0;
    POISON(keep->bytes, keep->capacity);
    if (keep->capacity > BLOCK_BYTES) { /* one large request must not pin its memory */
        block_free(keep);
        arena->head = NULL;
    }
    arena->used = 0;
}

void li_arena_release(struct li_arena *arena) {
    for (struct li_arena_block *block = arena->head, *next; block; block = next) {
        next = block->next;
        block_free(block);
    }
    *arena = (struct li_arena){0};
}

struct li_text li_arena_copy(struct li_arena *arena, struct li_text text) {
    char *copy = li_arena_alloc(arena, text.size + 1);
    if (text.size)
        memcpy(copy, text.data, text.size);
    return (struct li_text){copy, text.size};
}

struct li_text li_arena_printf(struct li_arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = length < 0 ? 0 : (size_t)length;
    char *out = li_arena_alloc(arena, size + 1);
    vsnprintf(out, size + 1, format, again);
    va_end(again);
    return (struct li_text){out, size};
}
