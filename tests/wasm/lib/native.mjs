/* The native library's answers, and how far the others are from them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/* enum li_feature, and the numbers that tests/wasm/native.c prints, in their order. */
const FEATURES = ['danceability', 'energy', 'valence', 'acousticness', 'instrumentalness', 'liveness', 'speechiness', 'loudness', 'tempo', 'mode'];

export const FEATURE_TOLERANCE = 1e-4;
export const EMOTION_TOLERANCE = 1e-3;

/** lines: "raw RATE CHANNELS FILE" or "file FILE". */
export function native(lines) {
  const printed = execFileSync(process.env.WASM_NATIVE, { input: lines.join('\n') + '\n', maxBuffer: 1 << 26, encoding: 'utf8' });
  const answers = printed.trim().split('\n').map((line) => JSON.parse(line));
  return { tracks: answers.slice(0, lines.length), profile: answers[lines.length] };
}

/** Every number of a track by name, from either side. */
export function numbersOfNative(track) {
  const [seconds, key, keyTrust, signature, signatureTrust, alternative, onsets, range, peak, tuning, calibrated] = track.numbers;
  return {
    ...Object.fromEntries(FEATURES.map((name, i) => [name, track.feature[i]])),
    ...Object.fromEntries(FEATURES.map((name, i) => [`confidence of ${name}`, track.confidence[i]])),
    seconds,
    key,
    'confidence of key': keyTrust,
    time_signature: signature === 0 ? null : signature,
    'confidence of time_signature': signatureTrust,
    tempo_alternative: alternative,
    onset_rate_hz: onsets,
    loudness_range_lu: range,
    peak_dbfs: peak,
    tuning_hz: tuning,
    calibrated,
  };
}

export function numbersOfTrack(track) {
  return {
    ...track.features,
    ...Object.fromEntries(Object.entries(track.confidence).map(([name, value]) => [`confidence of ${name}`, value])),
    ...track.sound,
    seconds: track.duration_ms / 1000,
    tempo_alternative: track.tempo_alternative,
    calibrated: track.calibrated ? 1 : 0,
  };
}

/** The largest difference; fails beyond the tolerances, or where one side knows what the other does not. */
export function checkSame(name, heard, wanted) {
  assert.equal(heard.error, wanted.error, name);
  if (wanted.error) return 0;
  const [got, right] = [numbersOfTrack(heard.track), numbersOfNative(wanted)];
  assert.deepEqual(Object.keys(got).sort(), Object.keys(right).sort(), name);
  let most = 0;
  for (const [what, value] of Object.entries(right)) {
    if (value === null) assert.equal(got[what], null, `${name}: ${what}`);
    else most = Math.max(most, near(`${name}: ${what}`, got[what], value, FEATURE_TOLERANCE));
  }
  for (const { id, score } of heard.reading.emotions) near(`${name}: ${id}`, score, wanted.emotions[id], EMOTION_TOLERANCE);
  near(`${name}: valence of the mood`, heard.reading.mood.valence, wanted.mood[0], EMOTION_TOLERANCE);
  near(`${name}: arousal of the mood`, heard.reading.mood.arousal, wanted.mood[1], EMOTION_TOLERANCE);
  return most;
}

export function near(what, got, wanted, tolerance) {
  const off = Math.abs(got - wanted);
  assert.ok(off <= tolerance, `${what} is ${got}, wanted ${wanted} within ${tolerance}`);
  return off;
}
