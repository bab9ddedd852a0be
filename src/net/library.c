#include "net/library.h"

#include <dlfcn.h>
#include <string.h>

#define FUNCTION(member, name)                                                                               \
    { offsetof(struct li_curl, member), name }

static const struct {
    size_t at;
    const char *name;
} FUNCTIONS[] = {
    FUNCTION(global_init, "curl_global_init"),
    FUNCTION(version_info, "curl_version_info"),
    FUNCTION(easy_init, "curl_easy_init"),
    FUNCTION(easy_cleanup, "curl_easy_cleanup"),
    FUNCTION(easy_strerror, "curl_easy_strerror"),
    FUNCTION(easy_setopt, "curl_easy_setopt"),
    FUNCTION(easy_getinfo, "curl_easy_getinfo"),
    FUNCTION(multi_init, "curl_multi_init"),
    FUNCTION(multi_cleanup, "curl_multi_cleanup"),
    FUNCTION(multi_setopt, "curl_multi_setopt"),
    FUNCTION(multi_add_handle, "curl_multi_add_handle"),
    FUNCTION(multi_remove_handle, "curl_multi_remove_handle"),
    FUNCTION(multi_perform, "curl_multi_perform"),
    FUNCTION(multi_poll, "curl_multi_poll"), /* 7.66 */
    FUNCTION(multi_info_read, "curl_multi_info_read"),
    FUNCTION(share_init, "curl_share_init"),
    FUNCTION(share_cleanup, "curl_share_cleanup"),
    FUNCTION(share_setopt, "curl_share_setopt"),
    FUNCTION(slist_append, "curl_slist_append"),
    FUNCTION(slist_free_all, "curl_slist_free_all"),
    FUNCTION(url, "curl_url"), /* 7.62 */
    FUNCTION(url_cleanup, "curl_url_cleanup"),
    FUNCTION(url_set, "curl_url_set"),
    FUNCTION(url_get, "curl_url_get"),
    FUNCTION(free, "curl_free"),
};

enum li_status li_curl_open(struct li_curl *out, struct li_error *err) {
    static const char *const NAMES[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    struct li_curl found;
    void *library = NULL;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && !library; i++)
        library = dlopen(NAMES[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return li_fail(
            err, LI_UNSUPPORTED,
            "the network needs libcurl, which is not installed (Debian: apt-get install libcurl4)");
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
        void *function = dlsym(library, FUNCTIONS[i].name);
        if (!function)
            return li_fail(err, LI_UNSUPPORTED, "the libcurl here is too old: it has no %s; 7.66 is needed",
                           FUNCTIONS[i].name);
        memcpy((char *)&found + FUNCTIONS[i].at, &function, sizeof function);
    }
    if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return li_fail(err, LI_UNSUPPORTED, "libcurl does not start");
    *out = found;
    return LI_OK;
}
