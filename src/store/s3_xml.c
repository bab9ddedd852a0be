/* s3_xml.c - read by expat. A document type is refused: S3 sends none, and entities are where XML hurts. */
#include "store/s3_xml.h"

#include <expat.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DEPTH_MAX = 8, TEXT_MAX = 2048, ITEMS_MAX = 1000 };

struct reader {
    XML_Parser parser;
    struct li_arena *arena;
    const char *root; /* the element that the document must be */
    int depth;
    bool foreign, in_contents, truncated;
    char text[TEXT_MAX]; /* of the element that is open */
    size_t text_size;
    struct li_s3_page page;
    struct li_text code;
};

static void refuse(struct reader *reader) {
    reader->foreign = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int internal) {
    (void)name, (void)system_id, (void)public_id, (void)internal;
    refuse(arg);
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes) {
    struct reader *reader = arg;
    (void)attributes;
    reader->text_size = 0;
    reader->depth++;
    if (reader->depth > DEPTH_MAX || (reader->depth == 1 && strcmp(name, reader->root) != 0)) {
        refuse(reader);
    } else if (reader->depth == 2 && strcmp(name, "Contents") == 0) {
        if (reader->page.count == ITEMS_MAX) {
            refuse(reader);
            return;
        }
        if (!reader->page.items)
            reader->page.items = li_arena_alloc(reader->arena, ITEMS_MAX * sizeof *reader->page.items);
        reader->page.count++;
        reader->in_contents = true;
    }
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int size) {
    struct reader *reader = arg;
    if ((size_t)size > TEXT_MAX - reader->text_size) {
        refuse(reader);
        return;
    }
    memcpy(reader->text + reader->text_size, text, (size_t)size);
    reader->text_size += (size_t)size;
}

static void end_in_contents(struct reader *reader, const char *name, struct li_text text) {
    struct li_s3_listed *item = &reader->page.items[reader->page.count - 1];
    if (strcmp(name, "Key") == 0)
        item->key = li_arena_copy(reader->arena, text);
    else if (strcmp(name, "LastModified") == 0 && !li_s3_parse_iso(text, &item->modified_ms))
        refuse(reader);
}

static void XMLCALL on_end(void *arg, const XML_Char *name) {
    struct reader *reader = arg;
    struct li_text text = {reader->text, reader->text_size};
    if (reader->depth == 3 && reader->in_contents)
        end_in_contents(reader, name, text);
    else if (reader->depth == 2 && reader->in_contents)
        reader->in_contents = false;
    else if (reader->depth == 2 && strcmp(name, "IsTruncated") == 0)
        reader->truncated = li_text_equal(li_text_trim(text), LI_TEXT("true"));
    else if (reader->depth == 2 && strcmp(name, "NextContinuationToken") == 0)
        reader->page.next = li_arena_copy(reader->arena, text);
    else if (reader->depth == 2 && strcmp(name, "Code") == 0)
        reader->code = li_arena_copy(reader->arena, li_text_trim(text));
    reader->depth--;
    reader->text_size = 0;
}

/* False for what is no whole document with this root. */
static bool read_document(struct reader *reader, struct li_text xml) {
    if (xml.size > INT_MAX || !(reader->parser = XML_ParserCreate("UTF-8")))
        return false;
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    bool whole = XML_Parse(reader->parser, xml.data, (int)xml.size, XML_TRUE) == XML_STATUS_OK;
    XML_ParserFree(reader->parser);
    return whole && !reader->foreign;
}

enum li_status li_s3_read_page(struct li_text xml, struct li_arena *arena, struct li_s3_page *out,
                               struct li_error *err) {
    struct reader reader = {.arena = arena, .root = "ListBucketResult"};
    bool right = read_document(&reader, xml) && !(reader.truncated && !reader.page.next.size);
    for (size_t i = 0; right && i < reader.page.count; i++)
        right = reader.page.items[i].key.size > 0 && reader.page.items[i].modified_ms > 0;
    if (!right)
        return li_fail(err, LI_IO, "the bucket's list of objects is not one that S3 would give");
    if (!reader.truncated)
        reader.page.next = (struct li_text){0};
    *out = reader.page;
    return LI_OK;
}

struct li_text li_s3_read_error(struct li_text xml, struct li_arena *arena) {
    struct reader reader = {.arena = arena, .root = "Error", .code = LI_TEXT("")};
    bool right = xml.size > 0 && read_document(&reader, xml);
    return right ? reader.code : LI_TEXT("");
}

/* ---- times ---- */

static bool to_ms(int year, int month, int day, int hour, int minute, int second, int64_t *out_ms) {
    struct tm parts = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second};
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    *out_ms = (int64_t)timegm(&parts) * 1000;
    return true;
}

/* A copy with a NUL, for sscanf; false when it is longer than any time. */
static bool copy(struct li_text text, char out[40]) {
    if (text.size >= 40)
        return false;
    if (text.size)
        memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return true;
}

bool li_s3_parse_iso(struct li_text text, int64_t *out_ms) {
    char line[40];
    int year, month, day, hour, minute, second, end = 0;
    int64_t ms = 0;
    if (!copy(text, line) ||
        sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &end) != 6)
        return false;
    long fraction = 0;
    const char *rest = line + end;
    if (*rest == '.') {
        long unit = 100; /* milliseconds; finer digits are dropped */
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
            fraction += (*rest - '0') * unit;
    }
    if (strcmp(rest, "Z") != 0 || !to_ms(year, month, day, hour, minute, second, &ms))
        return false;
    *out_ms = ms + fraction;
    return true;
}

bool li_s3_parse_http_date(struct li_text text, int64_t *out_ms) {
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char line[40], month[4] = "";
    int year, day, hour, minute, second, end = 0;
    if (!copy(text, line) ||
        sscanf(line, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute, &second,
               &end) != 6 ||
        end == 0 || line[end])
        return false;
    const char *at = strlen(month) == 3 ? strstr(MONTHS, month) : NULL;
    if (!at || (at - MONTHS) % 3 != 0)
        return false;
    return to_ms(year, (int)(at - MONTHS) / 3 + 1, day, hour, minute, second, out_ms);
}
