/* assets.c - files carried in the binary: the web pages and the contract. */
#include <stdio.h>
#include <strings.h>

#include "gateway/gateway_priv.h"

/* Whether a quality value is 0: "q=0", "q=0.0", ... (RFC 9110, 12.4.2). */
static bool is_zero(struct li_text quality) {
    if (quality.size < 3 || strncasecmp(quality.data, "q=0", 3) != 0)
        return false;
    for (size_t i = 3; i < quality.size; i++)
        if (quality.data[i] != '.' && quality.data[i] != '0')
            return false;
    return true;
}

/* Whether an Accept-Encoding header names the encoding with a quality above 0. */
static bool accepts(struct li_text header, const char *encoding) {
    while (header.size) {
        struct li_text item = li_text_cut(&header, ',');
        struct li_text name = li_text_trim(li_text_cut(&item, ';'));
        if (li_text_equal(name, li_text_of(encoding)))
            return !is_zero(li_text_trim(item));
    }
    return false;
}

static const struct li_asset *find(const struct li_asset *assets, size_t count, const char *path,
                                   struct li_text accept_encoding) {
    const struct li_asset *plain = NULL, *packed = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(assets[i].path, path) != 0)
            continue;
        if (!assets[i].encoding)
            plain = &assets[i];
        else if (accepts(accept_encoding, assets[i].encoding) && (!packed || assets[i].size < packed->size))
            packed = &assets[i];
    }
    return packed ? packed : plain;
}

const struct li_asset *li_assets_find(const struct li_asset *assets, size_t count, struct li_text path,
                                      struct li_text accept_encoding) {
    static const char *const ENDS[] = {"", ".html", "/index.html"};
    char name[300];
    if (path.size > 200 || !li_text_valid(path)) /* a NUL would end the name early */
        return NULL;
    if (path.size && path.data[path.size - 1] == '/')
        path.size--;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        snprintf(name, sizeof name, "%.*s%s", LI_TEXT_ARG(path), ENDS[i]);
        const struct li_asset *asset = find(assets, count, name, accept_encoding);
        if (asset)
            return asset;
    }
    return NULL;
}
