/* Histories read when memory is out at any moment: never a report that counts less than the export holds and
 * does not say so. */
#include "support/no_memory.h"

#include "history_check.h"

/* What libarchive itself forgets when an opening fails. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:archive_read_open_memory2\n";
}

struct export {
    const char *name;
    size_t rows, plays, artists; /* of the reading that met no failure */
    bool known;
};

static enum li_status import(void *context, struct li_error *err) {
    struct export *export = context;
    const struct li_history_options options = {.now_ms = (int64_t)NOW_S * 1000};
    struct li_history *history = NULL;
    char path[512];
    export_path(export->name, path, sizeof path);
    enum li_status status = li_history_new(&options, &history, err);
    if (!status)
        status = li_history_add_path(history, path, err);
    if (!status) {
        li_history_finish(history);
        const struct li_history_report *report = li_history_get_report(history);
        size_t artists = li_history_artist_count(history);
        if (!export->known)
            *export = (struct export){export->name, report->rows_read, report->plays, artists, true};
        if (report->rows_read != export->rows || report->plays != export->plays || artists != export->artists)
            li_wrong("the report counts other than the export holds");
    }
    li_history_free(history);
    return status;
}

static void test_exports(void **state) {
    static struct export exports[] = {{.name = "spotify_extended.json"},
                                      {.name = "lastfm_table.csv"},
                                      {.name = "listenbrainz.jsonl"},
                                      {.name = "maloja.json"},
                                      {.name = "apple_tracks.csv"},
                                      {.name = "spotify_extended.zip"},
                                      {.name = "deezer.xlsx"}};
    (void)state;
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        li_no_memory_check(exports[i].name, import, &exports[i], true);
        li_no_memory_check(exports[i].name, import, &exports[i], false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
