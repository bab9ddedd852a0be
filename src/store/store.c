/* store.c - what every store does alike: names, and the checks at the door. */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

struct object_name {
    const char *folder, *file;
};

static const struct object_name OBJECTS[LI_OBJECT_COUNT] = {
    [LI_OBJECT_TOP_TRACKS] = {"data", "top_tracks.json"},
    [LI_OBJECT_ENRICHED_TRACKS] = {"data", "enriched_tracks.json"},
    [LI_OBJECT_PROFILE] = {"data", "profile.json"},
    [LI_OBJECT_TIMELINE] = {"data", "timeline.json"},
    [LI_OBJECT_SHARE] = {"data", "share.json"},
    [LI_OBJECT_SHARED] = {"data", "shared.json"},
    [LI_OBJECT_UNKNOWN_GENRES] = {"logs", "unknown_genres.json"},
};

bool li_session_valid(struct li_text session) {
    if (session.size < LI_SESSION_MIN || session.size > LI_SESSION_MAX)
        return false;
    for (size_t i = 0; i < session.size; i++) {
        char c = session.data[i];
        bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
        if (!allowed)
            return false;
    }
    return true;
}

void li_store_key(struct li_text session, enum li_object object, char out[LI_KEY_MAX]) {
    const struct li_text parts[] = {li_text_of(OBJECTS[object].folder), LI_TEXT("/"), session, LI_TEXT("/"),
                                    li_text_of(OBJECTS[object].file)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(out, parts[i].data, parts[i].size);
        out += parts[i].size;
    }
    *out = '\0';
}

bool li_store_parse_key(struct li_text key, struct li_text *session, enum li_object *object) {
    struct li_text rest = key;
    struct li_text folder = li_text_cut(&rest, '/');
    struct li_text name = li_text_cut(&rest, '/');
    for (int i = 0; i < LI_OBJECT_COUNT; i++) {
        if (li_text_equal(folder, li_text_of(OBJECTS[i].folder)) &&
            li_text_equal(rest, li_text_of(OBJECTS[i].file)) && li_session_valid(name)) {
            *session = name;
            *object = (enum li_object)i;
            return true;
        }
    }
    return false;
}

enum li_status li_session_check(struct li_text session, struct li_error *err) {
    if (li_session_valid(session))
        return LI_OK;
    return li_fail(
        err, LI_INVALID,
        "a session id is %d to %d characters of A-Z, a-z, 0-9, _ and -; POST /create-session gives one",
        LI_SESSION_MIN, LI_SESSION_MAX);
}

enum li_status li_store_put(struct li_store *store, struct li_text session, enum li_object object,
                            struct li_text bytes, struct li_error *err) {
    enum li_status status = li_session_check(session, err);
    if (status)
        return status;
    if (bytes.size > LI_OBJECT_BYTES_MAX)
        return li_fail(err, LI_TOO_LARGE, "%s would be %zu bytes; at most %d are kept", OBJECTS[object].file,
                       bytes.size, LI_OBJECT_BYTES_MAX);
    return store->ops->put(store, session, object, bytes, err);
}

enum li_status li_store_get(struct li_store *store, struct li_text session, enum li_object object,
                            struct li_arena *arena, struct li_text *bytes, struct li_store_version *version,
                            struct li_error *err) {
    struct li_store_version unused;
    enum li_status status = li_session_check(session, err);
    return status ? status
                  : store->ops->get(store, session, object, arena, bytes, version ? version : &unused, err);
}

enum li_status li_store_stat(struct li_store *store, struct li_text session, enum li_object object,
                             struct li_store_version *version, struct li_error *err) {
    enum li_status status = li_session_check(session, err);
    return status ? status : store->ops->stat(store, session, object, version, err);
}

enum li_status li_store_remove(struct li_store *store, struct li_text session, enum li_object object,
                               struct li_error *err) {
    enum li_status status = li_session_check(session, err);
    return status ? status : store->ops->remove(store, session, object, err);
}

enum li_status li_store_erase(struct li_store *store, struct li_text session, struct li_error *err) {
    enum li_status status = li_session_check(session, err);
    return status ? status : store->ops->erase(store, session, err);
}

enum li_status li_store_sweep(struct li_store *store, size_t *removed, struct li_error *err) {
    return store->ops->sweep(store, removed, err);
}

void li_store_free(struct li_store *store) {
    if (store)
        store->ops->free(store);
}
