/* source_options.h - the options that say where artists come from: the built-in catalogue, or providers. */
#ifndef LI_CLI_SOURCE_OPTIONS_H
#define LI_CLI_SOURCE_OPTIONS_H

#include "catalog/catalog.h"
#include "cli/options.h"
#include "cli/store_options.h"
#include "sources/live.h"

/* Zeroed: the built-in catalogue. */
struct li_source_settings {
    const char *source; /* "catalog", "deezer", "auto", "spotify"; NULL = catalog */
    const char *catalog, *cache, *contact;
    const char *deezer_url, *musicbrainz_url, *listenbrainz_url, *reccobeats_url;
    const char *spotify_api_url, *spotify_accounts_url, *spotify_client_id, *spotify_client_secret;
    bool reccobeats;
    const struct li_store_settings *store; /* Optional: when it names a bucket, the cache lies there too */
    struct li_decoders *decoders;          /* Optional: measure previews; not an option */
};

/* One row of a table: an option named name, for the member of settings. */
#define LI_SOURCE_TEXT(name, member, variable, argument, help)                                               \
    { name, LI_OPTION_TEXT, &(member), variable, argument, help }

/* Rows for a table of struct li_option; settings is a struct li_source_settings. */
#define LI_SOURCE_OPTIONS(settings)                                                                          \
    LI_SOURCE_TEXT("source", (settings).source, "LISTENING_SOURCE", "NAME",                                  \
                   "where artists come from: catalog (the default, which asks nobody), deezer, auto "        \
                   "(Deezer, else the catalogue) or spotify"),                                               \
        LI_SOURCE_TEXT("catalog", (settings).catalog, "LISTENING_CATALOG", "FILE",                           \
                       "another catalogue than the built-in one"),                                           \
        LI_SOURCE_TEXT("cache", (settings).cache, "LISTENING_CACHE", "FILE",                                 \
                       "what providers told and what was measured (serve: in its data folder or bucket; "    \
                       "else in memory)"),                                                                   \
        LI_SOURCE_TEXT("contact", (settings).contact, "LISTENING_CONTACT", "TEXT",                           \
                       "your page or mail address, told to the providers; MusicBrainz wants one"),           \
        {"reccobeats",                                                                                       \
         LI_OPTION_FLAG,                                                                                     \
         &(settings).reccobeats,                                                                             \
         "LISTENING_RECCOBEATS",                                                                             \
         NULL,                                                                                               \
         "ask ReccoBeats, a third party, for features of tracks that have no preview"},                      \
        LI_SOURCE_TEXT("spotify-client-id", (settings).spotify_client_id, "LISTENING_SPOTIFY_CLIENT_ID",     \
                       "ID", "of your own Spotify app, for --source spotify"),                               \
        LI_SOURCE_TEXT("spotify-client-secret", (settings).spotify_client_secret,                            \
                       "LISTENING_SPOTIFY_CLIENT_SECRET", "SECRET", "of that app; better set the variable"), \
        LI_SOURCE_TEXT("deezer-url", (settings).deezer_url, "LISTENING_DEEZER_URL", "URL",                   \
                       "another Deezer (https://api.deezer.com)"),                                           \
        LI_SOURCE_TEXT("musicbrainz-url", (settings).musicbrainz_url, "LISTENING_MUSICBRAINZ_URL", "URL",    \
                       "another MusicBrainz (https://musicbrainz.org)"),                                     \
        LI_SOURCE_TEXT("listenbrainz-url", (settings).listenbrainz_url, "LISTENING_LISTENBRAINZ_URL", "URL", \
                       "another ListenBrainz (https://api.listenbrainz.org)"),                               \
        LI_SOURCE_TEXT("reccobeats-url", (settings).reccobeats_url, "LISTENING_RECCOBEATS_URL", "URL",       \
                       "another ReccoBeats (https://api.reccobeats.com/v1)"),                                \
        LI_SOURCE_TEXT("spotify-api-url", (settings).spotify_api_url, "LISTENING_SPOTIFY_API_URL", "URL",    \
                       "another Spotify (https://api.spotify.com)"),                                         \
        LI_SOURCE_TEXT("spotify-accounts-url", (settings).spotify_accounts_url,                              \
                       "LISTENING_SPOTIFY_ACCOUNTS_URL", "URL",                                              \
                       "another Spotify login (https://accounts.spotify.com)")

/* Whether the settings say to ask providers. */
bool li_source_is_live(const struct li_source_settings *settings);

/* Opens the catalogue, and the source over it. cache is the file used when the settings name none; NULL = in
 * memory. The caller owns both, and frees the source first. LI_INVALID for settings that cannot be. */
LI_MUST_USE enum li_status li_cli_open_source(const struct li_source_settings *settings, const char *cache,
                                              struct li_catalog **catalog, struct li_source **source,
                                              struct li_error *err);

#endif
