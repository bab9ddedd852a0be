/* body.c - what request bodies say, with one sentence for each thing that can be wrong with them. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/json.h"
#include "gateway/gateway_priv.h"

enum li_status li_body_parse(struct li_text body, json_t **out, struct li_error *err) {
    json_t *document = NULL;
    if (li_text_trim(body).size == 0) {
        *out = json_object();
        return LI_OK;
    }
    enum li_status status = li_json_parse(body, &document, err);
    if (status)
        return status;
    if (!json_is_object(document)) {
        json_decref(document);
        return li_fail(err, LI_INVALID, "the body must be a JSON object");
    }
    *out = document;
    return LI_OK;
}

/* How a session may be called in bodies, queries and forms. */
static const char *const SESSION_NAMES[] = {"session_id", "sessionId"};

bool li_names_session(struct li_text name) {
    return li_text_equal(name, li_text_of(SESSION_NAMES[0])) ||
           li_text_equal(name, li_text_of(SESSION_NAMES[1]));
}

struct li_text li_request_session(const struct li_http_request *request, const json_t *body) {
    for (size_t i = 0; i < 2; i++)
        if (json_object_get(body, SESSION_NAMES[i]))
            return li_json_get_text(body, SESSION_NAMES[i]);
    for (size_t i = 0; i < 2; i++) {
        struct li_text value = li_request_param(request, SESSION_NAMES[i]);
        if (value.data)
            return value;
    }
    return request->session_header;
}

enum li_status li_body_search(const json_t *body, struct li_search_request *out, struct li_error *err) {
    const json_t *query = json_object_get(body, "query"), *limit = json_object_get(body, "limit");
    if (!json_is_string(query))
        return li_fail(err, LI_INVALID, "\"query\" must be a text: the name of an artist, or its beginning");
    if (limit && (!json_is_integer(limit) || json_integer_value(limit) < 1 ||
                  json_integer_value(limit) > LI_SOURCE_HITS_MAX))
        return li_fail(err, LI_INVALID, "\"limit\" must be a whole number from 1 to %d", LI_SOURCE_HITS_MAX);
    out->words = li_json_get_text(body, "query");
    out->limit = limit ? (size_t)json_integer_value(limit) : 0;
    return LI_OK;
}

static enum li_status read_genres(const json_t *genres, size_t artist, struct li_arena *arena,
                                  struct li_artist_choice *out, struct li_error *err) {
    size_t i;
    json_t *genre;
    if (!genres || json_is_null(genres))
        return LI_OK;
    if (!json_is_array(genres) || json_array_size(genres) > LI_GENRE_TAGS_MAX)
        return li_fail(err, LI_INVALID, "\"genres\" of artist %zu must be a list of at most %d texts",
                       artist + 1, LI_GENRE_TAGS_MAX);
    struct li_text *list = li_arena_alloc(arena, LI_GENRE_TAGS_MAX * sizeof *list);
    json_array_foreach(genres, i, genre) {
        if (!json_is_string(genre))
            return li_fail(err, LI_INVALID, "\"genres\" of artist %zu must be a list of texts", artist + 1);
        list[i] = (struct li_text){json_string_value(genre), json_string_length(genre)};
    }
    out->genres = list;
    out->genre_count = json_array_size(genres);
    return LI_OK;
}

static enum li_status read_artist(const json_t *artist, size_t index, struct li_arena *arena,
                                  struct li_artist_choice *out, struct li_error *err) {
    const json_t *id = json_object_get(artist, "id"), *name = json_object_get(artist, "name");
    if (json_is_string(artist)) /* an id alone */
        id = artist;
    else if (!json_is_object(artist))
        return li_fail(err, LI_INVALID, "artist %zu must be an object with an \"id\"", index + 1);
    if (!json_is_string(id))
        return li_fail(err, LI_INVALID, "artist %zu needs an \"id\" text, as /search gives it", index + 1);
    if (name && !json_is_null(name) && !json_is_string(name))
        return li_fail(err, LI_INVALID, "\"name\" of artist %zu must be a text", index + 1);
    out->id = (struct li_text){json_string_value(id), json_string_length(id)};
    out->name = (struct li_text){json_string_value(name), json_string_length(name)};
    return read_genres(json_object_get(artist, "genres"), index, arena, out, err);
}

enum li_status li_body_extract(const json_t *body, struct li_arena *arena, struct li_extract_request *out,
                               struct li_error *err) {
    const json_t *artists = json_object_get(body, "artists");
    size_t i, count = json_array_size(artists);
    json_t *artist;
    if (!json_is_array(artists))
        return li_fail(err, LI_INVALID,
                       "\"artists\" must be a list of 1 to %d artists, as /search gives them",
                       LI_ARTISTS_MAX);
    if (count < 1 || count > LI_ARTISTS_MAX)
        return li_fail(err, LI_INVALID, "name 1 to %d artists; this request names %zu", LI_ARTISTS_MAX,
                       count);
    struct li_artist_choice *choices = li_arena_alloc(arena, LI_ARTISTS_MAX * sizeof *choices);
    json_array_foreach(artists, i, artist) {
        enum li_status status = read_artist(artist, i, arena, &choices[i], err);
        if (status)
            return status;
    }
    out->artists = choices;
    out->artist_count = count;
    return LI_OK;
}

enum li_lang li_lang_accept(struct li_text header) {
    double best = 0;
    enum li_lang lang = LI_LANG_EN;
    while (header.size) {
        struct li_text item = li_text_cut(&header, ',');
        struct li_text tag = li_text_trim(li_text_cut(&item, ';'));
        struct li_text quality = li_text_trim(item);
        double q = 1;
        char digits[8];
        if (quality.size > 2 && strncasecmp(quality.data, "q=", 2) == 0) {
            snprintf(digits, sizeof digits, "%.*s", (int)(quality.size - 2 < 5 ? quality.size - 2 : 5),
                     quality.data + 2);
            q = strtod(digits, NULL);
        }
        bool has_two = tag.size == 2 || (tag.size > 2 && tag.data[2] == '-');
        bool english = has_two && strncasecmp(tag.data, "en", 2) == 0;
        bool french = has_two && strncasecmp(tag.data, "fr", 2) == 0;
        if ((english || french) && q > best) {
            best = q;
            lang = french ? LI_LANG_FR : LI_LANG_EN;
        }
    }
    return lang;
}

enum li_status li_request_lang_named(const struct li_http_request *request, struct li_text lang,
                                     enum li_lang *out, struct li_error *err) {
    if (!lang.data)
        lang = li_request_param(request, "lang");
    if (!lang.data)
        *out = li_lang_accept(request->accept_language);
    else if (li_text_equal(lang, LI_TEXT("en")))
        *out = LI_LANG_EN;
    else if (li_text_equal(lang, LI_TEXT("fr")))
        *out = LI_LANG_FR;
    else
        return li_fail(err, LI_INVALID, "\"lang\" must be \"en\" or \"fr\"");
    return LI_OK;
}

enum li_status li_request_lang(const struct li_http_request *request, const json_t *body, enum li_lang *out,
                               struct li_error *err) {
    const json_t *lang = json_object_get(body, "lang");
    /* What is no text is no language either. */
    struct li_text named = lang && !json_is_string(lang) ? LI_TEXT("") : li_json_get_text(body, "lang");
    return li_request_lang_named(request, named, out, err);
}
