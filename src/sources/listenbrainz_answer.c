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
    json_t *document = NULL;
    enum li_status status = li_answer_parse("ListenBrainz", body, &document, err);
    if (!status)
        status = li_answer_artists("ListenBrainz", document, read_artist, arena, list, count, err);
    json_decref(document);
    return status;
}
