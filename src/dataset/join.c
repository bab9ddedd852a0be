/* join.c - the old catalogue and the facts are both in the order of ids: one pass over the two writes the new
 * one. */
#include "dataset/dataset_priv.h"

struct joining {
    const struct join *join;
    struct merging *merging;
    struct li_arena arena; /* of the old catalogue's artist */
    const struct li_catalog_artist *before;
    size_t next_before, written;
    struct staged_fact fact;
    bool has_fact;
};

static enum li_status step_before(struct joining *joining, struct li_error *err) {
    const struct li_catalog *before = joining->join->before;
    if (!before)
        return LI_OK;
    return li_dataset_next(before, &joining->next_before, &joining->arena, &joining->before, err);
}

static enum li_status write_artist(struct joining *joining, const struct li_catalog_artist *artist,
                                   struct li_error *err) {
    enum { ARTISTS_BETWEEN_TOLD = 2000 };
    if (++joining->written % ARTISTS_BETWEEN_TOLD == 0 && !joining->join->go_on(joining->join->context))
        return li_dataset_stopped(err);
    return li_catalog_writer_add(joining->join->writer, artist, err);
}

/* All facts of one artist, which stand one behind another. */
static enum li_status join_facts(struct joining *joining, bool same, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text id = li_arena_copy(&arena, joining->fact.artist);
    const struct li_catalog_artist *artist = NULL;
    enum li_status status = LI_OK;
    li_merging_begin(joining->merging, id, same ? joining->before : NULL);
    while (!status && joining->has_fact && li_text_equal(joining->fact.artist, id)) {
        status = li_merging_add(joining->merging, &joining->fact, err);
        if (!status)
            status = li_staging_next(joining->join->staging, &joining->fact, &joining->has_fact, err);
    }
    if (!status)
        status = li_merging_end(joining->merging, &artist, err);
    if (!status)
        status = write_artist(joining, artist, err);
    joining->join->report->artists_new += !same;
    joining->join->report->artists_extended += same;
    li_arena_release(&arena);
    return status;
}

/* One pass over the two. */
static enum li_status join_all(struct joining *joining, struct li_error *err) {
    enum li_status status = li_staging_next(joining->join->staging, &joining->fact, &joining->has_fact, err);
    if (!status)
        status = step_before(joining, err);
    while (!status && (joining->before || joining->has_fact)) {
        int order = !joining->before     ? 1
                    : !joining->has_fact ? -1
                                         : li_text_compare(joining->before->id, joining->fact.artist);
        status =
            order >= 0 ? join_facts(joining, order == 0, err) : write_artist(joining, joining->before, err);
        if (!status && order <= 0)
            status = step_before(joining, err);
    }
    return status;
}

enum li_status li_join_write(const struct join *join, struct li_error *err) {
    struct joining joining = {.join = join, .merging = li_merging_new(join->staging, join->report)};
    if (!joining.merging)
        return li_fail(err, LI_NO_MEMORY, "no memory to merge artists");
    enum li_status status = join_all(&joining, err);
    li_merging_free(joining.merging);
    li_arena_release(&joining.arena);
    return status;
}
