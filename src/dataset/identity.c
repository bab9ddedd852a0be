/* identity.c - which artist a name means.
 *
 * The id of an artist is made of the folded name (li_catalog_slug), so that "Björk", "BJÖRK" and "Bjork" are
 * one without anything being looked up. Remembered are only the exceptions: artists of the old catalogue
 * whose id is another, their other names, and artists of one name that MusicBrainz tells apart.
 *
 * Keys: "n" and a folded name -> id; "i" and an id -> "" (an id with a MusicBrainz suffix that exists);
 * "m" and an id -> the MBID that it belongs to. */
#include <ctype.h>
#include <stdio.h>

#include "dataset/dataset_priv.h"

enum { FOLDED_MAX = 2048, SUFFIX = 8 };

static struct li_text folded(struct li_text name, struct li_arena *arena) {
    char out[FOLDED_MAX];
    size_t size = li_text_fold(name, out, sizeof out);
    return li_arena_copy(arena, size ? (struct li_text){out, size} : name); /* "!!!" is itself */
}

/* As the built-in catalogue's ids are made; 64 bits of hash where no letter of a to z is left, since there
 * are millions of names in other scripts. */
static struct li_text id_of(struct li_text name, struct li_text fold, struct li_arena *arena) {
    for (size_t i = 0; i < fold.size; i++) {
        unsigned char byte = (unsigned char)fold.data[i];
        if (byte != ' ' && !(byte < 0x80 && isalnum(byte)))
            return li_arena_printf(arena, "%016llx", li_text_hash(fold));
    }
    return li_catalog_slug(name, arena);
}

static struct li_text key_of(char kind, struct li_text text, struct li_arena *arena) {
    return li_arena_printf(arena, "%c%.*s", kind, LI_TEXT_ARG(text));
}

static bool has_suffix(struct li_text id) {
    if (id.size <= SUFFIX + 1 || id.data[id.size - SUFFIX - 1] != '-')
        return false;
    for (size_t i = id.size - SUFFIX; i < id.size; i++)
        if (li_text_hex_digit(id.data[i]) < 0)
            return false;
    return true;
}

/* Another name, when nobody has it already. A name of two artists means neither. */
static enum li_status learn_alias(struct staging *staging, const struct li_catalog *before,
                                  struct li_text alias, struct li_text id, struct li_arena *arena,
                                  struct li_error *err) {
    struct li_text fold = folded(alias, arena), plain = id_of(alias, fold, arena), known = {0};
    if (li_text_equal(plain, id) || li_catalog_find(before, plain, arena))
        return LI_OK;
    struct li_text key = key_of('n', fold, arena);
    enum li_status status = li_staging_get(staging, key, arena, &known, err);
    if (status || li_text_equal(known, id))
        return status;
    const struct li_catalog_artist *other = known.data ? li_catalog_find(before, known, arena) : NULL;
    if (other && li_text_equal(folded(other->name, arena), fold))
        return LI_OK; /* it is the other's name, which goes before */
    return li_staging_set(staging, key, known.data ? plain : id, err);
}

static enum li_status learn_name(struct staging *staging, const struct li_catalog *before,
                                 const struct li_catalog_artist *artist, struct li_arena *arena,
                                 struct li_error *err) {
    struct li_text fold = folded(artist->name, arena), plain = id_of(artist->name, fold, arena);
    if (li_text_equal(plain, artist->id))
        return LI_OK;
    enum li_status status = LI_OK;
    if (has_suffix(artist->id))
        status = li_staging_set(staging, key_of('i', artist->id, arena), (struct li_text){0}, err);
    if (status || li_catalog_find(before, plain, arena)) /* of namesakes, the one whose id is the name */
        return status;
    struct li_text key = key_of('n', fold, arena), known = {0};
    status = li_staging_get(staging, key, arena, &known, err);
    if (!status && known.data) { /* and else the best known */
        const struct li_catalog_artist *other = li_catalog_find(before, known, arena);
        if (other && other->popularity >= artist->popularity)
            return LI_OK;
    }
    return status ? status : li_staging_set(staging, key, artist->id, err);
}

/* Names first: a name goes before another's other name. */
enum li_status li_identity_learn(struct staging *staging, const struct li_catalog *before,
                                 struct li_error *err) {
    struct li_arena arena = {0};
    const struct li_catalog_artist *artist = NULL;
    size_t index = 0;
    enum li_status status = li_dataset_next(before, &index, &arena, &artist, err);
    while (!status && artist) {
        status = learn_name(staging, before, artist, &arena, err);
        if (!status)
            status = li_dataset_next(before, &index, &arena, &artist, err);
    }
    index = 0;
    if (!status)
        status = li_dataset_next(before, &index, &arena, &artist, err);
    while (!status && artist) {
        for (size_t a = 0; !status && a < artist->alias_count; a++)
            status = learn_alias(staging, before, artist->aliases[a], artist->id, &arena, err);
        if (!status)
            status = li_dataset_next(before, &index, &arena, &artist, err);
    }
    li_arena_release(&arena);
    return status;
}

/* The first MusicBrainz artist of a name has the plain id; others have the beginning of their MBID behind it.
 */
static enum li_status tell_apart(struct staging *staging, const unsigned char mbid[MBID_SIZE],
                                 struct li_text plain, struct li_arena *arena, struct li_text *out,
                                 struct li_error *err) {
    struct li_text owner = {0}, exists = {0}, mine = {(const char *)mbid, MBID_SIZE};
    struct li_text owner_key = key_of('m', plain, arena);
    size_t kept = plain.size < LI_CATALOG_ID_MAX - SUFFIX - 1 ? plain.size : LI_CATALOG_ID_MAX - SUFFIX - 1;
    kept -= plain.data[kept - 1] == '-'; /* no two hyphens */
    struct li_text apart = li_arena_printf(arena, "%.*s-%02x%02x%02x%02x", (int)kept, plain.data, mbid[0],
                                           mbid[1], mbid[2], mbid[3]);
    enum li_status status = li_staging_get(staging, owner_key, arena, &owner, err);
    if (!status && !owner.data)
        status = li_staging_get(staging, key_of('i', apart, arena), arena, &exists, err);
    if (!status && !owner.data && !exists.data)
        status = li_staging_set(staging, owner_key, mine, err);
    if (!status)
        *out = exists.data || (owner.data && !li_text_equal(owner, mine)) ? apart : plain;
    return status;
}

/* An artist of an export keeps its id, and its name means it from here on. */
static enum li_status keep_id(struct staging *staging, struct li_text fold, struct li_text plain,
                              struct li_text given, struct li_arena *arena, struct li_error *err) {
    struct li_text key = key_of('n', fold, arena), known = {0};
    if (li_text_equal(plain, given))
        return LI_OK;
    enum li_status status = li_staging_get(staging, key, arena, &known, err);
    if (status || known.data)
        return status;
    if (has_suffix(given))
        return li_staging_set(staging, key_of('i', given, arena), (struct li_text){0}, err);
    return li_staging_set(staging, key, given, err);
}

enum li_status li_identity_of(struct staging *staging, const struct credit *credit, struct li_text given,
                              struct li_arena *arena, struct li_text *out, struct li_error *err) {
    struct li_text fold = folded(credit->name, arena), plain = id_of(credit->name, fold, arena), known = {0};
    if (given.size) {
        *out = given;
        return keep_id(staging, fold, plain, given, arena, err);
    }
    enum li_status status = li_staging_get(staging, key_of('n', fold, arena), arena, &known, err);
    if (status)
        return status;
    if (known.size)
        plain = known;
    if (credit->has_mbid)
        return tell_apart(staging, credit->mbid, plain, arena, out, err);
    *out = plain;
    return LI_OK;
}
