/* search.c - words -> artists, and the session that a listener's artists will lie in. */
#include "base/random.h"
#include "pipeline/pipeline_priv.h"

enum li_status li_pipeline_create_session(struct li_pipeline *pipeline,
                                          struct li_create_session_response *response, struct li_error *err) {
    char id[LI_TOKEN_CHARS + 1], created[LI_TIMESTAMP_SIZE], expires[LI_TIMESTAMP_SIZE];
    int64_t now_ms = li_clock_now_ms(&pipeline->clock);
    (void)err;
    li_random_token(id);
    li_clock_format(now_ms, created);
    li_clock_format(now_ms + pipeline->store->ttl_ms, expires);
    response->document =
        json_pack("{s:s,s:s,s:s}", "session_id", id, "created_at", created, "expires_at", expires);
    return LI_OK;
}

json_t *li_artist_document(const struct li_source_artist *artist) {
    json_t *genres = json_array();
    for (size_t i = 0; i < artist->genre_count; i++)
        json_array_append_new(genres, li_json_text(artist->genres[i]));
    json_t *document = json_object();
    json_object_set_new(document, "id", li_json_text(artist->id));
    json_object_set_new(document, "name", li_json_text(artist->name));
    json_object_set_new(document, "genres", genres);
    json_object_set_new(document, "image", artist->image.size ? li_json_text(artist->image) : json_null());
    json_object_set_new(document, "popularity",
                        artist->popularity < 0 ? json_null() : json_integer(artist->popularity));
    json_object_set_new(document, "source", json_string(artist->source));
    return document;
}

enum li_status li_pipeline_search(struct li_pipeline *pipeline, const struct li_search_request *request,
                                  struct li_search_response *response, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_source_artist *artists = NULL;
    size_t count = 0;
    enum li_status status =
        li_source_search(pipeline->source, request->words,
                         request->limit ? request->limit : LI_SOURCE_HITS_MAX, &arena, &artists, &count, err);
    if (!status) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, li_artist_document(&artists[i]));
        response->document = json_pack("{s:o}", "artists", list);
    }
    li_arena_release(&arena);
    return status;
}
