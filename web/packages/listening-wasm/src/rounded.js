/* The decimals that src/pipeline/sound.c prints. */
const UNIT = 3;
const LEVEL = 2;
const SCORE = 4;

const round = (number, decimals) => (number === null ? null : Number(number.toFixed(decimals)));

export function rounded(track) {
  const level = (names) => Object.fromEntries(Object.entries(names).map(([name, value]) => [name, round(value, LEVEL)]));
  const unit = (names) => Object.fromEntries(Object.entries(names).map(([name, value]) => [name, round(value, UNIT)]));
  const { loudness, tempo } = track.features;
  return {
    ...track,
    duration_ms: Math.round(track.duration_ms),
    features: { ...unit(track.features), ...level({ loudness, tempo }) },
    confidence: unit(track.confidence),
    tempo_alternative: round(track.tempo_alternative, LEVEL),
    sound: level(track.sound),
    emotions: track.emotions.map((emotion) => ({ ...emotion, score: round(emotion.score, SCORE) })),
  };
}
