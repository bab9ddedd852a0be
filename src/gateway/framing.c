/* framing.c - requests that two servers in a row might read in two ways (RFC 9112, 11.2: request smuggling).
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "gateway/server_priv.h"

/* RFC 9110, 5.6.2: what the name of a header or a method is made of. */
static bool is_token(const char *text) {
    static const char OTHERS[] = "!#$%&'*+-.^_`|~";
    for (const char *at = text; *at; at++)
        if (!isascii(*at) || !(isalnum(*at) || strchr(OTHERS, *at)))
            return false;
    return *text != '\0';
}

/* The library brings folded lines together in the name: "Content-Length:" with " 17" in the next line is a
 * header "Content-Length17" to it, and no length. */
static bool begins_with(const char *name, const char *start) {
    return strncasecmp(name, start, strlen(start)) == 0;
}

struct framing {
    int lengths, hosts;
    bool strange;
};

/* Counts what says how long the body is and who is asked, and sees to what nobody should send. */
static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value) {
    struct framing *framing = arg;
    (void)kind;
    bool coding = strcasecmp(name, "Transfer-Encoding") == 0;
    if (coding || strcasecmp(name, "Content-Length") == 0)
        framing->lengths++;
    else if (begins_with(name, "Content-Length") || begins_with(name, "Transfer-Encoding"))
        framing->strange = true;
    framing->hosts += strcasecmp(name, "Host") == 0;
    framing->strange |= !is_token(name) || (coding && (!value || strcasecmp(value, "chunked") != 0));
    for (; value && *value; value++)
        framing->strange |= iscntrl((unsigned char)*value) && *value != '\t';
    return MHD_YES;
}

bool li_request_is_ambiguous(struct MHD_Connection *connection, const char *method) {
    struct framing framing = {0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &framing);
    return framing.lengths > 1 || framing.hosts > 1 || framing.strange || !is_token(method);
}
