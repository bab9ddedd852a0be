/* sound.c - what was heard in one file, said with the names and ranges that listeners' tools have used since
 * 2014. */
#include <ctype.h>
#include <math.h>

#include "pipeline/pipeline_priv.h"

enum { EMOTIONS_SHOWN = 5, UNIT_DECIMALS = 3, LEVEL_DECIMALS = 2 };

/* ---- names ---- */

/* The name without folders and without its ending: ".mp3" alone has none. */
static struct li_text stem_of(struct li_text file) {
    for (size_t i = file.size; i > 1; i--)
        if (file.data[i - 1] == '.')
            return (struct li_text){file.data, i - 1};
    return file;
}

/* Cuts off what stands before the first " - "; false when there is none. */
static bool cut_dash(struct li_text *rest, struct li_text *before) {
    const char *dash = rest->size ? memmem(rest->data, rest->size, " - ", 3) : NULL;
    if (!dash)
        return false;
    *before = li_text_trim((struct li_text){rest->data, (size_t)(dash - rest->data)});
    *rest = li_text_trim((struct li_text){dash + 3, rest->size - (size_t)(dash - rest->data) - 3});
    return true;
}

static bool is_number(struct li_text text) {
    for (size_t i = 0; i < text.size; i++)
        if (!isdigit((unsigned char)text.data[i]) && text.data[i] != '.' && text.data[i] != '-')
            return false;
    return text.size > 0;
}

void li_sound_name(const struct li_sound_track *track, struct li_text *title, struct li_text *artist) {
    const char *slash = track->file.size ? memrchr(track->file.data, '/', track->file.size) : NULL;
    size_t folders = slash ? (size_t)(slash - track->file.data) + 1 : 0;
    struct li_text name = {track->file.data + folders, track->file.size - folders};
    struct li_text rest = li_text_trim(stem_of(name)), part = {0};
    bool cut = cut_dash(&rest, &part);
    if (cut && is_number(part)) /* its place on the record */
        cut = cut_dash(&rest, &part);
    *title = track->title.size ? track->title : rest;
    *artist = track->artist.size ? track->artist : cut && !track->title.size ? part : (struct li_text){0};
}

/* ---- numbers ---- */

static json_t *whole(double value) {
    return isfinite(value) ? json_integer((json_int_t)lround(value)) : json_null();
}

static json_t *features_document(const struct li_analysis *analysis) {
    static const enum li_feature UNITS[] = {LI_SPEECHINESS, LI_ACOUSTICNESS, LI_INSTRUMENTALNESS, LI_LIVENESS,
                                            LI_VALENCE};
    const double *value = analysis->features.value;
    json_t *out = json_object();
    json_object_set_new(out, "danceability", li_json_number(value[LI_DANCEABILITY], UNIT_DECIMALS));
    json_object_set_new(out, "energy", li_json_number(value[LI_ENERGY], UNIT_DECIMALS));
    json_object_set_new(out, "key", json_integer(analysis->key));
    json_object_set_new(out, "loudness", li_json_number(value[LI_LOUDNESS], LEVEL_DECIMALS));
    json_object_set_new(out, "mode", whole(value[LI_MODE]));
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        json_object_set_new(out, li_feature_id(UNITS[i]), li_json_number(value[UNITS[i]], UNIT_DECIMALS));
    json_object_set_new(out, "tempo", li_json_number(value[LI_TEMPO], LEVEL_DECIMALS));
    json_object_set_new(out, "time_signature",
                        analysis->time_signature ? json_integer(analysis->time_signature) : json_null());
    return out;
}

static json_t *confidence_document(const struct li_analysis *analysis) {
    json_t *out = json_object();
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        json_object_set_new(out, li_feature_id((enum li_feature)i),
                            li_json_number(analysis->confidence[i], UNIT_DECIMALS));
    json_object_set_new(out, "key", li_json_number(analysis->key_confidence, UNIT_DECIMALS));
    json_object_set_new(out, "time_signature",
                        li_json_number(analysis->time_signature_confidence, UNIT_DECIMALS));
    return out;
}

static json_t *sound_document(const struct li_analysis *analysis) {
    return json_pack("{s:o,s:o,s:o,s:o}", "onset_rate_hz",
                     li_json_number(analysis->onset_rate_hz, LEVEL_DECIMALS), "loudness_range_lu",
                     li_json_number(analysis->loudness_range_lu, LEVEL_DECIMALS), "peak_dbfs",
                     li_json_number(analysis->peak_dbfs, LEVEL_DECIMALS), "tuning_hz",
                     li_json_number(analysis->tuning_hz, LEVEL_DECIMALS));
}

/* The strongest emotions, the first first; none for silence. */
static json_t *emotions_document(const struct li_analysis *analysis, enum li_lang lang) {
    struct li_reading reading;
    bool shown[LI_EMOTION_COUNT] = {false};
    json_t *out = json_array();
    if (!isfinite(analysis->features.value[LI_LOUDNESS]))
        return out;
    li_emotion_read(&analysis->features, &reading);
    for (int n = 0; n < EMOTIONS_SHOWN; n++) {
        size_t best = LI_EMOTION_COUNT;
        for (size_t e = 0; e < LI_EMOTION_COUNT; e++)
            if (!shown[e] && (best == LI_EMOTION_COUNT || reading.p[e] > reading.p[best]))
                best = e;
        shown[best] = true;
        const struct li_emotion *emotion = li_emotion_at(best);
        json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:o}", "id", emotion->id, "label",
                                             emotion->label[lang], "color", emotion->color, "score",
                                             li_json_number(reading.p[best], 4)));
    }
    return out;
}

json_t *li_sound_document(const struct li_sound_track *track, enum li_lang lang) {
    const struct li_analysis *analysis = track->analysis;
    struct li_text title, artist;
    json_t *out = json_object();
    li_sound_name(track, &title, &artist);
    json_object_set_new(out, "file", li_json_text(track->file));
    json_object_set_new(out, "title", li_json_text(title));
    json_object_set_new(out, "artist", artist.size ? li_json_text(artist) : json_null());
    json_object_set_new(out, "duration_ms", whole(analysis->duration_s * 1000));
    json_object_set_new(out, "features", features_document(analysis));
    json_object_set_new(out, "confidence", confidence_document(analysis));
    json_object_set_new(out, "tempo_alternative",
                        li_json_number(analysis->tempo_alternative_bpm, LEVEL_DECIMALS));
    json_object_set_new(out, "calibrated", json_boolean(analysis->calibrated));
    json_object_set_new(out, "sound", sound_document(analysis));
    json_object_set_new(out, "emotions", emotions_document(analysis, lang));
    return out;
}

json_t *li_sound_error_document(struct li_text file, const struct li_error *err) {
    return json_pack("{s:o,s:s}", "file", li_json_text(file), "error", err->message);
}

json_t *li_sound_units(void) {
    return json_pack("{s:s,s:s,s:s}", "loudness", "LUFS", "tempo", "BPM", "duration_ms", "ms");
}
