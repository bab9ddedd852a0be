/* document.c - session documents in and out of the store, and the lock that keeps a session's stages apart.
 */
#include "pipeline/pipeline_priv.h"

void li_pipeline_init(struct li_pipeline *pipeline) {
    for (int i = 0; i < LI_SESSION_LOCKS; i++)
        pthread_mutex_init(&pipeline->locks[i], NULL);
    pthread_mutex_init(&pipeline->measuring_lock, NULL);
    pthread_mutex_init(&pipeline->erasures.lock, NULL);
    pthread_cond_init(&pipeline->measuring_ended, NULL);
}

void li_pipeline_clean_up(struct li_pipeline *pipeline) {
    for (int i = 0; i < LI_SESSION_LOCKS; i++)
        pthread_mutex_destroy(&pipeline->locks[i]);
    pthread_cond_destroy(&pipeline->measuring_ended);
    pthread_mutex_destroy(&pipeline->measuring_lock);
    pthread_mutex_destroy(&pipeline->erasures.lock);
}

void li_pipeline_stop(struct li_pipeline *pipeline) {
    atomic_store(&pipeline->stopping, true);
}

static pthread_mutex_t *lock_of(struct li_pipeline *pipeline, struct li_text session) {
    return &pipeline->locks[li_text_hash(session) % LI_SESSION_LOCKS];
}

void li_session_lock(struct li_pipeline *pipeline, struct li_text session) {
    pthread_mutex_lock(lock_of(pipeline, session));
}

void li_session_unlock(struct li_pipeline *pipeline, struct li_text session) {
    pthread_mutex_unlock(lock_of(pipeline, session));
}

enum li_status li_document_foreign(struct li_error *err) {
    return li_fail(err, LI_CORRUPT,
                   "the stored data of this session cannot be read; extract its artists again");
}

enum li_status li_document_load(struct li_pipeline *pipeline, struct li_text session, enum li_object object,
                                json_t **out, struct li_store_version *version, struct li_error *err) {
    struct li_arena arena = {0};
    struct li_text bytes;
    json_t *document = NULL;
    enum li_status status = li_store_get(pipeline->store, session, object, &arena, &bytes, version, err);
    if (!status && (status = li_json_parse(bytes, &document, err)) == LI_INVALID)
        status = li_document_foreign(err);
    if (!status && !li_text_equal(li_json_get_text(document, "session_id"), session))
        status = li_document_foreign(err);
    if (status)
        json_decref(document);
    else
        *out = document;
    li_arena_release(&arena);
    return status;
}

enum li_status li_document_save(struct li_pipeline *pipeline, struct li_text session, enum li_object object,
                                const json_t *document, struct li_error *err) {
    struct li_arena arena = {0};
    enum li_status status =
        li_store_put(pipeline->store, session, object, li_json_print(document, &arena), err);
    li_arena_release(&arena);
    if (!status && pipeline->raise)
        pipeline->raise(pipeline->raise_context, session, object);
    return status;
}

bool li_document_same_run(const json_t *a, const json_t *b) {
    static const char *const NAMES[] = {"run", "created_at", "model"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (!li_text_equal(li_json_get_text(a, NAMES[i]), li_json_get_text(b, NAMES[i])))
            return false;
    return true;
}

json_t *li_document_load_made(struct li_pipeline *pipeline, struct li_text session, enum li_object output,
                              const json_t *input) {
    json_t *made = NULL;
    if (li_document_load(pipeline, session, output, &made, NULL, NULL) != LI_OK)
        return NULL;
    if (li_document_same_run(made, input))
        return made;
    json_decref(made);
    return NULL;
}

enum li_status li_document_confirm(struct li_pipeline *pipeline, struct li_text session,
                                   enum li_object output, const json_t *made, struct li_error *err) {
    json_t *source = NULL;
    enum li_status status = li_document_load(pipeline, session, LI_OBJECT_TOP_TRACKS, &source, NULL, err);
    bool current = !status && li_document_same_run(source, made);
    json_decref(source);
    if (current)
        return LI_OK;
    if (status == LI_NOT_FOUND) {
        status = li_store_erase(pipeline->store, session, err);
    } else if (!status) {
        status = li_store_remove(pipeline->store, session, output, err);
    }
    return status ? status : li_fail(err, LI_NOT_FOUND, "the session was erased or started again meanwhile");
}

json_t *li_features_document(const struct li_features *features) {
    json_t *document = json_object();
    for (int i = 0; i < LI_FEATURE_COUNT; i++)
        json_object_set_new(document, li_feature_id((enum li_feature)i),
                            li_json_number(features->value[i], 4));
    return document;
}

void li_document_copy(json_t *to, const json_t *from, const char *name) {
    json_t *value = json_object_get(from, name);
    if (value)
        json_object_set(to, name, value);
}

json_t *li_bilingual(const char *en, const char *fr) {
    return json_pack("{s:s,s:s}", "en", en, "fr", fr);
}

json_t *li_label(const char *const label[LI_LANG_COUNT]) {
    return li_bilingual(label[LI_LANG_EN], label[LI_LANG_FR]);
}

json_t *li_localise(const json_t *document, enum li_lang lang) {
    if (json_is_array(document)) {
        json_t *copy = json_array();
        size_t i;
        json_t *value;
        json_array_foreach(document, i, value) json_array_append_new(copy, li_localise(value, lang));
        return copy;
    }
    if (!json_is_object(document))
        return json_deep_copy(document);
    json_t *chosen = json_object_get(document, lang == LI_LANG_FR ? "fr" : "en");
    if (json_object_size(document) == 2 && json_object_get(document, "en") && json_object_get(document, "fr"))
        return json_deep_copy(chosen);
    json_t *copy = json_object();
    void *at = json_object_iter((json_t *)(uintptr_t)document);
    for (; at; at = json_object_iter_next((json_t *)(uintptr_t)document, at))
        json_object_set_new(copy, json_object_iter_key(at), li_localise(json_object_iter_value(at), lang));
    return copy;
}
