/* The runtime API's answers: what is read lies within the bytes, less of them is never more of an answer, and
 * what is whole stays the same when more follows. */
#include "gateway/lambda_priv.h"
#include "target.h"

static bool parse(const uint8_t *data, size_t size, char **copy, struct li_runtime_answer *out,
                  bool *broken) {
    struct li_error err = {0};
    bool whole = false;
    *copy = malloc(size + 1);
    check(*copy != NULL);
    memcpy(*copy, data, size);
    enum li_status status = li_runtime_answer_parse(*copy, size, &whole, out, &err);
    *broken = status != LI_OK;
    check(status == LI_OK || ((status == LI_CORRUPT || status == LI_TOO_LARGE) && err.message[0]));
    check(out->request_id.size <= LI_RUNTIME_ID_MAX && out->deadline_ms >= 0);
    if (status || !whole)
        return false;
    check(out->status >= 200 && out->status <= 599);
    check(out->body_size <= LI_LAMBDA_PAYLOAD_MAX && out->head_size + out->body_size <= out->whole_size);
    check(out->whole_size <= size);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_runtime_answer all, part;
    char *copy, *shorter;
    bool broken, part_broken;
    bool whole = parse(data, size, &copy, &all, &broken);
    size_t cut = whole ? all.whole_size : size / 2;
    bool part_whole = parse(data, cut, &shorter, &part, &part_broken);
    if (whole) {
        check(part_whole && part.whole_size == all.whole_size && part.body_size == all.body_size);
        check(memcmp(copy + all.head_size, shorter + part.head_size, all.body_size) == 0);
    } else {
        check(!part_whole || part.whole_size <= cut);
        check(!part_whole || broken); /* more bytes cannot undo a whole answer */
        check(!part_broken || broken);
    }
    free(copy);
    free(shorter);
    return 0;
}
