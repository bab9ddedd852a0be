/* listenbrainz.c - the genres of several artists in one question, by their MusicBrainz ids. No key is needed
 * for this one; where that changes, MusicBrainz' own tags are used. */
#include "sources/live_priv.h"

struct into {
    struct li_arena *arena;
    struct li_answer_artist **list;
    size_t *count;
};

static enum li_status read_artists(void *context, struct li_text body, struct li_error *err) {
    struct into *into = context;
    return li_listenbrainz_read_artists(body, into->arena, into->list, into->count, err);
}

enum li_status li_listenbrainz_artists(struct li_provider *listenbrainz, const struct li_text *mbids,
                                       size_t count, struct li_arena *arena, struct li_answer_artist **list,
                                       size_t *found, struct li_error *err) {
    struct into into = {arena, list, found};
    struct li_ask ask = {.read = read_artists, .context = &into};
    struct li_text joined = LI_TEXT("");
    for (size_t i = 0; i < count; i++)
        joined = li_arena_printf(arena, "%.*s%s%.*s", LI_TEXT_ARG(joined), i ? "," : "",
                                 LI_TEXT_ARG(li_url_encode(mbids[i], false, arena)));
    ask.path = li_arena_printf(arena, "/1/metadata/artist/?artist_mbids=%.*s&inc=artist%%20tag",
                               LI_TEXT_ARG(joined));
    return li_provider_ask(listenbrainz, &ask, 1, NULL, err);
}
