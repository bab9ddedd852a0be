/* From files to features, end to end: Chromium's decodeAudioData at 44.1 kHz before WebAssembly, and the native decoders
 * before the native library. The tolerances are what the two decoders explain; README.md of the package states them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { openPage, serve } from './lib/browser.mjs';
import { clips, has, scratch } from './lib/material.mjs';
import { native, numbersOfNative, numbersOfTrack } from './lib/native.mjs';
import { interleaved, piece } from './lib/signals.mjs';

const ENCODERS = [
  ['wav', 'ffmpeg', (from, to) => ['-i', from, '-c:a', 'pcm_s16le', to]],
  ['flac', 'flac', (from, to) => ['--silent', '--force', '-o', to, from]],
  ['mp3', 'lame', (from, to) => ['--quiet', '-b', '160', from, to]],
  ['ogg', 'oggenc', (from, to) => ['--quiet', '-q', '5', '-o', to, from]],
  ['m4a', 'ffmpeg', (from, to) => ['-i', from, '-c:a', 'aac', '-b:a', '160k', to]],
];
const UNIT = ['danceability', 'energy', 'valence', 'acousticness', 'speechiness'];
const units = (tolerance) => Object.fromEntries(UNIT.map((name) => [name, tolerance]));

/* At 44.1 kHz both sides hear the same samples, but for the scale of 16 bits (1/32767 or 1/32768) and for the padding
 * that AAC leaves at the end. At 48 kHz Chromium changes the sample rate first. What is not named here is the same. */
const TOLERANCES = {
  44100: {
    ...units(3e-4), loudness: 0.001, seconds: 0.03, onset_rate_hz: 0.02, loudness_range_lu: 0.005, peak_dbfs: 0.005, tuning_hz: 0.001, emotion: 0.002,
  },
  48000: {
    ...units(0.03), loudness: 0.15, tempo: 0.5, tempo_alternative: 1, seconds: 0.03, onset_rate_hz: 1, loudness_range_lu: 0.15, peak_dbfs: 0.6, tuning_hz: 0.2,
    emotion: 0.05,
  },
};

const { folder, remove } = scratch();
let server, browser;
before(async () => {
  server = await serve({ package: path.resolve('../../web/packages/listening-wasm'), sounds: folder });
  browser = await openPage(server.origin);
});
after(async () => {
  await browser?.close();
  server?.close();
  remove();
});

const encode = (program, args) => execFileSync(program, program === 'ffmpeg' ? ['-v', 'error', '-y', ...args] : args);

/** WAVs of made music and of a clip. */
function originals(rate) {
  const raw = path.join(folder, 'made.raw');
  const wavOf = (name, input) => {
    const to = path.join(folder, `${name}-${rate}.source.wav`);
    encode('ffmpeg', [...input, '-ac', '2', '-ar', String(rate), '-c:a', 'pcm_s16le', '-bitexact', to]);
    return to;
  };
  const left = piece(rate, 12, 112);
  writeFileSync(raw, interleaved([left, left.map((sample, i) => 0.7 * sample + 0.2 * (left[i - 300] ?? 0))]));
  return [
    wavOf('made', ['-f', 'f32le', '-ac', '2', '-ar', String(rate), '-i', raw]),
    ...clips().found.slice(0, 1).map((clip) => wavOf(path.basename(clip, '.mp3'), ['-i', clip])),
  ];
}

/** What Chromium makes of the files: a track, or the decoder's words. */
function heardInChromium(files) {
  return browser.page.evaluate(async (urls) => {
    const { loadListening } = await import('/package/index.js');
    const listening = await loadListening();
    const answers = [];
    for (const url of urls) {
      const bytes = await (await fetch(url)).arrayBuffer();
      const decoded = await new OfflineAudioContext(2, 1, 44100).decodeAudioData(bytes).catch((error) => error.message);
      if (typeof decoded === 'string') {
        answers.push({ refused: decoded });
        continue;
      }
      const analyzer = listening.analyzer(decoded.sampleRate, decoded.numberOfChannels);
      analyzer.push(Array.from({ length: decoded.numberOfChannels }, (_, c) => decoded.getChannelData(c)));
      const track = analyzer.finish();
      answers.push({ track, reading: listening.emotions(track.features) });
      analyzer.free();
    }
    return answers;
  }, files.map((file) => `/sounds/${path.basename(file)}`));
}

/** Fails where a number is farther off than the tolerance; keeps the largest differences. */
function compare(name, heard, wanted, tolerances, most) {
  const [got, right] = [numbersOfTrack(heard.track), numbersOfNative(wanted)];
  const pairs = Object.keys(right)
    .filter((what) => !what.startsWith('confidence'))
    .map((what) => [what, got[what], right[what]]);
  heard.reading.emotions.forEach(({ id, score }) => pairs.push(['emotion', score, wanted.emotions[id]]));
  for (const [what, a, b] of pairs) {
    assert.equal(a === null, b === null, `${name}: ${what}`);
    const off = Math.abs(a - b);
    assert.ok(off <= (tolerances[what] ?? 0), `${name}: ${what} is ${a} by Chromium's decoder, ${b} by ours`);
    if (off > 0) most[what] = Math.max(most[what] ?? 0, off);
  }
}

for (const rate of [44100, 48000])
  test(`files at ${rate} Hz`, { skip: has('ffmpeg') ? false : 'ffmpeg, which makes the files, is not installed' }, async (t) => {
    const sources = originals(rate);
    for (const [kind, program, args] of ENCODERS)
      await t.test(kind, { skip: has(program) ? false : `${program} is not installed` }, async (own) => {
        const files = sources.map((from) => {
          const to = from.replace('.source.wav', `.${kind}`);
          encode(program, args(from, to));
          return to;
        });
        const wanted = native(files.map((file) => `file ${file}`)).tracks;
        const heard = await heardInChromium(files);
        if (kind === 'm4a' && heard.every(({ refused }) => refused)) return own.skip('this Chromium was built without a decoder for AAC');
        const most = {};
        files.forEach((file, i) => {
          assert.equal(heard[i].refused, undefined, file);
          assert.equal(wanted[i].error, undefined, file);
          compare(path.basename(file), heard[i], wanted[i], TOLERANCES[rate], most);
        });
        own.diagnostic(Object.entries(most).map(([what, off]) => `${what} ${off.toPrecision(2)}`).join(', '));
      });
  });
