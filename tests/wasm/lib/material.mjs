/* What the tests hear: signals, and clips of real music where the shared data are (LI_SHARED). */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { interleaved, planarOf, SIGNALS } from './signals.mjs';

const CLIPS = ['036_band_30', '055_piano_30', '065_band_30', '073_piano_30', '140_band_30'];

export const has = (program) => spawnSync(program, ['-version']).error === undefined;

export function scratch() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'listening-wasm-'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** The clips' paths, or none with the reason. */
export function clips() {
  const folder = path.join(process.env.LI_SHARED ?? '../shared', 'data', 'pop909');
  const found = CLIPS.map((name) => path.join(folder, `${name}.mp3`)).filter(existsSync);
  if (found.length === 0) return { found, skipped: 'the clips of the shared data (LI_SHARED) are not here' };
  return has('ffmpeg') ? { found } : { found: [], skipped: 'ffmpeg, which decodes the clips, is not installed' };
}

const floats = (file) => {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};

/** Files of interleaved floats in the folder: { name, file, rate, channels, planar }. */
export function rawSounds(folder) {
  const signals = SIGNALS.map(({ name, rate, channels, planar }, i) => {
    const file = path.join(folder, `${i}.raw`);
    const rows = planar();
    writeFileSync(file, interleaved(rows));
    return { name, file, rate, channels, planar: rows };
  });
  const real = clips().found.map((clip) => {
    const name = path.basename(clip, '.mp3');
    const file = path.join(folder, `${name}.raw`);
    execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-f', 'f32le', '-ac', '2', '-ar', '44100', file]);
    return { name, file, rate: 44100, channels: 2, planar: planarOf(floats(file), 2) };
  });
  return [...signals, ...real];
}
