/* live_recording.c - which track the code of a recording names: Deezer is asked once, and its answer kept. */
#include <ctype.h>

#include "base/json.h"
#include "sources/live_priv.h"

enum { CODE = 12, COUNTRY = 2, OWNER = 5 }; /* characters: country, then three of the owner, then digits */

static const int64_t FOUND_MS = (int64_t)90 * LI_DAY_MS, NOTHING_MS = LI_DAY_MS;

/* The code as it is written without hyphens, "FRXXX1200001". False when it is none (ISO 3901). */
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

/* What is kept of a code: a track, or an empty id for a code that Deezer does not know. False when nothing
 * is. */
static bool read_kept(struct li_live *live, struct li_text key, struct li_arena *arena,
                      struct li_source_wanted *track) {
    struct li_text value;
    json_t *document = NULL;
    li_cache_load(live->cache, LI_CACHE_TRACK, &key, 1);
    if (!li_cache_get(live->cache, LI_CACHE_TRACK, key, arena, &value) ||
        li_json_parse(value, &document, NULL) != LI_OK)
        return false;
    *track = (struct li_source_wanted){li_arena_copy(arena, li_json_get_text(document, "id")),
                                       li_arena_copy(arena, li_json_get_text(document, "title")),
                                       li_arena_copy(arena, li_json_get_text(document, "artist"))};
    json_decref(document);
    return true;
}

static void keep(struct li_live *live, struct li_text key, const struct li_source_wanted *track,
                 struct li_arena *arena) {
    json_t *document = json_pack("{s:o,s:o,s:o}", "id", li_json_text(track->id), "title",
                                 li_json_text(track->title), "artist", li_json_text(track->artist));
    li_cache_put(live->cache, LI_CACHE_TRACK, key, li_json_print(document, arena),
                 track->id.size ? FOUND_MS : NOTHING_MS);
    json_decref(document);
}

/* Asks Deezer, and keeps what it says; an empty id for a code that it does not know. */
static enum li_status look_up(struct li_live *live, struct li_text code, struct li_text key,
                              struct li_arena *arena, struct li_source_wanted *track, struct li_error *err) {
    struct li_deezer_track_wish wish = {.id = li_arena_printf(arena, "isrc:%.*s", LI_TEXT_ARG(code))};
    enum li_status status = li_deezer_tracks(&live->deezer, &wish, 1, arena, NULL, err);
    status = status ? status : wish.status;
    *track = (struct li_source_wanted){{0}};
    if (status && status != LI_NOT_FOUND)
        return li_live_failure(status, err);
    if (!status) {
        struct li_text id = li_arena_printf(arena, LI_DEEZER_PREFIX "%.*s", LI_TEXT_ARG(wish.track.id));
        *track = (struct li_source_wanted){id, wish.track.title, wish.track.artist};
        wish.track.id = id;
        li_live_keep_track(live, &wish.track);
    }
    keep(live, key, track, arena);
    li_cache_flush(live->cache);
    return LI_OK;
}

enum li_status li_live_recording(struct li_source *source, struct li_text isrc, struct li_arena *arena,
                                 struct li_source_wanted *track, struct li_error *err) {
    struct li_live *live = (struct li_live *)source;
    struct li_source_wanted found;
    char signs[CODE];
    if (!read_code(isrc, signs))
        return li_fail(err, LI_INVALID, "an ISRC has twelve signs, such as FRXXX1200001");
    struct li_text code = {signs, CODE}, key = li_arena_printf(arena, "isrc %.*s", LI_TEXT_ARG(code));
    enum li_status status =
        read_kept(live, key, arena, &found) ? LI_OK : look_up(live, code, key, arena, &found, err);
    if (!status && !found.id.size)
        status = li_fail(err, LI_NOT_FOUND, "no track of this code is known");
    if (!status)
        *track = found;
    return status;
}
