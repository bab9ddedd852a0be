/* net_priv.h - the parts of the client: lanes of connections, and one transfer on its way. */
#ifndef LI_NET_PRIV_H
#define LI_NET_PRIV_H

#include <pthread.h>

#include "net/library.h"
#include "net/net.h"

/* A multi handle of libcurl with the connections it keeps. One thread uses a lane at a time: libcurl does not
 * let threads share a connection cache, so the threads pass whole lanes on. */
struct li_lane {
    struct li_lane *next;
    CURLM *multi;
    bool wide; /* for many requests at once */
};

struct li_net {
    struct li_curl curl;
    char *user_agent, *ca_file; /* ca_file may be NULL */
    char **hosts;               /* NULL-terminated, or NULL: any */
    bool private_addresses;
    size_t connections;
    pthread_mutex_t lock;
    struct li_lane *idle; /* the one used last stands first: its connections are the warmest */
    size_t narrow_idle, wide_idle;
    CURLSH *share; /* names looked up and TLS sessions, for all lanes */
    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
};

/* ---- place.c: where a request goes ---- */

struct li_place {
    CURLU *url;
    char *scheme, *host, *port, *path, *query; /* libcurl's; port and query may be NULL */
};

/* Reads an address that may be asked: http or https, a host that is allowed, no user or password in it.
 * LI_INVALID otherwise. li_place_clear gives it back. */
LI_MUST_USE enum li_status li_place_read(const struct li_net *net, const char *url, struct li_place *out,
                                         struct li_error *err);

/* Where a redirect leads. Never from https to http. */
LI_MUST_USE enum li_status li_place_follow(const struct li_net *net, const struct li_place *from,
                                           const char *location, struct li_place *out, struct li_error *err);
bool li_place_same_site(const struct li_place *a, const struct li_place *b);
void li_place_clear(const struct li_net *net, struct li_place *place);

/* ---- transfer.c: one request ---- */

enum { LI_ANSWER_HEADERS_MAX = 128, LI_ANSWER_HEADER_BYTES_MAX = 64 * 1024 };

struct li_transfer {
    const struct li_net *net;
    struct li_net_job *job; /* NULL: free */
    CURL *easy;
    struct curl_slist *headers; /* of the request */
    struct li_place place;
    struct li_arena scratch; /* what is signed */
    const char *method;
    struct li_text body;
    bool own_headers; /* the caller's headers go along: not to another site than the first */
    int redirects;
    int64_t started_ns, hop_ns; /* the request, and this hop of it */
    bool answering;             /* the first byte has come */
    bool head_ended;            /* and the empty line behind the headers */
    struct li_net_header *answer_headers;
    size_t answer_header_count, answer_header_bytes;
    char *bytes; /* of the body, on the heap while it grows */
    size_t size, capacity;
    bool refused, too_large, too_many_headers, no_memory;
};

/* Prepares the first hop. The job's status says when that failed; then it is over. */
LI_MUST_USE enum li_status li_transfer_begin(struct li_transfer *transfer, const struct li_net *net,
                                             struct li_net_job *job, struct li_error *err);

/* libcurl has ended a hop. True: prepared for another hop. False: the job has its status and answer. */
bool li_transfer_hop_ended(struct li_transfer *transfer, CURLcode code);

/* When it has waited long enough for the first byte; INT64_MAX once that came. */
int64_t li_transfer_due_ns(const struct li_transfer *transfer);

/* Ends the job with LI_IO: no answer in time. */
void li_transfer_late(struct li_transfer *transfer);

void li_transfer_clear(struct li_transfer *transfer);

#endif
