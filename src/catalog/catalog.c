/* catalog.c - the handle: the current file, which may be changed for another while it is used, and the
 * overlay. */
#include <pthread.h>
#include <stdlib.h>

#include "catalog/catalog_priv.h"

/* What changes behind a handle that its users may not change. */
struct current {
    pthread_mutex_t lock; /* of file, for the moment in which it is taken or changed */
    struct catalog_file *file;
    struct overlay *overlay;
};

struct li_catalog {
    struct current *current;
};

/* The file of the moment, with one more use: li_file_drop gives it back. */
static struct catalog_file *hold(const struct li_catalog *catalog) {
    struct current *current = catalog->current;
    pthread_mutex_lock(&current->lock);
    struct catalog_file *file = current->file;
    atomic_fetch_add(&file->users, 1);
    pthread_mutex_unlock(&current->lock);
    return file;
}

/* A handle of this file, which is dropped when there is no memory for one. */
static enum li_status wrap(struct catalog_file *file, struct li_catalog **out, struct li_error *err) {
    struct li_catalog *catalog = calloc(1, sizeof *catalog);
    struct current *current = calloc(1, sizeof *current);
    struct overlay *overlay = li_overlay_new();
    if (!catalog || !current || !overlay) {
        free(catalog);
        free(current);
        li_overlay_free(overlay);
        li_file_drop(file);
        return li_fail(err, LI_NO_MEMORY, "no memory for the catalogue");
    }
    pthread_mutex_init(&current->lock, NULL);
    current->file = file;
    current->overlay = overlay;
    catalog->current = current;
    *out = catalog;
    return LI_OK;
}

enum li_status li_catalog_open_file(const char *path, struct li_catalog **out, struct li_error *err) {
    struct catalog_file *file = NULL;
    enum li_status status = li_file_map(path, &file, err);
    return status ? status : wrap(file, out, err);
}

enum li_status li_catalog_open_bytes(const void *bytes, size_t size, struct li_catalog **out,
                                     struct li_error *err) {
    struct catalog_file *file = NULL;
    enum li_status status = li_file_wrap(bytes, size, &file, err);
    return status ? status : wrap(file, out, err);
}

void li_catalog_free(struct li_catalog *catalog) {
    if (!catalog)
        return;
    li_file_drop(catalog->current->file);
    li_overlay_free(catalog->current->overlay);
    pthread_mutex_destroy(&catalog->current->lock);
    free(catalog->current);
    free(catalog);
}

enum li_status li_catalog_reload(struct li_catalog *catalog, const char *path, struct li_error *err) {
    struct catalog_file *file = NULL;
    enum li_status status = li_file_map(path, &file, err);
    if (status)
        return status;
    struct current *current = catalog->current;
    pthread_mutex_lock(&current->lock);
    struct catalog_file *old = current->file;
    current->file = file;
    pthread_mutex_unlock(&current->lock);
    li_file_drop(old);
    return LI_OK;
}

void li_catalog_note(const struct li_catalog *catalog, const struct li_catalog_artist *artist) {
    li_overlay_note(catalog->current->overlay, artist);
}

const struct li_catalog_artist *li_catalog_find(const struct li_catalog *catalog, struct li_text id,
                                                struct li_arena *arena) {
    struct catalog_file *file = hold(catalog);
    const struct li_catalog_artist *found = NULL;
    size_t artist;
    if (li_row_find(file, id, &artist))
        found = li_row_read(file, artist, true, arena);
    li_file_drop(file);
    return found;
}

const struct li_catalog_artist *li_catalog_at(const struct li_catalog *catalog, size_t index,
                                              struct li_arena *arena) {
    struct catalog_file *file = hold(catalog);
    const struct li_catalog_artist *found = li_row_read(file, index, true, arena);
    li_file_drop(file);
    return found;
}

void li_catalog_get_info(const struct li_catalog *catalog, struct li_catalog_info *out) {
    struct catalog_file *file = hold(catalog);
    *out = file->info;
    li_file_drop(file);
}

enum li_status li_catalog_verify(const struct li_catalog *catalog, struct li_error *err) {
    struct catalog_file *file = hold(catalog);
    enum li_status status = li_file_verify(file, err);
    li_file_drop(file);
    return status;
}

/* Searching -----------------------------------------------------------------------------------------------
 */

/* The artists of the places of a ranking; one whose row is damaged is left out. */
static size_t read_hits(const struct catalog_file *file, const struct ranking *ranking,
                        struct overlay_hit *hits, struct li_arena *arena) {
    size_t count = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        const struct place *place = &ranking->places[i];
        const struct li_catalog_artist *artist =
            li_row_read(file, li_file_u32(file, SECTION_RANKED, place->rank), false, arena);
        if (artist)
            hits[count++] = (struct overlay_hit){artist, place->fit};
    }
    return count;
}

static bool same_name(struct li_text a, struct li_text b) {
    struct spelling left, right;
    li_spell(a, &left);
    li_spell(b, &right);
    return left.length == right.length &&
           memcmp(left.letters, right.letters, left.length * sizeof *left.letters) == 0;
}

/* Whether an artist met elsewhere is one of the file's that were found. */
static bool found_already(const struct li_catalog_artist *artist, const struct overlay_hit *hits,
                          size_t count) {
    for (size_t i = 0; i < count; i++)
        if (li_text_equal(hits[i].artist->id, artist->id) || same_name(hits[i].artist->name, artist->name))
            return true;
    return false;
}

static bool closer(const struct overlay_hit *a, const struct overlay_hit *b) {
    return a->fit != b->fit ? a->fit < b->fit : a->artist->popularity > b->artist->popularity;
}

/* Puts the overlay's hits among those of the file, where both are in order already. */
static size_t merge(const struct overlay_hit *file, size_t file_count, const struct overlay_hit *notes,
                    size_t note_count, size_t limit, const struct li_catalog_artist **hits) {
    size_t count = 0, note = 0, at = 0;
    while (count < limit && (at < file_count || note < note_count)) {
        if (note < note_count && found_already(notes[note].artist, file, file_count))
            note++;
        else if (note < note_count && (at == file_count || closer(&notes[note], &file[at])))
            hits[count++] = notes[note++].artist;
        else
            hits[count++] = file[at++].artist;
    }
    return count;
}

static size_t search_both(const struct li_catalog *catalog, const struct query *query, size_t limit,
                          bool whole, const struct li_catalog_artist **hits, struct li_arena *arena) {
    struct overlay_hit file_hits[LI_CATALOG_HITS_MAX], notes[LI_CATALOG_HITS_MAX];
    struct search search = {.query = query, .ranking.limit = limit};
    struct catalog_file *file = hold(catalog);
    search.file = file;
    li_search_file(&search, whole);
    size_t file_count = read_hits(file, &search.ranking, file_hits, arena);
    li_file_drop(file);
    size_t note_count = whole ? 0 : li_overlay_search(catalog->current->overlay, query, limit, notes, arena);
    return merge(file_hits, file_count, notes, note_count, limit, hits);
}

size_t li_catalog_search_whole(const struct li_catalog *catalog, const struct query *query, size_t limit,
                               const struct li_catalog_artist **hits, struct li_arena *arena) {
    return search_both(catalog, query, limit, true, hits, arena);
}

enum li_status li_catalog_search(const struct li_catalog *catalog, struct li_text query, size_t limit,
                                 const struct li_catalog_artist **hits, size_t *count,
                                 struct li_arena *scratch, struct li_error *err) {
    struct query made;
    if (query.size > LI_CATALOG_QUERY_MAX)
        return li_fail(err, LI_INVALID, "the query is longer than %d bytes", LI_CATALOG_QUERY_MAX);
    if (!li_text_valid(query))
        return li_fail(err, LI_INVALID, "the query is not UTF-8 text");
    if (limit < 1 || limit > LI_CATALOG_HITS_MAX)
        return li_fail(err, LI_INVALID, "the limit is a number from 1 to %d", LI_CATALOG_HITS_MAX);
    li_query_make(&made, query);
    *count = made.spelling.length ? search_both(catalog, &made, limit, false, hits, scratch) : 0;
    return LI_OK;
}
