/* The package by its interface: loading, reuse, memory, errors, and profiles as the service makes them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

import { compileListening, ListeningError, loadListening, rounded, wasmUrl } from '../../web/packages/listening-wasm/index.js';
import { scratch } from './lib/material.mjs';
import { piece } from './lib/signals.mjs';

const bytes = readFileSync(wasmUrl);
const sound = piece(44100, 6, 120);
const analyzed = (listening, samples, rate = 44100) => {
  const analyzer = listening.analyzer(rate, 1);
  analyzer.push([samples]);
  const track = analyzer.finish();
  analyzer.free();
  return track;
};
const failing = (work, status, words) =>
  assert.throws(work, (error) => error instanceof ListeningError && error.status === status && words.test(error.message));

test('the file imports nothing and is small', () => {
  const module = new WebAssembly.Module(bytes);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.ok(gzipSync(bytes, { level: 9 }).length < 200_000);
});

test('the same bytes come from the same sources, whatever the folder', () => {
  const { folder, remove } = scratch();
  execFileSync('../../tools/build-wasm', [path.join(folder, 'again.wasm')]);
  assert.ok(readFileSync(path.join(folder, 'again.wasm')).equals(bytes));
  remove();
});

test('every kind of source loads', async () => {
  const wanted = analyzed(await loadListening(), sound);
  const answer = (type) => new Response(bytes, { headers: { 'Content-Type': type } });
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  for (const source of [wasmUrl, String(wasmUrl), bytes, copy, answer('application/wasm'), answer('application/octet-stream'), await compileListening()])
    assert.deepEqual(analyzed(await loadListening(source), sound), wanted);
  await assert.rejects(loadListening(new Response('', { status: 404 })), (error) => error instanceof ListeningError && /404/.test(error.message));
});

test('the example for Node runs as the README has it', () => {
  const readme = readFileSync(new URL('README.md', wasmUrl), 'utf8');
  const example = readme.split('```js\n')[2].split('```')[0];
  const [, wanted] = example.match(/\/\/ (-[\d.]+) LUFS/);
  const code = example.replace("'listening-wasm'", `'${new URL('index.js', wasmUrl)}'`);
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  assert.equal(Number(printed).toFixed(2), wanted);
});

test('a module compiled once serves workers', async () => {
  const code = `import { parentPort, workerData } from 'node:worker_threads';
    const { loadListening } = await import(workerData.url);
    const analyzer = (await loadListening(workerData.module)).analyzer(44100, 1);
    analyzer.push([workerData.sound]);
    parentPort.postMessage(analyzer.finish());`;
  const url = String(new URL('index.js', wasmUrl));
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData: { url, module: await compileListening(), sound } });
  const track = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  assert.deepEqual(track, analyzed(await loadListening(), sound));
  await worker.terminate();
});

test('a track has the names of listening analyze --json, and its numbers when rounded', async () => {
  const { folder, remove } = scratch();
  const file = path.join(folder, 'Somebody - Something.wav');
  writeFileSync(file, wav(sound, 44100));
  const [said] = JSON.parse(execFileSync(process.env.LISTENING, ['analyze', '--json', '--lang', 'fr', file], { encoding: 'utf8' })).tracks;
  const listening = await loadListening();
  const analyzer = listening.analyzer(44100, 1);
  analyzer.push([sixteenBits(sound)]);
  const { file: _file, title: _title, artist: _artist, ...wanted } = said;
  assert.deepEqual(rounded(analyzer.finish('fr')), wanted);
  remove();
});

test('an analyser is used again, and forgets when told to', async () => {
  const listening = await loadListening();
  const analyzer = listening.analyzer(44100, 1);
  const wanted = analyzed(listening, sound);
  for (let i = 0; i < 2; i++) {
    analyzer.push([sound]);
    assert.deepEqual(analyzer.finish(), wanted);
  }
  analyzer.push([sound.subarray(0, 1000)]);
  failing(() => analyzer.finish(), 'invalid', /at least 3 s/);
  analyzer.push([sound]);
  analyzer.reset();
  analyzer.push([sound]);
  assert.deepEqual(analyzer.finish(), wanted);
});

test('memory is given back', async () => {
  const listening = await loadListening();
  analyzed(listening, sound);
  listening.profile(Array.from({ length: 1000 }, (_, i) => ({ id: String(i), features: { energy: i / 1000 } })));
  const bytesBefore = listening.memoryBytes;
  for (let i = 0; i < 50; i++) {
    listening.analyzer(44100, 1).free();
    failing(() => listening.analyzer(44100, 9), 'unsupported', /9 channels/);
    listening.profile([{ id: 'a', features: { energy: 0.5 } }]);
  }
  analyzed(listening, sound);
  assert.equal(listening.memoryBytes, bytesBefore);
});

test('what is wrong is said in a sentence', async () => {
  const listening = await loadListening();
  const analyzer = listening.analyzer(48000, 2);
  const row = new Float32Array(10);
  for (const [rate, channels, status, words] of [
    [7999, 2, 'unsupported', /7999 Hz/],
    [192001, 2, 'unsupported', /192001 Hz/],
    [44100, 0, 'unsupported', /0 channels/],
    [44100, 9, 'unsupported', /9 channels/],
    [44100.5, 1, 'invalid', /whole numbers/],
    [NaN, 1, 'invalid', /whole numbers/],
    [2 ** 32 + 44100, 1, 'invalid', /whole numbers/],
  ])
    failing(() => listening.analyzer(rate, channels), status, words);
  for (const wrong of [[], [row], [row, row, row], [row, new Float32Array(9)], [row, Array(10).fill(0)], [row, new Float64Array(10)]])
    failing(() => analyzer.push(wrong), 'invalid', /2 Float32Array/);
  failing(() => analyzer.finish(), 'invalid', /0\.00 s long/);
  analyzer.free();
  analyzer.free();
  failing(() => analyzer.push([row, row]), 'invalid', /freed/);
  failing(() => analyzer.finish(), 'invalid', /freed/);
  failing(() => analyzer.reset(), 'invalid', /freed/);
  failing(() => listening.profile([]), 'invalid', /no track/);
  failing(() => listening.profile([{ id: 'silence', features: {} }]), 'invalid', /no track/);
});

test('what is of another type, or no module, is an error of the runtime', async () => {
  const listening = await loadListening();
  const analyzer = listening.analyzer(44100, 1);
  const calls = [() => listening.profile([{ id: 'a' }]), () => listening.emotions(undefined), () => analyzer.push(null)];
  for (const call of calls) assert.throws(call, TypeError);
  analyzer.free();
  await assert.rejects(loadListening(new Uint8Array(8)), WebAssembly.CompileError);
  await assert.rejects(loadListening('http://127.0.0.1:1/'), TypeError);
});

test('features from anywhere are read: what is missing, beyond its range or no number at all', async () => {
  const listening = await loadListening();
  for (const features of [{}, { energy: 7, valence: -3 }, { energy: 'loud', tempo: null }, { loudness: -Infinity, tempo: 1e300 }]) {
    const { emotions, mood } = listening.emotions(features, 'fr');
    assert.equal(emotions.length, 16);
    assert.ok(Math.abs(emotions.reduce((sum, { score }) => sum + score, 0) - 1) < 1e-9);
    assert.ok(Number.isFinite(mood.valence) && Number.isFinite(mood.arousal));
    assert.ok(emotions.every(({ score }, i) => i === 0 || score <= emotions[i - 1].score));
  }
  assert.equal(listening.emotions({}, 'fr').emotions.find(({ id }) => id === 'raw_energy').label, 'énergie brute');
  assert.equal(listening.emotions({}).emotions.find(({ id }) => id === 'raw_energy').label, 'raw energy');
});

test('a profile is the one that the service makes of the same files', async () => {
  const { folder, remove } = scratch();
  const listening = await loadListening();
  const tracks = [70, 96, 120, 150].map((bpm, i) => {
    const samples = piece(44100, 6, bpm);
    const artist = i < 2 ? 'One' : 'Two';
    writeFileSync(path.join(folder, `${artist} - ${bpm}.wav`), wav(samples, 44100));
    return { id: `audio:${bpm}`, title: String(bpm), artist, features: analyzed(listening, sixteenBits(samples)).features };
  });
  for (const lang of ['en', 'fr']) {
    const said = JSON.parse(execFileSync(process.env.LISTENING, ['profile', '--json', '--lang', lang, '--audio', folder], { encoding: 'utf8' }));
    checkProfile(listening.profile(tracks, lang), said);
  }
  remove();
});

/* The service stores features and answers with their decimals: each number is near, and the words are the same. */
function checkProfile(made, said) {
  const near = (what, a, b, tolerance) =>
    assert.ok(a === b || Math.abs(a - b) <= tolerance, `${what} is ${a}, the service says ${b}`);
  for (const name of ['dominant_emotion', 'top_emotions', 'description', 'lang']) assert.deepEqual(made[name], said[name], name);
  for (const name of Object.keys(made).filter((name) => name.endsWith('_avg')))
    near(name, made[name], said[name], /loud|tempo/.test(name) ? 0.051 : 0.0056);
  for (const [name, { mean, spread }] of Object.entries(made.features)) {
    near(name, mean, said.features[name].mean, /loud|tempo/.test(name) ? 0.051 : 0.0056);
    near(name, spread, said.features[name].spread, /loud|tempo/.test(name) ? 0.051 : 0.0056);
  }
  for (const name of ['valence', 'arousal', 'spread']) near(name, made.mood[name], said.mood[name], 0.002);
  near('confidence', made.confidence, said.confidence, 0.002);
  near('variety', made.variety, said.variety, 0.002);
  assert.deepEqual(made.emotions.map(({ id }) => id), said.emotions.map(({ id }) => id));
  made.emotions.forEach((emotion, i) => {
    const { id, label, color, score, times_usual, valence, arousal, because } = said.emotions[i];
    assert.deepEqual([emotion.label, emotion.color], [label, color], id);
    near(id, emotion.score, score, 0.002);
    near(`${id}: usual`, emotion.times_usual, times_usual, 0.02);
    near(`${id}: valence`, emotion.valence, valence, 0.001);
    near(`${id}: arousal`, emotion.arousal, arousal, 0.001);
    const terms = (reasons) => reasons.filter(({ kind }) => kind === 'term').map(({ id: term, label: name }) => [term, name]);
    assert.deepEqual(terms(emotion.because), terms(because), id);
    const artists = (reasons) => reasons.filter(({ kind }) => kind === 'artist').map(({ label: name }) => name);
    assert.deepEqual(artists(emotion.because).sort(), artists(because).sort(), id);
  });
  assert.deepEqual(made.artists.map(({ name }) => name).sort(), said.artists.map(({ name }) => name).sort());
  for (const artist of made.artists) {
    const other = said.artists.find(({ name }) => name === artist.name);
    assert.equal(artist.emotion.id, other.emotion.id);
    near(artist.name, artist.weight, other.weight, 0.0001);
    near(artist.name, artist.mood.valence, other.mood.valence, 0.002);
  }
}

function sixteenBits(samples) {
  return samples.map((sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32767) / 32768);
}

function wav(samples, rate) {
  const out = Buffer.alloc(44 + samples.length * 2);
  out.write('RIFF', 0);
  out.writeUInt32LE(out.length - 8, 4);
  out.write('WAVEfmt ', 8);
  [[16, 4], [1, 2], [1, 2], [rate, 4], [rate * 2, 4], [2, 2], [16, 2]].reduce((at, [value, size]) => out.writeUIntLE(value, at, size), 16);
  out.write('data', 36);
  out.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => out.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32767), 44 + 2 * i));
  return out;
}
