/* decode_vorbis.c - Ogg Vorbis by libogg and libvorbis themselves. libsndfile, which needs both anyway, leaks
 * the comments of a file whose headers break off: a sender of such files could fill our memory.
 *
 * Vorbis I specification, sections 4.3 and A.2: three header packets, then audio packets; the granule
 * position of the last page is the number of the last frame, which cuts the last block short. */
#include <math.h>
#include <stdlib.h>
#include <vorbis/codec.h>

#include "audio/decode_priv.h"

enum {
    READ_BYTES = 16 * 1024,
    PACKET_MAX = 32 * 1024 * 1024, /* bytes: pictures may stand in comments, nothing larger */
    HEADERS = 3,
};

struct vorbis {
    ogg_sync_state sync;
    ogg_stream_state stream;
    vorbis_info info;
    vorbis_comment comment;
    vorbis_dsp_state dsp;
    vorbis_block block;
    bool has_stream, has_dsp, broken;
    bool last_page;  /* the page taken in last is the stream's last */
    int64_t granule; /* of the page taken in last, or -1 */
    int64_t first;   /* frame number of the first frame, -1 = not known yet */
    int64_t decoded; /* frames given out */
};

/* The next page of the file; false at its end. */
static bool next_page(struct li_decoder *decoder, ogg_page *page) {
    struct vorbis *vorbis = decoder->state;
    while (ogg_sync_pageout(&vorbis->sync, page) != 1) {
        char *room = ogg_sync_buffer(&vorbis->sync, READ_BYTES);
        size_t got = room ? li_byte_source_read(&decoder->source, room, READ_BYTES) : 0;
        if (!got)
            return false;
        ogg_sync_wrote(&vorbis->sync, (long)got);
    }
    return true;
}

/* Takes in the next page of our stream. False at the end, or when another stream follows. */
static bool take_page(struct li_decoder *decoder) {
    struct vorbis *vorbis = decoder->state;
    ogg_page page;
    while (!vorbis->last_page && next_page(decoder, &page)) {
        if (ogg_page_bos(&page) && vorbis->has_dsp)
            return false;
        if (ogg_stream_pagein(&vorbis->stream, &page) != 0)
            continue; /* of a stream beside ours */
        if (vorbis->stream.body_fill > PACKET_MAX) {
            vorbis->broken = true;
            return false;
        }
        vorbis->granule = ogg_page_granulepos(&page);
        vorbis->last_page = ogg_page_eos(&page);
        return true;
    }
    return false;
}

/* The next whole packet. */
static bool next_packet(struct li_decoder *decoder, ogg_packet *packet) {
    struct vorbis *vorbis = decoder->state;
    for (;;) {
        int found = ogg_stream_packetout(&vorbis->stream, packet);
        if (found == 1)
            return true;
        if (found == 0) {
            /* A page is used up: its granule position is that of the last frame decoded. */
            if (vorbis->has_dsp && vorbis->first < 0 && vorbis->granule >= 0)
                vorbis->first = vorbis->granule > vorbis->decoded ? vorbis->granule - vorbis->decoded : 0;
            if (!take_page(decoder))
                return false;
        }
    }
}

static void close_vorbis(struct li_decoder *decoder) {
    struct vorbis *vorbis = decoder->state;
    if (!vorbis)
        return;
    if (vorbis->has_dsp) {
        vorbis_block_clear(&vorbis->block);
        vorbis_dsp_clear(&vorbis->dsp);
    }
    if (vorbis->has_stream)
        ogg_stream_clear(&vorbis->stream);
    vorbis_comment_clear(&vorbis->comment);
    vorbis_info_clear(&vorbis->info);
    ogg_sync_clear(&vorbis->sync);
    free(vorbis);
    decoder->state = NULL;
}

static bool read_headers(struct li_decoder *decoder) {
    struct vorbis *vorbis = decoder->state;
    ogg_page page;
    ogg_packet packet;
    if (!next_page(decoder, &page) || ogg_stream_init(&vorbis->stream, ogg_page_serialno(&page)) != 0)
        return false;
    vorbis->has_stream = true;
    if (ogg_stream_pagein(&vorbis->stream, &page) != 0)
        return false;
    for (int i = 0; i < HEADERS; i++)
        if (!next_packet(decoder, &packet) ||
            vorbis_synthesis_headerin(&vorbis->info, &vorbis->comment, &packet) != 0)
            return false;
    if (vorbis_synthesis_init(&vorbis->dsp, &vorbis->info) != 0)
        return false;
    vorbis_block_init(&vorbis->dsp, &vorbis->block);
    vorbis->has_dsp = true;
    return true;
}

static enum li_status open_vorbis(struct li_decoder *decoder, struct li_error *err) {
    struct vorbis *vorbis = calloc(1, sizeof *vorbis);
    if (!vorbis)
        return li_fail(err, LI_NO_MEMORY, "no memory for a decoder");
    decoder->state = vorbis;
    vorbis->first = vorbis->granule = -1;
    ogg_sync_init(&vorbis->sync);
    vorbis_info_init(&vorbis->info);
    vorbis_comment_init(&vorbis->comment);
    if (!read_headers(decoder)) {
        close_vorbis(decoder);
        return li_fail(err, LI_INVALID, "this ogg file is broken from its start");
    }
    vorbis->granule = -1;
    decoder->sound.rate_hz =
        vorbis->info.rate > 0 && vorbis->info.rate < INT32_MAX ? (int)vorbis->info.rate : 0;
    decoder->sound.channels = vorbis->info.channels;
    decoder->sound.promised_s = NAN;
    decoder->vorbis_order = true;
    li_decode_copy_text(decoder->sound.title, vorbis_comment_query(&vorbis->comment, "TITLE", 0));
    li_decode_copy_text(decoder->sound.artist, vorbis_comment_query(&vorbis->comment, "ARTIST", 0));
    return LI_OK;
}

/* How many of these decoded frames are sound: the last page says where it ends. */
static int64_t kept(const struct vorbis *vorbis, int64_t frames) {
    if (!vorbis->last_page || vorbis->granule < 0)
        return frames;
    int64_t left = vorbis->granule - (vorbis->first > 0 ? vorbis->first : 0) - vorbis->decoded;
    return left < 0 ? 0 : left < frames ? left : frames;
}

static size_t read_vorbis(struct li_decoder *decoder, float *samples, size_t frames_max, bool *broken) {
    struct vorbis *vorbis = decoder->state;
    ogg_packet packet;
    float **pcm;
    int there;
    while ((there = vorbis_synthesis_pcmout(&vorbis->dsp, &pcm)) <= 0) {
        if (!next_packet(decoder, &packet)) {
            *broken = vorbis->broken || !vorbis->last_page;
            return 0;
        }
        if (vorbis_synthesis(&vorbis->block, &packet) == 0)
            vorbis_synthesis_blockin(&vorbis->dsp, &vorbis->block);
    }
    int64_t wanted = there < (int64_t)frames_max ? there : (int64_t)frames_max, frames = kept(vorbis, wanted);
    int channels = decoder->sound.channels;
    for (int c = 0; c < channels; c++)
        for (int64_t i = 0; i < frames; i++)
            samples[i * channels + c] = pcm[c][i];
    vorbis_synthesis_read(&vorbis->dsp, (int)wanted);
    vorbis->decoded += frames;
    return (size_t)frames;
}

const struct li_decoder_ops LI_DECODE_VORBIS = {open_vorbis, read_vorbis, close_vorbis};
