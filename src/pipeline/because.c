/* because.c - why a profile says what it says. Everything here adds up:
 *   artist, track   its share of the emotion's score (all artists together: 1)
 *   genre           points of score that a genre family gives above or below its ordinary share
 *   term            log-odds that a property of the sound gives, mean over the tracks that were read
 */
#include <math.h>
#include <stdlib.h>

#include "pipeline/pipeline_priv.h"

enum { REASONS_A_KIND = 3 };

struct reason {
    size_t index;
    double value;
};

static int by_size(const void *a, const void *b) {
    const struct reason *x = a, *y = b;
    if (fabs(x->value) != fabs(y->value))
        return fabs(x->value) < fabs(y->value) ? 1 : -1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Sorts and returns how many of the largest are worth showing. */
static size_t largest(struct reason *reasons, size_t count, double least) {
    qsort(reasons, count, sizeof *reasons, by_size);
    size_t shown = 0;
    while (shown < count && shown < REASONS_A_KIND && fabs(reasons[shown].value) >= least)
        shown++;
    return shown;
}

static void add(json_t *list, const char *kind, json_t *id, json_t *label, double value, int decimals) {
    json_t *reason = json_object();
    json_object_set_new(reason, "kind", json_string(kind));
    json_object_set_new(reason, "id", id);
    json_object_set_new(reason, "label", label);
    json_object_set_new(reason, "value", li_json_number(value, decimals));
    json_array_append_new(list, reason);
}

static void add_terms(json_t *list, const struct li_pieces *pieces, size_t emotion) {
    struct reason terms[LI_TERM_COUNT];
    double read = 0;
    for (size_t i = 0; i < LI_TERM_COUNT; i++)
        terms[i] = (struct reason){i, 0};
    for (size_t i = 0; i < pieces->count; i++) {
        const struct li_piece *piece = &pieces->list[i];
        if (!piece->reading)
            continue;
        read += piece->evidence.weight;
        for (size_t t = 0; t < LI_TERM_COUNT; t++)
            terms[t].value +=
                piece->evidence.weight * li_emotion_because(piece->reading, emotion, (enum li_term)t);
    }
    if (read <= 0)
        return;
    for (size_t t = 0; t < LI_TERM_COUNT; t++)
        terms[t].value /= read;
    size_t shown = largest(terms, LI_TERM_COUNT, 0.05);
    for (size_t i = 0; i < shown; i++) {
        enum li_term term = (enum li_term)terms[i].index;
        double value = terms[i].value;
        add(list, "term", json_string(li_term_id(term)),
            li_bilingual(li_emotion_reason(emotion, term, value, LI_LANG_EN),
                         li_emotion_reason(emotion, term, value, LI_LANG_FR)),
            value, 3);
    }
}

/* Calls each family of each artist with the share of the artist's weight that rests on it. */
static void each_family(const struct li_pieces *pieces, bool estimates_only, double *share) {
    for (size_t i = 0; i < pieces->count; i++) {
        const struct li_piece *piece = &pieces->list[i];
        json_t *artist = json_array_get(pieces->artists, piece->artist), *id;
        json_t *families = json_object_get(json_object_get(artist, "estimate"), "genre_families");
        size_t f, count = json_array_size(families);
        if (estimates_only && !piece->evidence.estimated)
            continue;
        json_array_foreach(families, f, id) {
            int family = li_genre_match(json_string_value(id), json_string_length(id));
            if (family >= 0)
                share[family] += piece->evidence.weight / (double)count / pieces->total;
        }
    }
}

static void add_genres(json_t *list, const struct li_pieces *pieces, size_t emotion) {
    size_t count = li_genre_count();
    struct li_arena arena = {0};
    double *share = li_arena_alloc(&arena, count * sizeof *share);
    struct reason *reasons = li_arena_alloc(&arena, count * sizeof *reasons);
    each_family(pieces, true, share);
    for (size_t g = 0; g < count; g++)
        reasons[g] =
            (struct reason){g, share[g] * (li_genre_at(g)->p[emotion] - li_emotion_at(emotion)->base_rate)};
    size_t shown = largest(reasons, count, 0.0005);
    for (size_t i = 0; i < shown; i++) {
        const struct li_genre *genre = li_genre_at(reasons[i].index);
        add(list, "genre", json_string(genre->id), li_label(genre->label), reasons[i].value, 4);
    }
    li_arena_release(&arena);
}

/* What each artist and each read track holds of the emotion's score. */
static void add_shares(json_t *list, const struct li_pieces *pieces, double score, size_t emotion) {
    struct li_arena arena = {0};
    struct reason *artists = li_arena_alloc(&arena, pieces->artist_count * sizeof *artists);
    struct reason *tracks = li_arena_alloc(&arena, pieces->count * sizeof *tracks);
    size_t track_count = 0;
    if (score > 0) {
        for (size_t a = 0; a < pieces->artist_count; a++)
            artists[a].index = a;
        for (size_t i = 0; i < pieces->count; i++) {
            const struct li_piece *piece = &pieces->list[i];
            double share = piece->evidence.weight * piece->evidence.p[emotion] / pieces->total / score;
            artists[piece->artist].value += share;
            if (piece->track)
                tracks[track_count++] = (struct reason){i, share};
        }
        size_t shown = largest(artists, pieces->artist_count, 0.001);
        for (size_t i = 0; i < shown; i++) {
            json_t *artist = json_array_get(pieces->artists, artists[i].index);
            add(list, "artist", json_copy(json_object_get(artist, "id")),
                li_artist_label(artist, "id", "name"), artists[i].value, 3);
        }
        shown = largest(tracks, track_count, 0.001);
        for (size_t i = 0; i < shown; i++) {
            json_t *track = pieces->list[tracks[i].index].track;
            add(list, "track", json_copy(json_object_get(track, "id")),
                json_copy(json_object_get(track, "title")), tracks[i].value, 3);
        }
    }
    li_arena_release(&arena);
}

json_t *li_because(const struct li_pieces *pieces, const struct li_profile *profile, size_t emotion) {
    json_t *list = json_array();
    add_terms(list, pieces, emotion);
    add_genres(list, pieces, emotion);
    add_shares(list, pieces, profile->score[emotion], emotion);
    return list;
}

json_t *li_genre_shares(const struct li_pieces *pieces) {
    size_t count = li_genre_count();
    json_t *list = json_array();
    struct li_arena arena = {0};
    double *share = li_arena_alloc(&arena, count * sizeof *share);
    struct reason *reasons = li_arena_alloc(&arena, count * sizeof *reasons);
    each_family(pieces, false, share);
    for (size_t g = 0; g < count; g++)
        reasons[g] = (struct reason){g, share[g]};
    qsort(reasons, count, sizeof *reasons, by_size);
    for (size_t i = 0; i < count && reasons[i].value > 0; i++) {
        const struct li_genre *genre = li_genre_at(reasons[i].index);
        json_array_append_new(list,
                              json_pack("{s:s,s:o,s:o}", "id", genre->id, "label", li_label(genre->label),
                                        "share", li_json_number(reasons[i].value, 4)));
    }
    li_arena_release(&arena);
    return list;
}
