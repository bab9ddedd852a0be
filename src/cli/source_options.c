#include "cli/source_options.h"

#include <string.h>

#include "cli/cli.h"

bool li_source_is_live(const struct li_source_settings *settings) {
    return settings->source && strcmp(settings->source, "catalog") != 0;
}

enum li_status li_cli_open_source(const struct li_source_settings *settings, const char *cache,
                                  struct li_catalog **catalog, struct li_source **source,
                                  struct li_error *err) {
    static const char *const NAMES[] = {
        [LI_LIVE_DEEZER] = "deezer", [LI_LIVE_AUTO] = "auto", [LI_LIVE_SPOTIFY] = "spotify"};
    int mode = -1;
    for (int i = 0; settings->source && i < (int)(sizeof NAMES / sizeof *NAMES); i++)
        if (strcmp(settings->source, NAMES[i]) == 0)
            mode = i;
    if (mode < 0 && li_source_is_live(settings))
        return li_fail(err, LI_INVALID, "--source is catalog, deezer, auto or spotify, not \"%.40s\"",
                       settings->source);
    enum li_status status = li_cli_open_catalog(settings->catalog, catalog, err);
    if (!status && mode < 0)
        return li_source_open_catalog(*catalog, source, err);
    struct li_s3_options bucket;
    bool in_bucket = !settings->cache && settings->store && li_cli_s3_options(settings->store, &bucket);
    const struct li_live_options options = {
        .mode = (enum li_live_mode)mode,
        .catalog = *catalog,
        .cache = settings->cache ? settings->cache : cache,
        .cache_named = settings->cache != NULL,
        .cache_bucket = in_bucket ? &bucket : NULL,
        .contact = settings->contact,
        .decoders = settings->decoders,
        .reccobeats = settings->reccobeats,
        .client_id = settings->spotify_client_id,
        .client_secret = settings->spotify_client_secret,
        .deezer_url = settings->deezer_url,
        .musicbrainz_url = settings->musicbrainz_url,
        .listenbrainz_url = settings->listenbrainz_url,
        .reccobeats_url = settings->reccobeats_url,
        .spotify_api_url = settings->spotify_api_url,
        .spotify_accounts_url = settings->spotify_accounts_url,
    };
    return status ? status : li_source_open_live(&options, source, err);
}
