/**
 * The analyser and the emotion model of Listening Intelligence, in the browser and in Node: from sound to
 * features, and from features to a profile, with not one byte of sound leaving the computer. Definitions of
 * every number: docs/features.md and docs/emotions.md of the project.
 *
 * What is wrong with a sound, or with the numbers of tracks, throws a ListeningError whose message is one sentence.
 * Arguments of other types than are written here may throw a TypeError, and loading fails with whatever error the
 * runtime gives for an address that cannot be reached or bytes that are no module.
 */

export type Lang = "en" | "fr";

/** Where listening.wasm lies beside this file: bundlers make a hashed asset of it. */
export const wasmUrl: URL;

/** A number that may be unknown. */
export type Maybe = number | null;

/** Spotify's names and ranges; loudness is in LUFS. Instrumentalness and liveness are always null. */
export interface Features {
  danceability: Maybe;
  energy: Maybe;
  /** 0 = C .. 11 = B, -1 unknown */
  key: number;
  loudness: Maybe;
  /** 0 minor, 1 major */
  mode: Maybe;
  speechiness: Maybe;
  acousticness: Maybe;
  instrumentalness: Maybe;
  liveness: Maybe;
  valence: Maybe;
  tempo: Maybe;
  /** 3 or 4 */
  time_signature: Maybe;
}

/** How far to trust each feature, 0..1; null where the feature is. */
export type Confidence = { [Name in keyof Features]: Maybe };

/** One emotion of one track. */
export interface EmotionShare {
  /** "raw_energy": stable, never translated */
  id: string;
  label: string;
  /** "#RRGGBB" */
  color: string;
  /** 0..1 */
  score: number;
}

/** What `listening analyze --json` says of a file, without its rounding: see `rounded`. */
export interface TrackFeatures {
  duration_ms: number;
  features: Features;
  confidence: Confidence;
  tempo_alternative: Maybe;
  /** whether energy, danceability, valence, acousticness and speechiness were fitted to labelled music */
  calibrated: boolean;
  sound: { onset_rate_hz: Maybe; loudness_range_lu: Maybe; peak_dbfs: Maybe; tuning_hz: Maybe };
  /** the five strongest, the first first; none for silence. Labels in the language given to `finish` */
  emotions: EmotionShare[];
}

export interface Mood {
  /** about -1.5..1.8, 0 = ordinary music */
  valence: number;
  /** about -1.5..1.1 */
  arousal: number;
  /** radius of one standard deviation; 0 of a single track */
  spread: number;
}

/** How one track reads: all sixteen emotions by falling score (sum 1), and its place. */
export interface Reading {
  emotions: EmotionShare[];
  mood: Mood;
}

/** A reason: what a property of the sound, an artist or a track gives to an emotion, the largest first. */
export interface Reason {
  /** term: log-odds of a property, mean over the tracks; artist, track: its share of the score, 0..1 */
  kind: "term" | "artist" | "track";
  id: string;
  label: string;
  value: number;
}

export interface ProfileEmotion extends EmotionShare {
  /** score over its share in the reference catalogue */
  times_usual: number;
  /** its own place on the two axes */
  valence: number;
  arousal: number;
  because: Reason[];
}

/** What `profile` is made of. Only the features count; the rest is carried along. */
export interface ProfileTrack {
  id: string;
  title?: string;
  /** tracks with the same artist are taken together */
  artist?: string | null;
  /** as `finish` gave them, or from elsewhere; what is missing or null is unknown */
  features: Partial<Features>;
}

/** The numbers and words of the API's profile (api/openapi.yaml), by the same names and without its rounding.
 * Every track weighs 1. */
export interface Profile {
  dominant_emotion: string;
  top_emotions: string[];
  energy_avg: Maybe;
  danceability_avg: Maybe;
  valence_avg: Maybe;
  acousticness_avg: Maybe;
  instrumentalness_avg: Maybe;
  speechiness_avg: Maybe;
  loudness_avg: Maybe;
  tempo_avg: Maybe;
  /** by the ten names of Features without key and time_signature */
  features: Record<string, { mean: Maybe; spread: Maybe }>;
  /** all sixteen, by falling score (sum 1) */
  emotions: ProfileEmotion[];
  mood: Mood;
  /** 0..1: probability that the first emotion is truly the listener's first */
  confidence: number;
  /** 0..1: entropy of the scores over its maximum */
  variety: number;
  /** by the order in which they first appear; tracks without an artist are in none */
  artists: { name: string; tracks: number; weight: number; emotion: EmotionShare; mood: Mood }[];
  /** in the order given */
  tracks: (ProfileTrack & { emotion: EmotionShare; mood: Mood })[];
  /** two or three sentences */
  description: string;
  lang: Lang;
}

/** An analyser of sounds of one format. It holds about 3 MB of the instance's memory, 5 MB at most, until it is freed. */
export interface Analyzer {
  readonly rateHz: number;
  readonly channels: number;
  /** Takes the next samples: one array a channel, all of one length, full scale = 1. In blocks of any size,
   * with the same result; the arrays are not kept. */
  push(planar: readonly Float32Array[]): void;
  /** Says what was heard since the last finish. Throws for less than three seconds of sound, and for more than
   * +20 LUFS: samples that are not within -1 to 1. The analyser is ready for another sound of the same format
   * afterwards, also when it threw. */
  finish(lang?: Lang): TrackFeatures;
  /** Forgets what was pushed since the last finish. */
  reset(): void;
  /** Gives the memory back; a second time does nothing. */
  free(): void;
}

export interface Listening {
  /** rateHz: 8000..192000, a whole number; channels: 1..8 */
  analyzer(rateHz: number, channels: number): Analyzer;
  /** How one track reads. */
  emotions(features: Partial<Features>, lang?: Lang): Reading;
  /** The profile of one track or more. */
  profile(tracks: readonly ProfileTrack[], lang?: Lang): Profile;
  /** Bytes of memory that the instance holds; it grows to the most that was needed at once. */
  readonly memoryBytes: number;
}

/** status: "invalid", "unsupported", "no_memory" or "io", as in the C library. */
export class ListeningError extends Error {
  readonly status: string;
}

/**
 * Loads listening.wasm. A URL is fetched (in Node, file: is read); without an argument wasmUrl. A compiled
 * module can be posted to workers: `const module = await compileListening()` once, then
 * `await loadListening(module)` in each.
 */
export function loadListening(
  source?: URL | string | Response | ArrayBuffer | Uint8Array | WebAssembly.Module,
): Promise<Listening>;

/** Fetches and compiles only. */
export function compileListening(
  source?: URL | string | Response | ArrayBuffer | Uint8Array,
): Promise<WebAssembly.Module>;

/** The same track with the decimals that the API and `listening analyze --json` print. */
export function rounded(track: TrackFeatures): TrackFeatures;
