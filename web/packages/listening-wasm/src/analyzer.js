import { emotionsOf } from './emotions.js';
import { FEATURES, ListeningError, maybe } from './memory.js';

const BLOCK_FRAMES = 2048; /* LI_WASM_BLOCK_FRAMES */
const ANALYSIS_DOUBLES = 2 * FEATURES + 11; /* struct li_wasm_analysis */
const EMOTIONS_SHOWN = 5;

/* Spotify's order of names, and what `listening analyze --json` prints in it. */
const NAMES =
  'danceability energy key loudness mode speechiness acousticness instrumentalness liveness valence tempo time_signature'.split(' ');

export class Analyzer {
  #memory;
  #handle = 0;

  constructor(memory, rateHz, channels) {
    if ((rateHz | 0) !== rateHz || (channels | 0) !== channels)
      throw new ListeningError('the sample rate and the channels of a sound are whole numbers', 'invalid');
    this.#memory = memory;
    this.rateHz = rateHz;
    this.channels = channels;
    this.#handle = memory.withBlock(4, (at) => {
      memory.check(memory.exports.li_wasm_analyzer_new(rateHz, channels, at, memory.message));
      return memory.address(at);
    });
  }

  #alive() {
    if (this.#handle === 0) throw new ListeningError('this analyser was freed', 'invalid');
    return this.#handle;
  }

  push(planar) {
    const handle = this.#alive();
    const frames = planar[0]?.length;
    if (planar.length !== this.channels || !planar.every((row) => row instanceof Float32Array && row.length === frames))
      throw new ListeningError(`a push takes ${this.channels} Float32Array of one length, one a channel`, 'invalid');
    const rows = this.#memory.floats(this.#memory.exports.li_wasm_analyzer_block(handle), BLOCK_FRAMES * this.channels);
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const to = Math.min(from + BLOCK_FRAMES, frames);
      planar.forEach((row, channel) => rows.set(row.subarray(from, to), channel * BLOCK_FRAMES));
      this.#memory.exports.li_wasm_analyzer_push(handle, to - from);
    }
  }

  finish(lang = 'en') {
    const handle = this.#alive();
    const memory = this.#memory;
    const numbers = memory.withDoubles(ANALYSIS_DOUBLES, (at) => {
      memory.check(memory.exports.li_wasm_analyzer_finish(handle, at, memory.message));
      return Array.from(memory.doubles(at, ANALYSIS_DOUBLES));
    });
    return trackOf(memory, numbers, lang);
  }

  reset() {
    const memory = this.#memory;
    const handle = this.#alive();
    /* The next push begins another sound, whether this one was long enough or not. */
    memory.withDoubles(ANALYSIS_DOUBLES, (at) => memory.exports.li_wasm_analyzer_finish(handle, at, memory.message));
  }

  free() {
    this.#memory.exports.li_wasm_analyzer_free(this.#handle);
    this.#handle = 0;
  }
}

function trackOf(memory, numbers, lang) {
  const value = Object.fromEntries(memory.featureIds.map((id, i) => [id, maybe(numbers[i])]));
  const trust = Object.fromEntries(memory.featureIds.map((id, i) => [id, maybe(numbers[FEATURES + i])]));
  const [duration_s, key, keyTrust, signature, signatureTrust, alternative, onsets, range, peak, tuning, calibrated] =
    numbers.slice(2 * FEATURES);
  const values = { ...value, key, time_signature: signature === 0 ? null : signature };
  const trusts = { ...trust, key: maybe(keyTrust), time_signature: maybe(signatureTrust) };
  const inOrder = (numbersByName) => Object.fromEntries(NAMES.map((name) => [name, numbersByName[name]]));
  const features = inOrder(values);
  return {
    duration_ms: duration_s * 1000,
    features,
    confidence: inOrder(trusts),
    tempo_alternative: maybe(alternative),
    calibrated: calibrated === 1,
    sound: { onset_rate_hz: maybe(onsets), loudness_range_lu: maybe(range), peak_dbfs: maybe(peak), tuning_hz: maybe(tuning) },
    emotions: features.loudness === null ? [] : emotionsOf(memory, features, lang).emotions.slice(0, EMOTIONS_SHOWN),
  };
}
