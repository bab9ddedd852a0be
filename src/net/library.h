/* library.h - libcurl, opened when the first client is made: it brings some thirty libraries, which would
 * cost 10 ms at every start of a program that mostly needs none of them. */
#ifndef LI_NET_LIBRARY_H
#define LI_NET_LIBRARY_H

#include <curl/curl.h>

#include "base/status.h"

/* The functions of libcurl that we use, with their own types. */
struct li_curl {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_version_info) *version_info;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_strerror) *easy_strerror;
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    __typeof__(curl_multi_init) *multi_init;
    __typeof__(curl_multi_cleanup) *multi_cleanup;
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    __typeof__(curl_multi_add_handle) *multi_add_handle;
    __typeof__(curl_multi_remove_handle) *multi_remove_handle;
    __typeof__(curl_multi_perform) *multi_perform;
    __typeof__(curl_multi_poll) *multi_poll;
    __typeof__(curl_multi_info_read) *multi_info_read;
    __typeof__(curl_share_init) *share_init;
    __typeof__(curl_share_cleanup) *share_cleanup;
    CURLSHcode (*share_setopt)(CURLSH *, CURLSHoption, ...);
    __typeof__(curl_slist_append) *slist_append;
    __typeof__(curl_slist_free_all) *slist_free_all;
    __typeof__(curl_url) *url;
    __typeof__(curl_url_cleanup) *url_cleanup;
    __typeof__(curl_url_set) *url_set;
    __typeof__(curl_url_get) *url_get;
    __typeof__(curl_free) *free;
};

/* Opens the library, whichever TLS it was built with. It stays open until the process ends: OpenSSL leaves
 * exit handlers behind. LI_UNSUPPORTED when there is none. */
LI_MUST_USE enum li_status li_curl_open(struct li_curl *out, struct li_error *err);

#endif
