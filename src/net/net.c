/* net.c - the client: lanes of kept connections, and the loop that drives the transfers of one caller. */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/net_priv.h"

enum { CONNECTIONS = 32, NARROW_CONNECTIONS = 4, POLL_MAX_MS = 1000, WATCH_MS = 200 };

/* ---- lanes ---- */

/* Takes the idle lane of this kind that was used last, or makes one. NULL when memory is out. */
static struct li_lane *lane_take(struct li_net *net, bool wide) {
    pthread_mutex_lock(&net->lock);
    struct li_lane **at = &net->idle;
    while (*at && (*at)->wide != wide)
        at = &(*at)->next;
    struct li_lane *lane = *at;
    if (lane) {
        *at = lane->next;
        *(wide ? &net->wide_idle : &net->narrow_idle) -= 1;
    }
    pthread_mutex_unlock(&net->lock);
    if (lane)
        return lane;
    lane = calloc(1, sizeof *lane);
    if (!lane || !(lane->multi = net->curl.multi_init())) {
        free(lane);
        return NULL;
    }
    lane->wide = wide;
    size_t keep = wide || net->connections < NARROW_CONNECTIONS ? net->connections : NARROW_CONNECTIONS;
    net->curl.multi_setopt(lane->multi, CURLMOPT_MAXCONNECTS, (long)keep);
    return lane;
}

static void lane_free(struct li_net *net, struct li_lane *lane) {
    net->curl.multi_cleanup(lane->multi);
    free(lane);
}

/* Keeps the lane for the next caller, as long as not too many connections are kept. */
static void lane_give_back(struct li_net *net, struct li_lane *lane) {
    size_t most = lane->wide ? 1 : (net->connections + NARROW_CONNECTIONS - 1) / NARROW_CONNECTIONS;
    pthread_mutex_lock(&net->lock);
    size_t *idle = lane->wide ? &net->wide_idle : &net->narrow_idle;
    bool keep = *idle < most;
    if (keep) {
        lane->next = net->idle;
        net->idle = lane;
        ++*idle;
    }
    pthread_mutex_unlock(&net->lock);
    if (!keep)
        lane_free(net, lane);
}

/* ---- the client ---- */

static void on_lock(CURL *easy, curl_lock_data data, curl_lock_access access, void *arg) {
    struct li_net *net = arg;
    (void)easy, (void)access;
    pthread_mutex_lock(&net->share_locks[data]);
}

static void on_unlock(CURL *easy, curl_lock_data data, void *arg) {
    struct li_net *net = arg;
    (void)easy;
    pthread_mutex_unlock(&net->share_locks[data]);
}

/* The system's certificates, where this libcurl was built for another system's layout. NULL: as it was built.
 */
static const char *find_certificates(const struct li_curl *curl) {
    static const char *const FILES[] = {
        "/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine */
        "/etc/pki/tls/certs/ca-bundle.crt",   /* Amazon Linux, Fedora */
        "/etc/ssl/ca-bundle.pem",             /* SUSE */
    };
    const curl_version_info_data *info = curl->version_info(CURLVERSION_NOW);
    if (info->age >= CURLVERSION_SEVENTH && info->cainfo && access(info->cainfo, R_OK) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        if (access(FILES[i], R_OK) == 0)
            return FILES[i];
    return NULL;
}

/* Copies a NULL-terminated list; NULL when memory is out. */
static char **copy_list(const char *const *list) {
    size_t count = 0;
    while (list[count])
        count++;
    char **copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        if (!(copy[i] = strdup(list[i]))) {
            while (i)
                free(copy[--i]);
            free(copy);
            return NULL;
        }
    }
    return copy;
}

enum li_status li_net_new(const struct li_net_options *options, struct li_net **out, struct li_error *err) {
    struct li_net *net = calloc(1, sizeof *net);
    if (!net)
        return li_fail(err, LI_NO_MEMORY, "no memory for a web client");
    enum li_status status = li_curl_open(&net->curl, err);
    if (status) {
        free(net);
        return status;
    }
    pthread_mutex_init(&net->lock, NULL);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_init(&net->share_locks[i], NULL);
    net->private_addresses = options->private_addresses;
    net->connections = options->connections ? options->connections : CONNECTIONS;
    net->user_agent = strdup(options->user_agent ? options->user_agent : "listening/" LI_VERSION);
    const char *ca_file = options->ca_file ? options->ca_file : find_certificates(&net->curl);
    net->ca_file = ca_file ? strdup(ca_file) : NULL;
    net->hosts = options->hosts ? copy_list(options->hosts) : NULL;
    net->share = net->curl.share_init();
    if (!net->user_agent || (ca_file && !net->ca_file) || (options->hosts && !net->hosts) || !net->share) {
        li_net_free(net);
        return li_fail(err, LI_NO_MEMORY, "no memory for a web client");
    }
    net->curl.share_setopt(net->share, CURLSHOPT_LOCKFUNC, on_lock);
    net->curl.share_setopt(net->share, CURLSHOPT_UNLOCKFUNC, on_unlock);
    net->curl.share_setopt(net->share, CURLSHOPT_USERDATA, (void *)net);
    net->curl.share_setopt(net->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    net->curl.share_setopt(net->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    *out = net;
    return LI_OK;
}

void li_net_free(struct li_net *net) {
    if (!net)
        return;
    for (struct li_lane *lane = net->idle, *next; lane; lane = next) {
        next = lane->next;
        lane_free(net, lane);
    }
    if (net->share)
        net->curl.share_cleanup(net->share);
    for (char **host = net->hosts; host && *host; host++)
        free(*host);
    free(net->hosts);
    free(net->ca_file);
    free(net->user_agent);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_destroy(&net->share_locks[i]);
    pthread_mutex_destroy(&net->lock);
    free(net);
}

struct li_text li_net_header(const struct li_net_response *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++)
        if (li_text_equal(response->headers[i].name, li_text_of(name)))
            return response->headers[i].value;
    return (struct li_text){0};
}

/* ---- the loop ---- */

/* The transfers of one call on one lane. */
struct drive {
    struct li_net *net;
    CURLM *multi;
    struct li_transfer *transfers; /* parallel of them; one without a job is free */
    size_t parallel, running;
    struct li_net_job *jobs;
    size_t count, next; /* jobs, and the first one not begun */
    struct li_net_watch watch;
    bool stopped;
};

static void end_job(struct drive *drive, struct li_net_job *job) {
    if (drive->watch.done && !drive->watch.done(drive->watch.context, job))
        drive->stopped = true;
}

static void end_transfer(struct drive *drive, struct li_transfer *transfer) {
    struct li_net_job *job = transfer->job;
    li_transfer_clear(transfer);
    drive->running--;
    end_job(drive, job);
}

static struct li_transfer *free_transfer(struct drive *drive) {
    struct li_transfer *transfer = drive->transfers;
    while (transfer->job)
        transfer++;
    return transfer;
}

static void begin_next(struct drive *drive) {
    struct li_net_job *job = &drive->jobs[drive->next++];
    struct li_transfer *transfer = free_transfer(drive);
    job->status = li_transfer_begin(transfer, drive->net, job, &job->err);
    drive->running++;
    if (job->status)
        end_transfer(drive, transfer);
    else
        drive->net->curl.multi_add_handle(drive->multi, transfer->easy);
}

/* Takes what has ended off the lane. */
static void collect(struct drive *drive) {
    const struct li_curl *curl = &drive->net->curl;
    CURLMsg *message;
    int waiting = 0;
    while (!drive->stopped && (message = curl->multi_info_read(drive->multi, &waiting))) {
        struct li_transfer *transfer = NULL;
        CURLcode code = message->data.result; /* the message goes with the handle */
        curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        curl->multi_remove_handle(drive->multi, transfer->easy);
        if (li_transfer_hop_ended(transfer, code))
            curl->multi_add_handle(drive->multi, transfer->easy);
        else
            end_transfer(drive, transfer);
    }
}

/* Ends who waited too long for a first byte; returns the milliseconds until the next one would. */
static int end_late(struct drive *drive) {
    int64_t now_ns = li_clock_monotonic_ns(), next_ns = now_ns + (int64_t)POLL_MAX_MS * 1000000;
    for (size_t i = 0; i < drive->parallel && !drive->stopped; i++) {
        struct li_transfer *transfer = &drive->transfers[i];
        if (!transfer->job)
            continue;
        int64_t due_ns = li_transfer_due_ns(transfer);
        if (due_ns <= now_ns) {
            drive->net->curl.multi_remove_handle(drive->multi, transfer->easy);
            li_transfer_late(transfer);
            end_transfer(drive, transfer);
        } else if (due_ns < next_ns) {
            next_ns = due_ns;
        }
    }
    return (int)((next_ns - now_ns) / 1000000) + 1;
}

static enum li_status left_over(struct li_error *err) {
    return li_fail(err, LI_BUSY, "the request was given up before it ended");
}

/* Ends what is still running, and what was not begun. */
static void abandon(struct drive *drive) {
    for (size_t i = 0; i < drive->parallel; i++) {
        struct li_transfer *transfer = &drive->transfers[i];
        if (!transfer->job)
            continue;
        struct li_net_job *job = transfer->job;
        drive->net->curl.multi_remove_handle(drive->multi, transfer->easy);
        li_transfer_clear(transfer);
        job->status = left_over(&job->err);
    }
    for (; drive->next < drive->count; drive->next++)
        drive->jobs[drive->next].status = left_over(&drive->jobs[drive->next].err);
}

static void run(struct drive *drive) {
    const struct li_curl *curl = &drive->net->curl;
    while (!drive->stopped && (drive->running || drive->next < drive->count)) {
        int active = 0;
        while (!drive->stopped && drive->running < drive->parallel && drive->next < drive->count)
            begin_next(drive);
        curl->multi_perform(drive->multi, &active);
        collect(drive);
        if (drive->stopped || drive->running == 0 ||
            (drive->running < drive->parallel && drive->next < drive->count))
            continue;
        int wait_ms = end_late(drive);
        if (drive->watch.wanted) {
            drive->stopped = drive->stopped || !drive->watch.wanted(drive->watch.context);
            wait_ms = wait_ms < WATCH_MS ? wait_ms : WATCH_MS;
        }
        if (drive->running && !drive->stopped)
            curl->multi_poll(drive->multi, NULL, 0, wait_ms, NULL);
    }
    abandon(drive);
}

void li_net_do_all(struct li_net *net, struct li_net_job *jobs, size_t count, size_t parallel,
                   const struct li_net_watch *watch) {
    struct drive drive = {.net = net, .jobs = jobs, .count = count};
    if (watch)
        drive.watch = *watch;
    struct li_transfer single = {0};
    drive.parallel = parallel < 1 ? 1 : parallel > LI_NET_PARALLEL_MAX ? LI_NET_PARALLEL_MAX : parallel;
    drive.transfers = drive.parallel == 1 ? &single : calloc(drive.parallel, sizeof *drive.transfers);
    struct li_lane *lane = drive.transfers ? lane_take(net, drive.parallel > 1) : NULL;
    if (lane) {
        drive.multi = lane->multi;
        run(&drive);
        lane_give_back(net, lane);
    } else {
        for (size_t i = 0; i < count; i++)
            jobs[i].status = li_fail(&jobs[i].err, LI_NO_MEMORY, "no memory for a request");
    }
    if (drive.transfers != &single)
        free(drive.transfers);
}

enum li_status li_net_do(struct li_net *net, const struct li_net_request *request, struct li_arena *arena,
                         struct li_net_response *response, struct li_error *err) {
    struct li_net_job job = {.request = *request, .arena = arena};
    li_net_do_all(net, &job, 1, 1, NULL);
    if (job.status == LI_OK)
        *response = job.response;
    else if (err)
        *err = job.err;
    return job.status;
}
