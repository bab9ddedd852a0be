/* map64.c - an open-addressing table from 64-bit hashes to numbers. Two different texts share a hash once in
 * 10^8 histories of a million texts: the hash is taken for the text. */
#include <stdlib.h>

#include "history/history_priv.h"

enum { FIRST_SLOTS = 1024 };

uint64_t li_hash_mix(uint64_t hash, uint64_t number) {
    /* The finaliser of splitmix64 (Steele, Lea & Flood 2014). */
    uint64_t x = hash + number * 0x9E3779B97F4A7C15u + 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

void li_map64_init(struct li_map64 *map, size_t limit) {
    *map = (struct li_map64){.limit = limit};
}

void li_map64_clear(struct li_map64 *map) {
    free(map->keys);
    free(map->values);
    li_map64_init(map, map->limit);
}

void li_map64_empty(struct li_map64 *map, const struct li_map64 *like) {
    if (map->slots && map->slots == like->slots) {
        memset(map->keys, 0, map->slots * sizeof *map->keys);
        map->used = 0;
        return;
    }
    li_map64_clear(map);
    map->keys = calloc(like->slots, sizeof *map->keys);
    map->values = calloc(like->slots, sizeof *map->values);
    if (map->keys && map->values)
        map->slots = like->slots;
    else
        li_map64_clear(map); /* it grows when it must */
}

static size_t slot_of(const struct li_map64 *map, uint64_t key) {
    size_t slot = (key * 0x9E3779B97F4A7C15u >> 32) & (map->slots - 1); /* keys may be small numbers, too */
    while (map->keys[slot] && map->keys[slot] != key)
        slot = (slot + 1) & (map->slots - 1);
    return slot;
}

uint32_t *li_map64_find(const struct li_map64 *map, uint64_t key) {
    key += !key;
    if (!map->slots)
        return NULL;
    size_t slot = slot_of(map, key);
    return map->keys[slot] ? &map->values[slot] : NULL;
}

static bool grow(struct li_map64 *map) {
    struct li_map64 larger = {.slots = map->slots ? map->slots * 2 : FIRST_SLOTS, .limit = map->limit};
    larger.starved = map->starved;
    larger.keys = calloc(larger.slots, sizeof *larger.keys);
    larger.values = calloc(larger.slots, sizeof *larger.values);
    if (!larger.keys || !larger.values) {
        li_map64_clear(&larger);
        map->starved = true;
        return false;
    }
    for (size_t i = 0; i < map->slots; i++) {
        if (map->keys[i]) {
            size_t slot = slot_of(&larger, map->keys[i]);
            larger.keys[slot] = map->keys[i];
            larger.values[slot] = map->values[i];
            larger.used++;
        }
    }
    li_map64_clear(map);
    *map = larger;
    return true;
}

uint32_t *li_map64_put(struct li_map64 *map, uint64_t key, uint32_t value) {
    uint32_t *there = li_map64_find(map, key);
    key += !key;
    if (there)
        return there;
    if (map->used >= map->limit)
        return NULL;
    if (map->used * 4 >= map->slots * 3 && !grow(map))
        return NULL;
    size_t slot = slot_of(map, key);
    map->keys[slot] = key;
    map->values[slot] = value;
    map->used++;
    return &map->values[slot];
}
