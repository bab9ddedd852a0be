/* transfer.c - one request from its headers to its answer, redirects included. Redirects are followed here
 * and not by libcurl, so that each one is checked against the allowed hosts. */
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/address.h"
#include "net/net_priv.h"
#include "net/sigv4.h"

enum { CONNECT_MS = 3000, FIRST_BYTE_MS = 10000, TOTAL_MS = 30000, FIRST_CAPACITY = 16 * 1024 };

static int or_default(int value, int otherwise) {
    return value > 0 ? value : otherwise;
}

/* ---- what libcurl calls ---- */

static curl_socket_t on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address) {
    struct li_transfer *transfer = arg;
    (void)purpose;
    if (!transfer->net->private_addresses && !li_address_public(&address->addr)) {
        transfer->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Keeps a header of the answer; a status line begins the headers anew. */
static size_t on_header(char *line, size_t one, size_t size, void *arg) {
    struct li_transfer *transfer = arg;
    struct li_arena *arena = transfer->job->arena;
    struct li_text value = {line, one * size};
    transfer->answering = true;
    if (li_text_trim(value).size == 0)
        transfer->head_ended = true;
    if (value.size > 5 && memcmp(line, "HTTP/", 5) == 0) {
        transfer->head_ended = false;
        transfer->answer_header_count = 0;
        return one * size;
    }
    struct li_text name = li_text_cut(&value, ':');
    if (!value.data)
        return one * size;
    transfer->answer_header_bytes += one * size;
    if (transfer->answer_header_count == LI_ANSWER_HEADERS_MAX ||
        transfer->answer_header_bytes > LI_ANSWER_HEADER_BYTES_MAX) {
        transfer->too_many_headers = true;
        return 0;
    }
    if (!transfer->answer_headers)
        transfer->answer_headers =
            li_arena_alloc(arena, LI_ANSWER_HEADERS_MAX * sizeof *transfer->answer_headers);
    char *lower = li_arena_alloc(arena, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        lower[i] = (char)tolower((unsigned char)name.data[i]);
    transfer->answer_headers[transfer->answer_header_count++] =
        (struct li_net_header){{lower, name.size}, li_arena_copy(arena, li_text_trim(value))};
    return one * size;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *arg) {
    struct li_transfer *transfer = arg;
    size_t count = one * size;
    if (count > transfer->job->request.max_bytes - transfer->size) {
        transfer->too_large = true;
        return 0;
    }
    if (count > transfer->capacity - transfer->size) {
        size_t capacity = transfer->capacity ? transfer->capacity * 2 : FIRST_CAPACITY;
        while (capacity - transfer->size < count)
            capacity *= 2;
        char *grown = realloc(transfer->bytes, capacity);
        if (!grown) {
            transfer->no_memory = true;
            return 0;
        }
        transfer->bytes = grown;
        transfer->capacity = capacity;
    }
    memcpy(transfer->bytes + transfer->size, bytes, count);
    transfer->size += count;
    return count;
}

/* ---- the request's headers ---- */

static bool header_well_formed(const struct li_net_header *header) {
    for (size_t i = 0; i < header->name.size; i++)
        if (!isgraph((unsigned char)header->name.data[i]) || header->name.data[i] == ':')
            return false;
    for (size_t i = 0; i < header->value.size; i++)
        if (memchr("\r\n", header->value.data[i], 3)) /* the NUL too */
            return false;
    return header->name.size > 0;
}

static bool named(struct li_text name, const char *wanted) {
    return name.size == strlen(wanted) && strncasecmp(name.data, wanted, name.size) == 0;
}

static void add_line(struct li_transfer *transfer, const char *line) {
    struct curl_slist *list = transfer->net->curl.slist_append(transfer->headers, line);
    if (list)
        transfer->headers = list;
    else
        transfer->no_memory = true;
}

static void add_header(struct li_transfer *transfer, struct li_text name, struct li_text value) {
    /* libcurl's way to send a header without a value is a semicolon. */
    struct li_text line =
        value.size ? li_arena_printf(&transfer->scratch, "%.*s: %.*s", LI_TEXT_ARG(name), LI_TEXT_ARG(value))
                   : li_arena_printf(&transfer->scratch, "%.*s;", LI_TEXT_ARG(name));
    add_line(transfer, line.data);
}

/* The Host header as libcurl would write it: without the scheme's own port. */
static struct li_text host_of(struct li_transfer *transfer) {
    const struct li_place *place = &transfer->place;
    const char *own = strcmp(place->scheme, "https") == 0 ? "443" : "80";
    if (!place->port || strcmp(place->port, own) == 0)
        return li_text_of(place->host);
    return li_arena_printf(&transfer->scratch, "%s:%s", place->host, place->port);
}

static enum li_status add_signature(struct li_transfer *transfer, const struct li_net_request *request,
                                    struct li_error *err) {
    struct li_net_header signed_headers[LI_SIGV4_HEADERS_MAX];
    char date[LI_SIGV4_DATE], hash[LI_SHA256_HEX + 1];
    size_t caller = request->header_count, count = caller;
    struct li_text authorization = {0};
    li_sigv4_date(li_clock_now_ms(NULL), date);
    li_sha256_hex(request->body, hash);
    memcpy(signed_headers, request->headers, caller * sizeof *signed_headers);
    signed_headers[count++] = (struct li_net_header){LI_TEXT("Host"), host_of(transfer)};
    signed_headers[count++] = (struct li_net_header){LI_TEXT("x-amz-date"), li_text_of(date)};
    signed_headers[count++] = (struct li_net_header){LI_TEXT("x-amz-content-sha256"), li_text_of(hash)};
    if (request->sign->session_token.size)
        signed_headers[count++] =
            (struct li_net_header){LI_TEXT("x-amz-security-token"), request->sign->session_token};
    const struct li_sigv4_request to_sign = {
        .method = li_text_of(request->method),
        .path = li_text_of(transfer->place.path),
        .query = li_text_of(transfer->place.query),
        .headers = signed_headers,
        .header_count = count,
        .payload_hash = li_text_of(hash),
    };
    enum li_status status =
        li_sigv4_sign(&to_sign, request->sign, date, &transfer->scratch, &authorization, err);
    if (status)
        return status;
    for (size_t i = caller; i < count; i++)
        add_header(transfer, signed_headers[i].name, signed_headers[i].value);
    add_header(transfer, LI_TEXT("Authorization"), authorization);
    return LI_OK;
}

static enum li_status build_headers(struct li_transfer *transfer, const struct li_net_request *request,
                                    struct li_error *err) {
    bool has_type = false;
    for (size_t i = 0; i < request->header_count && transfer->own_headers; i++) {
        add_header(transfer, request->headers[i].name, request->headers[i].value);
        has_type = has_type || named(request->headers[i].name, "content-type");
    }
    if (!has_type)
        add_line(transfer, "Content-Type:"); /* none, instead of libcurl's guess */
    add_line(transfer, "Expect:");           /* no waiting before a body is sent */
    enum li_status status = LI_OK;
    if (request->sign && transfer->own_headers)
        status = add_signature(transfer, request, err);
    if (!status && transfer->no_memory)
        status = li_fail(err, LI_NO_MEMORY, "no memory for a request");
    return status;
}

/* ---- a hop ---- */

static void set_method(struct li_transfer *transfer) {
    const struct li_curl *curl = &transfer->net->curl;
    CURL *easy = transfer->easy;
    const char *method = transfer->method;
    curl_off_t most = (curl_off_t)transfer->job->request.max_bytes;
    if (strcmp(method, "HEAD") == 0) {
        curl->easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        curl->easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, most); /* what its head says; on_body counts */
    }
    if (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || transfer->body.size) {
        curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.size);
        curl->easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body.size ? transfer->body.data : "");
    }
    curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static int remaining_ms(const struct li_transfer *transfer, int64_t now_ns) {
    int64_t total_ns = (int64_t)or_default(transfer->job->request.total_ms, TOTAL_MS) * 1000000;
    int64_t left_ms = (total_ns - (now_ns - transfer->started_ns)) / 1000000;
    return left_ms > 0 ? (int)left_ms : 1;
}

/* Makes the handle for the transfer's place. */
static enum li_status begin_hop(struct li_transfer *transfer, struct li_error *err) {
    const struct li_net *net = transfer->net;
    const struct li_net_request *request = &transfer->job->request;
    const struct li_curl *curl = &net->curl;
    CURL *easy = transfer->easy = curl->easy_init();
    if (!easy)
        return li_fail(err, LI_NO_MEMORY, "no memory for a request");
    enum li_status status = build_headers(transfer, request, err);
    if (status)
        return status;
    transfer->hop_ns = li_clock_monotonic_ns();
    transfer->answering = transfer->head_ended = transfer->refused = false;
    transfer->size = transfer->answer_header_count = transfer->answer_header_bytes = 0;
    curl->easy_setopt(easy, CURLOPT_CURLU, transfer->place.url);
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(easy, CURLOPT_PROXY, ""); /* a proxy would take the check of addresses away from us */
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_SHARE, net->share);
    curl->easy_setopt(easy, CURLOPT_PRIVATE, (void *)transfer);
    curl->easy_setopt(easy, CURLOPT_USERAGENT, net->user_agent);
    if (net->ca_file)
        curl->easy_setopt(easy, CURLOPT_CAINFO, net->ca_file);
    if (!request->sign) /* what is signed is compared with the length that was stored */
        curl->easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)or_default(request->connect_ms, CONNECT_MS));
    curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)remaining_ms(transfer, transfer->hop_ns));
    curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl->easy_setopt(easy, CURLOPT_OPENSOCKETDATA, (void *)transfer);
    curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl->easy_setopt(easy, CURLOPT_HEADERDATA, (void *)transfer);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, (void *)transfer);
    set_method(transfer);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    return LI_OK;
}

static void end_hop(struct li_transfer *transfer) {
    const struct li_curl *curl = &transfer->net->curl;
    if (transfer->easy)
        curl->easy_cleanup(transfer->easy);
    curl->slist_free_all(transfer->headers);
    transfer->easy = NULL;
    transfer->headers = NULL;
}

static enum li_status check_request(const struct li_net_request *request, struct li_error *err) {
    if (!request->method || !request->url || request->max_bytes == 0 ||
        request->header_count > LI_NET_HEADERS_MAX)
        return li_fail(err, LI_INVALID, "a request has a method, an address, a limit and at most %d headers",
                       LI_NET_HEADERS_MAX);
    for (size_t i = 0; i < request->header_count; i++)
        if (!header_well_formed(&request->headers[i]))
            return li_fail(err, LI_INVALID, "header %zu of the request would break its lines", i + 1);
    return LI_OK;
}

enum li_status li_transfer_begin(struct li_transfer *transfer, const struct li_net *net,
                                 struct li_net_job *job, struct li_error *err) {
    memset(transfer, 0, sizeof *transfer);
    transfer->net = net;
    transfer->job = job;
    transfer->method = job->request.method;
    transfer->body = job->request.body;
    transfer->own_headers = true;
    transfer->started_ns = li_clock_monotonic_ns();
    enum li_status status = check_request(&job->request, err);
    if (!status)
        status = li_place_read(net, job->request.url, &transfer->place, err);
    return status ? status : begin_hop(transfer, err);
}

void li_transfer_clear(struct li_transfer *transfer) {
    end_hop(transfer);
    li_place_clear(transfer->net, &transfer->place);
    li_arena_release(&transfer->scratch);
    free(transfer->bytes);
    memset(transfer, 0, sizeof *transfer);
}

/* ---- the end of a hop ---- */

static enum li_status describe_failure(struct li_transfer *transfer, CURLcode code, struct li_error *err) {
    const char *host = transfer->place.host;
    if (transfer->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return li_fail(err, LI_TOO_LARGE, "the answer of %.100s is larger than %zu bytes", host,
                       transfer->job->request.max_bytes);
    if (transfer->no_memory)
        return li_fail(err, LI_NO_MEMORY, "no memory for the answer of %.100s", host);
    if (transfer->too_many_headers)
        return li_fail(err, LI_IO, "the answer of %.100s has more headers than anybody needs", host);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return li_fail(err, LI_IO, "there is no address for %.100s, or nobody to ask for it", host);
    case CURLE_COULDNT_CONNECT:
        if (transfer->refused)
            return li_fail(err, LI_INVALID, "%.100s lies in a private network, which may not be asked", host);
        return li_fail(err, LI_IO, "%.100s does not take connections", host);
    case CURLE_OPERATION_TIMEDOUT:
        return li_fail(err, LI_IO, "%.100s did not answer in time", host);
    case CURLE_PARTIAL_FILE:
        return li_fail(err, LI_IO, "the answer of %.100s was cut short", host);
    case CURLE_PEER_FAILED_VERIFICATION:
        return li_fail(err, LI_IO, "the certificate of %.100s cannot be verified", host);
    default:
        return li_fail(err, LI_IO, "the connection to %.100s failed: %.100s", host,
                       transfer->net->curl.easy_strerror(code));
    }
}

static void finish_job(struct li_transfer *transfer, int status) {
    struct li_net_job *job = transfer->job;
    long opened = 0;
    char *body = li_arena_try(job->arena, transfer->size + 1, 1);
    if (!body) {
        job->status =
            li_fail(&job->err, LI_NO_MEMORY, "no memory for the answer of %.100s", transfer->place.host);
        return;
    }
    if (transfer->size)
        memcpy(body, transfer->bytes, transfer->size);
    transfer->net->curl.easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &opened);
    job->response = (struct li_net_response){
        .status = status,
        .body = {body, transfer->size},
        .headers = transfer->answer_headers,
        .header_count = transfer->answer_header_count,
        .reused = opened == 0,
    };
    job->status = LI_OK;
}

static const char *location_of(const struct li_transfer *transfer, int status) {
    if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)
        return NULL;
    for (size_t i = 0; i < transfer->answer_header_count; i++)
        if (li_text_equal(transfer->answer_headers[i].name, LI_TEXT("location")))
            return transfer->answer_headers[i].value.data;
    return NULL;
}

/* Goes where the answer sends us. False when that is not possible: the job has its status. */
static bool follow(struct li_transfer *transfer, int status, const char *location) {
    struct li_net_job *job = transfer->job;
    struct li_place place = {0};
    job->status = li_place_follow(transfer->net, &transfer->place, location, &place, &job->err);
    if (job->status)
        return false;
    if (!li_place_same_site(&transfer->place, &place))
        transfer->own_headers = false; /* keys and cookies are for who they were meant for */
    if (status == 303 || (status < 303 && strcmp(transfer->method, "POST") == 0)) {
        transfer->method = strcmp(transfer->method, "HEAD") == 0 ? "HEAD" : "GET";
        transfer->body = (struct li_text){0};
    }
    end_hop(transfer);
    li_place_clear(transfer->net, &transfer->place);
    transfer->place = place;
    transfer->redirects++;
    job->status = begin_hop(transfer, &job->err);
    return job->status == LI_OK;
}

bool li_transfer_hop_ended(struct li_transfer *transfer, CURLcode code) {
    struct li_net_job *job = transfer->job;
    long status = 0;
    if (code == CURLE_OK && !transfer->head_ended) /* libcurl 7.88 takes half a head for a whole one */
        code = CURLE_PARTIAL_FILE;
    if (code != CURLE_OK) {
        job->status = describe_failure(transfer, code, &job->err);
        return false;
    }
    transfer->net->curl.easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    const char *location = location_of(transfer, (int)status);
    if (location && transfer->redirects < job->request.redirects)
        return follow(transfer, (int)status, location);
    finish_job(transfer, (int)status);
    return false;
}

int64_t li_transfer_due_ns(const struct li_transfer *transfer) {
    int64_t wait_ms = or_default(transfer->job->request.first_byte_ms, FIRST_BYTE_MS);
    return transfer->answering ? INT64_MAX : transfer->hop_ns + wait_ms * 1000000;
}

void li_transfer_late(struct li_transfer *transfer) {
    struct li_net_job *job = transfer->job;
    job->status = li_fail(&job->err, LI_IO, "%.100s did not begin to answer in time", transfer->place.host);
}
