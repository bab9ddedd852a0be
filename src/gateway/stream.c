/* stream.c - a body that is worked on while it comes, whatever its size: the connection's thread puts bytes
 * into a ring, a worker takes them out. A full ring holds the connection back; a trickle ends the reading:
 * there are few workers, and nobody may keep one for next to nothing. Silence ends the connection, as any. */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gateway/server_priv.h"

enum {
    RING = 256 * 1024,
    LOOK_MS = 250,
    LEAST_RATE = 16 * 1024, /* bytes a second, when the worker has waited longer than the server's patience */
};

struct li_body_stream {
    const struct li_server *server;
    struct MHD_Connection *connection;
    int socket;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool held;   /* the connection is suspended: for room, or for the answer */
    bool ended;  /* all bytes came */
    bool cut;    /* no more will come */
    bool closed; /* the worker is done: nobody reads any more */
    size_t at, used;
    int64_t read;      /* bytes, by the worker */
    int64_t waited_ns; /* for them: what the worker itself takes is not the client's fault */
    char ring[RING];
};

struct li_body_stream *li_body_stream_new(const struct li_server *server, struct MHD_Connection *connection) {
    struct li_body_stream *stream = malloc(sizeof *stream);
    if (!stream)
        return NULL;
    memset(stream, 0, offsetof(struct li_body_stream, ring));
    stream->server = server;
    stream->connection = connection;
    stream->socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    pthread_mutex_init(&stream->lock, NULL);
    li_clock_condition_init(&stream->changed);
    return stream;
}

void li_body_stream_free(struct li_body_stream *stream) {
    if (!stream)
        return;
    pthread_cond_destroy(&stream->changed);
    pthread_mutex_destroy(&stream->lock);
    free(stream);
}

/* Lets the connection go on. Lock held. */
static void let_go(struct li_body_stream *stream) {
    if (stream->held) {
        stream->held = false;
        MHD_resume_connection(stream->connection);
    }
}

size_t li_body_stream_push(struct li_body_stream *stream, const char *data, size_t size) {
    pthread_mutex_lock(&stream->lock);
    size_t taken = RING - stream->used < size ? RING - stream->used : size;
    if (stream->closed)
        taken = size; /* of no use any more */
    for (size_t done = 0; done < taken && !stream->closed;) {
        size_t end = (stream->at + stream->used) % RING;
        size_t piece = RING - end < taken - done ? RING - end : taken - done;
        memcpy(stream->ring + end, data + done, piece);
        stream->used += piece;
        done += piece;
    }
    if (taken < size) { /* the library wants a body taken whole, or the connection suspended */
        stream->held = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    return taken;
}

bool li_body_stream_end(struct li_body_stream *stream) {
    pthread_mutex_lock(&stream->lock);
    bool done = stream->closed;
    stream->ended = true;
    if (!done) {
        stream->held = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    return done;
}

/* Whether the client hung up before the end. The library may miss that when it comes together with bytes;
 * shutting the socket down makes it look. Lock held, so that the connection cannot end meanwhile. */
static bool hung_up(struct li_body_stream *stream) {
    char byte;
    if (stream->ended || stream->cut || recv(stream->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
        return false;
    shutdown(stream->socket, SHUT_RDWR);
    return true;
}

/* Whether the rest is not worth waiting for. Lock held. */
static bool given_up(const struct li_body_stream *stream) {
    int64_t over_ms = stream->waited_ns / 1000000 - stream->server->import_patience_ms;
    return !stream->ended &&
           (atomic_load(&stream->server->late) || stream->read < over_ms * LEAST_RATE / 1000);
}

/* Waits until there are bytes, or until there will be none. Lock held. */
static void wait_for_bytes(struct li_body_stream *stream) {
    for (;;) {
        const struct timespec until = li_clock_after_ms(LOOK_MS);
        int64_t begun_ns = li_clock_monotonic_ns();
        if (stream->used == 0 && !stream->ended && !stream->cut)
            pthread_cond_timedwait(&stream->changed, &stream->lock, &until);
        stream->waited_ns += li_clock_monotonic_ns() - begun_ns;
        if (stream->used || stream->ended || stream->cut || given_up(stream) || hung_up(stream))
            return;
    }
}

ptrdiff_t li_body_stream_read(void *context, void *buffer, size_t size) {
    struct li_body_stream *stream = context;
    pthread_mutex_lock(&stream->lock);
    wait_for_bytes(stream);
    size_t taken = RING - stream->at < stream->used ? RING - stream->at : stream->used;
    taken = taken < size ? taken : size;
    bool broken = stream->cut || given_up(stream) || (taken == 0 && !stream->ended);
    if (taken && !broken) {
        memcpy(buffer, stream->ring + stream->at, taken);
        stream->at = (stream->at + taken) % RING;
        stream->used -= taken;
        stream->read += (int64_t)taken;
        if (stream->used <= RING / 2 && !stream->ended)
            let_go(stream);
    }
    pthread_mutex_unlock(&stream->lock);
    return broken ? -1 : (ptrdiff_t)taken;
}

void li_body_stream_close(struct li_body_stream *stream) {
    pthread_mutex_lock(&stream->lock);
    stream->closed = true;
    let_go(stream);
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
}

void li_body_stream_cut(struct li_body_stream *stream) {
    pthread_mutex_lock(&stream->lock);
    stream->cut = true;
    pthread_cond_broadcast(&stream->changed);
    while (!stream->closed)
        pthread_cond_wait(&stream->changed, &stream->lock);
    pthread_mutex_unlock(&stream->lock);
}
