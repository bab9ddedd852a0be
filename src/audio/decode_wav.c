/* decode_wav.c - the chunks of a WAV file: RIFF, its big-endian brother RIFX, and RF64 (EBU Tech 3306).
 *
 * libsndfile decodes what is in them, but does not see the file's own: in a list of tags with a length near
 * 2^32 version 1.2 goes back and round for ever. It is shown the format and the sound behind a header that is
 * written here, and the tags are read here. */
#include "audio/decode_priv.h"

enum {
    CHUNK_HEAD = 8,
    FORMAT_MIN = 14,   /* WAVEFORMAT */
    CHUNK_COPIED = 96, /* bytes of a format chunk, or of one of its facts; WAVEFORMATEXTENSIBLE has 40 */
    CHUNKS_MAX = 4096,
    TAGS_MAX = 256, /* in one list */
};

struct chunk {
    char id[4];
    uint32_t size;
    int64_t at; /* of what it holds */
};

struct wav {
    struct li_byte_source *source;
    struct li_sound *sound;
    bool big_endian, has_format;
    int64_t data_at, data_size;
    uint64_t long_size; /* of the data, where 32 bits did not do */
    unsigned char front[LI_SOURCE_FRONT];
    size_t front_size;
};

static uint32_t number(const struct wav *wav, const unsigned char *at) {
    return wav->big_endian ? li_big_endian(at) : li_little_endian(at);
}

static void put(struct wav *wav, const void *bytes, size_t size) {
    memcpy(wav->front + wav->front_size, bytes, size);
    wav->front_size += size;
}

static void put_number(struct wav *wav, size_t at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        wav->front[at + (size_t)i] = (unsigned char)(value >> 8 * (wav->big_endian ? 3 - i : i));
}

/* An id is four characters that can be printed: what is none is no chunk. */
static bool read_chunk(const struct wav *wav, int64_t at, struct chunk *chunk) {
    unsigned char head[CHUNK_HEAD];
    if (li_byte_source_peek(wav->source, at, head, sizeof head) < sizeof head)
        return false;
    for (int i = 0; i < 4; i++)
        if (head[i] < ' ' || head[i] > '~')
            return false;
    memcpy(chunk->id, head, 4);
    chunk->size = number(wav, head + 4);
    chunk->at = at + CHUNK_HEAD;
    return true;
}

/* The chunk behind what begins at a place and has so many bytes. Chunks begin at even places; not everybody
 * knows. */
static bool next_chunk(const struct wav *wav, int64_t at, int64_t size, struct chunk *chunk) {
    return read_chunk(wav, at + size, chunk) || (size % 2 && read_chunk(wav, at + size + 1, chunk));
}

static bool is(const struct chunk *chunk, const char *id) {
    return memcmp(chunk->id, id, 4) == 0;
}

/* Title and artist, of a list INFO. */
static void read_tags(struct wav *wav, const struct chunk *list) {
    int64_t end = list->at + list->size;
    struct chunk tag;
    char kind[4], text[LI_DECODE_TEXT_MAX + 1];
    if (li_byte_source_peek(wav->source, list->at, kind, sizeof kind) < sizeof kind ||
        memcmp(kind, "INFO", 4) != 0)
        return;
    bool more = read_chunk(wav, list->at + 4, &tag);
    for (int i = 0; more && i < TAGS_MAX && tag.at + tag.size <= end; i++) {
        size_t wanted = tag.size < sizeof text ? tag.size : sizeof text - 1;
        text[li_byte_source_peek(wav->source, tag.at, text, wanted)] = '\0';
        if (is(&tag, "INAM"))
            li_decode_copy_text(wav->sound->title, text);
        else if (is(&tag, "IART"))
            li_decode_copy_text(wav->sound->artist, text);
        more = next_chunk(wav, tag.at, tag.size, &tag);
    }
}

/* Takes a chunk over as it is. */
static bool copy_chunk(struct wav *wav, const struct chunk *chunk) {
    unsigned char bytes[CHUNK_HEAD + CHUNK_COPIED + 1] = {0};
    if (chunk->size > CHUNK_COPIED || wav->front_size + sizeof bytes > sizeof wav->front - CHUNK_HEAD)
        return false;
    size_t size = CHUNK_HEAD + chunk->size + (chunk->size & 1);
    li_byte_source_peek(wav->source, chunk->at - CHUNK_HEAD, bytes, CHUNK_HEAD + chunk->size);
    put(wav, bytes, size);
    return true;
}

/* Where the sound is. Files that were written as a stream say 0 or the greatest number; files that were cut,
 * more than there is. */
static void take_data(struct wav *wav, const struct chunk *chunk) {
    int64_t rest = wav->source->size - chunk->at;
    uint64_t size = chunk->size == UINT32_MAX && wav->long_size ? wav->long_size : chunk->size;
    wav->data_at = chunk->at;
    wav->data_size = size == 0 || size > (uint64_t)rest ? rest : (int64_t)size;
}

/* False: this is no WAV that can be decoded. */
static bool take_chunk(struct wav *wav, const struct chunk *chunk) {
    unsigned char sizes[16];
    if (is(chunk, "fmt ") && !wav->has_format)
        return wav->has_format = chunk->size >= FORMAT_MIN && copy_chunk(wav, chunk);
    if (is(chunk, "fact") && wav->has_format && !wav->data_at)
        (void)copy_chunk(wav, chunk); /* of packed sound; a strange one is left out */
    else if (is(chunk, "ds64") &&
             li_byte_source_peek(wav->source, chunk->at, sizes, sizeof sizes) == sizeof sizes)
        wav->long_size = li_little_endian(sizes + 8) | (uint64_t)li_little_endian(sizes + 12) << 32;
    else if (is(chunk, "LIST"))
        read_tags(wav, chunk);
    else if (is(chunk, "data") && !wav->data_at)
        take_data(wav, chunk);
    return true;
}

bool li_wav_show(struct li_byte_source *source, int64_t start, struct li_sound *sound) {
    struct wav wav = {.source = source, .sound = sound};
    unsigned char head[12];
    struct chunk chunk;
    if (li_byte_source_peek(source, start, head, sizeof head) < sizeof head)
        return false;
    wav.big_endian = memcmp(head, "RIFX", 4) == 0;
    put(&wav, wav.big_endian ? "RIFX" : "RIFF", 4);
    put(&wav, head + 4, sizeof head - 4);
    bool more = read_chunk(&wav, start + (int64_t)sizeof head, &chunk);
    for (int i = 0; more && i < CHUNKS_MAX; i++) {
        if (!take_chunk(&wav, &chunk))
            return false;
        more = next_chunk(&wav, chunk.at, wav.data_at == chunk.at ? wav.data_size : chunk.size, &chunk);
    }
    if (!wav.has_format || !wav.data_at)
        return false;
    /* What does not fit into 32 bits is longer than any sound that is heard here. */
    int64_t most = UINT32_MAX - LI_SOURCE_FRONT;
    wav.data_size = wav.data_size < most ? wav.data_size : most;
    put(&wav, "data\0\0\0", CHUNK_HEAD);
    put_number(&wav, wav.front_size - 4, (uint32_t)wav.data_size);
    put_number(&wav, 4, (uint32_t)(wav.front_size - CHUNK_HEAD + (size_t)wav.data_size));
    li_byte_source_show(source, wav.front, wav.front_size, wav.data_at, wav.data_size);
    return true;
}
