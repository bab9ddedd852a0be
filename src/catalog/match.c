/* match.c - the artist that a name in somebody's listening history means.
 *
 * Such names are copied, not typed, so that a match is a whole name or alias; one letter may differ from
 * FUZZY_LETTERS up, for other spellings of the same. "A feat. B" and "A, B" are matched by their first. */
#include <strings.h>

#include "catalog/catalog_priv.h"

enum { FUZZY_LETTERS = 8, MATCH_HITS = 4 };

static unsigned errors_to(const struct spelling *name, struct li_text text, unsigned max) {
    struct spelling other;
    li_spell(text, &other);
    return li_distance_measure(name->letters, name->length, other.letters, other.length, max).whole;
}

static bool fits(const struct spelling *name, const struct li_catalog_artist *artist, unsigned max) {
    if (errors_to(name, artist->name, max) <= max)
        return true;
    for (size_t i = 0; i < artist->alias_count; i++)
        if (errors_to(name, artist->aliases[i], max) <= max)
            return true;
    return false;
}

static const struct li_catalog_artist *match_whole(const struct li_catalog *catalog, struct li_text name,
                                                   struct li_arena *scratch) {
    const struct li_catalog_artist *hits[MATCH_HITS];
    struct query query;
    if (name.size == 0 || name.size > LI_CATALOG_QUERY_MAX)
        return NULL;
    li_query_make(&query, name);
    const struct spelling *spelling = &query.spelling;
    if (spelling->length == 0)
        return NULL;
    size_t count = li_catalog_search_whole(catalog, &query, MATCH_HITS, hits, scratch);
    const unsigned most = spelling->length >= FUZZY_LETTERS ? 1 : 0;
    for (unsigned max = 0; max <= most; max++)
        for (size_t i = 0; i < count; i++)
            if (fits(spelling, hits[i], max))
                return hits[i];
    return NULL;
}

static bool begins(struct li_text text, const char *word, bool as_written) {
    size_t size = strlen(word);
    return text.size >= size &&
           (as_written ? memcmp(text.data, word, size) : strncasecmp(text.data, word, size)) == 0;
}

/* Whether other artists follow from this place on. The words for guests are written in many ways; "x" and
 * "with" join artists only when they are small, else they belong to a name ("Down With Webster"). */
static bool joins(struct li_text name, size_t at) {
    static const char *const JOINS[] = {", ", ";", " & ", " x ", " with "};
    static const char *const GUESTS[] = {"feat.", "feat ", "featuring ", "ft.", "ft "};
    struct li_text rest = {name.data + at, name.size - at};
    bool found = false;
    for (size_t j = 0; j < sizeof JOINS / sizeof *JOINS && !found; j++)
        found = begins(rest, JOINS[j], true);
    if (memchr(" ([", name.data[at - 1], 3))
        for (size_t g = 0; g < sizeof GUESTS / sizeof *GUESTS && !found; g++)
            found = begins(rest, GUESTS[g], false);
    return found;
}

/* What stands before the first word that joins artists; the whole when there is none. */
static struct li_text first_artist(struct li_text name) {
    size_t size = 1;
    while (size < name.size && !joins(name, size))
        size++;
    return (struct li_text){name.data, size < name.size ? size : name.size};
}

const struct li_catalog_artist *li_catalog_match(const struct li_catalog *catalog, struct li_text name,
                                                 struct li_arena *scratch) {
    if (!li_text_valid(name))
        return NULL;
    const struct li_catalog_artist *found = match_whole(catalog, name, scratch);
    struct li_text first = li_text_trim(first_artist(name));
    if (!found && first.size < name.size)
        found = match_whole(catalog, first, scratch);
    return found;
}
