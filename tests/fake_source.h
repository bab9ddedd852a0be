/* fake_source.h - a source with a few artists whose answers a test knows.
 *
 *   rap       French rap, three tracks without features
 *   metal     death metal, five tracks without features
 *   measured  pop, four tracks, all measured
 *   mixed     house, four tracks, two of them measured
 *   bare      ambient, no tracks
 *   long      disco, seven tracks: more than are asked for
 *   odd       jazz and two genres that nobody knows
 *   alias     another id of "measured"
 *   n1..n99   rock, one track each
 *   broken    fails with LI_IO */
#ifndef LI_TESTS_FAKE_SOURCE_H
#define LI_TESTS_FAKE_SOURCE_H

#include "check.h"

#include "sources/source.h"

struct fake_artist {
    const char *id, *name;
    struct li_text genres[3];
    size_t genre_count, tracks, measured;
};

static inline const struct fake_artist *fake_artist_find(struct li_text id) {
    static const struct fake_artist artists[] = {
        {"rap", "MC Exemple", {{"french hip hop", 14}}, 1, 3, 0},
        {"metal", "Example of Doom", {{"death metal", 11}}, 1, 5, 0},
        {"measured", "The Measured", {{"pop", 3}}, 1, 4, 4},
        {"mixed", "Half & Half", {{"house", 5}}, 1, 4, 2},
        {"bare", "Bare Minimum", {{"ambient", 7}}, 1, 0, 0},
        {"long", "Long Player", {{"disco", 5}}, 1, 7, 0},
        {"odd", "Odd One", {{"qwzx", 4}, {"jazz", 4}, {"vrrmph", 6}}, 3, 2, 0},
    };
    static const struct fake_artist any = {"", "Any", {{"rock", 4}}, 1, 1, 0};
    if (li_text_equal(id, LI_TEXT("alias")))
        id = LI_TEXT("measured");
    for (size_t i = 0; i < sizeof artists / sizeof *artists; i++)
        if (li_text_equal(id, li_text_of(artists[i].id)))
            return &artists[i];
    return id.size >= 2 && id.size <= 3 && id.data[0] == 'n' ? &any : NULL;
}

static inline enum li_status fake_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                                       struct li_source_artist *artist, struct li_error *err) {
    (void)source;
    const struct fake_artist *found = fake_artist_find(id);
    if (li_text_equal(id, LI_TEXT("broken")))
        return li_fail(err, LI_IO, "the source cannot be reached");
    if (!found)
        return li_fail(err, LI_NOT_FOUND, "no artist has the id \"%.*s\"", (int)(id.size < 80 ? id.size : 80),
                       id.data);
    *artist = (struct li_source_artist){
        .id = *found->id ? li_text_of(found->id) : li_arena_copy(arena, id),
        .name = li_text_of(found->name),
        .genres = found->genres,
        .genre_count = found->genre_count,
        .popularity = 50,
        .source = "fake",
    };
    return LI_OK;
}

/* Features that differ from track to track. */
static inline struct li_features fake_features(size_t track) {
    double t = (double)track;
    return (struct li_features){{0.5 + t / 20, 0.6 + t / 20, 0.4 + t / 10, 0.1, 0, 0.1, 0.05, -6 - t,
                                 100 + 10 * t, (double)(track % 2)}};
}

static inline enum li_status fake_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                             struct li_arena *arena, struct li_source_track **tracks,
                                             size_t *count, struct li_error *err) {
    (void)source;
    const struct fake_artist *found = fake_artist_find(id);
    if (!found)
        return li_fail(err, LI_NOT_FOUND, "no such artist");
    size_t wanted = found->tracks < limit ? found->tracks : limit;
    struct li_source_track *list = li_arena_alloc(arena, (wanted + 1) * sizeof *list);
    for (size_t i = 0; i < wanted; i++)
        list[i] = (struct li_source_track){
            .id = li_arena_printf(arena, "%.*s/%zu", LI_TEXT_ARG(id), i),
            .title = li_arena_printf(arena, "Song %zu", i + 1),
            .year = i ? 2000 + (int)i : 0,
            .has_features = i < found->measured,
            .origin = LI_ORIGIN_MEASURED,
            .features = fake_features(i),
        };
    *tracks = list;
    *count = wanted;
    return LI_OK;
}

/* Every artist whose id begins with the words. */
static inline enum li_status fake_search(struct li_source *source, struct li_text words, size_t limit,
                                         struct li_arena *arena, struct li_source_artist **artists,
                                         size_t *count, struct li_error *err) {
    static const char *const ids[] = {"metal", "measured", "mixed", "rap"};
    struct li_source_artist *list = li_arena_alloc(arena, 4 * sizeof *list);
    size_t found = 0;
    if (li_text_equal(words, LI_TEXT("broken")))
        return li_fail(err, LI_IO, "the source cannot be reached");
    for (size_t i = 0; i < 4 && found < limit; i++)
        if (words.size <= strlen(ids[i]) && words.size && memcmp(ids[i], words.data, words.size) == 0) {
            enum li_status status = fake_find(source, li_text_of(ids[i]), arena, &list[found++], err);
            if (status)
                return status;
        }
    *artists = list;
    *count = found;
    return LI_OK;
}

static inline void fake_source_free(struct li_source *source) {
    (void)source;
}

static inline struct li_source *fake_source(void) {
    static const struct li_source_ops ops = {
        .name = "fake",
        .quick = true,
        .search = fake_search,
        .find = fake_find,
        .top_tracks = fake_top_tracks,
        .free = fake_source_free,
    };
    static struct li_source source = {&ops};
    return &source;
}

#endif
