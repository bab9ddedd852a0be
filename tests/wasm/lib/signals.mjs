/* Sounds with nothing random in them, as one Float32Array a channel. */

/* Numerical Recipes' quick generator: -1..1. */
function noiseFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
}

const hertz = (note) => 440 * 2 ** ((note - 69) / 12);
const sine = (hz, level) => (t) => level * Math.sin(2 * Math.PI * hz * t);
const CHORDS = [[48, 60, 64, 67], [53, 60, 65, 69], [55, 59, 62, 67], [45, 57, 60, 64]];

function music(rate, bpm) {
  const noise = noiseFrom(bpm);
  const beat = 60 / bpm;
  return (t) => {
    const chord = CHORDS[Math.floor(t / (4 * beat)) % CHORDS.length];
    const tone = chord.reduce((sum, note) => sum + Math.sin(2 * Math.PI * hertz(note) * t) + 0.4 * Math.sin(4 * Math.PI * hertz(note) * t), 0);
    return 0.09 * tone + 0.4 * noise() * Math.exp(-(t % beat) * 60) + 0.3 * Math.sin(2 * Math.PI * 55 * t) * Math.exp(-(t % beat) * 12);
  };
}

function clicks(bpm) {
  const beat = 60 / bpm;
  const noise = noiseFrom(9);
  return (t) => (t % beat < 0.01 ? 0.8 * noise() : 0.0005 * noise());
}

const white = (seed) => {
  const noise = noiseFrom(seed);
  return () => 0.2 * noise();
};

/* name, rate, channels, seconds, (channel) => (time) => sample */
const TABLE = [
  ['sine of 440 Hz', 44100, 1, 6, () => sine(440, 0.5)],
  ['two sines', 48000, 2, 6, (c) => sine(c ? 523.25 : 261.63, 0.25)],
  ['noise', 44100, 2, 6, (c) => white(c + 1)],
  ['clicks at 90', 44100, 1, 12, () => clicks(90)],
  ['clicks at 174', 44100, 2, 12, () => clicks(174)],
  ['chords at 120', 44100, 2, 20, () => music(44100, 120)],
  ['chords for longer than a segment', 22050, 1, 65, () => music(22050, 100)],
  ['silence', 44100, 2, 5, () => () => 0],
  ['noise between silences', 44100, 1, 8, () => { const noise = white(3); return (t) => (t > 3 && t < 5 ? noise() : 0); }],
  ['beyond full scale', 44100, 2, 5, (c) => sine(100 + 100 * c, 4)],
  ['in units of 16 bits', 44100, 2, 5, () => sine(440, 16384)],
  ['not numbers', 44100, 1, 5, () => { const noise = white(4); return (t) => (t % 1 < 0.001 ? NaN : t % 1 > 0.999 ? Infinity : noise()); }],
  ['too short', 44100, 2, 2.9, () => sine(440, 0.5)],
  ['nothing', 44100, 1, 0, () => () => 0],
  ...[8000, 11025, 16000, 22050, 32000, 88200, 96000, 176400, 192000].map((rate) => [`chords at ${rate} Hz`, rate, 1, 6, () => music(rate, 110)]),
  ...[3, 4, 5, 6, 7, 8].map((channels) => [`${channels} channels`, 32000, channels, 5, (c) => { const own = music(32000, 96 + c); return (t) => own(t) / (c + 1); }]),
];

export const SIGNALS = TABLE.map(([name, rate, channels, seconds, make]) => ({
  name,
  rate,
  channels,
  planar() {
    const frames = Math.round(rate * seconds);
    return Array.from({ length: channels }, (_, c) => {
      const wave = make(c);
      return Float32Array.from({ length: frames }, (_, i) => wave(i / rate));
    });
  },
}));

export const piece = (rate, seconds, bpm) => {
  const wave = music(rate, bpm);
  return Float32Array.from({ length: rate * seconds }, (_, i) => wave(i / rate));
};

export function interleaved(planar) {
  const channels = planar.length;
  const out = new Float32Array(planar[0].length * channels);
  planar.forEach((row, c) => row.forEach((sample, i) => (out[i * channels + c] = sample)));
  return out;
}

export function planarOf(samples, channels) {
  return Array.from({ length: channels }, (_, c) => Float32Array.from({ length: samples.length / channels }, (_, i) => samples[i * channels + c]));
}
