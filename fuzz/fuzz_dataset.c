/* Datasets: any text is refused with a sentence or read to its end. Every row is kept or counted as left out;
 * what comes out is valid UTF-8 within its limits; pieces of any size give the same; and reading that goes on
 * at the end of any row gives the rest. */
#include "dataset/dataset_priv.h"
#include "target.h"

struct reading {
    uint64_t records, rows, hash;
    uint64_t stop_row, stop_offset, stop_records; /* where the reading that goes on begins */
    struct li_dataset_tally tally;
};

static void check_text(struct li_text text, size_t max) {
    check(text.size <= max && li_text_valid(text));
}

static void on_record(void *context, const struct record *record) {
    struct reading *reading = context;
    struct li_arena arena = {0};
    struct fact fact = {.artist_popularity = record->artist_popularity, .position = record->position};
    check(record->shape == SHAPE_MEASURES || record->credit_count > 0);
    for (size_t c = 0; c < record->credit_count; c++) {
        check_text(record->credits[c].name, LI_CATALOG_NAME_MAX);
        check(record->credits[c].name.size > 0);
    }
    check_text(record->title, LI_CATALOG_NAME_MAX);
    for (size_t g = 0; g < record->genre_count; g++)
        check_text(record->genres[g].text, TAG_BYTES_MAX);
    for (size_t a = 0; a < record->alias_count; a++)
        check_text(record->aliases[a], LI_CATALOG_NAME_MAX);
    check(record->popularity >= -1 && record->popularity <= 100);
    check(record->year == 0 || (record->year >= LI_CATALOG_YEAR_MIN && record->year <= LI_CATALOG_YEAR_MAX));
    fact.name = record->credit_count ? record->credits[0].name : (struct li_text){0};
    fact.title = record->title;
    fact.year = record->year;
    fact.popularity = record->popularity;
    fact.genre_count = record->genre_count;
    memcpy(fact.genres, record->genres, record->genre_count * sizeof *fact.genres);
    struct fact back;
    check(li_fact_unpack(li_fact_pack(&fact, &arena), &back));
    check(li_text_equal(back.name, fact.name) && li_text_equal(back.title, fact.title) &&
          back.year == fact.year);
    reading->hash = reading->hash * 31 + li_text_hash(fact.name) + 7 * li_text_hash(fact.title);
    reading->records++;
    li_arena_release(&arena);
}

static void on_row_end(void *context, uint64_t offset) {
    struct reading *reading = context;
    if (++reading->rows == reading->stop_row) {
        reading->stop_offset = offset;
        reading->stop_records = reading->records;
    }
}

/* False: refused. */
static bool read_all(const uint8_t *data, size_t size, size_t step, uint64_t offset, struct reading *out) {
    struct row_sink sink = {.record = on_record, .row_end = on_row_end, .context = out};
    struct li_error err = {0};
    struct reader *reader = NULL;
    struct li_text head = {(const char *)data, size < HEAD_BYTES ? size : HEAD_BYTES};
    sink.where = (struct where){&out->tally, "in.csv", 0};
    enum li_status status = li_reader_new(head, offset, &sink, &reader, &err);
    if (status) {
        check(err.message[0] && li_text_valid(li_text_of(err.message)));
        return false;
    }
    for (size_t at = (size_t)offset; at < size; at += step)
        li_reader_push(reader, (const char *)data + at, step < size - at ? step : size - at);
    li_reader_finish(reader);
    li_reader_free(reader);
    uint64_t sum = out->tally.kept;
    for (int r = 0; r < LI_DATASET_VALUE_REASONS; r++)
        sum += out->tally.reasons[r].count;
    check(sum == out->tally.rows);
    for (int r = 0; r < LI_DATASET_REASON_COUNT; r++)
        for (int e = 0; e < LI_DATASET_EXAMPLES; e++)
            check(li_text_valid(li_text_of(out->tally.reasons[r].examples[e])));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct reading whole, pieces, rest;
    if (size > HEAD_BYTES)
        return 0;
    whole = pieces = rest = (struct reading){.stop_row = 1 + size % 5};
    rest.stop_row = 0;
    if (!read_all(data, size, size + 1, 0, &whole))
        return 0;
    check(read_all(data, size, 1 + size % 13, 0, &pieces));
    check(whole.hash == pieces.hash && whole.records == pieces.records &&
          whole.tally.rows == pieces.tally.rows);
    check(whole.stop_offset == pieces.stop_offset && whole.stop_offset <= size);
    if (whole.stop_offset == 0)
        return 0;
    check(read_all(data, size, 1 + size % 7, whole.stop_offset, &rest));
    check(rest.records == whole.records - whole.stop_records);
    return 0;
}
