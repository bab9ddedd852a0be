/* metrics.c - counters in the Prometheus text format (exposition format 0.0.4). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "gateway/gateway_priv.h"

static const double BOUNDS_MS[LI_DURATION_BUCKETS] = {0.05, 0.1, 0.25, 0.5, 1,    2.5,
                                                      5,    10,  50,   250, 1000, 20000};

void li_metrics_count(struct li_metrics *metrics, size_t route, int status, int64_t duration_ns) {
    size_t bucket = 0;
    if (route >= LI_ROUTES_MAX || status < 0 || status > 599)
        return;
    while (bucket < LI_DURATION_BUCKETS && (double)duration_ns > BOUNDS_MS[bucket] * 1e6)
        bucket++;
    atomic_fetch_add_explicit(&metrics->requests[route][status / 100], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->duration[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->duration_sum_us, (uint64_t)(duration_ns / 1000),
                              memory_order_relaxed);
}

void li_metrics_count_stage(struct li_metrics *metrics, enum li_object written, bool failed) {
    atomic_fetch_add_explicit(&metrics->stages[written == LI_OBJECT_ENRICHED_TRACKS][failed], 1,
                              memory_order_relaxed);
}

static long resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* When this process began, in seconds since 1970 (proc(5): starttime, field 22 of stat, in ticks since boot).
 */
static double start_time_s(void) {
    char text[1024];
    unsigned long long ticks = 0;
    struct timespec now, up;
    FILE *file = fopen("/proc/self/stat", "re");
    if (!file)
        return 0;
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    char *behind_name = strrchr(text, ')');
    if (!behind_name ||
        sscanf(behind_name + 1,
               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &ticks) != 1)
        return 0;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &up);
    return (double)(now.tv_sec - up.tv_sec) + (double)(now.tv_nsec - up.tv_nsec) / 1e9 +
           (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void print_head(FILE *out, const char *name, const char *kind, const char *help) {
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void print_requests(FILE *out, const struct li_metrics *metrics, const char *const *routes,
                           size_t route_count) {
    uint64_t total = 0;
    print_head(out, "listening_requests_total", "counter", "Answered requests.");
    for (size_t r = 0; r < route_count; r++)
        for (int c = 2; c < 6; c++)
            if (metrics->requests[r][c])
                fprintf(out, "listening_requests_total{route=\"%s\",status=\"%dxx\"} %" PRIu64 "\n",
                        routes[r], c, metrics->requests[r][c]);
    print_head(out, "listening_request_duration_seconds", "histogram",
               "Time from the headers of a request to its answer; the body comes in between.");
    for (size_t b = 0; b < LI_DURATION_BUCKETS; b++) {
        total += metrics->duration[b];
        fprintf(out, "listening_request_duration_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                BOUNDS_MS[b] / 1000, total);
    }
    total += metrics->duration[LI_DURATION_BUCKETS];
    fprintf(out,
            "listening_request_duration_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
            "listening_request_duration_seconds_sum %.6f\nlistening_request_duration_seconds_count %" PRIu64
            "\n",
            total, (double)metrics->duration_sum_us / 1e6, total);
}

static void print_stages(FILE *out, const struct li_metrics *metrics, const struct li_metrics_now *now) {
    static const char *const STAGES[] = {"transform", "profile"}, *const RESULTS[] = {"done", "failed"};
    print_head(out, "listening_stages_total", "counter", "Stages started by written objects.");
    for (int s = 0; s < 2; s++)
        for (int r = 0; r < 2; r++)
            fprintf(out, "listening_stages_total{stage=\"%s\",result=\"%s\"} %" PRIu64 "\n", STAGES[s],
                    RESULTS[r], metrics->stages[s][r]);
    print_head(out, "listening_events_waiting", "gauge", "Stages waiting or running now.");
    fprintf(out, "listening_events_waiting %zu\n", now->events);
    print_head(out, "listening_source_calls_total", "counter", "Questions to the source of artists.");
    fprintf(out, "listening_source_calls_total{source=\"%s\"} %" PRIu64 "\n", now->source, now->source_calls);
    print_head(out, "listening_source_errors_total", "counter", "Those that got no answer, or nonsense.");
    fprintf(out, "listening_source_errors_total{source=\"%s\"} %" PRIu64 "\n", now->source,
            now->source_failures);
}

struct li_text li_metrics_print(const struct li_metrics *metrics, const char *const *routes,
                                size_t route_count, const struct li_metrics_now *now,
                                struct li_arena *arena) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return LI_TEXT("");
    print_requests(out, metrics, routes, route_count);
    print_stages(out, metrics, now);
    print_head(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
    fprintf(out, "process_resident_memory_bytes %ld\n", resident_bytes());
    print_head(out, "process_start_time_seconds", "gauge", "When this process began, since 1970.");
    fprintf(out, "process_start_time_seconds %.2f\n", start_time_s());
    print_head(out, "listening_build_info", "gauge", "The version that runs.");
    fprintf(out, "listening_build_info{version=\"%s\"} 1\n", LI_VERSION);
    fclose(out);
    struct li_text copy = li_arena_copy(arena, (struct li_text){text, size});
    free(text);
    return copy;
}
