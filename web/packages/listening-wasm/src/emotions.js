import { EMOTIONS, FEATURES, ListeningError, maybe, TERMS } from './memory.js';

const READING_DOUBLES = EMOTIONS + 2; /* struct li_wasm_reading */
const PROFILE_DOUBLES = 2 * EMOTIONS + 5 + 2 * FEATURES + EMOTIONS * TERMS; /* struct li_wasm_profile, before the text */
const DESCRIPTION_BYTES = 1024;
const TOP_EMOTIONS = 3;
const REASONS_A_KIND = 3;
const LEAST_TERM = 0.05; /* reasons below these are not worth showing, as in src/pipeline/because.c */
const LEAST_SHARE = 0.001;

const mood = (valence, arousal, spread = 0) => ({ valence, arousal, spread });

function largest(values, least) {
  return values
    .map((value, index) => ({ value, index }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.index - b.index)
    .filter(({ value }) => Math.abs(value) >= least)
    .slice(0, REASONS_A_KIND);
}

const strongest = (memory, p, lang) => {
  const index = p.indexOf(Math.max(...p));
  return memory.emotion(index, p[index], lang);
};

function readingAt(memory, at) {
  const numbers = Array.from(memory.doubles(at, READING_DOUBLES));
  return { p: numbers.slice(0, EMOTIONS), valence: numbers[EMOTIONS], arousal: numbers[EMOTIONS + 1] };
}

export function emotionsOf(memory, features, lang) {
  const reading = memory.withDoubles(FEATURES + READING_DOUBLES, (at) => {
    const out = at + FEATURES * 8;
    memory.writeFeatures(at, features);
    memory.exports.li_wasm_read(at, out);
    return readingAt(memory, out);
  });
  const emotions = reading.p.map((score, i) => memory.emotion(i, score, lang)).sort((a, b) => b.score - a.score);
  return { emotions, mood: mood(reading.valence, reading.arousal) };
}

/** What the C side says of the tracks: numbers by name, and how each track reads. */
function compute(memory, tracks, lang) {
  const bytes = { features: tracks.length * FEATURES * 8, readings: tracks.length * READING_DOUBLES * 8 };
  const profileBytes = PROFILE_DOUBLES * 8 + 2 * DESCRIPTION_BYTES;
  return memory.withBlock(bytes.features + bytes.readings + profileBytes, (at) => {
    const readings = at + bytes.features;
    const out = readings + bytes.readings;
    tracks.forEach((track, i) => memory.writeFeatures(at + i * FEATURES * 8, track.features));
    memory.check(memory.exports.li_wasm_profile(at, tracks.length, readings, out, memory.message));
    const numbers = Array.from(memory.doubles(out, PROFILE_DOUBLES));
    const next = (count) => numbers.splice(0, count);
    return {
      score: next(EMOTIONS),
      order: next(EMOTIONS),
      facts: next(5),
      mean: next(FEATURES).map(maybe),
      spread: next(FEATURES).map(maybe),
      because: Array.from({ length: EMOTIONS }, () => next(TERMS)),
      description: memory.text(out + PROFILE_DOUBLES * 8 + (lang === 'fr' ? DESCRIPTION_BYTES : 0)),
      readings: tracks.map((_, i) => readingAt(memory, readings + i * READING_DOUBLES * 8)),
    };
  });
}

/** The tracks by artist, in the order in which the artists appear. */
function byArtist(tracks) {
  const places = new Map();
  tracks.forEach(({ artist }, i) => {
    if (artist) places.set(artist, [...(places.get(artist) ?? []), i]);
  });
  return [...places].map(([name, indices]) => ({ name, indices }));
}

function artistOf(memory, { name, indices }, computed, lang) {
  const mean = (of) => indices.reduce((sum, i) => sum + of(computed.readings[i]), 0) / indices.length;
  const [valence, arousal] = [mean((reading) => reading.valence), mean((reading) => reading.arousal)];
  const radius = Math.sqrt(mean((reading) => (reading.valence - valence) ** 2 + (reading.arousal - arousal) ** 2));
  const p = Array.from({ length: EMOTIONS }, (_, e) => mean((reading) => reading.p[e]));
  return {
    name,
    tracks: indices.length,
    weight: indices.length / computed.readings.length,
    emotion: strongest(memory, p, lang),
    mood: mood(valence, arousal, radius),
  };
}

function reasonsOf(memory, emotion, tracks, artists, computed, lang) {
  const share = (i) => computed.readings[i].p[emotion] / computed.readings.length / computed.score[emotion];
  const ofArtists = artists.map(({ indices }) => indices.reduce((sum, i) => sum + share(i), 0));
  return [
    ...largest(computed.because[emotion], LEAST_TERM).map(({ value, index }) => memory.reason(emotion, index, value, lang)),
    ...largest(ofArtists, LEAST_SHARE).map(({ value, index }) => ({ kind: 'artist', id: artists[index].name, label: artists[index].name, value })),
    ...largest(tracks.map((_, i) => share(i)), LEAST_SHARE).map(({ value, index }) => ({
      kind: 'track',
      id: tracks[index].id,
      label: tracks[index].title ?? tracks[index].id,
      value,
    })),
  ];
}

function emotionOf(memory, index, reasons, computed, lang) {
  return memory.withDoubles(3, (at) => {
    memory.exports.li_wasm_emotion(index, at);
    const [valence, arousal, usual] = memory.doubles(at, 3);
    const score = computed.score[index];
    return { ...memory.emotion(index, score, lang), times_usual: score / usual, valence, arousal, because: reasons };
  });
}

export function profileOf(memory, given, lang) {
  /* Of silence nothing is known, and it says nothing about a taste. */
  const tracks = given.filter(({ features }) => memory.featureIds.some((id) => Number.isFinite(features[id])));
  if (tracks.length === 0) throw new ListeningError('there is no track with features to make a profile of', 'invalid');
  const computed = compute(memory, tracks, lang);
  const artists = byArtist(tracks);
  const emotions = computed.order.map((index) =>
    emotionOf(memory, index, reasonsOf(memory, index, tracks, artists, computed, lang), computed, lang),
  );
  const [confidence, variety, valence, arousal, spread] = computed.facts;
  const features = Object.fromEntries(memory.featureIds.map((id, i) => [id, { mean: computed.mean[i], spread: computed.spread[i] }]));
  return {
    dominant_emotion: emotions[0].label,
    top_emotions: emotions.slice(0, TOP_EMOTIONS).map(({ label }) => label),
    ...Object.fromEntries(
      ['energy', 'danceability', 'valence', 'acousticness', 'instrumentalness', 'speechiness', 'loudness', 'tempo'].map((id) => [
        `${id}_avg`,
        features[id].mean,
      ]),
    ),
    features,
    emotions,
    mood: mood(valence, arousal, spread),
    confidence,
    variety,
    artists: artists.map((artist) => artistOf(memory, artist, computed, lang)),
    tracks: tracks.map((track, i) => ({
      ...track,
      emotion: strongest(memory, computed.readings[i].p, lang),
      mood: mood(computed.readings[i].valence, computed.readings[i].arousal),
    })),
    description: computed.description,
    lang: lang === 'fr' ? 'fr' : 'en',
  };
}
