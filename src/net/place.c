/* place.c - addresses, read by the same parser that the transfer uses: two parsers could disagree about the
 * host. */
#include <string.h>
#include <strings.h>

#include "net/net_priv.h"

struct li_text li_url_encode(struct li_text text, bool keep_slash, struct li_arena *arena) {
    static const char DIGITS[] = "0123456789ABCDEF";
    char *out = li_arena_alloc(arena, text.size * 3 + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-_.~", c)) || (c == '/' && keep_slash);
        if (plain) {
            out[size++] = (char)c;
        } else {
            out[size++] = '%';
            out[size++] = DIGITS[c >> 4];
            out[size++] = DIGITS[c & 15];
        }
    }
    return (struct li_text){out, size};
}

void li_place_clear(const struct li_net *net, struct li_place *place) {
    char *const parts[] = {place->scheme, place->host, place->port, place->path, place->query};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        net->curl.free(parts[i]);
    if (place->url)
        net->curl.url_cleanup(place->url);
    memset(place, 0, sizeof *place);
}

/* "*.example.org" is every host below it, anything else the host itself. */
static bool matches(const char *rule, const char *host) {
    size_t host_size = strlen(host), size = strlen(rule);
    if (host_size && host[host_size - 1] == '.')
        host_size--;
    if (rule[0] != '*' || rule[1] != '.')
        return host_size == size && strncasecmp(rule, host, size) == 0;
    size--;
    return host_size > size && strncasecmp(rule + 1, host + host_size - size, size) == 0;
}

static bool host_allowed(const struct li_net *net, const char *host) {
    if (!net->hosts)
        return true;
    for (char **rule = net->hosts; *rule; rule++)
        if (matches(*rule, host))
            return true;
    return false;
}

static char *part(const struct li_net *net, CURLU *url, CURLUPart what) {
    char *text = NULL;
    return net->curl.url_get(url, what, &text, 0) == CURLUE_OK ? text : NULL;
}

/* Fills the parts and checks them. */
static enum li_status finish(const struct li_net *net, struct li_place *place, struct li_error *err) {
    char *user = part(net, place->url, CURLUPART_USER);
    place->scheme = part(net, place->url, CURLUPART_SCHEME);
    place->host = part(net, place->url, CURLUPART_HOST);
    place->port = part(net, place->url, CURLUPART_PORT);
    place->path = part(net, place->url, CURLUPART_PATH);
    place->query = part(net, place->url, CURLUPART_QUERY);
    enum li_status status = LI_OK;
    if (!place->scheme || !place->host || !place->path || user ||
        (strcmp(place->scheme, "http") != 0 && strcmp(place->scheme, "https") != 0))
        status = li_fail(err, LI_INVALID, "an address is http:// or https:// with a host and no password");
    else if (!host_allowed(net, place->host))
        status = li_fail(err, LI_INVALID, "%.100s is none of the hosts that may be asked", place->host);
    net->curl.free(user);
    return status;
}

enum li_status li_place_read(const struct li_net *net, const char *url, struct li_place *out,
                             struct li_error *err) {
    struct li_place place = {.url = net->curl.url()};
    enum li_status status = LI_OK;
    if (!place.url)
        return li_fail(err, LI_NO_MEMORY, "no memory for an address");
    if (net->curl.url_set(place.url, CURLUPART_URL, url, CURLU_PATH_AS_IS) != CURLUE_OK)
        status = li_fail(err, LI_INVALID, "an address is http:// or https:// with a host, percent-encoded");
    if (!status)
        status = finish(net, &place, err);
    if (status)
        li_place_clear(net, &place);
    else
        *out = place;
    return status;
}

enum li_status li_place_follow(const struct li_net *net, const struct li_place *from, const char *location,
                               struct li_place *out, struct li_error *err) {
    struct li_place place = {0};
    char *base = part(net, from->url, CURLUPART_URL);
    enum li_status status = LI_OK;
    place.url = net->curl.url();
    if (!base || !place.url)
        status = li_fail(err, LI_NO_MEMORY, "no memory for an address");
    else if (net->curl.url_set(place.url, CURLUPART_URL, base, CURLU_PATH_AS_IS) != CURLUE_OK ||
             net->curl.url_set(place.url, CURLUPART_URL, location, CURLU_URLENCODE) != CURLUE_OK)
        status = li_fail(err, LI_IO, "%.100s redirects to what is no web address", from->host);
    if (!status)
        status = finish(net, &place, err);
    if (!status && strcmp(from->scheme, "https") == 0 && strcmp(place.scheme, "http") == 0)
        status = li_fail(err, LI_INVALID, "%.100s redirects from https to http", from->host);
    net->curl.free(base);
    if (status)
        li_place_clear(net, &place);
    else
        *out = place;
    return status;
}

bool li_place_same_site(const struct li_place *a, const struct li_place *b) {
    const char *port_a = a->port ? a->port : "", *port_b = b->port ? b->port : "";
    return strcasecmp(a->host, b->host) == 0 && strcmp(port_a, port_b) == 0 &&
           strcmp(a->scheme, b->scheme) == 0;
}
