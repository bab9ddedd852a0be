/* See run. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { openPage, serve } from '../../tests/wasm/lib/browser.mjs';
import { scratch } from '../../tests/wasm/lib/material.mjs';
import { interleaved, piece } from '../../tests/wasm/lib/signals.mjs';

const ROOT = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const PAGE = path.join(ROOT, 'docs/performance.md');
const BEGIN = '<!-- browser: written by bench/wasm/run -->';
const END = '<!-- end of browser -->';
const TURNS = 5;
const CLIP = '036_band_30.mp3';

const { folder, remove } = scratch();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ffmpeg = (...args) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** The sounds: 30 s and 4 minutes as raw floats and as MP3. */
function makeSounds() {
  const clip = path.join(process.env.LI_SHARED, 'data/pop909', CLIP);
  const source = path.join(folder, 'source.wav');
  if (existsSync(clip)) ffmpeg('-i', clip, '-ac', '2', '-ar', '44100', source);
  else {
    const raw = path.join(folder, 'source.raw');
    const row = piece(44100, 30, 112);
    writeFileSync(raw, interleaved([row, row]));
    ffmpeg('-f', 'f32le', '-ac', '2', '-ar', '44100', '-i', raw, source);
  }
  ffmpeg('-i', source, '-t', '30', '-f', 'f32le', path.join(folder, 'preview.f32'));
  ffmpeg('-i', source, '-t', '30', '-c:a', 'libmp3lame', '-b:a', '128k', path.join(folder, 'preview.mp3'));
  ffmpeg('-stream_loop', '-1', '-i', source, '-t', '240', '-c:a', 'libmp3lame', '-b:a', '128k', path.join(folder, 'song.mp3'));
  return existsSync(clip) ? 'real music' : 'made music';
}

/** Asks the browser what processor time its main thread and its process have used, in seconds. */
async function clocks(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
    return { thread: of('ThreadTime'), process: of('ProcessTime') };
  };
}

async function measure(page) {
  const call = (name, ...args) => page.evaluate(async ([what, all]) => (await import('/bench/page.mjs'))[what](...all), [name, args]);
  const now = await clocks(page);
  /* Milliseconds a round: of the main thread, of all threads of the page's process, and by the clock. */
  const once = async (work, rounds) => {
    const start = await now();
    const clock = await call('run', work, rounds);
    const end = await now();
    return { thread: ((end.thread - start.thread) * 1000) / rounds, process: ((end.process - start.process) * 1000) / rounds, clock };
  };
  const best = async (work, rounds, times) => {
    const got = [];
    for (let i = 0; i < times; i++) got.push(await once(work, rounds));
    return Object.fromEntries(['thread', 'process', 'clock'].map((kind) => [kind, Math.min(...got.map((one) => one[kind]))]));
  };

  const memoryBytes = await call('prepareOurs', '/sounds/preview.f32', { preview: '/sounds/preview.mp3', song: '/sounds/song.mp3' });
  await call('run', 'analyze', 60); /* until the compiler has done its best */
  const turns = [];
  for (let i = 0; i < TURNS; i++) {
    const native = Number(execFileSync(process.env.NATIVE, [path.join(folder, 'preview.f32'), '40'], { encoding: 'utf8' }));
    turns.push({ native, ours: (await best('analyze', 10, 4)).thread });
  }
  const files = {};
  /* The kernel counts a process's time in steps of 10 ms: short work several times in a row. */
  for (const [name, rounds] of [['preview', 10], ['song', 1]])
    files[name] = { decode: await best(`decode ${name}`, rounds, 5), all: await best(`all of ${name}`, rounds, 5) };
  const start = await best('start', 10, 3);
  const essentia = {};
  for (const name of await call('prepareEssentia', '/sounds/preview.f32')) essentia[name] = (await best(name, 1, 4)).thread;
  await call('prepareMeyda', '/sounds/preview.f32');
  return { memoryBytes, turns, files, start, essentia, meyda: (await best('meyda', 1, 4)).thread };
}

function report({ memoryBytes, turns, files, start, essentia, meyda }, sound, browser) {
  const ratios = turns.map(({ native, ours }) => ours / native);
  const ours = median(turns.map((turn) => turn.ours));
  const native = median(turns.map((turn) => turn.native));
  const wasm = readFileSync(path.join(ROOT, 'build/wasm/listening.wasm'));
  const ms = (value) => `${value.toFixed(1)} ms`;
  const row = (...cells) => `| ${cells.join(' | ')} |`;
  const other = (library, what, took) => row(library, what, ms(took), (took / ours).toFixed(1));
  const fileRow = (what, { decode, all }, aim) => row(what, ms(decode.process), `**${ms(all.process)}**`, ms(all.clock), aim);
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${os.cpus().length} cores, ${os.cpus()[0].model}; Chromium ${browser}; load of other work ` +
      `${os.loadavg()[0].toFixed(1)}. ${sound[0].toUpperCase()}${sound.slice(1)}, stereo at 44.1 kHz.`,
    '',
    `The file: ${(wasm.length / 1000).toFixed(0)} kB, ${(gzipSync(wasm, { level: 9 }).length / 1000).toFixed(0)} kB gzipped. Fetching it, compiling it and a ` +
      `first analyser: ${ms(start.process)}. Memory of an instance with one analyser: ${(memoryBytes / 1e6).toFixed(1)} MB.`,
    '',
    row('30 s of samples to all features', 'time', 'a second of sound', 'against native'),
    row('---', '---:', '---:', '---:'),
    row('native, one thread', ms(native), `${((native / 30) * 1000).toFixed(0)} us`, '1.0'),
    row('WebAssembly in Chromium', ms(ours), `${((ours / 30) * 1000).toFixed(0)} us (${Math.round(30000 / ours).toLocaleString('en')}x real time)`,
      `**${median(ratios).toFixed(2)}** (${Math.min(...ratios).toFixed(2)} .. ${Math.max(...ratios).toFixed(2)}; aim 2.5)`),
    '',
    row('from the bytes of a file', "the browser's decoder", 'with ours', 'by the clock', 'aim'),
    row('---', '---:', '---:', '---:', '---:'),
    fileRow('30-second preview, MP3 128k', files.preview, '150 ms'),
    fileRow('4 minutes, MP3 128k', files.song, ''),
    '',
    row('the same 30 s in the same browser', 'what it gives', 'time', 'against ours'),
    row('---', '---', '---:', '---:'),
    row('ours', 'all features', ms(ours), '1.0'),
    ...Object.entries(essentia).map(([what, took]) => other('essentia.js 0.1.3', what, took)),
    other('meyda 5.6.3', 'level, centroid, flatness, specific loudness, chroma, MFCC of frames; no tempo, no key', meyda),
  ].join('\n');
}

const server = await serve({
  package: path.join(ROOT, 'web/packages/listening-wasm'),
  bench: path.join(ROOT, 'bench/wasm'),
  others: path.join(ROOT, 'bench/wasm/node_modules'),
  sounds: folder,
});
const { page, version, close } = await openPage(server.origin);
try {
  const sound = makeSounds();
  const text = report(await measure(page), sound, version);
  console.log(text);
  if (process.argv.includes('--write')) {
    const all = readFileSync(PAGE, 'utf8');
    const [from, to] = [all.indexOf(BEGIN), all.indexOf(END)];
    if (from < 0 || to < from) throw new Error(`${PAGE} has lost its marks: ${BEGIN}`);
    writeFileSync(PAGE, `${all.slice(0, from + BEGIN.length)}\n\n${text}\n\n${all.slice(to)}`);
  }
} finally {
  await close();
  server.close();
  remove();
}
