/* Forms: the first line of the input is the Content-Type, the rest the body. Whatever it is, every part lies
 * within the body, after the one before, and holds no boundary. */
#include "gateway/gateway_priv.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text body = {(const char *)data, size}, type = li_text_cut(&body, '\n');
    struct li_arena arena = {0};
    struct li_form_part *parts = NULL;
    struct li_error err = {0};
    size_t count = 0;
    const char *behind = body.data;
    (void)li_form_is(type);
    if (li_form_read(type, body, &arena, &parts, &count, &err) == LI_OK) {
        check(count <= LI_FORM_PARTS_MAX);
        for (size_t i = 0; i < count; i++) {
            check(parts[i].bytes.data >= behind);
            behind = parts[i].bytes.data + parts[i].bytes.size;
            check(behind <= body.data + body.size);
            check(parts[i].name.size > 0 && parts[i].name.size <= LI_FORM_NAME_MAX &&
                  li_text_valid(parts[i].name));
            check(parts[i].file_name.size <= LI_FORM_NAME_MAX && li_text_valid(parts[i].file_name));
        }
    } else {
        check(err.message[0] != '\0');
    }
    li_arena_release(&arena);
    return 0;
}
