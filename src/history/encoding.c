/* encoding.c - any of the encodings that exports come in -> UTF-8, without the byte order mark.
 *
 * The mark decides; without one, zero bytes at every second place mean UTF-16; what is not UTF-8 is taken for
 * Windows-1252, which most old tables are. */
#include <stdlib.h>
#include <utf8proc.h>

#include "history/history_priv.h"

enum encoding { UTF8, UTF16_LE, UTF16_BE, WINDOWS_1252 };

enum { OUT_BYTES = 8192, SAMPLE_BYTES = 4096 };

struct li_transcoder {
    enum encoding encoding;
    size_t mark;        /* bytes of the mark still to be left out */
    unsigned char half; /* the first byte of a unit, when one is open */
    bool half_open;
    uint32_t high; /* the first half of a pair, or 0 */
    size_t used;
    char out[OUT_BYTES];
};

static bool begins(struct li_text head, const char *mark, size_t size) {
    return head.size >= size && memcmp(head.data, mark, size) == 0;
}

static size_t zeros_at(struct li_text head, size_t parity) {
    size_t zeros = 0;
    for (size_t i = parity; i < head.size; i += 2)
        zeros += head.data[i] == 0;
    return zeros;
}

/* The bytes from here on are the beginning of a letter whose rest lies behind the end. */
static bool is_cut(struct li_text rest) {
    const unsigned char *bytes = (const unsigned char *)rest.data;
    size_t size = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    bool cut = bytes[0] >= 0xC2 && bytes[0] <= 0xF4 && rest.size < size;
    for (size_t i = 1; cut && i < rest.size; i++)
        cut = (bytes[i] & 0xC0) == 0x80;
    return cut;
}

/* Nearly every accent of Windows-1252 is wrong as UTF-8; a letter or two may be damaged in a text that is
 * UTF-8 all the same. */
static bool is_utf8(struct li_text head) {
    size_t letters = 0, wrong = 0; /* of several bytes; bytes that are none */
    while (head.size && !is_cut(head)) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)head.data, (utf8proc_ssize_t)head.size, &point);
        letters += step > 1;
        wrong += step < 1;
        head.data += step < 1 ? 1 : step;
        head.size -= step < 1 ? 1 : (size_t)step;
    }
    return wrong == 0 || letters > wrong;
}

static enum encoding guess(struct li_text head) {
    struct li_text sample = {head.data, head.size < SAMPLE_BYTES ? head.size : SAMPLE_BYTES};
    if (sample.size >= 4 && zeros_at(sample, 1) * 4 > sample.size)
        return UTF16_LE;
    if (sample.size >= 4 && zeros_at(sample, 0) * 4 > sample.size)
        return UTF16_BE;
    return is_utf8(head) ? UTF8 : WINDOWS_1252; /* the first accent may stand late */
}

struct li_transcoder *li_transcoder_new(struct li_text head) {
    struct li_transcoder *transcoder = malloc(sizeof *transcoder);
    if (!transcoder)
        return NULL;
    transcoder->half_open = false;
    transcoder->high = 0;
    transcoder->used = 0;
    transcoder->mark = 0;
    if (begins(head, "\xEF\xBB\xBF", 3)) {
        transcoder->encoding = UTF8;
        transcoder->mark = 3;
    } else if (begins(head, "\xFF\xFE", 2) || begins(head, "\xFE\xFF", 2)) {
        transcoder->encoding = *head.data == '\xFF' ? UTF16_LE : UTF16_BE;
        transcoder->mark = 2;
    } else {
        transcoder->encoding = guess(head);
    }
    return transcoder;
}

static bool flush(struct li_transcoder *transcoder, li_text_sink *sink, void *context) {
    bool going = transcoder->used == 0 || sink(context, transcoder->out, transcoder->used);
    transcoder->used = 0;
    return going;
}

static bool put(struct li_transcoder *transcoder, uint32_t point, li_text_sink *sink, void *context) {
    if (transcoder->used + 4 > OUT_BYTES && !flush(transcoder, sink, context))
        return false;
    transcoder->used += (size_t)utf8proc_encode_char((utf8proc_int32_t)point,
                                                     (utf8proc_uint8_t *)transcoder->out + transcoder->used);
    return true;
}

/* A unit of UTF-16; a half without its other half becomes the replacement character. */
static bool unit(struct li_transcoder *transcoder, uint32_t value, li_text_sink *sink, void *context) {
    bool low = value >= 0xDC00 && value < 0xE000;
    bool going = true;
    if (transcoder->high && low) {
        uint32_t point = 0x10000 + ((transcoder->high - 0xD800) << 10) + (value - 0xDC00);
        transcoder->high = 0;
        return put(transcoder, point, sink, context);
    }
    if (transcoder->high)
        going = put(transcoder, 0xFFFD, sink, context);
    transcoder->high = 0;
    if (value >= 0xD800 && value < 0xDC00) {
        transcoder->high = value;
        return going;
    }
    return going && put(transcoder, low ? 0xFFFD : value, sink, context);
}

/* Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. Source: the Unicode mapping CP1252.TXT. */
static const uint16_t HIGH_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

bool li_transcoder_push(struct li_transcoder *transcoder, const char *bytes, size_t size, li_text_sink *sink,
                        void *context) {
    while (transcoder->mark && size) {
        transcoder->mark--;
        bytes++;
        size--;
    }
    if (transcoder->encoding == UTF8)
        return size == 0 || sink(context, bytes, size);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool going = true;
        if (transcoder->encoding == WINDOWS_1252) {
            going =
                put(transcoder, byte >= 0x80 && byte < 0xA0 ? HIGH_1252[byte - 0x80] : byte, sink, context);
        } else if (!transcoder->half_open) {
            transcoder->half = byte;
            transcoder->half_open = true;
        } else {
            transcoder->half_open = false;
            unsigned first = transcoder->half, second = byte;
            going =
                unit(transcoder, transcoder->encoding == UTF16_LE ? first | second << 8 : first << 8 | second,
                     sink, context);
        }
        if (!going)
            return false;
    }
    return flush(transcoder, sink, context);
}

void li_transcoder_free(struct li_transcoder *transcoder) {
    free(transcoder);
}
