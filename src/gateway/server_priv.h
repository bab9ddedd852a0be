/* server_priv.h - the server's own parts: exchanges, and the profiles that clients wait for. */
#ifndef LI_GATEWAY_SERVER_PRIV_H
#define LI_GATEWAY_SERVER_PRIV_H

#include <microhttpd.h>
#include <pthread.h>

#include "base/pool.h"
#include "gateway/gateway_priv.h"

/* Bodies worked on while they come; more are told to come again. */
enum { LI_STREAMS = 4 };

enum exchange_state { EXCHANGE_READING, EXCHANGE_WORKING, EXCHANGE_DONE };

/* One request on its way to its answer. Belongs to the connection's thread while READING or DONE, to one
 * worker or to the waiting room while WORKING. */
struct li_exchange {
    struct li_server *server;
    struct MHD_Connection *connection;
    enum exchange_state state;
    struct li_arena arena;
    struct li_http_request request;
    struct li_http_response response;
    char *body;
    size_t body_size, body_capacity, body_max, discarded;
    struct li_body_stream *stream; /* a body that is worked on while it comes */
    char *upload;                  /* the body of an upload: not in the arena, see upload.c */
    size_t upload_capacity;
    bool is_upload, is_stream, too_large;
    bool no_room;      /* for another upload now */
    bool ambiguous;    /* two readers might cut it at two places: refused, and the connection closed */
    int retry_after_s; /* over the rate limit, when not 0 */
    int64_t started_ns, checked_ns;
    uint64_t generation;      /* of the waiting room when the work began */
    struct li_exchange *next; /* in the waiting room, or among the spare ones */
};

/* Exchanges that wait for a profile. */
struct li_waiting_room {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct li_exchange *first;
    uint64_t generation; /* grows with every profile written */
    bool closed;
    pthread_t clock; /* sends exchanges back to work when their time is over */
};

LI_MUST_USE enum li_status li_waiting_room_open(struct li_waiting_room *room, struct li_error *err);

/* Sends everybody back to work, for a last answer. */
void li_waiting_room_close(struct li_waiting_room *room);

uint64_t li_waiting_room_generation(struct li_waiting_room *room);

/* Takes the exchange in until its session's profile is written, its time is over, or it is time to
 * look again. */
void li_waiting_room_enter(struct li_waiting_room *room, struct li_exchange *exchange);

/* A profile was written: called from the thread that wrote it. */
void li_waiting_room_notify(void *room, struct li_text session);

/* Keeps a piece of an upload, or sets too_large or no_room. False: it takes too long, cut the connection. */
bool li_upload_take(struct li_exchange *exchange, const char *data, size_t size);

/* Gives back what the exchange holds of an upload. */
void li_upload_release(struct li_exchange *exchange);

/* ---- exchange_head.c: the head of a request -> an exchange ---- */

/* What the head says; url and method live as long as the request. NULL: no memory. */
struct li_exchange *li_exchange_begin(struct li_server *server, struct MHD_Connection *connection,
                                      const char *url, const char *method);

/* Ends an exchange, and keeps a few for the next: what malloc takes for one this large is measurable. */
void li_exchange_end(struct li_exchange *exchange);

/* Frees the exchanges that were kept for the next request. */
void li_exchange_free_spare(struct li_server *server);

/* The value of a header, or the empty text. */
struct li_text li_exchange_header(struct MHD_Connection *connection, const char *name);

/* What libmicrohttpd calls to decode %XX in place. */
size_t li_exchange_unescape(void *server, struct MHD_Connection *connection, char *text);

/* ---- exchange.c: a request from its body to its answer ---- */

/* Hands an exchange to a worker; answers at once when there is no room. */
void li_exchange_submit(struct li_exchange *exchange);

/* What libmicrohttpd calls, with the server as its argument: for each piece of a request, and when
 * its answer was sent or its client is gone. */
enum MHD_Result li_exchange_on_request(void *server, struct MHD_Connection *connection, const char *url,
                                       const char *method, const char *version, const char *upload,
                                       size_t *upload_size, void **context);
void li_exchange_on_completed(void *server, struct MHD_Connection *connection, void **context,
                              enum MHD_RequestTerminationCode why);

/* ---- stream.c: a body that is worked on while it comes ---- */

struct li_body_stream;
struct li_body_stream *li_body_stream_new(const struct li_server *server,
                                          struct MHD_Connection *connection); /* NULL: no memory */
void li_body_stream_free(struct li_body_stream *stream);

/* The connection's thread: gives bytes, and is held back when not all could be taken. */
size_t li_body_stream_push(struct li_body_stream *stream, const char *data, size_t size);

/* The connection's thread: all bytes came. True when the worker is done; else the connection is held until it
 * is. */
bool li_body_stream_end(struct li_body_stream *stream);

/* The connection's thread: no more will come. Waits until the worker has noticed, which is soon. */
void li_body_stream_cut(struct li_body_stream *stream);

/* The worker: the next bytes, 0 at the end, -1 when they were cut off, come too slowly, or the server has
 * stopped waiting for them. */
ptrdiff_t li_body_stream_read(void *stream, void *buffer, size_t size);

/* The worker: done, the answer is written. */
void li_body_stream_close(struct li_body_stream *stream);

struct li_server {
    struct li_gateway *gateway;
    struct MHD_Daemon *daemon;
    struct li_pool *pool;
    struct li_pool *upload_pool; /* works on uploads, which take long */
    struct li_pool *stream_pool; /* works on bodies while they come */
    _Atomic size_t upload_bytes; /* held by all uploads together */
    _Atomic bool stopping;       /* every answer is the last of its connection */
    _Atomic bool late;           /* stopping took too long: what is queued is refused */
    struct li_limiter *limiter;  /* NULL: no limit */
    struct li_waiting_room room;
    _Atomic int64_t next_message_ns; /* when the library may log again */
    _Atomic int messages_left_out;
    int port, stop_wait_ms, import_patience_ms;
    unsigned id_prefix; /* of this process's request ids */
    _Atomic unsigned next_id;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    size_t active;             /* exchanges under way */
    struct li_exchange *spare; /* ended ones, kept with a block of their arena for the next */
    size_t spare_count;
};

/* framing.c: whether two readers might cut this request at two places, by its method and its headers. */
bool li_request_is_ambiguous(struct MHD_Connection *connection, const char *method);

#endif
