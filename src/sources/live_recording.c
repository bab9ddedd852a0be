/* live_recording.c - which track the code of a recording names: Deezer is asked once, and its answer kept. */
#include <ctype.h>

#include "base/json.h"
#include "sources/live_priv.h"

enum { CODE = 12, COUNTRY = 2, OWNER = 5 }; /* characters: country, then three of the owner, then digits */

static const int64_t FOUND_MS = (int64_t)90 * 24 * 3600 * 1000, NOTHING_MS = (int64_t)24 * 3600 * 1000;

/* The code as it is written without hyphens, "FRXXX1200001". False when it is none (ISO 3901:2019, section
 * 4). */
static bool read_code(struct li_text isrc, char code[CODE]) {
    size_t size = 0;
    isrc = li_text_trim(isrc);
    for (size_t i = 0; i < isrc.size; i++) {
        int sign = toupper((unsigned char)isrc.data[i]);
        if (sign == '-')
            continue;
        bool letter = sign >= 'A' && sign <= 'Z', digit = sign >= '0' && sign <= '9';
        if (size == CODE || !(size < COUNTRY ? letter : size < OWNER ? letter || digit : digit))
            return false;
        code[size++] = (char)sign;
    }
    return size == CODE;
}

/* What is kept: an empty object for a code that Deezer does not know. */
static enum li_status read_kept(struct li_text value, struct li_arena *arena, struct li_source_wanted *track,
                                struct li_error *err) {
    json_t *document = NULL;
    enum li_status status = li_json_parse(value, &document, err);
    if (status)
        return status;
    struct li_source_wanted kept = {li_arena_copy(arena, li_json_get_text(document, "id")),
                                    li_arena_copy(arena, li_json_get_text(document, "title")),
                                    li_arena_copy(arena, li_json_get_text(document, "artist"))};
    json_decref(document);
    if (!kept.id.size)
        return li_fail(err, LI_NOT_FOUND, "no track of this code is known");
    *track = kept;
    return LI_OK;
}

static void keep(struct li_live *live, struct li_text key, const struct li_source_wanted *track,
                 struct li_arena *arena) {
    json_t *document = json_object();
    if (track) {
        json_object_set_new(document, "id", li_json_text(track->id));
        json_object_set_new(document, "title", li_json_text(track->title));
        json_object_set_new(document, "artist", li_json_text(track->artist));
    }
    li_cache_put(live->cache, LI_CACHE_TRACK, key, li_json_print(document, arena),
                 track ? FOUND_MS : NOTHING_MS);
    li_cache_flush(live->cache);
    json_decref(document);
}

enum li_status li_live_recording(struct li_source *source, struct li_text isrc, struct li_arena *arena,
                                 struct li_source_wanted *track, struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_text value;
    char code[CODE];
    if (!read_code(isrc, code))
        return li_fail(err, LI_INVALID, "an ISRC has twelve signs, such as FRXXX1200001");
    struct li_text key = li_arena_printf(arena, "isrc %.*s", CODE, code);
    li_cache_load(live->cache, LI_CACHE_TRACK, &key, 1);
    if (li_cache_get(live->cache, LI_CACHE_TRACK, key, arena, &value))
        return read_kept(value, arena, track, err);
    struct li_deezer_track_wish wish = {.id = li_arena_printf(arena, "isrc:%.*s", CODE, code)};
    enum li_status status = li_deezer_tracks(&live->deezer, &wish, 1, arena, NULL, err);
    status = status ? status : wish.status;
    if (status == LI_NOT_FOUND) {
        keep(live, key, NULL, arena);
        return li_fail(err, LI_NOT_FOUND, "no track of this code is known");
    }
    if (status)
        return li_live_failure(status, err);
    *track =
        (struct li_source_wanted){li_arena_printf(arena, LI_DEEZER_PREFIX "%.*s", LI_TEXT_ARG(wish.track.id)),
                                  wish.track.title, wish.track.artist};
    keep(live, key, track, arena);
    wish.track.id = track->id;
    li_live_keep_track(live, &wish.track);
    return LI_OK;
}
