/* Between JavaScript's values and the instance's memory: the other side of src/wasm/wasm.h. */

export const FEATURES = 10;
export const EMOTIONS = 16;
export const TERMS = 11;
const MESSAGE_BYTES = 256;
const DOUBLE_BYTES = 8;

/* enum li_wasm_word */
const STATUS_NAME = 0;
const FEATURE_ID = 1;
const EMOTION_ID = 2;
const EMOTION_NAME = 3;
const EMOTION_COLOR = 4;
const TERM_ID = 5;

const LANGS = ['en', 'fr'];
const languageOf = (lang) => Math.max(0, LANGS.indexOf(lang));

export class ListeningError extends Error {
  constructor(message, status) {
    super(message);
    this.name = 'ListeningError';
    this.status = status;
  }
}

export const maybe = (number) => (Number.isFinite(number) ? number : null);

export class Memory {
  #decoder = new TextDecoder();

  constructor(exports) {
    this.exports = exports;
    this.message = this.take(MESSAGE_BYTES);
    this.featureIds = Array.from({ length: FEATURES }, (_, i) => this.#word(FEATURE_ID, i));
  }

  get bytes() {
    return this.exports.memory.buffer.byteLength;
  }

  /** A block of zeroed bytes, to be given back to free. */
  take(bytes) {
    const at = this.exports.li_wasm_alloc(bytes);
    if (at === 0) throw new ListeningError(`there is no memory for ${bytes} bytes`, 'no_memory');
    return at;
  }

  free(at) {
    this.exports.li_wasm_free(at);
  }

  /** Calls work(address) with a block that lives as long as the call. */
  withBlock(bytes, work) {
    const at = this.take(bytes);
    try {
      return work(at);
    } finally {
      this.free(at);
    }
  }

  withDoubles(count, work) {
    return this.withBlock(count * DOUBLE_BYTES, work);
  }

  /** Views end when memory grows: they are made anew for each use. */
  doubles(at, count) {
    return new Float64Array(this.exports.memory.buffer, at, count);
  }

  floats(at, count) {
    return new Float32Array(this.exports.memory.buffer, at, count);
  }

  address(at) {
    return new Uint32Array(this.exports.memory.buffer, at, 1)[0];
  }

  text(at) {
    const bytes = new Uint8Array(this.exports.memory.buffer, at);
    return this.#decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** Throws when a status is not 0; the sentence lies in this.message. */
  check(status) {
    if (status !== 0) throw new ListeningError(this.text(this.message), this.#word(STATUS_NAME, status));
  }

  #word(kind, index, lang = 'en') {
    return this.text(this.exports.li_wasm_word(kind, index, languageOf(lang)));
  }

  emotion(index, score, lang) {
    return {
      id: this.#word(EMOTION_ID, index),
      label: this.#word(EMOTION_NAME, index, lang),
      color: this.#word(EMOTION_COLOR, index),
      score,
    };
  }

  /** A term as a reason of this value for an emotion, or against it. */
  reason(emotion, term, value, lang) {
    const label = this.exports.li_wasm_reason(emotion, term, value, languageOf(lang));
    return { kind: 'term', id: this.#word(TERM_ID, term), label: this.text(label), value };
  }

  /** The ten numbers of a track in the order of enum li_feature; what is unknown becomes NaN. */
  writeFeatures(at, features) {
    const numbers = this.doubles(at, FEATURES);
    this.featureIds.forEach((id, i) => (numbers[i] = typeof features[id] === 'number' ? features[id] : NaN));
  }
}
