/* source.h - where artists and their tracks come from: a small table of functions, one file a provider.
 *
 * Results are written into the caller's arena and stay valid until it is cleared. A source may be called from
 * any thread. */
#ifndef LI_SOURCES_SOURCE_H
#define LI_SOURCES_SOURCE_H

#include <listening.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

enum { LI_SOURCE_HITS_MAX = 10, LI_SOURCE_QUERY_MAX = 200, LI_SOURCE_LOOKUP_MAX = 20 };

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
    int year;     /* 0 = unknown */
    bool preview; /* whether there is a preview that can be measured */
    bool has_features;
    enum li_origin origin; /* of the features, when there are any */
    struct li_features features;
};

/* A track whose features are wanted. */
struct li_source_wanted {
    struct li_text id;
    struct li_text title, artist; /* Optional: by these it may be found in a table */
};

/* What became of the features of one track. */
struct li_source_features {
    bool known;
    enum li_origin origin;
    struct li_features features;
    double confidence; /* 0..1, NAN = nobody said */
};

/* Follows a work that lasts: progress is told how many tracks have been dealt with, also when that has not
 * changed, several times a second; false from it gives the work up. Called from the thread that asked. */
struct li_source_watch {
    bool (*progress)(void *context, size_t done);
    void *context;
};

struct li_source;

struct li_source_ops {
    const char *name; /* "catalog" */
    bool quick;       /* answers within microseconds */
    bool counts;      /* counts calls and failures itself: one a question to a provider */
    enum li_status (*search)(struct li_source *, struct li_text words, size_t limit, struct li_arena *,
                             struct li_source_artist **, size_t *count, struct li_error *);
    enum li_status (*find)(struct li_source *, struct li_text id, struct li_arena *,
                           struct li_source_artist *, struct li_error *);
    enum li_status (*top_tracks)(struct li_source *, struct li_text id, size_t limit, struct li_arena *,
                                 struct li_source_track **, size_t *count, struct li_error *);
    /* Optional: see li_source_match. */
    enum li_status (*match)(struct li_source *, struct li_text name, struct li_arena *,
                            struct li_source_artist *, struct li_error *);
    /* Optional: see li_source_lookup. */
    enum li_status (*lookup)(struct li_source *, const struct li_text *names, size_t count, struct li_arena *,
                             struct li_source_artist *, bool *found, size_t *asked, struct li_error *);
    /* Optional: see li_source_prepare and li_source_features. */
    enum li_status (*prepare)(struct li_source *, const struct li_text *ids, size_t count, struct li_error *);
    enum li_status (*features)(struct li_source *, const struct li_source_wanted *tracks, size_t count,
                               const struct li_source_watch *, struct li_source_features *,
                               struct li_error *);
    /* Optional: see li_source_recording. */
    enum li_status (*recording)(struct li_source *, struct li_text isrc, struct li_arena *,
                                struct li_source_wanted *, struct li_error *);
    void (*tidy)(struct li_source *);                /* Optional: see li_source_tidy */
    struct li_source *(*behind)(struct li_source *); /* Optional: the source that answers for this one, NULL:
                                                        not there yet */
    void (*free)(struct li_source *);
};

struct li_source {
    const struct li_source_ops *ops;
    _Atomic uint64_t calls, failures; /* li_source_counts reads them */
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

/* The artist that a name in a listening history means, found without asking anybody else. LI_NOT_FOUND when
 * none is surely meant, or the source cannot tell. */
LI_MUST_USE enum li_status li_source_match(struct li_source *source, struct li_text name,
                                           struct li_arena *arena, struct li_source_artist *artist,
                                           struct li_error *err);

/* The same for a few names that match does not find, and others are asked: at most LI_SOURCE_LOOKUP_MAX, each
 * once, for some seconds at most. found[i] says whether artists[i] is there; *asked how many names were
 * looked up before time was over or nobody answered, which is LI_OK too. */
LI_MUST_USE enum li_status li_source_lookup(struct li_source *source, const struct li_text *names,
                                            size_t count, struct li_arena *arena,
                                            struct li_source_artist *artists, bool *found, size_t *asked,
                                            struct li_error *err);

/* Says that these artists will be asked for next: a source that asks others gets all of it at once. */
LI_MUST_USE enum li_status li_source_prepare(struct li_source *source, const struct li_text *ids,
                                             size_t count, struct li_error *err);

/* The track that the code of a recording (ISRC, ISO 3901; hyphens and small letters are fine) names.
 * LI_NOT_FOUND when nobody who can be asked knows it, LI_INVALID when it is no such code. */
LI_MUST_USE enum li_status li_source_recording(struct li_source *source, struct li_text isrc,
                                               struct li_arena *arena, struct li_source_wanted *track,
                                               struct li_error *err);

/* Whether the source may have features of tracks that came without. */
bool li_source_has_features(const struct li_source *source);

/* The features of tracks, each with where they come from: measured, else told by a provider, else of a table.
 * known is false for a track of which nobody knows any, also when a provider failed. May last for seconds.
 * LI_BUSY when watch gave it up. watch may be NULL. */
LI_MUST_USE enum li_status li_source_features(struct li_source *source, const struct li_source_wanted *tracks,
                                              size_t count, const struct li_source_watch *watch,
                                              struct li_source_features *out, struct li_error *err);

/* Questions so far, and those that got no answer, or one that is none; also those whose failing was hidden
 * from who asked, because somebody else knew. */
void li_source_counts(struct li_source *source, uint64_t *calls, uint64_t *failures);

/* Throws away what is kept and too old, now and then: for who runs for long. */
void li_source_tidy(struct li_source *source);

/* NULL is fine. */
void li_source_free(struct li_source *source);

#endif
