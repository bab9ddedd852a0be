/* musicbrainz_answer.c - what the MusicBrainz search for artists answers (WS/2, JSON). */
#include "sources/answers.h"

static bool read_artist(const json_t *object, struct li_arena *arena, struct li_answer_artist *out) {
    double score = li_answer_number(object, "score", 0, 100);
    *out = (struct li_answer_artist){
        .id = li_answer_id(object, "id", arena),
        .name = li_answer_text(object, "name", LI_ANSWER_NAME_MAX, arena),
        .fans = -1,
        .score = score >= 0 ? (int)score : -1,
    };
    li_answer_tags(json_object_get(object, "tags"), arena, out);
    return out->id.size && out->name.size;
}

enum li_status li_musicbrainz_read_artists(struct li_text body, struct li_arena *arena,
                                           struct li_answer_artist **list, size_t *count,
                                           struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("MusicBrainz", body, &document, err);
    if (!status)
        status = li_answer_artists("MusicBrainz", json_object_get(document, "artists"), read_artist, arena,
                                   list, count, err);
    json_decref(document);
    return status;
}
