/* Music measured in the browser: to a profile of its own that nobody is sent, without a network too; what is wrong is
 * said of each file; pause and stop; folders; export; and kept as a session when one asks. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { accessible } from './lib/checks.mjs';
import { BINARY } from './lib/paths.mjs';
import { state } from './lib/pictures.mjs';
import { sound, unscaledWav, wav } from './lib/sounds.mjs';
import { NOTED, button, choose, kept, profileShown, region, shareImageShown, soon, tabTo } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { launch, widthsOf, withVisit } from './lib/visit.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { shared, visits } = suite();
const zone = (page, lang) => region(page, WORDS[lang].files.heading);
const input = (page, lang) => zone(page, lang).getByLabel(WORDS[lang].choose.files.choose, { exact: true });
const local = (page, lang) => region(page, WORDS[lang].measure.local.heading);
const tracks = (page, lang) => region(page, WORDS[lang].profile.tracks.heading);
const bar = (page, lang) => zone(page, lang).getByRole('progressbar', { name: WORDS[lang].measure.progress });
const TWO = () => [sound('Somebody - Low.wav', wav(12, 110)), sound('Somebody - High.wav', wav(12, 440))];
const asked = (notes) => notes.requests.map((url) => new URL(url).pathname).filter((name) => /^\/(create-session|features|analyze|import|getProfile)$/.test(name));

/** The name of the model, as the page says it. */
const modelOf = async (page, lang) => /listening-\d+/.exec(await region(page, WORDS[lang].profile.worth.heading).innerText())[0];

async function toChoose(page, lang) {
  await page.goto(address(lang, '/choose'));
  await input(page, lang).waitFor();
}

for (const lang of LANGS) {
  const t = WORDS[lang];
  const { measure } = t;

  for (const width of widthsOf(lang))
    visits(`files are measured here, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page, notes } = visitor;
      await toChoose(page, lang);
      await state(visitor, '2-choose-measure');
      await input(page, lang).setInputFiles(TWO());
      await profileShown(page, lang);
      await local(page, lang).getByText(measure.local.text(2), { exact: true }).waitFor();
      assert.deepEqual(asked(notes), [], 'nobody was told of anything');
      const stored = await kept(page);
      assert.equal(stored.session, undefined);
      assert.deepEqual(stored.measured.tracks.map(({ title, artist }) => `${artist}: ${title}`), ['Somebody: Low', 'Somebody: High']);
      await region(page, t.profile.worth.heading).getByText(t.profile.worth.coverage(2, 2), { exact: true }).waitFor();
      await tracks(page, lang).getByText(t.profile.worth.sources.browser.name, { exact: true }).waitFor();
      await tracks(page, lang).getByText(`${t.profile.tracks.key(9, 1)} · ${t.profile.tracks.bpm('120')}`, { exact: true }).first().waitFor();
      assert.equal(await region(page, t.profile.map.heading).locator('[data-point^="track/"]').count(), 2);
      assert.equal(await region(page, t.profile.artists.heading).count(), 0, 'nothing to ask "what if"');
      await state(visitor, '4-profile-local');
      await shareImageShown(page, lang);
      await page.reload();
      await profileShown(page, lang);
      await page.getByRole('link', { name: t.otherLanguage.name }).click();
      await profileShown(page, t.otherLanguage.lang);
      await page.getByText(WORDS[t.otherLanguage.lang].measure.local.heading, { exact: true }).waitFor();
      assert.deepEqual(asked(notes), []);
    });

  visits(`what is wrong is said of each file, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await toChoose(page, lang);
    const files = {
      'good.wav': [wav(5)], 'broken.mp3': [Buffer.from('no sound at all'), 'unreadable'], 'short.wav': [wav(2), 'short'],
      'silence.wav': [wav(5, 220, 0), 'silent'], 'loud.wav': [unscaledWav(5), 'loud'], 'cover.jpg': [Buffer.from('a picture'), 'kind'], 'empty.flac': [Buffer.alloc(0), 'empty'],
    };
    await input(page, lang).setInputFiles(
      Object.entries(files).map(([name, [buffer]]) => ({ name, buffer, mimeType: name.endsWith('.jpg') ? 'image/jpeg' : 'audio/wav' })),
    );
    await zone(page, lang).getByText(measure.some(1, 7)).first().waitFor();
    for (const [name, [, problem]] of Object.entries(files))
      if (problem) await zone(page, lang).getByRole('listitem').filter({ hasText: name }).getByText(measure.sentences[problem]).waitFor();
    await state(visitor, '2-choose-measured-wrong');
    await press(button(page, measure.go(1)));
    await profileShown(page, lang);
    await input(page, lang).waitFor({ state: 'detached' });
  });

  visits(`pause, go on and stop by keyboard, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    /* Two analysts, and a decoder that waits until it may. */
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 3 });
      const decode = OfflineAudioContext.prototype.decodeAudioData;
      window.decodes = [];
      OfflineAudioContext.prototype.decodeAudioData = function (bytes) {
        return new Promise((go) => window.decodes.push(go)).then(() => decode.call(this, bytes));
      };
    });
    const letGo = () => page.evaluate(() => window.decodes.splice(0).forEach((go) => go()));
    const waiting = (n) => page.waitForFunction((count) => window.decodes.length === count, n);
    await toChoose(page, lang);
    await input(page, lang).setInputFiles(Array.from({ length: 7 }, (_, i) => sound(`Song ${i}.wav`, wav(4, 110 + 30 * i))));
    await waiting(2);
    await tabTo(page, button(page, measure.pause));
    await page.keyboard.press('Enter');
    await bar(page, lang).getByText(measure.pausing).waitFor();
    await letGo();
    await bar(page, lang).getByText(measure.done(2, 7)).waitFor();
    assert.equal(await page.evaluate(() => window.decodes.length), 0, 'nothing new is begun in a pause');
    await state(visitor, '2-choose-measuring-paused');
    await tabTo(page, button(page, measure.resume), { back: true });
    await page.keyboard.press('Enter');
    await waiting(2);
    await letGo();
    await waiting(2);
    await bar(page, lang).getByText(measure.done(4, 7)).waitFor();
    await state(visitor, '2-choose-measuring');
    await tabTo(page, zone(page, lang).getByRole('button', { name: measure.stop, exact: true }));
    await page.keyboard.press('Enter');
    await bar(page, lang).waitFor({ state: 'detached' });
    await letGo();
    await tabTo(page, button(page, measure.go(4)));
    await page.keyboard.press('Enter');
    await profileShown(page, lang);
    assert.equal((await kept(page)).measured.tracks.length, 4);
  });

  visits(`without a network, then kept as a session, ${lang}`, { lang, width: 1280, serviceWorkers: 'allow', allowed: /ERR_INTERNET_DISCONNECTED/ }, async (visitor) => {
    const { page, context, notes, press } = visitor;
    await toChoose(page, lang);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    assert.equal(await page.evaluate(() => fetch('/healthz').catch(() => 'offline')), 'offline');
    await page.reload();
    await input(page, lang).waitFor();
    await input(page, lang).setInputFiles(TWO());
    await profileShown(page, lang);
    await page.reload();
    await profileShown(page, lang);
    const model = await modelOf(page, lang);
    await press(button(page, measure.local.keep));
    await page.getByRole('alert').filter({ hasText: t.errors.offline.what }).waitFor();
    await state(visitor, 'error-4-keep-offline');
    await context.setOffline(false);
    await press(button(page, measure.local.keep));
    await local(page, lang).waitFor({ state: 'detached' });
    await profileShown(page, lang);
    await region(page, t.profile.worth.heading).getByText(t.profile.worth.coverage(2, 2), { exact: true }).waitFor();
    assert.equal(await modelOf(page, lang), model, 'the same model, here and there');
    const stored = await kept(page);
    assert.equal(stored.session.from, 'files');
    assert.equal(stored.measured, undefined);
    assert.ok(asked(notes).includes('/features') && !asked(notes).includes('/analyze'));
    const cached = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return { names, files: requests.flat().map(({ url }) => new URL(url).pathname) };
    });
    assert.equal(cached.names.length, 1);
    assert.deepEqual(cached.files.filter((file) => !/^\/(_next\/|boot\.js|favicon|site\.|fr$|fr\/|choose$|profile$|$)/.test(file)), [], 'no answer of the API is kept');
  });
}

/** The server as it would be after a new build of the pages: its service worker has another list. */
async function withNewerBuild(body) {
  let newer = false;
  const proxy = createServer(async (request, response) => {
    const answer = await fetch(shared.server.origin + request.url, { method: request.method });
    const text = Buffer.from(await answer.arrayBuffer());
    const headers = [...answer.headers].filter(([name]) => !/^(content-(length|encoding)|connection|transfer-encoding)$/.test(name));
    response.writeHead(answer.status, Object.fromEntries(headers));
    response.end(newer && request.url === '/sw.js' ? text.toString().replace(/listening-[0-9a-f]{16}/, 'listening-newer') : text);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const browser = await launch();
  try {
    await body(browser, { origin: `http://127.0.0.1:${proxy.address().port}` }, () => (newer = true));
  } finally {
    await browser.close();
    proxy.closeAllConnections();
    proxy.close();
  }
}

test('a new build takes the place of the old one, once no page of that is open', { timeout: 120_000 }, () =>
  withNewerBuild((browser, server, publish) =>
    withVisit(browser, server, { name: 'a new build', serviceWorkers: 'allow' }, async ({ context, page }) => {
      const names = () => page.evaluate(() => caches.keys());
      await toChoose(page, 'en');
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const [old] = await names();
      publish();
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      await page.waitForFunction(() => navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null));
      assert.deepEqual((await names()).sort(), [old, 'listening-newer'].sort(), 'the open page keeps what it was built with');
      await page.goto('about:blank');
      /* Asked of the worker: Chromium may never end a visit that begins in the moment in which the one takes over. */
      const newer = context.serviceWorkers().at(-1);
      await soon(async () => assert.deepEqual(await newer.evaluate(() => caches.keys()), ['listening-newer']));
      await toChoose(page, 'en');
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      assert.deepEqual(await names(), ['listening-newer']);
    }),
  ),
);

visits('mixed with artists that were chosen', { width: 768 }, async (visitor) => {
  const { page, press } = visitor;
  const { measure, profile } = WORDS.en;
  await page.goto('/choose');
  await choose(visitor, [['daft pu', 'Daft Punk']]);
  await input(page, 'en').setInputFiles(TWO());
  await profileShown(page, 'en');
  const sent = page.waitForRequest('**/features');
  await local(page, 'en').getByLabel(measure.local.mix('Daft Punk')).check();
  await press(button(page, measure.local.keep));
  const body = (await sent).postData();
  assert.ok(body.length < 4000, 'numbers alone');
  assert.deepEqual(JSON.parse(body).artists.map(({ id }) => id), ['daft-punk']);
  await local(page, 'en').waitFor({ state: 'detached' });
  await tracks(page, 'en').getByText('Daft Punk', { exact: true }).waitFor();
  await tracks(page, 'en').getByText('Somebody', { exact: true }).waitFor();
  await tracks(page, 'en').getByText(profile.worth.sources.browser.name).first().waitFor();
});

visits('exported as the program exports it', { width: 1280 }, async (visitor) => {
  const { page, press } = visitor;
  const { local: words } = WORDS.en.measure;
  const folder = await mkdtemp(path.join(tmpdir(), 'listening-export-'));
  const file = path.join(folder, 'Some, body - A "song".wav');
  await writeFile(file, wav(8));
  await toChoose(page, 'en');
  await input(page, 'en').setInputFiles([file]);
  await profileShown(page, 'en');
  const save = async (label) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press(button(page, label))]);
    await page.getByText(words.exported(download.suggestedFilename())).first().waitFor();
    return readFile(await download.path(), 'utf8');
  };
  const csv = (await save(words.csv)).split('\n');
  const { stdout } = await promisify(execFile)(BINARY, ['analyze', '--csv', file]);
  const native = stdout.split('\n');
  assert.equal(csv[0], native[0], 'the same columns');
  assert.ok(csv[1].startsWith('"Some, body - A ""song"".wav","A ""song""","Some, body",8000,'), csv[1]);
  assert.equal(csv[1].split(',').length, native[1].split(',').length);
  const exported = JSON.parse(await save(words.json));
  assert.deepEqual(Object.keys(exported), ['units', 'tracks']);
  assert.equal(exported.tracks[0].title, 'A "song"');
  await rm(folder, { recursive: true });
});

visits('a folder, by the picker and by the plain input', { width: 1280 }, async (visitor) => {
  const { page, press } = visitor;
  const { measure } = WORDS.en;
  /* The picker cannot be driven: it gives a folder of the browser's own file system. */
  await page.addInitScript(() => {
    window.showDirectoryPicker = () => navigator.storage.getDirectory().then((root) => root.getDirectoryHandle('music'));
  });
  await toChoose(page, 'en');
  await press(zone(page, 'en').getByRole('button', { name: measure.folder, exact: true }));
  await page.getByText(measure.nothing, { exact: true }).waitFor();
  await page.evaluate(async (bytes) => {
    const write = async (folder, name) => {
      const out = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await out.write(new Uint8Array(bytes));
      await out.close();
    };
    const music = await (await navigator.storage.getDirectory()).getDirectoryHandle('music', { create: true });
    await write(music, 'One.wav');
    await write(music, 'notes.txt');
    await write(await music.getDirectoryHandle('deeper', { create: true }), 'Nina Simone - Two.wav');
  }, [...wav(4)]);
  await press(zone(page, 'en').getByRole('button', { name: measure.folder, exact: true }));
  await profileShown(page, 'en');
  const paths = (await kept(page)).measured.tracks.map(({ file }) => file).sort();
  assert.deepEqual(paths, ['music/One.wav', 'music/deeper/Nina Simone - Two.wav']);

  await page.addInitScript(() => delete window.showDirectoryPicker);
  const folder = await mkdtemp(path.join(tmpdir(), 'listening-folder-'));
  await writeFile(path.join(folder, 'Three.wav'), wav(4));
  await writeFile(path.join(folder, 'notes.txt'), 'hello');
  await toChoose(page, 'en');
  await zone(page, 'en').getByLabel(measure.folder, { exact: true }).setInputFiles(folder);
  await profileShown(page, 'en');
  assert.deepEqual((await kept(page)).measured.tracks.map(({ title }) => title), ['Three']);
  await rm(folder, { recursive: true });
});

visits('too long with its channels is not too long in itself', { width: 1280 }, async ({ page }) => {
  const { sentences } = WORDS.en.measure;
  /* 301 s of six channels, a byte a sample. */
  const rate = 1000;
  const surround = Buffer.alloc(44 + 301 * 6 * rate, 128);
  wav(0).copy(surround);
  for (const [value, at] of [[surround.length - 8, 4], [6 * rate, 28], [surround.length - 44, 40], [rate, 24]]) surround.writeUInt32LE(value, at);
  for (const [value, at] of [[6, 22], [6, 32], [8, 34]]) surround.writeUInt16LE(value, at);
  const long = Buffer.from(surround); /* the same bytes as one channel: 30 minutes */
  for (const at of [22, 32]) long.writeUInt16LE(1, at);
  long.writeUInt32LE(rate, 28);
  await toChoose(page, 'en');
  await input(page, 'en').setInputFiles([sound('surround.wav', surround), sound('long.wav', long)]);
  for (const [name, sentence] of [['surround.wav', sentences.channels], ['long.wav', sentences.long]])
    await zone(page, 'en').getByRole('listitem').filter({ hasText: name }).getByText(sentence).waitFor();
});

visits('what is measured is still there in the other language', { width: 1280 }, async ({ page, press }) => {
  const { measure } = WORDS.fr;
  await toChoose(page, 'en');
  await input(page, 'en').setInputFiles([sound('Somebody - Low.wav', wav(8, 110)), { name: 'broken.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no sound') }]);
  await zone(page, 'en').getByText(WORDS.en.measure.some(1, 2)).first().waitFor();
  await page.getByRole('link', { name: WORDS.en.otherLanguage.name, exact: true }).click();
  await zone(page, 'fr').getByText(measure.some(1, 2)).first().waitFor();
  assert.equal((await kept(page)).measured, undefined, 'nothing is kept unasked');
  await press(button(page, measure.go(1)));
  await profileShown(page, 'fr');
  await page.goBack();
  await input(page, 'fr').waitFor();
  assert.equal(await button(page, measure.go(1)).count(), 0, 'it is gone on with');
});

visits('files let go anywhere on the page', { width: 1280 }, async ({ page }) => {
  await toChoose(page, 'en');
  const carried = await page.evaluateHandle((bytes) => {
    const one = new DataTransfer();
    one.items.add(new File([new Uint8Array(bytes)], 'dropped.wav', { type: 'audio/wav' }));
    return one;
  }, [...wav(4)]);
  const heading = page.getByRole('heading', { level: 1 });
  await heading.dispatchEvent('dragover', { dataTransfer: carried });
  await page.getByRole('heading', { name: WORDS.en.measure.drop }).waitFor();
  await heading.dispatchEvent('drop', { dataTransfer: carried });
  await profileShown(page, 'en');
  await local(page, 'en').waitFor();
});

/* A list of titles in a folder of music is no listening history, and nobody is sent it. */
for (const lang of LANGS)
  visits(`a folder of music with a text in it is measured, ${lang}`, { lang, width: 360, touch: false }, async ({ page, notes }) => {
    const { measure } = WORDS[lang];
    await toChoose(page, lang);
    const carried = await page.evaluateHandle((bytes) => {
      const all = new DataTransfer();
      for (const name of ['One.wav', 'Two.wav']) all.items.add(new File([new Uint8Array(bytes)], name, { type: 'audio/wav' }));
      all.items.add(new File(['no sound at all'], 'broken.mp3', { type: 'audio/mpeg' }));
      all.items.add(new File(['1. One\n2. Two\n'], 'titles.txt', { type: 'text/plain' }));
      return all;
    }, [...wav(4)]);
    await page.getByRole('heading', { level: 1 }).dispatchEvent('drop', { dataTransfer: carried });
    await zone(page, lang).getByText(measure.some(2, 3)).first().waitFor();
    await zone(page, lang).getByText(measure.aside(1), { exact: true }).waitFor();
    assert.deepEqual(asked(notes), []);
  });

visits('a browser without WebAssembly sends files, and says so', { width: 360 }, async ({ page }) => {
  await page.addInitScript(() => delete window.WebAssembly);
  await page.goto('/choose');
  await zone(page, 'en').getByText(WORDS.en.measure.unable).waitFor();
  await zone(page, 'en').getByText(WORDS.en.files.lede).waitFor();
  await zone(page, 'en').getByLabel(WORDS.en.files.choose, { exact: true }).waitFor();
  await accessible(page, 'a browser without WebAssembly');
});

visits('the analyser cannot be fetched, then it can', { width: 360, allowed: NOTED }, async ({ page }) => {
  const { measure, files } = WORDS.en;
  const analyser = /\/listening[^/]*\.wasm$/;
  await page.route(analyser, (route) => route.abort('connectionrefused'));
  await toChoose(page, 'en');
  await input(page, 'en').setInputFiles(TWO());
  await zone(page, 'en').getByText(measure.failed).first().waitFor();
  await zone(page, 'en').getByLabel(files.choose, { exact: true }).waitFor();
  await accessible(page, 'measuring that could not start');
  await page.unroute(analyser);
  await input(page, 'en').setInputFiles(TWO());
  await profileShown(page, 'en');
});

/* Decoded, these are 210 MB; with what the files hold, 50 more. */
visits('120 files, and the tab stays small', { width: 1280 }, async ({ page }) => {
  const LIMIT_MB = 380;
  const folder = await mkdtemp(path.join(tmpdir(), 'listening-many-'));
  const names = Array.from({ length: 120 }, (_, i) => path.join(folder, `Artist ${i % 7} - Song ${i}.wav`));
  for (const [i, name] of names.entries()) await writeFile(name, wav(10, 110 + (i % 5) * 30));
  const session = await shared.browser.newBrowserCDPSession();
  const size_mb = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sizes = processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    });
    return Math.max(...(await Promise.all(sizes)));
  };
  await toChoose(page, 'en');
  await input(page, 'en').setInputFiles(names);
  let largest = 0;
  const shown = profileShown(page, 'en').then(() => true);
  while (!(await Promise.race([shown, size_mb().then((size) => void (largest = Math.max(largest, size)))])));
  assert.equal((await kept(page)).measured.tracks.length, 120);
  console.log(`120 files: ${largest.toFixed(0)} MB at most`);
  assert.ok(largest > 50 && largest < LIMIT_MB, `${largest} MB`);
  await rm(folder, { recursive: true });
});
