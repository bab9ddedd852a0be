/* cmd_serve.c - the service: starts everything, waits for a signal, stops everything. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/confine.h"
#include "cli/source_options.h"
#include "cli/store_options.h"

enum {
    SWEEP_MAX_MS = 60 * 1000,
    S3_SWEEP_MAX_MS = 600 * 1000, /* each look costs a request a thousand objects */
    THREADS_MAX = 1024,           /* the server takes no more than it can use */
    SLOW_WORKERS = 32,            /* threads that wait for a store across the network */
    SLOW_EVENT_WORKERS = 8
};

struct settings {
    const char *listen, *log, *events_secret;
    struct li_source_settings source;
    struct li_store_settings store;
    struct li_confine_settings confine;
    struct li_string_list origins;
    double rate_limit, threads;
    int64_t ttl_ms;
    bool no_own_events, no_lookup, s3_sweep;
};

/* Removes what is too old, every minute (more often when the time to live is short). */
struct sweeper {
    struct li_store *store;
    struct li_source *source;
    bool stores; /* the store too: a bucket has a lifecycle rule for it */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping, started;
};

static void *sweep(void *arg) {
    struct sweeper *sweeper = arg;
    int64_t pause_ms = sweeper->store->ops->quick ? SWEEP_MAX_MS : S3_SWEEP_MAX_MS;
    if (sweeper->store->ttl_ms < pause_ms)
        pause_ms = sweeper->store->ttl_ms;
    pthread_mutex_lock(&sweeper->lock);
    while (!sweeper->stopping) {
        struct li_error err = {0};
        size_t removed = 0;
        pthread_mutex_unlock(&sweeper->lock);
        if (sweeper->stores && li_store_sweep(sweeper->store, &removed, &err) != LI_OK)
            li_log_message(LI_LOG_ERROR, "sweep", err.message);
        li_source_tidy(sweeper->source);
        pthread_mutex_lock(&sweeper->lock);
        const struct timespec until = li_clock_after_ms(pause_ms);
        while (!sweeper->stopping &&
               pthread_cond_timedwait(&sweeper->stop, &sweeper->lock, &until) != ETIMEDOUT)
            continue;
    }
    pthread_mutex_unlock(&sweeper->lock);
    return NULL;
}

static enum li_status sweeper_start(struct sweeper *sweeper, struct li_error *err) {
    pthread_mutex_init(&sweeper->lock, NULL);
    li_clock_condition_init(&sweeper->stop);
    int failed = pthread_create(&sweeper->thread, NULL, sweep, sweeper);
    sweeper->started = !failed;
    return failed ? li_fail_errno(err, failed, "cannot start a thread") : LI_OK;
}

static void sweeper_stop(struct sweeper *sweeper) {
    if (!sweeper->started)
        return;
    pthread_mutex_lock(&sweeper->lock);
    sweeper->stopping = true;
    pthread_cond_signal(&sweeper->stop);
    pthread_mutex_unlock(&sweeper->lock);
    pthread_join(sweeper->thread, NULL);
    pthread_cond_destroy(&sweeper->stop);
    pthread_mutex_destroy(&sweeper->lock);
}

static bool is_loopback(const char *listen) {
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 ||
           strncmp(listen, "localhost", 9) == 0;
}

/* Puts the catalogue's file in place anew; one that cannot be used leaves the old one. */
static void reload_catalog(struct li_catalog *catalog, const char *path) {
    struct li_error err = {0};
    struct li_catalog_info info;
    struct li_log_line line;
    enum li_status status = li_catalog_reload(catalog, path, &err);
    li_catalog_get_info(catalog, &info);
    li_log_begin(&line, status ? LI_LOG_ERROR : LI_LOG_INFO, "catalog");
    li_log_text(&line, "message", li_text_of(status ? err.message : "reloaded"));
    li_log_text(&line, "version", li_text_of(info.version));
    li_log_number(&line, "artists", (int64_t)info.artists);
    li_log_end(&line);
}

/* Says where it listens and waits for SIGTERM or SIGINT, which are blocked in every thread; on SIGHUP reads
 * the catalogue's file again. */
static void wait_for_signal(const struct settings *settings, const struct li_server *server,
                            struct li_catalog *catalog, const sigset_t *signals) {
    const char *colon = strrchr(settings->listen, ':');
    int host = (int)(colon - settings->listen), number = 0;
    printf("listening on http://%.*s:%d\n", host ? host : 9, host ? settings->listen : "127.0.0.1",
           li_server_port(server));
    fflush(stdout);
    while (number != SIGTERM && number != SIGINT)
        if (sigwait(signals, &number) == 0 && number == SIGHUP)
            reload_catalog(catalog, settings->source.catalog);
    li_log_message(LI_LOG_INFO, "stop", "finishing what is in flight");
}

/* Opens the store, gives up all other files, and opens the source, with its cache in the data folder. */
static enum li_status open_parts(const struct settings *settings, struct li_decoders *decoders,
                                 struct li_catalog **catalog, struct li_pipeline *pipeline,
                                 struct li_confined *confined, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_source_settings source = settings->source;
    const char *data = settings->store.data ? settings->store.data : "listening-data", *cache = NULL;
    source.decoders = decoders;
    if (li_source_is_live(&source) && !settings->store.bucket)
        cache = li_arena_printf(&arena, "%s/cache.sqlite", data).data;
    enum li_status status = li_cli_open_store(&settings->store, settings->ttl_ms, &pipeline->store, err);
    if (!status)
        status = li_confine_files(&settings->confine, &settings->store, &source, confined, err);
    if (!status)
        status = li_cli_open_source(&source, cache, catalog, &pipeline->source, err);
    li_arena_release(&arena);
    return status;
}

/* Blocks the signals that wait_for_signal waits for, before any thread begins. */
static void block_signals(bool has_file, sigset_t *signals) {
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    if (has_file) /* of the catalogue: SIGHUP reads it again */
        sigaddset(signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum li_status serve(const struct settings *settings, struct li_error *err) {
    struct li_catalog *catalog = NULL;
    struct li_pipeline pipeline = {.no_lookup = settings->no_lookup};
    struct li_gateway *gateway = NULL;
    struct li_server *server = NULL;
    struct li_decoders *decoders = NULL;
    struct li_confined confined = {0};
    struct sweeper sweeper = {0};
    sigset_t signals;
    block_signals(settings->source.catalog != NULL, &signals);
    li_pipeline_init(&pipeline);
    enum li_status status = li_cli_set_log_level(settings->log, err);
    if (!status)
        status = li_confine_decoders(&settings->confine, &decoders, err);
    if (!status)
        status = open_parts(settings, decoders, &catalog, &pipeline, &confined, err);
    bool slow =
        (pipeline.store && !pipeline.store->ops->quick) || (pipeline.source && !pipeline.source->ops->quick);
    if (!status)
        status = li_gateway_new(&(struct li_gateway_options){.pipeline = &pipeline,
                                                             .assets = LI_ASSETS,
                                                             .asset_count = LI_ASSET_COUNT,
                                                             .origins = settings->origins.items,
                                                             .workers = slow ? SLOW_EVENT_WORKERS : 0,
                                                             .own_events = !settings->no_own_events,
                                                             .events_secret = settings->events_secret,
                                                             .key_prefix = settings->store.prefix,
                                                             .decoders = decoders},
                                &gateway, err);
    if (!status)
        status = li_server_start(
            &(struct li_server_options){.gateway = gateway,
                                        .listen = settings->listen,
                                        .threads = (size_t)fmin(settings->threads, THREADS_MAX),
                                        .workers = slow ? SLOW_WORKERS : 0,
                                        .rate_limit = settings->rate_limit},
            &server, err);
    if (!status) {
        sweeper.store = pipeline.store;
        sweeper.source = pipeline.source;
        sweeper.stores = pipeline.store->ops->quick || settings->s3_sweep;
        status = sweeper_start(&sweeper, err);
    }
    if (!status)
        status = li_confine_calls(&settings->confine, &settings->store, &settings->source, &confined, err);
    if (!status)
        wait_for_signal(settings, server, catalog, &signals);
    li_pipeline_stop(&pipeline);
    li_server_stop(server);
    li_gateway_free(gateway);
    sweeper_stop(&sweeper);
    li_pipeline_clean_up(&pipeline);
    li_store_free(pipeline.store);
    li_source_free(pipeline.source);
    li_catalog_free(catalog);
    li_decoders_free(decoders);
    return status;
}

int li_cmd_serve(int argc, char **argv) {
    struct settings settings = {
        .listen = "127.0.0.1:8080", .log = "info", .ttl_ms = LI_DAY_MS, .rate_limit = -1};
    bool help = false;
    const struct li_option options[] = {
        {"listen", LI_OPTION_TEXT, &settings.listen, "LISTENING_LISTEN", "ADDRESS",
         "where to listen (127.0.0.1:8080; :8080 = everywhere)"},
        LI_STORE_OPTIONS(settings.store),
        {"s3-sweep", LI_OPTION_FLAG, &settings.s3_sweep, "LISTENING_S3_SWEEP", NULL,
         "remove what is too old ourselves, where the bucket has no lifecycle rule"},
        {"events-secret", LI_OPTION_TEXT, &settings.events_secret, "LISTENING_EVENTS_SECRET", "TEXT",
         "take the bucket's event notifications at /events from who knows this; better set the variable"},
        {"no-own-events", LI_OPTION_FLAG, &settings.no_own_events, "LISTENING_NO_OWN_EVENTS", NULL,
         "leave it to those notifications to start the stages"},
        {"ttl", LI_OPTION_DURATION, &settings.ttl_ms, "LISTENING_TTL", "TIME",
         "how long a session's data live (24h)"},
        {"rate-limit", LI_OPTION_NUMBER, &settings.rate_limit, "LISTENING_RATE_LIMIT", "N",
         "requests a second for one address, 0 = off (50; off on loopback, where a proxy makes all clients "
         "one)"},
        {"origin", LI_OPTION_LIST, &settings.origins, "LISTENING_ORIGIN", "URL",
         "another site whose pages may call the API, repeatable (http://localhost:3000)"},
        LI_SOURCE_OPTIONS(settings.source),
        LI_CONFINE_OPTIONS(settings.confine),
        {"no-lookup", LI_OPTION_FLAG, &settings.no_lookup, "LISTENING_NO_LOOKUP", NULL,
         "with a live source: do not ask it who the unknown artists of a history are"},
        {"threads", LI_OPTION_NUMBER, &settings.threads, "LISTENING_THREADS", "N",
         "threads that answer (one a core)"},
        {"log", LI_OPTION_TEXT, &settings.log, "LISTENING_LOG", "LEVEL",
         "error, warning, info or nothing: JSON lines on standard error (info)"},
        {0},
    };
    struct li_error err = {0};
    enum li_status status = li_options_read_alone(options, "serve", argc, argv, &help, &err);
    if (!status && help) {
        puts("listening serve - the web service: the API and the pages, until SIGTERM or Ctrl-C;\n"
             "SIGHUP reads the file of --catalog again.\n\n"
             "  listening serve --listen :8080 --data /var/lib/listening\n");
        li_options_print(options);
        return LI_EXIT_DONE;
    }
    if (settings.rate_limit < 0)
        settings.rate_limit = is_loopback(settings.listen) ? 0 : 50;
    settings.source.store = &settings.store;
    if (!settings.origins.count)
        settings.origins.items[0] = "http://localhost:3000";
    if (!status)
        status = serve(&settings, &err);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
