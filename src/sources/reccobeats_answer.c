/* reccobeats_answer.c - what ReccoBeats answers: {"content": [...]}, in no promised order, with what it does
 * not know left out. */
#include "sources/answers.h"

static bool read_track(const json_t *object, struct li_arena *arena, struct li_answer_track *out) {
    *out = (struct li_answer_track){.id = li_answer_id(object, "id", arena),
                                    .isrc = li_answer_id(object, "isrc", arena)};
    return out->id.size && out->isrc.size;
}

enum li_status li_reccobeats_read_tracks(struct li_text body, struct li_arena *arena,
                                         struct li_answer_track **list, size_t *count, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("ReccoBeats", body, &document, err);
    if (!status)
        status = li_answer_tracks("ReccoBeats", json_object_get(document, "content"), read_track, arena, list,
                                  count, err);
    json_decref(document);
    return status;
}

enum li_status li_reccobeats_read_features(struct li_text body, struct li_arena *arena,
                                           struct li_answer_features **list, size_t *count,
                                           struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("ReccoBeats", body, &document, err);
    if (!status)
        status = li_answer_features_list("ReccoBeats", json_object_get(document, "content"), arena, list,
                                         count, err);
    json_decref(document);
    return status;
}
