/* analyze.c - POST /analyze: sound files in a form -> their features, and a session's tracks. Decoded in
 * processes of their own, in memory; nothing of them is written anywhere. */
#include "base/json.h"
#include "gateway/gateway_priv.h"
#include "sandbox/decoders.h"

struct upload {
    struct li_text session, lang;
    struct li_form_part *files[LI_FORM_PARTS_MAX];
    size_t file_count;
};

/* Sorts the parts of the form into files and fields. */
static enum li_status read_upload(const struct li_http_request *request, struct li_arena *arena,
                                  struct upload *out, struct li_error *err) {
    struct li_form_part *parts = NULL;
    size_t count = 0;
    enum li_status status = li_form_read(request->content_type, request->body, arena, &parts, &count, err);
    if (status)
        return status;
    out->session = li_request_session(request, NULL);
    for (size_t i = 0; i < count; i++) {
        struct li_form_part *part = &parts[i];
        if (part->is_file)
            out->files[out->file_count++] = part;
        else if (li_names_session(part->name))
            out->session = part->bytes;
        else if (li_text_equal(part->name, LI_TEXT("lang")))
            out->lang = part->bytes;
    }
    if (!out->file_count)
        return li_fail(err, LI_INVALID, "the form has no file; send sound files as its parts");
    if (out->session.data)
        status = li_session_check(out->session, err);
    return status;
}

/* Measures the files. rows gets one document each; tracks those that could be read, and *count how many these
 * are. *first holds the first failure. */
static void measure(struct li_decoders *decoders, const struct upload *upload, enum li_lang lang,
                    struct li_arena *arena, json_t *rows, struct li_sound_track *tracks, size_t *count,
                    struct li_error *first) {
    for (size_t i = 0; i < upload->file_count; i++) {
        const struct li_form_part *file = upload->files[i];
        struct li_measured *measured = li_arena_alloc(arena, sizeof *measured);
        struct li_error why = {0};
        json_t *row;
        if (li_decoders_measure(decoders, file->bytes.data, file->bytes.size, measured, &why) == LI_OK) {
            struct li_sound_track track = {.file = file->file_name,
                                           .title = li_text_of(measured->title),
                                           .artist = li_text_of(measured->artist),
                                           .analysis = &measured->analysis};
            tracks[(*count)++] = track;
            row = li_sound_document(&track, lang);
            if (measured->warning[0])
                json_object_set_new(row, "warning", json_string(measured->warning));
        } else {
            row = li_sound_error_document(file->file_name, &why);
            if (!first->status)
                *first = why;
        }
        json_array_append_new(rows, row);
    }
}

void li_handle_analyze(struct li_gateway *gateway, const struct li_http_request *request, const json_t *body,
                       struct li_http_response *response) {
    struct upload upload = {0};
    struct li_sound_track tracks[LI_FORM_PARTS_MAX];
    struct li_analyze_response session = {0};
    struct li_error err = {0}, first = {0};
    enum li_lang lang = LI_LANG_EN;
    size_t count = 0;
    (void)body;
    if (!li_form_is(request->content_type)) {
        li_response_problem(response, 415, "send sound files as a form: Content-Type: multipart/form-data");
        return;
    }
    json_t *rows = json_array();
    enum li_status status = read_upload(request, response->arena, &upload, &err);
    response->session = upload.session;
    if (!status)
        status = li_request_lang_named(request, upload.lang, &lang, &err);
    if (!status)
        measure(gateway->decoders, &upload, lang, response->arena, rows, tracks, &count, &first);
    if (!status && !count) {
        status = first.status;
        err = first;
    }
    if (!status && upload.session.data)
        status = li_pipeline_analyze(
            gateway->pipeline, &(struct li_analyze_request){upload.session, tracks, count, request->begun},
            &session, &err);
    if (status == LI_UNSUPPORTED) {
        li_response_problem(response, 415, err.message);
    } else if (status) {
        li_response_error(response, &err);
    } else {
        json_t *document = json_object();
        if (upload.session.data)
            json_object_set_new(document, "session_id", li_json_text(upload.session));
        json_object_set_new(document, "units", li_sound_units());
        json_object_set(document, "tracks", rows);
        li_response_document(response, 200, document);
        li_response_language(response, lang);
    }
    json_decref(session.document);
    json_decref(rows);
}
