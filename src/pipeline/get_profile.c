/* get_profile.c - the profile of a session in the caller's language, or how far it is. */
#include "pipeline/pipeline_priv.h"

static json_t *progress(struct li_pipeline *pipeline, struct li_text session, const json_t *top,
                        enum li_stage stage) {
    size_t total = json_array_size(json_object_get(top, "tracks")), done = 0, of = 0;
    if (stage != LI_STAGE_TRANSFORM)
        done = total;
    else if (!li_measuring_progress(pipeline, session, &done, &of) || of != total)
        done = 0;
    json_t *document = json_object();
    li_document_copy(document, top, "session_id");
    json_object_set_new(document, "stage",
                        json_string(stage == LI_STAGE_TRANSFORM ? "transform" : "profile"));
    json_object_set_new(document, "done", json_integer((json_int_t)done));
    json_object_set_new(document, "total", json_integer((json_int_t)total));
    return document;
}

enum li_status li_pipeline_get_profile(struct li_pipeline *pipeline,
                                       const struct li_get_profile_request *request,
                                       struct li_get_profile_response *response, struct li_error *err) {
    json_t *top = NULL, *enriched = NULL, *profile = NULL;
    struct li_store_version version = {0}, extracted = {0};
    enum li_status status =
        li_document_load(pipeline, request->session, LI_OBJECT_TOP_TRACKS, &top, &extracted, err);
    if (status == LI_NOT_FOUND)
        return li_fail(err, LI_NOT_FOUND,
                       "this session has no profile: nothing was asked of it, or it expired or was erased");
    if (status)
        return status;
    status = li_document_load(pipeline, request->session, LI_OBJECT_PROFILE, &profile, &version, err);
    bool ready = !status && li_document_same_run(profile, top);
    if (status == LI_NOT_FOUND || status == LI_CORRUPT)
        status = LI_OK; /* it can be made again from what is there */
    if (!status && !ready)
        enriched = li_document_load_made(pipeline, request->session, LI_OBJECT_ENRICHED_TRACKS, top);
    if (!status) {
        *response = (struct li_get_profile_response){
            .ready = ready,
            .stage = enriched ? LI_STAGE_PROFILE : LI_STAGE_TRANSFORM,
            .version = version,
            .extracted_ms = extracted.modified_ms,
        };
        response->document = ready ? li_localise(profile, request->lang)
                                   : progress(pipeline, request->session, top, response->stage);
    }
    json_decref(top);
    json_decref(enriched);
    json_decref(profile);
    return status;
}

enum li_status li_pipeline_handle(struct li_pipeline *pipeline, struct li_text session,
                                  enum li_object written, struct li_error *err) {
    enum li_status status = LI_OK;
    if (written == LI_OBJECT_TOP_TRACKS) {
        struct li_transform_response response = {0};
        status = li_pipeline_transform(pipeline, &(struct li_transform_request){session}, &response, err);
        json_decref(response.document);
    } else if (written == LI_OBJECT_ENRICHED_TRACKS) {
        struct li_profile_response response = {0};
        status =
            li_pipeline_profile(pipeline, &(struct li_profile_request){session, LI_LANG_EN}, &response, err);
        json_decref(response.document);
    }
    return status;
}
