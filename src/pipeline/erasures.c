/* erasures.c - which sessions were erased of late, for what was begun before that and lasts: a measured sound
 * or an imported history does not bring back what its listener erased in between. */
#include "pipeline/pipeline_priv.h"

uint64_t li_pipeline_moment(struct li_pipeline *pipeline) {
    struct li_erasures *erasures = &pipeline->erasures;
    pthread_mutex_lock(&erasures->lock);
    uint64_t moment = erasures->count + 1;
    pthread_mutex_unlock(&erasures->lock);
    return moment;
}

void li_erasures_note(struct li_pipeline *pipeline, struct li_text session) {
    struct li_erasures *erasures = &pipeline->erasures;
    pthread_mutex_lock(&erasures->lock);
    erasures->newest[erasures->count++ % LI_ERASURES_MAX] = li_text_hash(session);
    pthread_mutex_unlock(&erasures->lock);
}

bool li_erasures_since(struct li_pipeline *pipeline, struct li_text session, uint64_t moment) {
    struct li_erasures *erasures = &pipeline->erasures;
    unsigned long long hash = li_text_hash(session);
    bool found = false;
    if (!moment)
        return false;
    pthread_mutex_lock(&erasures->lock);
    uint64_t oldest = erasures->count > LI_ERASURES_MAX ? erasures->count - LI_ERASURES_MAX : 0;
    uint64_t after = moment - 1;
    for (uint64_t n = after > oldest ? after : oldest; !found && n < erasures->count; n++)
        found = erasures->newest[n % LI_ERASURES_MAX] == hash;
    pthread_mutex_unlock(&erasures->lock);
    return found;
}
