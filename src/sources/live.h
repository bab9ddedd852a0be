/* live.h - the source that asks providers: any artist in the world, measured from sound, without an account.
 *
 * Deezer finds artists, their best-known tracks and previews; the previews are measured in memory.
 * MusicBrainz and ListenBrainz say genres. ReccoBeats and Spotify are asked only when the owner wants it.
 * What is sent to whom, and the limits of each: docs/sources.md. */
#ifndef LI_SOURCES_LIVE_H
#define LI_SOURCES_LIVE_H

#include "sources/source.h"

struct li_catalog;
struct li_decoders;
struct li_s3_options;

enum li_live_mode {
    LI_LIVE_DEEZER,
    LI_LIVE_AUTO,    /* the same, and the catalogue when a provider is away */
    LI_LIVE_SPOTIFY, /* Spotify finds artists, with the owner's own key */
};

struct li_live_options {
    enum li_live_mode mode;
    const struct li_catalog *catalog; /* Optional: outlives the source; its ids stay known, and its genres */
    const char *cache;                /* Optional: file of what was told and measured; NULL = in memory */
    bool cache_named;                 /* by a person: another file there is refused */
    const struct li_s3_options *cache_bucket; /* Optional: it lies in this bucket instead */
    const char *contact; /* Optional: address or page of who runs this, told to the providers */
    bool reccobeats;     /* ask ReccoBeats for features of tracks that have no preview */
    const char *client_id, *client_secret; /* Required for LI_LIVE_SPOTIFY */

    /* Optional: other addresses than the public ones. A host named here that is a private address may be
     * asked, and may serve previews; no other private address ever is. */
    const char *deezer_url, *musicbrainz_url, *listenbrainz_url, *reccobeats_url, *spotify_api_url,
        *spotify_accounts_url;
    const char *ca_file; /* Optional: certificates to trust instead of the system's */

    struct li_decoders *decoders; /* Optional: measure previews; NULL = this process does */
};

/* LI_UNSUPPORTED when libcurl is not installed, LI_INVALID for an address or option that cannot be used. The
 * caller owns *out. */
LI_MUST_USE enum li_status li_source_open_live(const struct li_live_options *options, struct li_source **out,
                                               struct li_error *err);

/* Tries each provider that would be asked once, and reports on each in a sentence. Returns whether all that
 * is needed works. source is one of li_source_open_live. */
bool li_live_try(struct li_source *source,
                 void (*report)(void *context, const char *provider, bool works, const char *sentence),
                 void *context);

#endif
