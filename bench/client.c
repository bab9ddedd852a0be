/* client.c - the other end of the wire for bench/run, written so that it costs little itself. Prints one JSON
 * object. 127.0.0.1 only.
 *
 *   bench-client sessions PORT CLIENTS SECONDS   whole sessions, as many as go
 *   bench-client ready PORT COUNT                from extract to the profile, waited for with wait=20000
 *   bench-client mix PORT CLIENTS REQUESTS       profiles, searches and whole sessions, mixed
 *   bench-client start COUNT PORT COMMAND...     from fork and exec to the first 200 of /healthz
 *   bench-client exec COUNT COMMAND...           from fork and exec to its end; its output is dropped
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "http.h"

enum { CLIENTS_MAX = 64, ARTISTS = 5, ID_SIZE = 160, SESSION_SIZE = 65, PATH_SIZE = 256 };

/* Whom the sessions are about: any five that follow each other differ. */
static const char *const NAMES[] = {
    "Adele",        "Daft Punk",   "Stromae",     "Burna Boy",     "Fela Kuti",   "Aya Nakamura",
    "Radiohead",    "Miles Davis", "BTS",         "Bad Bunny",     "Metallica",   "Bob Marley",
    "Edith Piaf",   "Kendrick",    "Nina Simone", "Cesaria Evora", "Johnny Cash", "Aphex Twin",
    "Fairuz",       "Beyonce",     "Nirvana",     "Youssou NDour", "Bjork",       "Ludovico Einaudi",
    "Taylor Swift", "Jul",         "Rosalia",     "Black Sabbath", "Tinariwen",   "Utada Hikaru",
};
enum { NAME_COUNT = sizeof NAMES / sizeof *NAMES };

struct times {
    double *ms;
    size_t count, capacity;
};

/* What one client does, and what it found. */
struct client {
    struct bench_connection connection;
    int port;
    size_t number;
    int64_t until_ns;           /* sessions: when to end */
    _Atomic long *left;         /* mix: requests that are still to be made, by all together */
    char session[SESSION_SIZE]; /* mix: one whose profile is ready */
    struct times times;
    long requests;
};

static void add_time(struct times *times, int64_t from_ns) {
    if (times->count == times->capacity) {
        times->capacity = times->capacity ? 2 * times->capacity : 4096;
        times->ms = realloc(times->ms, times->capacity * sizeof *times->ms);
        if (!times->ms)
            abort();
    }
    times->ms[times->count++] = (double)(li_clock_monotonic_ns() - from_ns) / 1e6;
}

static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double quantile(const struct times *times, double share) {
    return times->count ? times->ms[(size_t)(share * (double)(times->count - 1))] : 0;
}

/* A request that must succeed: a bench over errors measures nothing. */
static void ask(struct client *client, const char *method, const char *path, const char *body, int status) {
    struct bench_connection *connection = &client->connection;
    client->requests++;
    if (bench_ask(connection, method, path, body) && connection->status == status)
        return;
    fprintf(stderr, "bench-client: %s %.80s answered %d instead of %d: %.200s\n", method, path,
            connection->status, status, connection->body ? connection->body : "");
    exit(1);
}

static void search(struct client *client, size_t number, int limit, char id[ID_SIZE]) {
    char path[PATH_SIZE];
    size_t used = (size_t)snprintf(path, sizeof path, "/search?limit=%d&q=", limit);
    for (const char *c = NAMES[number % NAME_COUNT]; *c; c++)
        path[used++] = *c == ' ' ? '+' : *c;
    path[used] = '\0';
    ask(client, "GET", path, NULL, 200);
    bench_find(&client->connection, "id", id, ID_SIZE);
    if (!*id) {
        fprintf(stderr, "bench-client: the catalogue has no %s\n", NAMES[number % NAME_COUNT]);
        exit(1);
    }
}

/* Makes a session, finds its artists, and extracts them; *extract_ns is when extract began. */
static void begin_session(struct client *client, size_t number, int64_t *extract_ns) {
    char body[ARTISTS * (ID_SIZE + 16) + 128], id[ID_SIZE];
    ask(client, "POST", "/create-session", NULL, 201);
    bench_find(&client->connection, "session_id", client->session, sizeof client->session);
    int used = snprintf(body, sizeof body, "{\"session_id\":\"%s\",\"artists\":[", client->session);
    for (size_t i = 0; i < ARTISTS; i++) {
        search(client, number + i, 10, id);
        used += snprintf(body + used, sizeof body - (size_t)used, "%s{\"id\":\"%s\"}", i ? "," : "", id);
    }
    snprintf(body + used, sizeof body - (size_t)used, "]}");
    *extract_ns = li_clock_monotonic_ns();
    ask(client, "POST", "/extract-simulate", body, 200);
}

static void get_profile(struct client *client, const char *more) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/getProfile?session_id=%s%s", client->session, more);
    ask(client, "GET", path, NULL, 200);
}

static void whole_session(struct client *client, size_t number) {
    char body[SESSION_SIZE + 32];
    int64_t extract_ns;
    begin_session(client, number, &extract_ns);
    snprintf(body, sizeof body, "{\"session_id\":\"%s\"}", client->session);
    ask(client, "POST", "/transform", body, 200);
    ask(client, "POST", "/profile", body, 200);
    get_profile(client, "");
}

static void erase_session(struct client *client) {
    char body[SESSION_SIZE + 32];
    snprintf(body, sizeof body, "{\"session_id\":\"%s\"}", client->session);
    ask(client, "DELETE", "/session", body, 204);
}

/* ---- what a client does ---- */

static void *run_sessions(void *arg) {
    struct client *client = arg;
    for (size_t i = client->number; li_clock_monotonic_ns() < client->until_ns; i += 7) {
        int64_t from_ns = li_clock_monotonic_ns();
        whole_session(client, i);
        add_time(&client->times, from_ns);
    }
    return NULL;
}

static void *run_ready(void *arg) {
    struct client *client = arg;
    for (size_t i = 0; atomic_fetch_sub(client->left, 1) > 0; i += 7) {
        int64_t extract_ns;
        begin_session(client, i, &extract_ns);
        get_profile(client, "&wait=20000");
        add_time(&client->times, extract_ns);
    }
    return NULL;
}

/* In a thousand requests about 680 profiles, 200 searches, and 11 whole sessions, which are erased again. */
static void *run_mix(void *arg) {
    struct client *client = arg;
    char id[ID_SIZE];
    whole_session(client, client->number);
    for (size_t i = client->number; atomic_load(client->left) > 0; i++) {
        long before = client->requests;
        if (i % 80 == 0) {
            erase_session(client);
            whole_session(client, i);
        } else if (i % 9 < 2) {
            search(client, i, 10, id);
        } else {
            get_profile(client, i % 2 ? "&lang=fr" : "");
        }
        atomic_fetch_sub(client->left, client->requests - before);
    }
    erase_session(client);
    return NULL;
}

/* ---- bringing it together ---- */

/* Runs count clients at once and prints what they found together. */
static int run_clients(void *(*run)(void *), int port, size_t count, int64_t seconds, long requests) {
    struct client *clients = calloc(count, sizeof *clients);
    pthread_t threads[CLIENTS_MAX];
    _Atomic long left = requests;
    struct times all = {0};
    long total = 0;
    if (!clients)
        return 1;
    int64_t from_ns = li_clock_monotonic_ns();
    for (size_t i = 0; i < count; i++) {
        clients[i].connection.port = port;
        clients[i].connection.socket = -1;
        clients[i].number = i;
        clients[i].left = &left;
        clients[i].until_ns = from_ns + seconds * 1000000000;
        if (pthread_create(&threads[i], NULL, run, &clients[i]) != 0)
            return 1;
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    double passed_s = (double)(li_clock_monotonic_ns() - from_ns) / 1e9;
    for (size_t i = 0; i < count; i++) {
        for (size_t t = 0; t < clients[i].times.count; t++) {
            add_time(&all, 0);
            all.ms[all.count - 1] = clients[i].times.ms[t];
        }
        total += clients[i].requests;
        free(clients[i].times.ms);
        bench_close(&clients[i].connection);
    }
    if (all.count)
        qsort(all.ms, all.count, sizeof *all.ms, by_value);
    printf("{\"seconds\":%.3f,\"requests\":%ld,\"count\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", passed_s,
           total, all.count, quantile(&all, .5), quantile(&all, .99));
    free(all.ms);
    free(clients);
    return 0;
}

/* Starts a command; *output becomes what reads its standard output. */
static pid_t start_command(char **command, int *output) {
    int ends[2];
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execv(command[0], command);
        _exit(127);
    }
    if (child < 0) {
        perror("bench-client: cannot start a process");
        exit(1);
    }
    close(ends[1]);
    *output = ends[0];
    return child;
}

static void print_times(struct times *times) {
    qsort(times->ms, times->count, sizeof *times->ms, by_value);
    printf("{\"count\":%zu,\"p50_ms\":%.3f,\"min_ms\":%.3f,\"max_ms\":%.3f}\n", times->count,
           quantile(times, .5), quantile(times, 0), quantile(times, 1));
    free(times->ms);
}

static int run_exec(long count, char **command) {
    struct times times = {0};
    char dropped[65536];
    for (long i = 0; i < count; i++) {
        int status = 0, output = -1;
        int64_t from_ns = li_clock_monotonic_ns();
        pid_t child = start_command(command, &output);
        while (read(output, dropped, sizeof dropped) > 0)
            continue;
        waitpid(child, &status, 0);
        add_time(&times, from_ns);
        close(output);
        if (status != 0) {
            fprintf(stderr, "bench-client: %s failed\n", command[0]);
            return 1;
        }
    }
    print_times(&times);
    return 0;
}

/* The server says on its standard output that it listens; then it is asked. */
static int run_start(long count, int port, char **command) {
    struct bench_connection *connection = calloc(1, sizeof *connection);
    struct times times = {0};
    char line[256];
    if (!connection)
        return 1;
    connection->port = port;
    connection->socket = -1;
    for (long i = 0; i < count; i++) {
        int output = -1;
        int64_t from_ns = li_clock_monotonic_ns();
        pid_t child = start_command(command, &output);
        if (read(output, line, sizeof line) <= 0 || !bench_ask(connection, "GET", "/healthz", NULL) ||
            connection->status != 200) {
            fprintf(stderr, "bench-client: the server did not start\n");
            return 1;
        }
        add_time(&times, from_ns);
        bench_close(connection);
        close(output);
        kill(child, SIGTERM);
        waitpid(child, NULL, 0);
    }
    print_times(&times);
    free(connection);
    return 0;
}

/* The argument as a number, 0 when it is none. */
static long number_of(int argc, char **argv, int i) {
    long number = 0;
    return i < argc && li_text_to_long(li_text_of(argv[i]), 0, 1000000000, &number) ? number : 0;
}

int main(int argc, char **argv) {
    const char *mode = argc > 3 ? argv[1] : "";
    long first = number_of(argc, argv, 2), second = number_of(argc, argv, 3),
         third = number_of(argc, argv, 4);
    if (strcmp(mode, "start") == 0 && first > 0 && argc > 4)
        return run_start(first, (int)second, argv + 4);
    if (strcmp(mode, "exec") == 0 && first > 0)
        return run_exec(first, argv + 3);
    if (strcmp(mode, "ready") == 0 && second > 0)
        return run_clients(run_ready, (int)first, 1, 0, second);
    if (strcmp(mode, "sessions") == 0 && second > 0 && second <= CLIENTS_MAX && third > 0)
        return run_clients(run_sessions, (int)first, (size_t)second, third, 0);
    if (strcmp(mode, "mix") == 0 && second > 0 && second <= CLIENTS_MAX && third > 0)
        return run_clients(run_mix, (int)first, (size_t)second, 0, third);
    fprintf(stderr,
            "usage: bench-client sessions PORT CLIENTS SECONDS | ready PORT COUNT |\n"
            "       mix PORT CLIENTS REQUESTS | start COUNT PORT COMMAND... | exec COUNT COMMAND...\n");
    return 2;
}
