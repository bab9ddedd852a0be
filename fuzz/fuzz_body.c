/* Request bodies: a body, and behind a NUL a query of "name=value" joined by '&'. What is read is within its
 * limits, a refusal says why, and the same bytes are read the same way twice. */
#include "base/json.h"
#include "gateway/gateway_priv.h"
#include "target.h"

/* What one reading of the input came to. */
struct outcome {
    enum li_status parsed, searched, extracted, submitted, language;
    enum li_lang lang;
    size_t artists, genres, limit, tracks;
    unsigned long long hash;
};

static void check_choices(const struct li_extract_request *request, struct outcome *out) {
    check(request->artist_count >= 1 && request->artist_count <= LI_ARTISTS_MAX);
    for (size_t i = 0; i < request->artist_count; i++) {
        const struct li_artist_choice *choice = &request->artists[i];
        check(choice->id.data && li_text_valid(choice->id) && li_text_valid(choice->name));
        check(choice->genre_count <= LI_GENRE_TAGS_MAX);
        out->hash = out->hash * 31 + li_text_hash(choice->id) + li_text_hash(choice->name);
        for (size_t g = 0; g < choice->genre_count; g++) {
            check(li_text_valid(choice->genres[g]));
            out->hash = out->hash * 31 + li_text_hash(choice->genres[g]);
        }
        out->genres += choice->genre_count;
    }
    out->artists = request->artist_count;
}

static void check_tracks(const struct li_submit_request *request, struct outcome *out) {
    check(request->track_count >= 1 && request->track_count <= LI_TRACKS_MAX);
    check(request->artist_count <= LI_ARTISTS_MAX);
    for (size_t i = 0; i < request->track_count; i++) {
        const struct li_submit_track *track = &request->tracks[i];
        size_t known = 0;
        check(track->title.size >= 1 && track->title.size <= LI_NAME_MAX && li_text_valid(track->title));
        check(track->artist.size <= LI_NAME_MAX && li_text_valid(track->artist));
        check(track->duration_ms >= 0 && !(track->confidence < 0) && !(track->confidence > 1));
        for (int f = 0; f < LI_FEATURE_COUNT; f++) {
            double value = track->features.value[f];
            known += value == value;
            check(!(value < -100) && !(value > 400));
        }
        check(known > 0);
        out->hash = out->hash * 31 + li_text_hash(track->title) + li_text_hash(track->artist);
    }
    out->tracks = request->track_count;
}

static struct outcome read_input(struct li_text body, const struct li_http_request *request) {
    struct outcome out = {0};
    struct li_error err = {0};
    struct li_arena arena = {0};
    struct li_search_request search = {.limit = 4242};
    struct li_extract_request extract = {0};
    struct li_submit_request submit = {0};
    json_t *document = NULL;
    out.parsed = li_body_parse(body, &document, &err);
    check(out.parsed == LI_OK || (out.parsed == LI_INVALID && err.message[0] && !document));
    if (out.parsed)
        return out;
    check(json_is_object(document));
    out.searched = li_body_search(document, &search, &err);
    check(out.searched == LI_OK ? search.limit <= LI_SOURCE_HITS_MAX && li_text_valid(search.words)
                                : out.searched == LI_INVALID && search.limit == 4242);
    out.limit = search.limit;
    out.extracted = li_body_extract(document, &arena, &extract, &err);
    check(out.extracted == LI_OK || (out.extracted == LI_INVALID && extract.artist_count == 0));
    if (!out.extracted)
        check_choices(&extract, &out);
    out.submitted = li_body_submit(document, &arena, &submit, &err);
    check(out.submitted == LI_OK || (out.submitted == LI_INVALID && submit.track_count == 0));
    if (!out.submitted)
        check_tracks(&submit, &out);
    out.lang = LI_LANG_COUNT;
    out.language = li_request_lang(request, document, &out.lang, &err);
    check(out.language == LI_OK ? out.lang < LI_LANG_COUNT : out.lang == LI_LANG_COUNT);
    struct li_text session = li_request_session(request, document);
    if (li_session_valid(session)) {
        char key[LI_KEY_MAX];
        li_store_key(session, LI_OBJECT_PROFILE, key);
        check(strlen(key) < LI_KEY_MAX);
    }
    out.hash = out.hash * 31 + li_text_hash(session);
    json_decref(document);
    li_arena_release(&arena);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text rest = {(const char *)data, size};
    struct li_text body = li_text_cut(&rest, '\0');
    struct li_http_request request = {.accept_language = LI_TEXT("fr"), .session_header = LI_TEXT("header")};
    if (body.size > LI_BODY_MAX)
        return 0;
    while (rest.size && request.param_count < LI_PARAMS_MAX) {
        struct li_text value = li_text_cut(&rest, '&');
        struct li_text name = li_text_cut(&value, '=');
        request.params[request.param_count++] = (struct li_pair){name, value};
    }
    struct outcome a = read_input(body, &request), b = read_input(body, &request);
    check(a.parsed == b.parsed && a.searched == b.searched && a.extracted == b.extracted);
    check(a.language == b.language && a.lang == b.lang && a.limit == b.limit);
    check(a.artists == b.artists && a.genres == b.genres && a.hash == b.hash);
    check(a.submitted == b.submitted && a.tracks == b.tracks);
    return 0;
}
