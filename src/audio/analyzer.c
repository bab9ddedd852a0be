/* analyzer.c - from a stream of samples to what was heard.
 *
 * Samples are gathered into blocks of 100 ms, and everything is counted from the first sample of the sound:
 * the sizes in which it is pushed cannot matter. Memory: the block, the windows of the two spectra, the last
 * 30 s of band powers, and the curves of the first five minutes. Nothing is allocated after li_analyzer_new.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/audio_priv.h"
#include "base/features.h"

enum {
    HALVINGS_MAX = 4,
    SEGMENT_LEAST = 500, /* frames: a shorter rest of a long sound has nothing new to say about the tempo */
    ONSETS_MAX = LI_TRACE_MAX_S * 100,
    BLOCKS_MAX = LI_TRACE_MAX_S * LI_BLOCKS_A_SECOND,
};

static const double mel_rate_hz = 16000; /* at least, where the sound has it: up to 8 kHz is heard */
static const double peak_rate_hz = 5000; /* at least: peaks are sought up to 2.4 kHz */

struct li_analyzer {
    int rate_hz, channels;
    size_t block_frames, filled;
    float *channel[LI_CHANNELS_MAX], *mono, *half; /* one block each */
    uint64_t frames;
    float peak, filled_peak; /* largest sample, of all blocks and of the one that fills */
    bool finished;           /* the next push begins another sound */

    struct li_decimate *to_mel[HALVINGS_MAX], *to_peaks[HALVINGS_MAX];
    struct li_loudness *loudness;
    struct li_mel *mel;
    struct li_peaks *peaks;
    struct li_chroma *chroma;
    struct li_tempo *tempo;
    struct li_texture *texture;
    struct li_beats *beats;

    struct li_mel_frame *segment; /* the last LI_SEGMENT_FRAMES at most */
    struct li_onset *onset;
    float *strength;
    size_t segment_used, segment_seen; /* frames there; those of them that were dealt with before */
    struct li_peak_frame *peak_frames;

    float *onset_curve, *block_power, *block_peak;
    size_t onset_count, block_count, beat_count;
    struct li_descriptors descriptors;
};

/* Makes the chain of halvings that brings rate_hz down to no less than least_hz; samples_max is what one
 * block brings, and is halved too. False when memory is out. */
static bool new_chain(struct li_decimate *chain[HALVINGS_MAX], double *rate_hz, double least_hz,
                      size_t *samples_max) {
    for (size_t i = 0; i < HALVINGS_MAX && *rate_hz / 2 >= least_hz; i++) {
        chain[i] = li_decimate_new(*samples_max);
        if (!chain[i])
            return false;
        *rate_hz /= 2;
        *samples_max = *samples_max / 2 + 1;
    }
    return true;
}

static bool new_stages(struct li_analyzer *analyzer) {
    double rate_hz = analyzer->rate_hz;
    size_t most = analyzer->block_frames;
    if (!new_chain(analyzer->to_mel, &rate_hz, mel_rate_hz, &most))
        return false;
    analyzer->mel = li_mel_new(rate_hz, most);
    if (!new_chain(analyzer->to_peaks, &rate_hz, peak_rate_hz, &most))
        return false;
    analyzer->peaks = li_peaks_new(rate_hz, most);
    analyzer->loudness = li_loudness_new(analyzer->rate_hz, analyzer->channels);
    analyzer->chroma = li_chroma_new();
    if (!analyzer->mel || !analyzer->peaks || !analyzer->loudness || !analyzer->chroma)
        return false;
    analyzer->tempo = li_tempo_new(li_mel_frame_rate_hz(analyzer->mel));
    analyzer->texture = li_texture_new(li_mel_frame_rate_hz(analyzer->mel));
    analyzer->beats = li_beats_new();
    return analyzer->tempo && analyzer->texture && analyzer->beats;
}

static bool new_buffers(struct li_analyzer *analyzer) {
    bool complete = true;
    for (int c = 0; c < analyzer->channels; c++) {
        analyzer->channel[c] = li_audio_alloc(analyzer->block_frames, sizeof(float));
        complete = complete && analyzer->channel[c];
    }
    analyzer->mono = li_audio_alloc(analyzer->block_frames, sizeof(float));
    analyzer->half = li_audio_alloc(analyzer->block_frames, sizeof(float));
    analyzer->segment = li_audio_alloc(LI_SEGMENT_FRAMES, sizeof *analyzer->segment);
    analyzer->onset = li_audio_alloc(LI_SEGMENT_FRAMES, sizeof *analyzer->onset);
    analyzer->strength = li_audio_alloc(LI_SEGMENT_FRAMES, sizeof *analyzer->strength);
    analyzer->peak_frames = li_audio_alloc(LI_PEAKS_BATCH, sizeof *analyzer->peak_frames);
    analyzer->onset_curve = li_audio_alloc(ONSETS_MAX, sizeof(float));
    analyzer->block_power = li_audio_alloc(BLOCKS_MAX, sizeof(float));
    analyzer->block_peak = li_audio_alloc(BLOCKS_MAX, sizeof(float));
    return complete && analyzer->mono && analyzer->half && analyzer->segment && analyzer->onset &&
           analyzer->strength && analyzer->peak_frames && analyzer->onset_curve && analyzer->block_power &&
           analyzer->block_peak;
}

enum li_status li_analyzer_new(int rate_hz, int channels, struct li_analyzer **out, struct li_error *err) {
    if (rate_hz < LI_RATE_MIN_HZ || rate_hz > LI_RATE_MAX_HZ)
        return li_fail(err, LI_UNSUPPORTED, "a sample rate of %d Hz cannot be analysed: %d to %d Hz can",
                       rate_hz, LI_RATE_MIN_HZ, LI_RATE_MAX_HZ);
    if (channels < 1 || channels > LI_CHANNELS_MAX)
        return li_fail(err, LI_UNSUPPORTED, "sound with %d channels cannot be analysed: 1 to %d can",
                       channels, LI_CHANNELS_MAX);
    struct li_analyzer *analyzer = li_audio_alloc(1, sizeof *analyzer);
    if (!analyzer)
        return li_fail(err, LI_NO_MEMORY, "there is no memory for an analyser of sound");
    analyzer->rate_hz = rate_hz;
    analyzer->channels = channels;
    analyzer->block_frames = (size_t)(rate_hz + LI_BLOCKS_A_SECOND / 2) / LI_BLOCKS_A_SECOND;
    if (!new_stages(analyzer) || !new_buffers(analyzer)) {
        li_analyzer_free(analyzer);
        return li_fail(err, LI_NO_MEMORY, "there is no memory for an analyser of sound");
    }
    *out = analyzer;
    return LI_OK;
}

void li_analyzer_free(struct li_analyzer *analyzer) {
    if (!analyzer)
        return;
    for (size_t i = 0; i < HALVINGS_MAX; i++) {
        li_decimate_free(analyzer->to_mel[i]);
        li_decimate_free(analyzer->to_peaks[i]);
    }
    li_loudness_free(analyzer->loudness);
    li_mel_free(analyzer->mel);
    li_peaks_free(analyzer->peaks);
    li_chroma_free(analyzer->chroma);
    li_tempo_free(analyzer->tempo);
    li_texture_free(analyzer->texture);
    li_beats_free(analyzer->beats);
    for (int c = 0; c < analyzer->channels; c++)
        free(analyzer->channel[c]);
    free(analyzer->mono);
    free(analyzer->half);
    free(analyzer->segment);
    free(analyzer->onset);
    free(analyzer->strength);
    free(analyzer->peak_frames);
    free(analyzer->onset_curve);
    free(analyzer->block_power);
    free(analyzer->block_peak);
    free(analyzer);
}

static void reset(struct li_analyzer *analyzer) {
    for (size_t i = 0; i < HALVINGS_MAX; i++) {
        if (analyzer->to_mel[i])
            li_decimate_reset(analyzer->to_mel[i]);
        if (analyzer->to_peaks[i])
            li_decimate_reset(analyzer->to_peaks[i]);
    }
    li_loudness_reset(analyzer->loudness);
    li_mel_reset(analyzer->mel);
    li_peaks_reset(analyzer->peaks);
    li_chroma_reset(analyzer->chroma);
    li_tempo_reset(analyzer->tempo);
    li_texture_reset(analyzer->texture);
    analyzer->filled = analyzer->segment_used = analyzer->segment_seen = 0;
    analyzer->onset_count = analyzer->block_count = analyzer->beat_count = 0;
    analyzer->frames = 0;
    analyzer->peak = analyzer->filled_peak = 0;
    analyzer->finished = false;
}

/* Deals with the frames of the segment that are new. */
static void take_segment(struct li_analyzer *analyzer) {
    size_t seen = analyzer->segment_seen, used = analyzer->segment_used;
    li_onset_do(analyzer->segment, used, analyzer->onset);
    for (size_t i = 0; i < used; i++)
        analyzer->strength[i] = analyzer->onset[i].beat;
    if (seen == 0 || used - seen >= SEGMENT_LEAST)
        li_tempo_add(analyzer->tempo, analyzer->strength, used);
    li_texture_add(analyzer->texture, analyzer->segment, analyzer->onset, seen, used);
    for (size_t i = seen; i < used && analyzer->onset_count < ONSETS_MAX; i++)
        analyzer->onset_curve[analyzer->onset_count++] = analyzer->strength[i];
}

static void add_mel_frames(struct li_analyzer *analyzer, const struct li_mel_frame *frames, size_t count) {
    for (size_t i = 0; i < count; i++) {
        analyzer->segment[analyzer->segment_used++] = frames[i];
        if (analyzer->segment_used < LI_SEGMENT_FRAMES)
            continue;
        take_segment(analyzer);
        analyzer->segment_used = analyzer->segment_seen = LI_SEGMENT_FRAMES - LI_SEGMENT_HOP;
        memmove(analyzer->segment, analyzer->segment + LI_SEGMENT_HOP,
                analyzer->segment_used * sizeof *analyzer->segment);
    }
}

static void add_peak_frames(struct li_analyzer *analyzer, size_t count) {
    for (size_t i = 0; i < count; i++) {
        li_chroma_add(analyzer->chroma, &analyzer->peak_frames[i]);
        li_texture_add_peaks(analyzer->texture, &analyzer->peak_frames[i]);
    }
}

/* Runs the samples in mono down a chain, and returns how many are left of them there. */
static size_t halve(struct li_analyzer *analyzer, struct li_decimate *const chain[HALVINGS_MAX],
                    size_t count) {
    for (size_t i = 0; i < HALVINGS_MAX && chain[i]; i++) {
        count = li_decimate_do(chain[i], analyzer->mono, count, analyzer->half);
        float *swap = analyzer->mono;
        analyzer->mono = analyzer->half;
        analyzer->half = swap;
    }
    return count;
}

/* Loudness is measured of whole blocks; what is left of the last one counts for the rest. */
static void take_loudness(struct li_analyzer *analyzer) {
    float power =
        li_loudness_do(analyzer->loudness, (const float *const *)analyzer->channel, analyzer->filled);
    if (analyzer->block_count < BLOCKS_MAX) {
        analyzer->block_power[analyzer->block_count] = power;
        analyzer->block_peak[analyzer->block_count++] = analyzer->filled_peak;
    }
}

static void take_block(struct li_analyzer *analyzer) {
    struct li_mel_frame frames[LI_MEL_BATCH];
    size_t made;
    if (analyzer->filled == analyzer->block_frames)
        take_loudness(analyzer);
    analyzer->peak = fmaxf(analyzer->peak, analyzer->filled_peak);
    li_intake_mix((const float *const *)analyzer->channel, (size_t)analyzer->channels, analyzer->filled,
                  analyzer->mono);
    size_t count = halve(analyzer, analyzer->to_mel, analyzer->filled);
    li_mel_push(analyzer->mel, analyzer->mono, count);
    while ((made = li_mel_do(analyzer->mel, frames)) > 0)
        add_mel_frames(analyzer, frames, made);
    count = halve(analyzer, analyzer->to_peaks, count);
    li_peaks_push(analyzer->peaks, analyzer->mono, count);
    while ((made = li_peaks_do(analyzer->peaks, analyzer->peak_frames)) > 0)
        add_peak_frames(analyzer, made);
    analyzer->frames += analyzer->filled;
    analyzer->filled = 0;
    analyzer->filled_peak = 0;
}

void li_analyzer_push(struct li_analyzer *analyzer, const float *samples, size_t frames) {
    if (analyzer->finished)
        reset(analyzer);
    while (frames > 0) {
        size_t room = analyzer->block_frames - analyzer->filled, taken = frames < room ? frames : room;
        float peak =
            li_intake_do(samples, (size_t)analyzer->channels, taken, analyzer->channel, analyzer->filled);
        analyzer->filled_peak = peak > analyzer->filled_peak ? peak : analyzer->filled_peak;
        analyzer->filled += taken;
        if (analyzer->filled == analyzer->block_frames)
            take_block(analyzer);
        samples += taken * (size_t)analyzer->channels;
        frames -= taken;
    }
}

/* Everything that is still on its way. */
static void flush(struct li_analyzer *analyzer) {
    struct li_mel_frame frames[LI_MEL_BATCH];
    if (analyzer->filled)
        take_block(analyzer);
    size_t late = li_mel_flush(analyzer->mel, frames); /* fills so many of them */
    add_mel_frames(analyzer, frames, late);
    add_peak_frames(analyzer, li_peaks_flush(analyzer->peaks, analyzer->peak_frames));
    if (analyzer->segment_used > analyzer->segment_seen)
        take_segment(analyzer);
}

static void describe(struct li_analyzer *analyzer, const struct li_tempo_result *tempo,
                     const struct li_key *key) {
    double *d = analyzer->descriptors.value;
    for (size_t i = 0; i < LI_DESCRIPTOR_COUNT; i++)
        d[i] = NAN;
    double loudness = li_loudness_integrated(analyzer->loudness);
    if (!isfinite(loudness))
        return;
    d[LI_DESC_LOUDNESS] = loudness;
    d[LI_DESC_LOUDNESS_RANGE] = li_loudness_range(analyzer->loudness);
    d[LI_DESC_PEAK] = 20 * log10((double)analyzer->peak);
    d[LI_DESC_CREST] = d[LI_DESC_PEAK] - loudness;
    d[LI_DESC_PULSE] = tempo->pulse;
    d[LI_DESC_TEMPO] = tempo->bpm;
    d[LI_DESC_TEMPO_CONFIDENCE] = tempo->confidence;
    d[LI_DESC_MODE] = key->key >= 0 ? (double)key->mode : NAN;
    d[LI_DESC_KEY_CONFIDENCE] = key->confidence;
    d[LI_DESC_CHROMA_ENTROPY] = key->chroma_entropy;
    li_texture_finish(analyzer->texture, &analyzer->descriptors);
}

/* What is known of any sound, silence too. */
static struct li_analysis nothing_heard(double duration_s) {
    struct li_analysis heard = {
        .duration_s = duration_s,
        .key = -1,
        .key_confidence = NAN,
        .time_signature_confidence = NAN,
        .tempo_alternative_bpm = NAN,
        .onset_rate_hz = NAN,
        .loudness_range_lu = NAN,
        .peak_dbfs = NAN,
        .tuning_hz = NAN,
        .calibrated = li_audio_calibrated,
    };
    for (size_t i = 0; i < LI_FEATURE_COUNT; i++)
        heard.features.value[i] = heard.confidence[i] = NAN;
    return heard;
}

/* Finds the beats, and how many make a bar. */
static int find_beats(struct li_analyzer *analyzer, double bpm, double *confidence) {
    struct li_trace trace;
    li_analyzer_trace(analyzer, &trace);
    analyzer->beat_count = trace.beat_count = li_beats_do(analyzer->beats, trace.onset, trace.onset_count,
                                                          trace.onset_rate_hz, trace.onset_start_s, bpm);
    return li_meter_do(&trace, analyzer->strength, confidence); /* its values were used before */
}

enum li_status li_analyzer_finish(struct li_analyzer *analyzer, struct li_analysis *out,
                                  struct li_error *err) {
    if (analyzer->finished)
        reset(analyzer);
    analyzer->finished = true;
    flush(analyzer);
    double duration_s = (double)analyzer->frames / analyzer->rate_hz;
    if (duration_s < LI_SHORTEST_S)
        return li_fail(err, LI_INVALID, "the sound is %.2f s long: at least %d s are needed to analyse it",
                       floor(duration_s * 100) / 100, LI_SHORTEST_S);
    struct li_tempo_result tempo;
    struct li_key key;
    li_tempo_finish(analyzer->tempo, &tempo);
    li_chroma_finish(analyzer->chroma, &key);
    describe(analyzer, &tempo, &key);
    struct li_analysis heard = nothing_heard(duration_s);
    const double *d = analyzer->descriptors.value;
    if (d[LI_DESC_LOUDNESS] > li_feature_range(LI_LOUDNESS).max)
        return li_fail(err, LI_INVALID,
                       "this sound is far beyond full scale: its samples are not within -1 to 1");
    if (!isnan(d[LI_DESC_LOUDNESS])) {
        heard.features.value[LI_LOUDNESS] = d[LI_DESC_LOUDNESS];
        heard.confidence[LI_LOUDNESS] = 1;
        heard.features.value[LI_TEMPO] = tempo.bpm;
        heard.confidence[LI_TEMPO] = isnan(tempo.bpm) ? NAN : tempo.confidence;
        heard.features.value[LI_MODE] = d[LI_DESC_MODE];
        heard.confidence[LI_MODE] = heard.key_confidence = key.confidence;
        heard.key = key.key;
        heard.tempo_alternative_bpm = tempo.alternative_bpm;
        heard.onset_rate_hz = d[LI_DESC_ONSET_RATE];
        heard.loudness_range_lu = d[LI_DESC_LOUDNESS_RANGE];
        heard.peak_dbfs = d[LI_DESC_PEAK];
        heard.tuning_hz = key.tuning_hz;
        heard.time_signature = find_beats(analyzer, tempo.bpm, &heard.time_signature_confidence);
        li_audio_features(&analyzer->descriptors, &heard.features, heard.confidence);
    }
    *out = heard;
    return LI_OK;
}

const struct li_descriptors *li_analyzer_descriptors(const struct li_analyzer *analyzer) {
    return &analyzer->descriptors;
}

void li_analyzer_trace(const struct li_analyzer *analyzer, struct li_trace *out) {
    *out = (struct li_trace){
        .onset = analyzer->onset_curve,
        .onset_count = analyzer->onset_count,
        .onset_rate_hz = li_mel_frame_rate_hz(analyzer->mel),
        .onset_start_s = li_mel_window_s(analyzer->mel) / 2,
        .beat_s = li_beats_times(analyzer->beats),
        .beat_count = analyzer->beat_count,
        .block_power = analyzer->block_power,
        .block_peak = analyzer->block_peak,
        .block_count = analyzer->block_count,
        .chroma_rate_hz = li_peaks_frame_rate_hz(analyzer->peaks),
    };
    out->chroma = li_chroma_history(analyzer->chroma, &out->chroma_count);
}
