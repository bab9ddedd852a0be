/* spotify_answer.c - what the Spotify Web API answers a new app in 2026: artists without genres, popularity
 * and followers (absent, null or empty), and 403 where an endpoint is closed. */
#include "sources/answers.h"

static bool read_artist(const json_t *object, struct li_arena *arena, struct li_answer_artist *out) {
    json_t *images = json_object_get(object, "images");
    size_t last = json_array_size(images), i;
    json_t *genre;
    *out = (struct li_answer_artist){
        .id = li_answer_id(object, "id", arena),
        .name = li_answer_text(object, "name", LI_ANSWER_NAME_MAX, arena),
        /* They come from large to small: the one before the last is about 300 pixels wide. */
        .image = li_answer_url(json_array_get(images, last > 1 ? last - 2 : 0), "url", arena),
        .fans = -1,
        .score = -1,
    };
    double popularity = li_answer_number(object, "popularity", 0, 100);
    if (popularity >= 0)
        out->score = (int)popularity;
    json_array_foreach(json_object_get(object, "genres"), i, genre) {
        struct li_text name = li_answer_string(genre, LI_ANSWER_TAG_MAX, arena);
        if (out->tag_count < LI_ANSWER_TAGS_MAX && name.size)
            out->tags[out->tag_count++] = name;
    }
    return out->id.size && out->name.size;
}

enum li_status li_spotify_read_token(struct li_text body, struct li_arena *arena,
                                     struct li_answer_token *token, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("Spotify", body, &document, err);
    struct li_text text = li_answer_text(document, "access_token", 1000, arena);
    double expires_s = li_answer_number(document, "expires_in", 1, 86400);
    if (!status && (!text.size || !(expires_s >= 1)))
        status = li_fail(err, LI_CORRUPT, "Spotify answered with something that is no token");
    for (size_t i = 0; !status && i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f)
            status = li_fail(err, LI_CORRUPT, "Spotify answered with a token that cannot be sent");
    if (!status)
        *token = (struct li_answer_token){text, (long)expires_s};
    json_decref(document);
    return status;
}

enum li_status li_spotify_read_artists(struct li_text body, struct li_arena *arena,
                                       struct li_answer_artist **list, size_t *count, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("Spotify", body, &document, err);
    json_t *entries = json_object_get(json_object_get(document, "artists"), "items");
    if (!status)
        status = li_answer_artists("Spotify", entries, read_artist, arena, list, count, err);
    json_decref(document);
    return status;
}

enum li_status li_spotify_read_artist(struct li_text body, struct li_arena *arena,
                                      struct li_answer_artist *artist, struct li_error *err) {
    json_t *document = NULL;
    struct li_answer_artist read;
    enum li_status status = li_answer_parse("Spotify", body, &document, err);
    if (!status && !read_artist(document, arena, &read))
        status = li_fail(err, LI_CORRUPT, "Spotify answered with something that is no artist");
    if (!status)
        *artist = read;
    json_decref(document);
    return status;
}

static bool read_track(const json_t *object, struct li_arena *arena, struct li_answer_track *out) {
    *out = (struct li_answer_track){
        .id = li_answer_id(object, "id", arena),
        .title = li_answer_text(object, "name", LI_ANSWER_NAME_MAX, arena),
        .isrc = li_answer_id(json_object_get(object, "external_ids"), "isrc", arena),
        .year = li_answer_year(json_object_get(object, "album"), "release_date"),
    };
    return out->id.size && out->title.size;
}

enum li_status li_spotify_read_tracks(struct li_text body, struct li_arena *arena,
                                      struct li_answer_track **list, size_t *count, struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("Spotify", body, &document, err);
    if (!status)
        status = li_answer_tracks("Spotify", json_object_get(document, "tracks"), read_track, arena, list,
                                  count, err);
    json_decref(document);
    return status;
}

enum li_status li_spotify_read_features(struct li_text body, struct li_arena *arena,
                                        struct li_answer_features **list, size_t *count,
                                        struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_answer_parse("Spotify", body, &document, err);
    if (!status) /* null for a track that it does not know */
        status = li_answer_features_list("Spotify", json_object_get(document, "audio_features"), arena, list,
                                         count, err);
    json_decref(document);
    return status;
}

bool li_spotify_quota_spent(struct li_text body) {
    json_t *document = NULL;
    if (li_json_parse(body, &document, NULL) != LI_OK)
        return false;
    struct li_text reason = li_json_get_text(json_object_get(document, "error"), "reason");
    bool spent = li_text_equal(reason, LI_TEXT("QUOTA_EXCEEDED"));
    json_decref(document);
    return spent;
}
