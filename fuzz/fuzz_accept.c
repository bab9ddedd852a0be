/* Negotiation: an Accept-Language, an Accept-Encoding and a path, one a line. A language of ours comes out,
 * the same each time; an asset comes out only for a path that is the beginning of its own, and packed only in
 * a way that the client named. */
#include <strings.h>

#include "gateway/gateway_priv.h"
#include "target.h"

static const unsigned char BYTES[8];
static const struct li_asset ASSETS[] = {
    {"/index.html", "text/html", NULL, BYTES, 8, false},
    {"/index.html", "text/html", "gzip", BYTES, 6, false},
    {"/index.html", "text/html", "br", BYTES, 5, false},
    {"/a/index.html", "text/html", NULL, BYTES, 8, false},
    {"/a/b.html", "text/html", NULL, BYTES, 8, false},
    {"/a.js", "text/javascript", "gzip", BYTES, 6, true},
};
enum { COUNT = sizeof ASSETS / sizeof *ASSETS };

static bool names(struct li_text header, const char *word) {
    return memmem(header.data, header.size, word, strlen(word)) != NULL;
}

/* A copy that ends where the text ends, so that reading on is seen. */
static struct li_text exact(struct li_text text) {
    char *copy = malloc(text.size ? text.size : 1);
    check(copy != NULL);
    if (text.size)
        memcpy(copy, text.data, text.size);
    return (struct li_text){copy, text.size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct li_text rest = {(const char *)data, size};
    struct li_text language = exact(li_text_cut(&rest, '\n')), encoding = exact(li_text_cut(&rest, '\n'));
    struct li_text path = exact(rest), stem = path;
    enum li_lang lang = li_lang_accept(language);
    check(lang < LI_LANG_COUNT && lang == li_lang_accept(language));
    const struct li_asset *asset = li_assets_find(ASSETS, COUNT, path, encoding);
    check(asset == li_assets_find(ASSETS, COUNT, path, encoding));
    if (asset) {
        if (stem.size && stem.data[stem.size - 1] == '/')
            stem.size--;
        check(stem.size <= strlen(asset->path));
        check(stem.size == 0 || memcmp(stem.data, asset->path, stem.size) == 0);
        check(!asset->encoding || names(encoding, asset->encoding));
    }
    free((void *)(uintptr_t)language.data);
    free((void *)(uintptr_t)encoding.data);
    free((void *)(uintptr_t)path.data);
    return 0;
}
