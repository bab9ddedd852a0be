/* export.c - a catalogue as JSON lines: one artist a line, in the order of ids. */
#include <math.h>

#include "base/json.h"
#include "dataset/dataset_priv.h"

static json_t *list_of(const struct li_text *texts, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, li_json_text(texts[i]));
    return list;
}

static json_t *track_of(const struct li_catalog_track *track) {
    static const char *const FROM[] = {NULL, "measured", "dataset"};
    json_t *out = json_pack("{s:o}", "title", li_json_text(track->title));
    if (track->year)
        json_object_set_new(out, "year", json_integer(track->year));
    if (track->popularity >= 0)
        json_object_set_new(out, "popularity", json_integer(track->popularity));
    if (track->features_from == LI_CATALOG_FEATURES_NONE)
        return out;
    json_t *features = json_object();
    for (int f = 0; f < LI_FEATURE_COUNT; f++)
        if (!isnan(track->features.value[f]))
            json_object_set_new(features, li_fields_label(FIELD_FEATURE + f),
                                json_real(track->features.value[f]));
    json_object_set_new(out, "features_from", json_string(FROM[track->features_from]));
    json_object_set_new(out, "features", features);
    return out;
}

static json_t *artist_of(const struct li_catalog_artist *artist) {
    json_t *out = json_pack("{s:o,s:o}", "id", li_json_text(artist->id), "name", li_json_text(artist->name));
    json_t *tracks = json_array();
    if (artist->popularity >= 0)
        json_object_set_new(out, "popularity", json_integer(artist->popularity));
    json_object_set_new(out, "genres", list_of(artist->genres, artist->genre_count));
    json_object_set_new(out, "aliases", list_of(artist->aliases, artist->alias_count));
    for (size_t t = 0; t < artist->track_count; t++)
        json_array_append_new(tracks, track_of(&artist->tracks[t]));
    json_object_set_new(out, "tracks", tracks);
    return out;
}

enum li_status li_dataset_next(const struct li_catalog *catalog, size_t *index, struct li_arena *arena,
                               const struct li_catalog_artist **out, struct li_error *err) {
    struct li_catalog_info info;
    li_catalog_get_info(catalog, &info);
    li_arena_clear(arena);
    const struct li_catalog_artist *artist = li_catalog_at(catalog, *index, arena);
    if (!artist && *index < info.artists)
        return li_fail(
            err, LI_CORRUPT,
            "artist %zu of the catalogue is damaged; copy or make it again (`listening catalog info "
            "--verify` looks at all of it)",
            *index + 1);
    ++*index;
    *out = artist;
    return LI_OK;
}

enum li_status li_dataset_export(const struct li_catalog *catalog, FILE *out, struct li_error *err) {
    struct li_arena arena = {0};
    const struct li_catalog_artist *artist = NULL;
    size_t index = 0;
    enum li_status status = li_dataset_next(catalog, &index, &arena, &artist, err);
    while (!status && artist) {
        json_t *document = artist_of(artist);
        struct li_text line = li_json_print(document, &arena);
        json_decref(document);
        if (fwrite(line.data, 1, line.size, out) != line.size || fputc('\n', out) == EOF)
            status = li_fail(err, LI_IO, "the catalogue could not be written out whole");
        else
            status = li_dataset_next(catalog, &index, &arena, &artist, err);
    }
    li_arena_release(&arena);
    return status;
}
