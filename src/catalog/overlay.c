/* overlay.c - artists met elsewhere, searched one by one: there are few. */
#include <pthread.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

/* A name or alias as it is searched for. */
struct note_key {
    unsigned char *text;
    size_t size;
    uint64_t sketch;
    bool alias;
};

struct note {
    struct li_arena arena;
    const struct li_catalog_artist *artist;
    struct note_key *keys;
    size_t key_count;
};

struct overlay {
    pthread_rwlock_t lock;
    struct note *notes[LI_CATALOG_NOTES_MAX];
    size_t count, oldest;
};

struct overlay *li_overlay_new(void) {
    struct overlay *overlay = calloc(1, sizeof *overlay);
    if (overlay)
        pthread_rwlock_init(&overlay->lock, NULL);
    return overlay;
}

static void note_free(struct note *note) {
    if (note)
        li_arena_release(&note->arena);
    free(note);
}

void li_overlay_free(struct overlay *overlay) {
    if (!overlay)
        return;
    for (size_t i = 0; i < overlay->count; i++)
        note_free(overlay->notes[i]);
    pthread_rwlock_destroy(&overlay->lock);
    free(overlay);
}

static const struct li_text *copy_texts(const struct li_text *texts, size_t count, struct li_arena *arena) {
    struct li_text *copies = li_arena_alloc(arena, count * sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = li_arena_copy(arena, texts[i]);
    return copies;
}

static const struct li_catalog_artist *copy_artist(const struct li_catalog_artist *artist,
                                                   struct li_arena *arena) {
    struct li_catalog_artist *copy = li_arena_alloc(arena, sizeof *copy);
    *copy = (struct li_catalog_artist){
        .id = li_arena_copy(arena, artist->id),
        .name = li_arena_copy(arena, artist->name),
        .popularity = artist->popularity,
        .genres = copy_texts(artist->genres, artist->genre_count, arena),
        .genre_count = artist->genre_count,
        .aliases = copy_texts(artist->aliases, artist->alias_count, arena),
        .alias_count = artist->alias_count,
    };
    return copy;
}

static struct note *note_new(const struct li_catalog_artist *artist) {
    struct note *note = calloc(1, sizeof *note);
    if (!note)
        return NULL;
    note->artist = artist = copy_artist(artist, &note->arena);
    note->keys = li_arena_alloc(&note->arena, (artist->alias_count + 1) * sizeof *note->keys);
    for (size_t i = 0; i <= artist->alias_count; i++) {
        struct spelling spelling;
        unsigned char text[KEY_TEXT_MAX];
        li_spell(i ? artist->aliases[i - 1] : artist->name, &spelling);
        if (spelling.length == 0)
            continue;
        struct note_key *key = &note->keys[note->key_count++];
        key->size = li_spell_write(spelling.letters, spelling.length, spelling.start, spelling.words, text);
        key->text = li_arena_alloc(&note->arena, key->size);
        memcpy(key->text, text, key->size);
        key->sketch = li_spell_sketch(spelling.letters, spelling.length);
        key->alias = i > 0;
    }
    return note;
}

/* The place of the artist with an id; count when there is none. */
static size_t find_note(const struct overlay *overlay, struct li_text id) {
    size_t at = 0;
    while (at < overlay->count && !li_text_equal(overlay->notes[at]->artist->id, id))
        at++;
    return at;
}

/* Whether all that is searched and ranked by is noted already. */
static bool is_noted(struct overlay *overlay, const struct li_catalog_artist *artist) {
    pthread_rwlock_rdlock(&overlay->lock);
    size_t at = find_note(overlay, artist->id);
    const struct li_catalog_artist *old = at < overlay->count ? overlay->notes[at]->artist : NULL;
    bool same = old && li_text_equal(old->name, artist->name) && old->popularity == artist->popularity &&
                old->alias_count == artist->alias_count && old->genre_count == artist->genre_count;
    for (size_t i = 0; same && i < artist->alias_count; i++)
        same = li_text_equal(old->aliases[i], artist->aliases[i]);
    for (size_t i = 0; same && i < artist->genre_count; i++)
        same = li_text_equal(old->genres[i], artist->genres[i]);
    pthread_rwlock_unlock(&overlay->lock);
    return same;
}

void li_overlay_note(struct overlay *overlay, const struct li_catalog_artist *artist) {
    if (li_row_check(artist, true, NULL) != LI_OK || is_noted(overlay, artist))
        return;
    struct note *note = note_new(artist);
    if (!note)
        return;
    pthread_rwlock_wrlock(&overlay->lock);
    size_t at = find_note(overlay, artist->id);
    if (at == LI_CATALOG_NOTES_MAX) {
        at = overlay->oldest;
        overlay->oldest = (overlay->oldest + 1) % LI_CATALOG_NOTES_MAX;
    }
    if (at == overlay->count)
        overlay->count++;
    struct note *old = overlay->notes[at];
    overlay->notes[at] = note;
    pthread_rwlock_unlock(&overlay->lock);
    note_free(old);
}

/* Searching -----------------------------------------------------------------------------------------------
 */

static enum closeness fit_note(const struct note *note, const struct query *query, unsigned max) {
    enum closeness best = FIT_NOT;
    for (size_t i = 0; i < note->key_count; i++) {
        const struct note_key *key = &note->keys[i];
        struct spelling spelling;
        if (!li_sketch_holds(key->sketch, query->sketch, max) &&
            li_spell_article(&query->spelling) == 0) /* an article may be too much */
            continue;
        li_spell_key(key->text, key->size, &spelling);
        enum closeness fit = li_fit_exact(query, &spelling, key->alias);
        if (fit == FIT_NOT && max)
            fit = li_fit_errors(query, &spelling, max);
        best = fit < best ? fit : best;
    }
    return best;
}

static bool before(const struct overlay_hit *a, const struct overlay_hit *b) {
    if (a->fit != b->fit)
        return a->fit < b->fit;
    if (a->artist->popularity != b->artist->popularity)
        return a->artist->popularity > b->artist->popularity;
    return li_text_compare(a->artist->id, b->artist->id) < 0;
}

size_t li_overlay_search(struct overlay *overlay, const struct query *query, size_t limit,
                         struct overlay_hit *hits, struct li_arena *arena) {
    unsigned max = li_query_errors(query);
    size_t count = 0;
    pthread_rwlock_rdlock(&overlay->lock);
    for (size_t i = 0; i < overlay->count; i++) {
        struct overlay_hit hit = {overlay->notes[i]->artist, fit_note(overlay->notes[i], query, max)};
        if (hit.fit == FIT_NOT || (count == limit && !before(&hit, &hits[count - 1])))
            continue;
        size_t place = count < limit ? count++ : count - 1;
        for (; place > 0 && before(&hit, &hits[place - 1]); place--)
            hits[place] = hits[place - 1];
        hits[place] = hit;
    }
    for (size_t i = 0; i < count; i++)
        hits[i].artist = copy_artist(hits[i].artist, arena);
    pthread_rwlock_unlock(&overlay->lock);
    return count;
}
