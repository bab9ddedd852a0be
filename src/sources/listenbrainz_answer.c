/* listenbrainz_answer.c - what ListenBrainz tells of artists by their MusicBrainz ids: a list of
 * {artist_mbid, name, tag: {artist: [{tag, count, genre_mbid?}]}}. */
#include "sources/answers.h"

static bool read_artist(const json_t *object, struct li_arena *arena, struct li_answer_artist *out) {
    *out = (struct li_answer_artist){
        .id = li_answer_id(object, "artist_mbid", arena),
        .name = li_answer_text(object, "name", LI_ANSWER_NAME_MAX, arena),
        .fans = -1,
        .score = -1,
    };
    li_answer_tags(json_object_get(json_object_get(object, "tag"), "artist"), arena, out);
    return out->id.size > 0;
}

enum li_status li_listenbrainz_read_artists(struct li_text body, struct li_arena *arena,
                                            struct li_answer_artist **list, size_t *count,
                                            struct li_error *err) {
    json_t *document = NULL, *entry;
    size_t i, found = 0;
    enum li_status status = li_answer_parse("ListenBrainz", body, &document, err);
    if (!status && !json_is_array(document))
        status = li_fail(err, LI_CORRUPT, "ListenBrainz answered with something that is no list of artists");
    if (!status) {
        struct li_answer_artist *artists = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *artists);
        json_array_foreach(document, i, entry) {
            if (found < LI_ANSWER_LIST_MAX && read_artist(entry, arena, &artists[found]))
                found++;
        }
        status = li_answer_check_list("ListenBrainz", document, found, err);
        if (!status) {
            *list = artists;
            *count = found;
        }
    }
    json_decref(document);
    return status;
}
