/* source.h - where artists and their tracks come from: a small table of functions, one file a provider.
 *
 * Results are written into the caller's arena and stay valid until it is cleared. A source may be called from
 * any thread. */
#ifndef LI_SOURCES_SOURCE_H
#define LI_SOURCES_SOURCE_H

#include <listening.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

enum { LI_SOURCE_HITS_MAX = 10, LI_SOURCE_QUERY_MAX = 200 };

/* Where a number comes from: the word that a listener reads beside it. */
enum li_origin {
    LI_ORIGIN_MEASURED,  /* from sound, by us */
    LI_ORIGIN_PROVIDER,  /* told by a third party */
    LI_ORIGIN_DATASET,   /* from an imported table */
    LI_ORIGIN_ESTIMATED, /* from genres alone */
    LI_ORIGIN_COUNT
};

/* "measured", "provider", "dataset", "estimated". */
const char *li_origin_name(enum li_origin origin);

struct li_source_artist {
    struct li_text id, name;
    struct li_text image; /* address of a picture, empty when there is none */
    const struct li_text *genres;
    size_t genre_count;
    int popularity;     /* 0..100, -1 = unknown */
    const char *source; /* name of the source that knows the artist */
};

struct li_source_track {
    struct li_text id, title;
    int year; /* 0 = unknown */
    bool has_features;
    enum li_origin origin; /* of the features, when there are any */
    struct li_features features;
};

struct li_source;

struct li_source_ops {
    const char *name; /* "catalog" */
    bool quick;       /* answers within microseconds */
    enum li_status (*search)(struct li_source *, struct li_text words, size_t limit, struct li_arena *,
                             struct li_source_artist **, size_t *count, struct li_error *);
    enum li_status (*find)(struct li_source *, struct li_text id, struct li_arena *,
                           struct li_source_artist *, struct li_error *);
    enum li_status (*top_tracks)(struct li_source *, struct li_text id, size_t limit, struct li_arena *,
                                 struct li_source_track **, size_t *count, struct li_error *);
    void (*free)(struct li_source *);
};

struct li_source {
    const struct li_source_ops *ops;
};

struct li_catalog;

/* The source that answers from a catalogue, which must outlive it. */
LI_MUST_USE enum li_status li_source_open_catalog(const struct li_catalog *catalog, struct li_source **out,
                                                  struct li_error *err);

/* Artists by the words that a person typed, best first; limit 1..LI_SOURCE_HITS_MAX. */
LI_MUST_USE enum li_status li_source_search(struct li_source *source, struct li_text words, size_t limit,
                                            struct li_arena *arena, struct li_source_artist **artists,
                                            size_t *count, struct li_error *err);

/* The artist with this id. LI_NOT_FOUND when the source knows none. */
LI_MUST_USE enum li_status li_source_find(struct li_source *source, struct li_text id, struct li_arena *arena,
                                          struct li_source_artist *artist, struct li_error *err);

/* The artist's best-known tracks, best first. LI_NOT_FOUND when the source does not know the artist. */
LI_MUST_USE enum li_status li_source_top_tracks(struct li_source *source, struct li_text id, size_t limit,
                                                struct li_arena *arena, struct li_source_track **tracks,
                                                size_t *count, struct li_error *err);

/* NULL is fine. */
void li_source_free(struct li_source *source);

#endif
