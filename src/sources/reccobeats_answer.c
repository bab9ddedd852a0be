/* reccobeats_answer.c - what ReccoBeats answers: {"content": [...]}, in no promised order, with what it does
 * not know left out. */
#include "sources/answers.h"

static enum li_status parse(struct li_text body, json_t **out, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("ReccoBeats", body, &document, err);
    if (!status && !json_is_array(json_object_get(document, "content")))
        status = li_fail(err, LI_CORRUPT, "ReccoBeats answered with something that is no list");
    if (status)
        json_decref(document);
    else
        *out = document;
    return status;
}

enum li_status li_reccobeats_read_tracks(struct li_text body, struct li_arena *arena,
                                         struct li_answer_track **list, size_t *count, struct li_error *err) {
    json_t *document = NULL, *entry;
    size_t i, found = 0;
    enum li_status status = parse(body, &document, err);
    if (status)
        return status;
    struct li_answer_track *tracks = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *tracks);
    json_array_foreach(json_object_get(document, "content"), i, entry) {
        if (found == LI_ANSWER_LIST_MAX)
            break;
        tracks[found] = (struct li_answer_track){.id = li_answer_id(entry, "id", arena),
                                                 .isrc = li_answer_id(entry, "isrc", arena)};
        found += tracks[found].id.size && tracks[found].isrc.size;
    }
    json_decref(document);
    *list = tracks;
    *count = found;
    return LI_OK;
}

enum li_status li_reccobeats_read_features(struct li_text body, struct li_arena *arena,
                                           struct li_answer_features **list, size_t *count,
                                           struct li_error *err) {
    json_t *document = NULL, *entry;
    size_t i, found = 0;
    enum li_status status = parse(body, &document, err);
    if (status)
        return status;
    struct li_answer_features *features = li_arena_alloc(arena, LI_ANSWER_LIST_MAX * sizeof *features);
    json_array_foreach(json_object_get(document, "content"), i, entry) {
        if (found == LI_ANSWER_LIST_MAX)
            break;
        struct li_answer_features *one = &features[found];
        one->id = li_answer_id(entry, "id", arena);
        one->isrc = li_answer_id(entry, "isrc", arena);
        found += li_answer_features(entry, &one->features) && one->id.size;
    }
    json_decref(document);
    *list = features;
    *count = found;
    return LI_OK;
}
