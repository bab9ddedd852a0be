/* cmd_lambda.c - the service as a function on AWS Lambda: what is needed is opened while the first event is
 * waited for, and only what this function needs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/lazy.h"
#include "gateway/lambda.h"
#include "sandbox/decoders.h"

struct settings {
    const char *handler, *runtime_api, *log, *service;
    struct li_source_settings source;
    struct li_store_settings store;
    struct li_decoders *decoders;
    struct li_string_list origins;
    int64_t ttl_ms, started_ns;
};

static volatile sig_atomic_t STOP; /* set by the signal handler, which has no other way to tell */

static void on_signal(int number) {
    (void)number;
    STOP = 1;
}

/* SIGTERM comes through only while the next event is waited for. */
static void set_signals(void) {
    const struct sigaction action = {.sa_handler = on_signal};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Whether this function looks artists up. */
static bool needs_source(const char *handler, bool live) {
    static const char *const NAMES[] = {"api", "search", "extract", "extract-simulate", "import", "features"};
    if (live && strcmp(handler, "transform") == 0) /* it measures */
        return true;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(handler, NAMES[i]) == 0)
            return true;
    return false;
}

static enum li_status run(const struct settings *settings, struct li_error *err) {
    struct li_pipeline pipeline = {0};
    struct li_gateway *gateway = NULL;
    set_signals();
    li_pipeline_init(&pipeline);
    enum li_status status = li_lazy_store(&settings->store, settings->ttl_ms, &pipeline.store, err);
    if (!status)
        status = li_lazy_source(&settings->source,
                                needs_source(settings->handler, li_source_is_live(&settings->source)),
                                &pipeline.source, err);
    if (!status)
        status = li_gateway_new(&(struct li_gateway_options){.pipeline = &pipeline,
                                                             .assets = LI_ASSETS,
                                                             .asset_count = LI_ASSET_COUNT,
                                                             .origins = settings->origins.items,
                                                             .key_prefix = settings->store.prefix,
                                                             .decoders = settings->decoders},
                                &gateway, err);
    if (!status)
        status = li_lambda_run(&(struct li_lambda_options){.gateway = gateway,
                                                           .handler = settings->handler,
                                                           .runtime_api = settings->runtime_api,
                                                           .service = settings->service,
                                                           .metrics = strcmp(settings->log, "nothing") != 0,
                                                           .started_ns = settings->started_ns,
                                                           .stop = &STOP},
                               err);
    li_pipeline_stop(&pipeline);
    li_gateway_free(gateway);
    li_pipeline_clean_up(&pipeline);
    li_store_free(pipeline.store);
    li_source_free(pipeline.source);
    return status;
}

static void print_help(const struct li_option *options) {
    struct li_arena arena = {0};
    printf("listening lambda - one function on AWS Lambda, or all: asks the runtime API for events until "
           "SIGTERM.\n"
           "The same happens when the program is called as \"bootstrap\", or without words where Lambda set\n"
           "AWS_LAMBDA_RUNTIME_API.\n\n"
           "  _HANDLER=search listening lambda --s3 my-bucket\n\n"
           "Handlers: %s\n\n",
           li_lambda_handlers(&arena).data);
    li_options_print(options);
    li_arena_release(&arena);
}

int li_cmd_lambda(int argc, char **argv) {
    struct settings settings = {
        .handler = "api", .log = "info", .ttl_ms = LI_DAY_MS, .started_ns = li_clock_monotonic_ns()};
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    bool help = false;
    size_t count = 0;
    const struct li_option options[] = {
        {"handler", LI_OPTION_TEXT, &settings.handler, "_HANDLER", "NAME",
         "which function this is: api is all of them (api)"},
        {"runtime-api", LI_OPTION_TEXT, &settings.runtime_api, "AWS_LAMBDA_RUNTIME_API", "HOST:PORT",
         "where events come from; Lambda sets it"},
        LI_STORE_OPTIONS(settings.store),
        {"ttl", LI_OPTION_DURATION, &settings.ttl_ms, "LISTENING_TTL", "TIME",
         "how long a session's data live (24h)"},
        {"origin", LI_OPTION_LIST, &settings.origins, "LISTENING_ORIGIN", "URL",
         "another site whose pages may call the API, repeatable"},
        LI_SOURCE_OPTIONS(settings.source),
        {"service", LI_OPTION_TEXT, &settings.service, "LISTENING_SERVICE", "NAME",
         "the name that metrics are kept under (listening)"},
        {"log", LI_OPTION_TEXT, &settings.log, "LISTENING_LOG", "LEVEL",
         "error, warning, info or nothing: JSON lines on standard error (info)"},
        {0},
    };
    struct li_error err = {0};
    if (!words)
        return LI_EXIT_FAILED;
    enum li_status status = li_options_read(options, argc, argv, words, &count, &help, &err);
    if (!status && count == 1)
        settings.handler = words[0]; /* as images name it, behind their program */
    free(words);
    if (!status && help) {
        print_help(options);
        return LI_EXIT_DONE;
    }
    if (!status && count > 1)
        status = li_fail(&err, LI_INVALID, "lambda takes one handler at most; --help lists them");
    if (!status)
        status = li_cli_set_log_level(settings.log, &err);
    settings.source.store = &settings.store;
    if (!status) /* a function is confined by its microVM and its role; foreign sounds are still kept apart */
        status = li_decoders_new(&(struct li_decoders_options){.lazy = true}, &settings.decoders, &err);
    settings.source.decoders = settings.decoders;
    if (!settings.runtime_api && !status)
        status =
            li_fail(&err, LI_INVALID, "there is no Lambda runtime here: AWS_LAMBDA_RUNTIME_API is not set");
    else if (status && settings.runtime_api && li_lambda_fail_init(settings.runtime_api, &err, NULL) != LI_OK)
        fputs("listening: the Lambda runtime could not be told:\n", stderr);
    if (!status)
        status = run(&settings, &err);
    li_decoders_free(settings.decoders);
    return status ? li_cli_fail(&err) : LI_EXIT_DONE;
}
