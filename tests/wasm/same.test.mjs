/* The same samples through the native library and through WebAssembly, in Node and in headless Chromium: every feature
 * equal within 1e-4, every emotion within 1e-3. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { loadListening } from '../../web/packages/listening-wasm/index.js';
import { openPage, serve } from './lib/browser.mjs';
import { clips, rawSounds, scratch } from './lib/material.mjs';
import { measure } from './lib/measure.mjs';
import { checkSame, native, near } from './lib/native.mjs';

const PACKAGE = path.resolve('../../web/packages/listening-wasm');
const { folder, remove } = scratch();
let sounds, wanted, server, browser;

before(async () => {
  sounds = rawSounds(folder);
  wanted = native(sounds.map(({ rate, channels, file }) => `raw ${rate} ${channels} ${file}`));
  server = await serve({ package: PACKAGE, lib: path.resolve('lib'), sounds: folder });
  browser = await openPage(server.origin);
});
after(async () => {
  await browser?.close();
  server?.close();
  remove();
});

test('Node hears what the native library hears', async (t) => {
  const listening = await loadListening();
  const most = sounds.map(({ name, rate, planar }, i) => checkSame(name, measure(listening, rate, planar), wanted.tracks[i]));
  t.diagnostic(`${sounds.length} sounds, the largest difference is ${Math.max(...most).toExponential(1)}`);
});

test('Chromium hears what the native library hears', async (t) => {
  const list = sounds.map(({ file, rate, channels }) => ({ url: `/sounds/${path.basename(file)}`, rate, channels }));
  const heard = await browser.page.evaluate(async (all) => {
    const { loadListening } = await import('/package/index.js');
    const { measure } = await import('/lib/measure.mjs');
    const { planarOf } = await import('/lib/signals.mjs');
    const listening = await loadListening();
    const answers = [];
    for (const { url, rate, channels } of all) {
      const bytes = await (await fetch(url)).arrayBuffer();
      answers.push(measure(listening, rate, planarOf(new Float32Array(bytes), channels)));
    }
    return answers;
  }, list);
  const most = sounds.map(({ name }, i) => checkSame(name, heard[i], wanted.tracks[i]));
  t.diagnostic(`${sounds.length} sounds, the largest difference is ${Math.max(...most).toExponential(1)}`);
});

test('the clips of real music were among them', { skip: clips().skipped }, () => {
  assert.ok(sounds.filter(({ name }) => name.includes('_30')).length >= 4);
});

test('the profile of all of them is the native one', async () => {
  const listening = await loadListening();
  const tracks = sounds
    .map(({ name, rate, planar }) => ({ id: name, features: measure(listening, rate, planar).track?.features }))
    .filter(({ features }) => features && features.loudness !== null);
  const [en, fr] = ['en', 'fr'].map((lang) => listening.profile(tracks, lang));
  const [confidence, variety, valence, arousal, spread] = wanted.profile.facts;
  near('confidence', en.confidence, confidence, 1e-3);
  near('variety', en.variety, variety, 1e-3);
  near('valence', en.mood.valence, valence, 1e-3);
  near('arousal', en.mood.arousal, arousal, 1e-3);
  near('spread', en.mood.spread, spread, 1e-3);
  en.emotions.forEach(({ id, score }, i) => near(id, score, wanted.profile.score[wanted.profile.order[i]], 1e-3));
  Object.values(en.features).forEach(({ mean, spread: own }, i) => {
    if (wanted.profile.mean[i] === null) return assert.deepEqual([mean, own], [null, null]);
    near('mean', mean, wanted.profile.mean[i], 1e-4);
    return near('spread', own, wanted.profile.spread[i], 1e-4);
  });
  assert.equal(en.description, wanted.profile.en);
  assert.equal(fr.description, wanted.profile.fr);
});
