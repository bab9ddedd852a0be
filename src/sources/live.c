/* live.c - the live source put together: who may be asked, and through which door. */
#include "sources/live.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sources/live_priv.h"

enum { ANALYSTS_MAX = 8, ANALYSTS_QUEUE = 1024, URL_MAX = 200, GENRES_TOTAL_MS = 4000 };

/* ---- who may be asked ---- */

enum provider_id { DEEZER, MUSICBRAINZ, LISTENBRAINZ, RECCOBEATS, SPOTIFY_API, SPOTIFY_ACCOUNTS, PROVIDERS };

static const struct {
    const char *name, *url, *variable;
    size_t requests;
    int64_t window_ms;
} FACTS[PROVIDERS] = {
    /* 50 in 5 s are allowed: the rest is for others behind the same address, and the second for how long a
     * question is on its way. */
    [DEEZER] = {"Deezer", "https://api.deezer.com", "LISTENING_DEEZER_URL", 40, 6000},
    [MUSICBRAINZ] = {"MusicBrainz", "https://musicbrainz.org", "LISTENING_MUSICBRAINZ_URL", 1, 1100},
    [LISTENBRAINZ] = {"ListenBrainz", "https://api.listenbrainz.org", "LISTENING_LISTENBRAINZ_URL", 1, 1000},
    [RECCOBEATS] = {"ReccoBeats", "https://api.reccobeats.com/v1", "LISTENING_RECCOBEATS_URL", 1, 1000},
    /* Its numbers are not published. */
    [SPOTIFY_API] = {"Spotify", "https://api.spotify.com", "LISTENING_SPOTIFY_API_URL", 30, 30000},
    [SPOTIFY_ACCOUNTS] = {"Spotify", "https://accounts.spotify.com", "LISTENING_SPOTIFY_ACCOUNTS_URL", 10,
                          30000},
};

/* Whether a host is written as an address that only we ourselves or our network can reach. */
static bool is_private_host(struct li_text host) {
    char text[URL_MAX + 1];
    unsigned char v4[4], v6[16];
    bool bracketed = host.size > 2 && host.data[0] == '[';
    snprintf(text, sizeof text, "%.*s", (int)(bracketed ? host.size - 2 : host.size),
             bracketed ? host.data + 1 : host.data);
    if (strcmp(text, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, text, v4) == 1)
        return v4[0] == 127 || v4[0] == 10 || (v4[0] == 172 && v4[1] >= 16 && v4[1] <= 31) ||
               (v4[0] == 192 && v4[1] == 168) || (v4[0] == 169 && v4[1] == 254);
    if (bracketed && inet_pton(AF_INET6, text, v6) == 1)
        return (v6[0] & 0xfe) == 0xfc || (v6[0] == 0xfe && (v6[1] & 0xc0) == 0x80) ||
               memcmp(v6, &in6addr_loopback, sizeof v6) == 0;
    return false;
}

/* An address as it is used: checked, without slashes at its end, for the life of the source. */
static enum li_status take_url(struct li_live *live, enum provider_id id, const char *given, const char **out,
                               struct li_error *err) {
    struct li_text url = li_text_of(given ? given : FACTS[id].url);
    bool right = url.size <= URL_MAX &&
                 (strncmp(url.data, "http://", 7) == 0 || strncmp(url.data, "https://", 8) == 0);
    while (url.size && url.data[url.size - 1] == '/')
        url.size--;
    for (size_t i = 0; i < url.size; i++)
        right = right && url.data[i] > ' ' && url.data[i] < 0x7f && !strchr("?#@\"'<>\\", url.data[i]);
    size_t scheme = url.size > 5 && url.data[4] == 's' ? 8 : 7;
    struct li_text host = url.size > scheme ? li_url_host(url) : (struct li_text){0};
    if (!right || !host.size)
        return li_fail(err, LI_INVALID, "%s must be an address such as %s, not \"%.80s\"", FACTS[id].variable,
                       FACTS[id].url, given ? given : "");
    if (strncmp(url.data, "http://", 7) == 0 && !is_private_host(host))
        return li_fail(err, LI_INVALID,
                       "%s must begin with https://, unless it is a host of your own network",
                       FACTS[id].variable);
    *out = li_arena_copy(&live->texts, url).data;
    return LI_OK;
}

struct li_net *li_live_net(const struct li_live *live, struct li_text url) {
    struct li_text host = li_url_host(url);
    for (const char **inside = live->inside_hosts; inside && *inside; inside++)
        if (li_text_equal(host, li_text_of(*inside)))
            return live->inside;
    return live->outside;
}

enum li_status li_live_failure(enum li_status status, struct li_error *err) {
    if (status == LI_OK || status == LI_NOT_FOUND || status == LI_INVALID || status == LI_NO_MEMORY)
        return status;
    if (err)
        err->status = LI_BUSY;
    return LI_BUSY;
}

/* Two doors: one to public addresses, and one to the private hosts that the owner named, to nobody else. */
static enum li_status open_nets(struct li_live *live, const struct li_live_options *options,
                                const char *const urls[PROVIDERS], struct li_error *err) {
    const char **inside = li_arena_alloc(&live->texts, (PROVIDERS + 1) * sizeof *inside);
    const char **outside = li_arena_alloc(&live->texts, (PROVIDERS + 2) * sizeof *outside);
    size_t inside_count = 0, outside_count = 0;
    struct li_text agent = li_arena_printf(&live->texts, "ListeningIntelligence/%s ( %.100s )", LI_VERSION,
                                           options->contact ? options->contact : "self-hosted");
    for (int i = 0; i < PROVIDERS; i++) {
        struct li_text host = li_url_host(li_text_of(urls[i]));
        const char *name = li_arena_copy(&live->texts, host).data;
        if (is_private_host(host))
            inside[inside_count++] = name;
        else
            outside[outside_count++] = name;
    }
    outside[outside_count++] = "*.dzcdn.net"; /* Deezer's previews */
    live->inside_hosts = inside;
    struct li_net_options door = {.user_agent = agent.data, .ca_file = options->ca_file, .hosts = outside};
    enum li_status status = li_net_new(&door, &live->outside, err);
    door.hosts = inside;
    door.private_addresses = true;
    if (!status && inside_count)
        status = li_net_new(&door, &live->inside, err);
    return status;
}

static void init_provider(struct li_live *live, struct li_provider *provider, enum provider_id id,
                          const char *url, bool wanted) {
    struct li_net *net = wanted ? li_live_net(live, li_text_of(url)) : NULL;
    li_provider_init(provider, FACTS[id].name, url, net, FACTS[id].requests, FACTS[id].window_ms);
    provider->calls = &live->base.calls;
    provider->failures = &live->base.failures;
}

static void init_providers(struct li_live *live, const struct li_live_options *options,
                           const char *const urls[PROVIDERS]) {
    bool spotify = options->mode == LI_LIVE_SPOTIFY;
    init_provider(live, &live->deezer, DEEZER, urls[DEEZER], true);
    init_provider(live, &live->musicbrainz, MUSICBRAINZ, urls[MUSICBRAINZ], true);
    init_provider(live, &live->listenbrainz, LISTENBRAINZ, urls[LISTENBRAINZ], true);
    init_provider(live, &live->reccobeats, RECCOBEATS, urls[RECCOBEATS], options->reccobeats);
    init_provider(live, &live->spotify.api, SPOTIFY_API, urls[SPOTIFY_API], spotify);
    init_provider(live, &live->spotify.accounts, SPOTIFY_ACCOUNTS, urls[SPOTIFY_ACCOUNTS], spotify);
    live->deezer.errors_have_body = true;
    /* Genres are worth little waiting: the catalogue may know them, and a profile does without. */
    live->musicbrainz.attempts = live->listenbrainz.attempts = 2;
    live->musicbrainz.total_ms = live->listenbrainz.total_ms = GENRES_TOTAL_MS;
    pthread_mutex_init(&live->spotify.lock, NULL);
}

static void live_tidy(struct li_source *source) {
    li_cache_sweep(((struct li_live *)source)->cache);
}

/* ---- the source ---- */

static void live_free(struct li_source *source) {
    struct li_live *live = (struct li_live *)source;
    struct li_provider *const providers[] = {&live->deezer,     &live->musicbrainz, &live->listenbrainz,
                                             &live->reccobeats, &live->spotify.api, &live->spotify.accounts};
    li_pool_free(live->analysts);
    if (live->deezer.name)
        pthread_mutex_destroy(&live->spotify.lock);
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
        li_provider_clean_up(providers[i]);
    li_cache_close(live->cache);
    li_net_free(live->inside);
    li_net_free(live->outside);
    li_arena_release(&live->texts);
    free((void *)(uintptr_t)live->spotify.client_id);
    free((void *)(uintptr_t)live->spotify.client_secret);
    free(live);
}

#define LIVE_OPS(called)                                                                                     \
    {                                                                                                        \
        .name = called, .counts = true, .search = li_live_search, .find = li_live_find,                      \
        .top_tracks = li_live_top_tracks, .prepare = li_live_prepare, .features = li_live_features,          \
        .recording = li_live_recording, .match = li_live_match, .lookup = li_live_lookup, .tidy = live_tidy, \
        .free = live_free,                                                                                   \
    }

static const struct li_source_ops OPS[] = {
    [LI_LIVE_DEEZER] = LIVE_OPS("deezer"),
    [LI_LIVE_AUTO] = LIVE_OPS("auto"),
    [LI_LIVE_SPOTIFY] = LIVE_OPS("spotify"),
};

static size_t analyst_count(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > ANALYSTS_MAX ? ANALYSTS_MAX : (size_t)cores;
}

static enum li_status open_cache(struct li_live *live, const struct li_live_options *options,
                                 const char *const urls[PROVIDERS], struct li_error *err) {
    const struct li_cache_options cache = {
        .path = options->cache,
        .named = options->cache_named,
        .scope = li_arena_printf(&live->texts, "%s %s %s %s %s", urls[DEEZER], urls[MUSICBRAINZ],
                                 urls[LISTENBRAINZ], urls[RECCOBEATS], urls[SPOTIFY_API])
                     .data,
    };
    return options->cache_bucket ? li_cache_open_bucket(&cache, options->cache_bucket, &live->cache, err)
                                 : li_cache_open(&cache, &live->cache, err);
}

static enum li_status open_live(struct li_live *live, const struct li_live_options *options,
                                struct li_error *err) {
    const char *const given[PROVIDERS] = {
        [DEEZER] = options->deezer_url,
        [MUSICBRAINZ] = options->musicbrainz_url,
        [LISTENBRAINZ] = options->listenbrainz_url,
        [RECCOBEATS] = options->reccobeats_url,
        [SPOTIFY_API] = options->spotify_api_url,
        [SPOTIFY_ACCOUNTS] = options->spotify_accounts_url,
    };
    const char *urls[PROVIDERS];
    bool has_key = options->client_id && options->client_secret;
    enum li_status status = LI_OK;
    if (options->mode == LI_LIVE_SPOTIFY && !has_key)
        return li_fail(err, LI_INVALID,
                       "--source spotify needs the client id and secret of your own app: set "
                       "LISTENING_SPOTIFY_CLIENT_ID and LISTENING_SPOTIFY_CLIENT_SECRET");
    for (int i = 0; !status && i < PROVIDERS; i++)
        status = take_url(live, (enum provider_id)i, given[i], &urls[i], err);
    if (!status)
        status = open_nets(live, options, urls, err);
    if (status)
        return status;
    live->mode = options->mode;
    live->catalog = options->catalog;
    live->decoders = options->decoders;
    live->spotify.client_id = strdup(has_key ? options->client_id : "");
    live->spotify.client_secret = strdup(has_key ? options->client_secret : "");
    if (!live->spotify.client_id || !live->spotify.client_secret)
        return li_fail(err, LI_NO_MEMORY, "no memory for a source");
    init_providers(live, options, urls);
    status = li_pool_new(analyst_count(), ANALYSTS_QUEUE, &live->analysts, err);
    return status ? status : open_cache(live, options, urls, err);
}

enum li_status li_source_open_live(const struct li_live_options *options, struct li_source **out,
                                   struct li_error *err) {
    struct li_live *live = calloc(1, sizeof *live);
    if (!live)
        return li_fail(err, LI_NO_MEMORY, "no memory for a source");
    live->base.ops = &OPS[options->mode];
    enum li_status status = open_live(live, options, err);
    if (status)
        live_free(&live->base);
    else
        *out = &live->base;
    return status;
}
