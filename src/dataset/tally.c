/* tally.c - what was left out, counted by reason, with a few examples. */
#include "dataset/dataset_priv.h"

static const struct {
    const char *id, *words;
} REASONS[LI_DATASET_REASON_COUNT] = {
    [LI_DATASET_UNREADABLE] = {"unreadable", "unreadable"},
    [LI_DATASET_NO_ARTIST] = {"no_artist", "without an artist"},
    [LI_DATASET_NO_TITLE] = {"no_title", "without a title"},
    [LI_DATASET_TOO_LONG] = {"too_long", "with a name that is too long"},
    [LI_DATASET_OTHER_KIND] = {"other_kind", "neither an artist nor a track"},
    [LI_DATASET_FAILED_FILE] = {"failed_file", "sound files that could not be analysed"},
    [LI_DATASET_NOT_A_NUMBER] = {"not_a_number", "not a number"},
    [LI_DATASET_OUT_OF_RANGE] = {"out_of_range", "out of range"},
    [LI_DATASET_BAD_YEAR] = {"bad_year", "not a year"},
    [LI_DATASET_LONG_VALUE] = {"long_value", "genres and other names that are too long"},
    [LI_DATASET_ARTIST_MEANS] = {"artist_means",
                                 "means of an artist: the catalogue keeps features of tracks only"},
};

const char *li_dataset_reason_id(enum li_dataset_reason reason) {
    return REASONS[reason].id;
}

const char *li_dataset_reason_words(enum li_dataset_reason reason) {
    return REASONS[reason].words;
}

/* Ends the text before a character that does not fit or is no text. */
static void make_readable(char *text) {
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = ' ';
    while (size && !li_text_valid((struct li_text){text, size}))
        size--;
    text[size] = '\0';
}

void li_tally_count(const struct where *where, enum li_dataset_reason reason, const char *what,
                    struct li_text cell) {
    uint64_t *count = &where->tally->reasons[reason].count;
    if (*count < LI_DATASET_EXAMPLES) {
        enum { SHOWN = 60 };
        char *example = where->tally->reasons[reason].examples[*count];
        snprintf(example, LI_DATASET_EXAMPLE_SIZE, "%.60s row %llu%s%s%s%.*s%s", where->file,
                 (unsigned long long)where->row, what ? ": " : "", what ? what : "", cell.size ? " \"" : "",
                 cell.size < SHOWN ? (int)cell.size : SHOWN, cell.data ? cell.data : "",
                 cell.size ? "\"" : "");
        make_readable(example);
    }
    ++*count;
}
