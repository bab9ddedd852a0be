/* decode_sniff.c - tells what a file is from its bytes. A name says nothing: files are renamed. */
#include <ogg/ogg.h>

#include "audio/decode_priv.h"

enum {
    HEAD = 64,
    ID3_HEADER = 10,
    MPEG_SEARCH = 64 * 1024, /* bytes of junk or padding that may stand before the first MPEG frame */
    OGG_PAGE_MAX = 65307,
    RIFF_SLACK = 16, /* bytes that a WAV may be short without having been cut */
};

/* The length of an ID3v2 tag with its header (id3.org, ID3v2.4.0 section 3.1: 28 bits in four bytes of
 * seven), or 0. */
static int64_t id3_size(const unsigned char *head, size_t size) {
    if (size < ID3_HEADER || memcmp(head, "ID3", 3) != 0 || head[3] == 0xff || head[4] == 0xff ||
        ((head[6] | head[7] | head[8] | head[9]) & 0x80))
        return 0;
    int64_t footer = head[5] & 0x10 ? ID3_HEADER : 0;
    return ID3_HEADER + footer + ((int64_t)head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
}

/* The length in bytes of the MPEG audio frame that this header begins (ISO/IEC 11172-3 section 2.4.1.3 and
 * 13818-3), or 0 when it is none. */
static int frame_size(uint32_t header) {
    static const short KBPS[2][3][15] = {
        /* MPEG 1, layers I to III; then MPEG 2 and 2.5 */
        {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
         {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
         {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
        {{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
    };
    static const int RATES_HZ[3] = {44100, 48000, 32000};
    unsigned version = header >> 19 & 3, layer = 4 - (header >> 17 & 3), rate = header >> 10 & 3;
    unsigned bitrate = header >> 12 & 15, padding = header >> 9 & 1;
    if (header >> 21 != 0x7ff || version == 1 || layer == 4 || rate == 3 || bitrate == 15 || bitrate == 0)
        return 0;
    int bits = KBPS[version != 3][layer - 1][bitrate] * 1000;
    int rate_hz = RATES_HZ[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    if (layer == 1)
        return (12 * bits / rate_hz + (int)padding) * 4;
    return (layer == 3 && version != 3 ? 72 : 144) * bits / rate_hz + (int)padding;
}

/* Whether two frames of one stream follow each other: the same version, layer and rate. */
static bool same_stream(uint32_t a, uint32_t b) {
    return ((a ^ b) & 0xfffe0c00) == 0;
}

/* Whether MPEG audio begins within MPEG_SEARCH bytes of a place: three frames in a row, or all that there are
 * up to the end when these are two. Chance makes such things of text or noise once in 10^9 places. */
static bool finds_mpeg(struct li_byte_source *source, int64_t from) {
    unsigned char window[1024], next[4];
    for (int64_t start = from; start < from + MPEG_SEARCH; start += (int64_t)sizeof window - 3) {
        size_t size = li_byte_source_peek(source, start, window, sizeof window);
        for (size_t i = 0; i + 4 <= size; i++) {
            uint32_t first = li_big_endian(window + i), header = first;
            int64_t at = start + (int64_t)i;
            int found = 0, length;
            while (found < 3 && same_stream(first, header) && (length = frame_size(header)) > 0) {
                found++;
                at += length;
                if (li_byte_source_peek(source, at, next, sizeof next) < sizeof next)
                    break;
                header = li_big_endian(next);
            }
            if (found == 3 || (found == 2 && at + 4 > source->size))
                return true;
        }
        if (size < sizeof window)
            break;
    }
    return false;
}

struct magic {
    const char *bytes;
    size_t size, at;
    enum li_decode_library library;
    const char *format;
};

#define MAGIC(text, at, library, format)                                                                     \
    { "" text, sizeof(text) - 1, at, library, format }

static const struct magic MAGICS[] = {
    MAGIC("fLaC", 0, LI_LIBRARY_SNDFILE, "flac"),
    MAGIC("OggS", 0, LI_LIBRARY_SNDFILE, "ogg"),
    MAGIC("WAVE", 8, LI_LIBRARY_SNDFILE, "wav"),
    MAGIC("AIFF", 8, LI_LIBRARY_SNDFILE, "aiff"),
    MAGIC("AIFC", 8, LI_LIBRARY_SNDFILE, "aiff"),
    MAGIC(".snd", 0, LI_LIBRARY_SNDFILE, "au"),
    MAGIC("caff", 0, LI_LIBRARY_SNDFILE, "caf"),
    MAGIC("riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", 0, LI_LIBRARY_SNDFILE, "w64"),
    MAGIC("ftyp", 4, LI_LIBRARY_FFMPEG, "mov"),
    MAGIC("\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, LI_LIBRARY_FFMPEG, "asf"),
    MAGIC("\xff\xf1", 0, LI_LIBRARY_FFMPEG, "aac"),
    MAGIC("\xff\xf9", 0, LI_LIBRARY_FFMPEG, "aac"),
    MAGIC("\x1a\x45\xdf\xa3", 0, LI_LIBRARY_FFMPEG, "matroska"),
    MAGIC("wvpk", 0, LI_LIBRARY_FFMPEG, "wv"),
    MAGIC("MAC ", 0, LI_LIBRARY_FFMPEG, "ape"),
    MAGIC("MP+", 0, LI_LIBRARY_FFMPEG, "mpc"),
    MAGIC("MPCK", 0, LI_LIBRARY_FFMPEG, "mpc8"),
    MAGIC("TTA1", 0, LI_LIBRARY_FFMPEG, "tta"),
    MAGIC("DSD ", 0, LI_LIBRARY_FFMPEG, "dsf"),
};

static const struct magic *magic_of(const unsigned char *head, size_t size) {
    static const char *const CONTAINERS[] = {"RIFF", "RIFX", "RF64", "FORM"};
    bool container = false;
    for (size_t i = 0; i < sizeof CONTAINERS / sizeof *CONTAINERS; i++)
        container |= size >= 12 && memcmp(head, CONTAINERS[i], 4) == 0;
    for (size_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++) {
        const struct magic *magic = &MAGICS[i];
        if (magic->at == 8 && !container)
            continue;
        if (size >= magic->at + magic->size && memcmp(head + magic->at, magic->bytes, magic->size) == 0)
            return magic;
    }
    return NULL;
}

/* Whether a RIFF or FORM header says that there were more bytes. 0 and the greatest number stand in files
 * that were written as a stream. */
static bool is_cut(const unsigned char *head, int64_t size) {
    bool little = memcmp(head, "RIFF", 4) == 0;
    if (!little && memcmp(head, "RIFX", 4) != 0 && memcmp(head, "FORM", 4) != 0)
        return false;
    uint32_t promised = little ? li_little_endian(head + 4) : li_big_endian(head + 4);
    return promised < 0xfffffff0u && promised + (int64_t)8 > size + RIFF_SLACK;
}

/* Whether the last page of an Ogg file (RFC 3533, section 6) is not the last of its stream. */
static bool is_ogg_cut(struct li_byte_source *source) {
    unsigned char tail[OGG_PAGE_MAX];
    int64_t start = source->size > OGG_PAGE_MAX ? source->size - OGG_PAGE_MAX : 0;
    size_t size = li_byte_source_peek(source, start, tail, sizeof tail);
    for (size_t i = size; i >= 6; i--)
        if (memcmp(tail + i - 6, "OggS", 4) == 0)
            return !(tail[i - 1] & 4);
    return false;
}

/* Who decodes an Ogg file, by the first packet of its first page: FLAC in Ogg is ffmpeg's, as
 * libsndfile 1.2.0 finds its metadata broken. A file whose first page is broken goes to the decoder that
 * looks for the next by itself: libsndfile would take any codec that it finds there, and leaks some. */
static enum li_decode_library ogg_library(struct li_byte_source *source, int64_t start) {
    static const struct {
        const char *first;
        enum li_decode_library library;
    } CODECS[] = {{"\x01vorbis", LI_LIBRARY_VORBIS}, {"OpusHead", LI_LIBRARY_SNDFILE}};
    enum li_decode_library library = LI_LIBRARY_VORBIS;
    ogg_sync_state sync;
    ogg_page page;
    ogg_sync_init(&sync);
    char *room = ogg_sync_buffer(&sync, OGG_PAGE_MAX);
    if (room)
        ogg_sync_wrote(&sync, (long)li_byte_source_peek(source, start, room, OGG_PAGE_MAX));
    if (ogg_sync_pageseek(&sync, &page) > 0) {
        library = LI_LIBRARY_FFMPEG;
        for (size_t i = 0; i < sizeof CODECS / sizeof *CODECS; i++) {
            size_t length = strlen(CODECS[i].first);
            if (page.body_len >= (long)length && memcmp(page.body, CODECS[i].first, length) == 0)
                library = CODECS[i].library;
        }
    }
    ogg_sync_clear(&sync);
    return library;
}

struct li_sniffed li_decode_sniff(struct li_byte_source *source) {
    unsigned char head[HEAD];
    size_t size = li_byte_source_peek(source, 0, head, sizeof head);
    struct li_sniffed out = {.tag_size = id3_size(head, size)};
    int64_t start = out.tag_size;
    if (start)
        size = li_byte_source_peek(source, start, head, sizeof head);
    const struct magic *magic = magic_of(head, size);
    if (magic) {
        out.library = magic->library;
        out.format = magic->format;
        bool ogg = strcmp(magic->format, "ogg") == 0;
        out.cut = ogg ? is_ogg_cut(source) : size >= 12 && is_cut(head, source->size - start);
        if (ogg)
            out.library = ogg_library(source, start);
    } else if (finds_mpeg(source, start)) {
        out.library = LI_LIBRARY_MPG123;
        out.format = "mp3";
    } else {
        out.only_tags = start > 0;
    }
    return out;
}
