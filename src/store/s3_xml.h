/* s3_xml.h - what S3 answers in XML, and its two ways to write a time. */
#ifndef LI_STORE_S3_XML_H
#define LI_STORE_S3_XML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

struct li_s3_listed {
    struct li_text key;
    int64_t modified_ms;
};

/* One page of ListObjectsV2. */
struct li_s3_page {
    struct li_s3_listed *items;
    size_t count;
    struct li_text next; /* the continuation token; empty on the last page */
};

/* Everything in the arena. LI_IO for what is no such document. */
LI_MUST_USE enum li_status li_s3_read_page(struct li_text xml, struct li_arena *arena, struct li_s3_page *out,
                                           struct li_error *err);

/* The code of an error document ("NoSuchKey"), or "" when it is none; with a NUL. */
struct li_text li_s3_read_error(struct li_text xml, struct li_arena *arena);

/* "2026-11-22T20:06:28.000Z" or without the fraction. */
bool li_s3_parse_iso(struct li_text text, int64_t *out_ms);

/* "Sun, 22 Nov 2026 20:06:28 GMT" (RFC 9110, IMF-fixdate). */
bool li_s3_parse_http_date(struct li_text text, int64_t *out_ms);

#endif
