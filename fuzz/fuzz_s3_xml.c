/* What S3 answers in XML: a page has items with keys and times only, an error code is text; nothing of a
 * document that is refused is kept. */
#include "store/s3_xml.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text bytes = {(const char *)data, size};
    struct li_arena arena = {0};
    struct li_error err = {0};
    struct li_s3_page page = {.count = 4242};
    enum li_status status = li_s3_read_page(bytes, &arena, &page, &err);
    check(status == LI_OK || (status == LI_IO && err.message[0] && page.count == 4242));
    for (size_t i = 0; status == LI_OK && i < page.count; i++)
        check(page.items[i].key.size > 0 && li_text_valid(page.items[i].key) &&
              page.items[i].modified_ms > 0);
    struct li_text code = li_s3_read_error(bytes, &arena);
    check(code.data && strlen(code.data) == code.size && (status || code.size == 0));
    int64_t ms = -1;
    if (li_s3_parse_iso(bytes, &ms) || li_s3_parse_http_date(bytes, &ms))
        check(ms >= 0);
    li_arena_release(&arena);
    return 0;
}
