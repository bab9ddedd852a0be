/* Sounds made here: a WAV file of notes, for a test that measures for real. */
const RATE = 22_050;

/** Seconds of short notes of a chord, twice a second, as 16-bit mono WAV. */
export function wav(seconds, base_hz = 220, level = 6000) {
  const frames = Math.round(seconds * RATE);
  const bytes = Buffer.alloc(44 + 2 * frames);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + 2 * frames, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); /* PCM */
  bytes.writeUInt16LE(1, 22); /* one channel */
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(2 * RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * frames, 40);
  for (let i = 0; i < frames; i++) {
    const t = i / RATE;
    const fade = Math.exp(-6 * (t % 0.5));
    const chord = [1, 1.2599, 1.4983].reduce((sum, ratio) => sum + Math.sin(2 * Math.PI * base_hz * ratio * t), 0);
    bytes.writeInt16LE(Math.round(level * fade * chord), 44 + 2 * i);
  }
  return bytes;
}

/** The same as floats in units of 16 bits, which no sound has. */
export function unscaledWav(seconds) {
  const whole = wav(seconds);
  const frames = (whole.length - 44) / 2;
  const bytes = Buffer.alloc(44 + 4 * frames);
  whole.copy(bytes, 0, 0, 44);
  bytes.writeUInt32LE(36 + 4 * frames, 4);
  bytes.writeUInt16LE(3, 20); /* IEEE floats */
  bytes.writeUInt32LE(4 * RATE, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(32, 34);
  bytes.writeUInt32LE(4 * frames, 40);
  for (let i = 0; i < frames; i++) bytes.writeFloatLE(whole.readInt16LE(44 + 2 * i), 44 + 4 * i);
  return bytes;
}

export const sound = (name, buffer = wav(5)) => ({ name, mimeType: 'audio/wav', buffer });
