/* Metrics: what is counted, and that the text is one that Prometheus reads. */
#include "exchange.h"

#include <regex.h>

static const char *const ROUTES[] = {"/a", "/b", "other"};

/* The value of the sample with this name and labels, or -1. */
static double sample(struct li_text text, const char *name) {
    const char *line = text.data;
    size_t length = strlen(name);
    for (; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return strtod(line + length, NULL);
    return -1;
}

static void test_counting(void **state) {
    (void)state;
    static struct li_metrics metrics;
    struct li_arena arena = {0};
    li_metrics_count(&metrics, 0, 200, 1000000);    /* 1 ms */
    li_metrics_count(&metrics, 0, 204, 40000);      /* 0.04 ms */
    li_metrics_count(&metrics, 0, 404, 3000000000); /* 3 s */
    li_metrics_count(&metrics, 2, 500, 30000000000);
    li_metrics_count(&metrics, LI_ROUTES_MAX, 200, 1); /* none of these count */
    li_metrics_count(&metrics, 0, 600, 1);
    li_metrics_count(&metrics, 0, -1, 1);
    for (int i = 0; i < 4; i++)
        li_metrics_count_stage(&metrics, LI_OBJECT_ENRICHED_TRACKS, true);
    li_metrics_count_stage(&metrics, LI_OBJECT_TOP_TRACKS, false);
    const struct li_metrics_now now = {17, "fake", 12, 5};
    struct li_text text = li_metrics_print(&metrics, ROUTES, 3, &now, &arena);
    assert_true(sample(text, "listening_requests_total{route=\"/a\",status=\"2xx\"}") == 2);
    assert_true(sample(text, "listening_requests_total{route=\"/a\",status=\"4xx\"}") == 1);
    assert_true(sample(text, "listening_requests_total{route=\"other\",status=\"5xx\"}") == 1);
    assert_true(sample(text, "listening_requests_total{route=\"/b\",status=\"2xx\"}") == -1);
    assert_true(sample(text, "listening_request_duration_seconds_bucket{le=\"5e-05\"}") == 1);
    assert_true(sample(text, "listening_request_duration_seconds_bucket{le=\"0.001\"}") == 2);
    assert_true(sample(text, "listening_request_duration_seconds_bucket{le=\"20\"}") == 3);
    assert_true(sample(text, "listening_request_duration_seconds_bucket{le=\"+Inf\"}") == 4);
    assert_true(sample(text, "listening_request_duration_seconds_count") == 4);
    check_near(sample(text, "listening_request_duration_seconds_sum"), 33.00104, 1e-6);
    assert_true(sample(text, "listening_stages_total{stage=\"profile\",result=\"failed\"}") == 4);
    assert_true(sample(text, "listening_stages_total{stage=\"transform\",result=\"done\"}") == 1);
    assert_true(sample(text, "listening_events_waiting") == 17);
    assert_true(sample(text, "listening_source_calls_total{source=\"fake\"}") == 12);
    assert_true(sample(text, "listening_source_errors_total{source=\"fake\"}") == 5);
    check_near(sample(text, "process_start_time_seconds"), (double)li_clock_now_ms(NULL) / 1000, 600);
    assert_true(sample(text, "listening_build_info{version=\"" LI_VERSION "\"}") == 1);
    assert_true(sample(text, "process_resident_memory_bytes") > 100000);
    li_arena_release(&arena);
}

static void test_every_line_parses(void **state) {
    (void)state;
    static struct li_metrics metrics;
    struct li_arena arena = {0};
    regex_t comment, line;
    size_t lines = 0;
    double before = 0;
    assert_int_equal(regcomp(&comment, "^# (HELP|TYPE) [a-z_:]+ .+$", REG_EXTENDED | REG_NOSUB), 0);
    assert_int_equal(regcomp(&line, "^[a-z_:]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? [-+0-9.eE]+$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    for (size_t i = 0; i < 100; i++)
        li_metrics_count(&metrics, i % 3, 200 + 100 * (int)(i % 4), (int64_t)(i * i * 1000000));
    struct li_text rest =
        li_metrics_print(&metrics, ROUTES, 3, &(struct li_metrics_now){.source = "fake"}, &arena);
    assert_int_equal(rest.data[rest.size - 1], '\n');
    while (rest.size) {
        const char *text = li_arena_copy(&arena, li_text_cut(&rest, '\n')).data;
        check(regexec(text[0] == '#' ? &comment : &line, text, 0, NULL, 0) == 0, "%s", text);
        if (strstr(text, "_bucket{")) { /* buckets count what is in the smaller ones too */
            double value = strtod(strrchr(text, ' '), NULL);
            check(value >= before, "%s", text);
            before = value;
        }
        lines++;
    }
    assert_true(lines > 30);
    regfree(&comment);
    regfree(&line);
    li_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counting),
                                       cmocka_unit_test(test_every_line_parses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
