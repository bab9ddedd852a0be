/* musicbrainz.c - who an artist is, for the sake of its genres. One request a second for one address, so ten
 * names go in one question. What is sent: the names of artists. */
#include "sources/live_priv.h"

enum { ANSWERS = 100 };

struct into {
    struct li_arena *arena;
    struct li_answer_artist *list;
    size_t count;
};

static enum li_status read_artists(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_musicbrainz_read_artists(body, into->arena, &into->list, &into->count, err);
}

/* A name within a quoted phrase of Lucene's language: only quotes and backslashes mean something there. */
static struct li_text quoted(struct li_text name, struct li_arena *arena) {
    char *out = li_arena_alloc(arena, name.size * 2 + 3);
    size_t size = 0;
    out[size++] = '"';
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            out[size++] = '\\';
        out[size++] = name.data[i];
    }
    out[size++] = '"';
    return (struct li_text){out, size};
}

enum li_status li_musicbrainz_find(struct li_provider *musicbrainz, const struct li_text *names, size_t count,
                                   struct li_arena *arena, struct li_answer_artist **found, bool *cut,
                                   struct li_error *err) {
    struct into into = {.arena = arena};
    struct li_ask ask = {.read = read_artists, .context = &into};
    struct li_text query = LI_TEXT("");
    for (size_t i = 0; i < count; i++)
        query = li_arena_printf(arena, "%.*s%sartist:%.*s", LI_TEXT_ARG(query), i ? " OR " : "",
                                LI_TEXT_ARG(quoted(names[i], arena)));
    ask.path = li_arena_printf(arena, "/ws/2/artist?query=%.*s&fmt=json&limit=%d",
                               LI_TEXT_ARG(li_url_encode(query, false, arena)), ANSWERS);
    enum li_status status = li_provider_ask(musicbrainz, &ask, 1, NULL, err);
    if (status)
        return status;
    struct li_answer_artist *list = into.list;
    *cut = into.count >= ANSWERS;
    for (size_t i = 0; i < count; i++) {
        found[i] = NULL;
        /* Among those of one name the one with the most tags is the one that people know. */
        for (size_t k = 0; k < into.count; k++)
            if (li_text_same_name(names[i], list[k].name) &&
                (!found[i] || list[k].tag_count > found[i]->tag_count))
                found[i] = &list[k];
    }
    return LI_OK;
}
