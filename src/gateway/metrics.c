/* metrics.c - counters in the Prometheus text format (exposition format 0.0.4). */
#include <inttypes.h>
#include <stdio.h>
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

struct li_text li_metrics_print(const struct li_metrics *metrics, const char *const *routes,
                                size_t route_count, size_t queue, struct li_arena *arena) {
    static const char *const STAGES[] = {"transform", "profile"}, *const RESULTS[] = {"done", "failed"};
    char *text = NULL;
    size_t size = 0;
    uint64_t total = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return LI_TEXT("");
    fputs("# HELP listening_requests_total Answered requests.\n# TYPE listening_requests_total counter\n",
          out);
    for (size_t r = 0; r < route_count; r++)
        for (int c = 2; c < 6; c++)
            if (metrics->requests[r][c])
                fprintf(out, "listening_requests_total{route=\"%s\",status=\"%dxx\"} %" PRIu64 "\n",
                        routes[r], c, metrics->requests[r][c]);
    fputs("# HELP listening_request_duration_seconds Time from the whole request to its answer.\n"
          "# TYPE listening_request_duration_seconds histogram\n",
          out);
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
    fputs("# HELP listening_stages_total Stages started by written objects.\n# TYPE listening_stages_total "
          "counter\n",
          out);
    for (int s = 0; s < 2; s++)
        for (int r = 0; r < 2; r++)
            fprintf(out, "listening_stages_total{stage=\"%s\",result=\"%s\"} %" PRIu64 "\n", STAGES[s],
                    RESULTS[r], metrics->stages[s][r]);
    fprintf(
        out,
        "# HELP listening_events_waiting Stages waiting or running now.\n# TYPE listening_events_waiting "
        "gauge\n"
        "listening_events_waiting %zu\n"
        "# HELP process_resident_memory_bytes Resident memory.\n# TYPE process_resident_memory_bytes gauge\n"
        "process_resident_memory_bytes %ld\n",
        queue, resident_bytes());
    fclose(out);
    struct li_text copy = li_arena_copy(arena, (struct li_text){text, size});
    free(text);
    return copy;
}
