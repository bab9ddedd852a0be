/* fixture.h - a gateway over the fake source with a few pages, and an exchange with it: new for each test. */
#ifndef LI_TESTS_GATEWAY_FIXTURE_H
#define LI_TESTS_GATEWAY_FIXTURE_H

#include "exchange.h"

#include "base/log.h"

static struct stages STAGES;
static struct li_gateway *GATEWAY;
static struct exchange X;

static const struct li_asset ASSETS[] = {
    {"/index.html", "text/html; charset=utf-8", NULL, (const unsigned char *)"<p>", 3, false},
    {"/index.html", "text/html; charset=utf-8", "gzip", (const unsigned char *)"gz", 2, false},
    {"/_next/static/app.js", "text/javascript; charset=utf-8", NULL, (const unsigned char *)"js", 2, true},
    {"/openapi.json", "application/json", NULL, (const unsigned char *)"{}", 2, false},
    {"/profile.html", "text/html; charset=utf-8", NULL, (const unsigned char *)"<p>yours", 8, false},
    {"/404.html", "text/html; charset=utf-8", NULL, (const unsigned char *)"<p>lost", 7, false},
};
static const char *const ORIGINS[] = {"http://localhost:3000", "https://listening.example", NULL};

static inline int set_up_routes(void **state) {
    (void)state;
    li_log_set_level(LI_LOG_NOTHING);
    stages_init(&STAGES);
    GATEWAY = gateway_of((struct li_gateway_options){.pipeline = &STAGES.pipeline,
                                                     .assets = ASSETS,
                                                     .asset_count = sizeof ASSETS / sizeof *ASSETS,
                                                     .origins = ORIGINS});
    return 0;
}

static inline int tear_down_routes(void **state) {
    (void)state;
    exchange_clear(&X);
    li_gateway_free(GATEWAY);
    assert_null(STAGES.pipeline.raise); /* nobody calls a gateway that is gone */
    stages_clean_up(&STAGES);
    return 0;
}

#endif
