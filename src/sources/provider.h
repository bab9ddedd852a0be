/* provider.h - how a provider is asked: within its quota, not while it rests, again when that may help.
 *
 * One struct a provider and process; any thread may ask. */
#ifndef LI_SOURCES_PROVIDER_H
#define LI_SOURCES_PROVIDER_H

#include <pthread.h>

#include "net/net.h"
#include "sources/breaker.h"
#include "sources/quota.h"

enum {
    LI_ASK_PARALLEL = 8,   /* requests of one batch under way at once */
    LI_ASK_ATTEMPTS = 4,   /* of one question, the first included */
    LI_ASK_BATCH_MAX = 64, /* questions at once */
};

/* Whether to go on: false when nobody wants the answer any more. Zeroed: always. */
struct li_watch {
    bool (*wanted)(void *context);
    void *context;
};

struct li_provider {
    const char *name;                   /* "Deezer" */
    const char *base;                   /* "https://api.deezer.com", without a slash at its end */
    struct li_net *net;                 /* NULL: not to be asked at all */
    size_t answer_max;                  /* bytes of an answer */
    int attempts;                       /* at one question, 1..LI_ASK_ATTEMPTS */
    int total_ms;                       /* of one attempt */
    bool errors_have_body;              /* whether 400 and 404 are for the reader too */
    _Atomic uint64_t *calls, *failures; /* Optional: questions are counted there, and those without answer */

    pthread_mutex_t lock; /* of what follows */
    struct li_quota quota;
    struct li_breaker breaker;
};

void li_provider_init(struct li_provider *provider, const char *name, const char *base, struct li_net *net,
                      size_t requests, int64_t window_ms);
void li_provider_clean_up(struct li_provider *provider);

/* One question. The reader turns the body of a good answer into something; LI_BUSY from it means: ask again,
 * LI_CORRUPT: this was no answer. */
struct li_ask {
    const char *method;           /* Optional: NULL = "GET" */
    struct li_text path;          /* "/search/artist?q=..." */
    struct li_text body;          /* Optional */
    struct li_text content_type;  /* Optional: of body */
    struct li_text authorization; /* Optional: header */
    enum li_status (*read)(void *context, struct li_text body, struct li_error *err);
    void *context;

    enum li_status status; /* out: how it ended, LI_BUSY when it may be asked again later */
    int http;              /* out: the HTTP status of the last answer, 0 = there was none */
    struct li_error err;
    bool ended; /* inner */
};

/* Asks all, LI_ASK_PARALLEL at a time, and waits for quota and between attempts. Returns the first status
 * that is not LI_OK, with its sentence in err; every ask has its own. LI_BUSY at once while the provider
 * rests. */
LI_MUST_USE enum li_status li_provider_ask(struct li_provider *provider, struct li_ask *asks, size_t count,
                                           const struct li_watch *watch, struct li_error *err);

/* The host of an address, a view, "[::1]" with its brackets: for allow-lists. Empty when it has none. */
struct li_text li_url_host(struct li_text url);

/* Sleeps, in short steps while somebody watches. False when nobody wants the answer any more. */
bool li_watch_sleep(const struct li_watch *watch, int64_t ms);

#endif
