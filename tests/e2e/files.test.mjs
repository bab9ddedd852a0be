/* Sending audio files to be measured, where the browser cannot: by the button, by keyboard; what is wrong is said of each file. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { changed, failing, held, ofFiles, path } from './lib/api.mjs';
import { state } from './lib/pictures.mjs';
import { NOTED, button, card, chip, choose, kept, makeProfile, profileShown, region, shareImageShown, soon, tabTo } from './lib/steps.mjs';
import { sound, wav } from './lib/sounds.mjs';
import { suite } from './lib/suite.mjs';
import { widthsOf } from './lib/visit.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();
const zone = (page, lang) => region(page, WORDS[lang].files.heading);
const input = (page, lang) => zone(page, lang).getByLabel(WORDS[lang].files.choose, { exact: true });
const row = (page, lang, name) => zone(page, lang).getByRole('listitem').filter({ hasText: name });

/** The page of choosing, with the second way for files unfolded. */
async function toSending(page, lang) {
  await page.goto(address(lang, '/choose'));
  await zone(page, lang).getByText(WORDS[lang].files.service, { exact: true }).click();
  await input(page, lang).waitFor();
}

/** The way to measuring is real, but for what is heard: an error for each name that holds "broken". */
async function fabricated(page, names) {
  await page.route(path('analyze'), async (route) => {
    const request = route.request();
    const session_id = request.headers()['x-session-id'];
    assert.match(request.headers()['content-type'], /^multipart\/form-data; boundary=/);
    const form = request.postDataBuffer().toString('latin1');
    for (const name of names) assert.ok(form.includes(`name="file"; filename="${name}"`), `${name} is sent`);
    const origin = new URL(request.url()).origin;
    await fetch(`${origin}/extract-simulate`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ session_id, artists: ['daft-punk', 'adele'] }),
    });
    const tracks = names.map((file) => (file.includes('broken') ? { file, error: 'this is no sound' } : { file, title: file, artist: null }));
    await route.fulfill({ json: { session_id, units: {}, tracks } });
  });
  await changed(page, path('getProfile'), ofFiles);
}

for (const lang of LANGS) {
  const t = WORDS[lang];

  visits(`from the home page to the files by keyboard, ${lang}`, { lang, width: 1280 }, async ({ page }) => {
    await page.goto(address(lang, '/'));
    await tabTo(page, page.getByRole('link', { name: t.home.drop }));
    await page.keyboard.press('Enter');
    const choosing = zone(page, lang).getByLabel(t.choose.files.choose, { exact: true });
    await choosing.waitFor();
    await soon(() => page.evaluate(() => document.activeElement.id).then((id) => assert.equal(id, 'files')));
    await page.keyboard.press('Tab');
    assert.ok(await choosing.evaluate((one) => one === document.activeElement), 'the first stop is in the zone');
  });

  for (const width of widthsOf(lang))
    visits(`files lead to a profile of their own, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page, press } = visitor;
      await fabricated(page, ['one.wav', 'two.wav']);
      await toSending(page, lang);
      await input(page, lang).setInputFiles([sound('one.wav'), sound('two.wav')]);
      await profileShown(page, lang);
      assert.equal((await kept(page)).session.from, 'files');
      await region(page, t.profile.genres.heading).getByText(t.profile.genres.none).waitFor();
      await region(page, t.profile.files.heading).waitFor();
      assert.equal(await region(page, t.profile.artists.heading).count(), 0, 'nothing to ask "what if"');
      await region(page, t.profile.tracks.heading).getByText(t.profile.tracks.ledeFiles).waitFor();
      await region(page, t.profile.tracks.heading).getByRole('heading', { name: lang === 'fr' ? 'Artiste inconnu' : 'Unknown artist', exact: true }).waitFor();
      assert.equal(await region(page, t.profile.map.heading).locator('[data-point^="track/"]').count(), 3);
      assert.equal(await region(page, t.profile.map.heading).locator('[data-point^="artist/"]').count(), 0);
      const radar = await region(page, t.profile.radar.heading).getByRole('img').getAttribute('aria-label');
      assert.ok(radar.includes(t.profile.radar.features.energy) && !radar.includes(t.profile.radar.features.instrumentalness), radar);
      await region(page, t.profile.worth.heading).getByText(t.profile.worth.coverage(3, 3), { exact: true }).waitFor();
      for (const summary of await page.locator('main summary').all()) if (await summary.isVisible()) await summary.click();
      await state(visitor, '4-profile-files');
      await shareImageShown(page, lang);
      await press(region(page, t.profile.files.heading).getByRole('link'));
      await page.waitForURL(`**${address(lang, '/choose')}`);
    });

  visits(`what is wrong is said of each file, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await fabricated(page, ['good.wav', 'broken.mp3']);
    await toSending(page, lang);
    const files = { 'good.wav': wav(5), 'broken.mp3': 'no sound at all', 'cover.jpg': 'a picture', 'empty.flac': '', 'large.wav': Buffer.alloc(21 << 20) };
    const folder = await mkdtemp(join(tmpdir(), 'listening-files-'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await input(page, lang).setInputFiles(Object.keys(files).map((name) => join(folder, name)));
    const { sentences } = t.files;
    for (const [name, sentence] of [
      ['good.wav', t.files.measured], ['broken.mp3', sentences.unreadable], ['cover.jpg', sentences.kind], ['empty.flac', sentences.empty], ['large.wav', sentences.room],
    ])
      await row(page, lang, name).getByText(sentence).waitFor();
    await zone(page, lang).getByText(t.files.some(1, 5)).first().waitFor();
    await state(visitor, '2-choose-files-wrong');
    await press(button(page, t.files.go(1)));
    await profileShown(page, lang);
    await rm(folder, { recursive: true });
  });

  visits(`by keyboard, with artists chosen, and stopped, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await toSending(page, lang);
    await choose(visitor, [['daft pu', 'Daft Punk']]);
    await zone(page, lang).getByText(t.files.replaces).waitFor();
    await page.evaluate(() => document.activeElement.blur());
    const opened = page.waitForEvent('filechooser', { timeout: 60_000 });
    const gate = await held(page, path('analyze'));
    await tabTo(page, input(page, lang));
    await page.keyboard.press('Enter');
    const chooser = await opened;
    await chooser.setFiles([sound('one.wav'), sound('two.wav')]);
    const bar = zone(page, lang).getByRole('progressbar', { name: t.making.progress });
    await bar.waitFor();
    await bar.getByText(t.files.sending('').trim()).waitFor(); /* held before it has left the browser */
    await state(visitor, '2-choose-files-measuring');
    await tabTo(page, button(page, t.files.stop));
    await page.keyboard.press('Enter');
    await bar.waitFor({ state: 'detached' });
    await input(page, lang).waitFor();
    gate.letGo();
    await chip(page, lang, 'Daft Punk').waitFor();
  });

  visits(`measuring fails, then works, ${lang}`, { lang, width: 360, allowed: NOTED }, async (visitor) => {
    const { page, press } = visitor;
    await fabricated(page, ['one.wav']);
    await failing(page, path('analyze'), 503, { times: 1 });
    await toSending(page, lang);
    await input(page, lang).setInputFiles([sound('one.wav')]);
    await page.getByRole('alert').filter({ hasText: t.errors.busy.what }).waitFor();
    await state(visitor, 'error-2-files');
    await press(button(page, t.errors.retry));
    await profileShown(page, lang);
  });

  visits(`nothing in them could be read, ${lang}`, { lang, width: 768, allowed: NOTED }, async (visitor) => {
    const { page } = visitor;
    await failing(page, path('analyze'), 415, { detail: 'this is a picture' });
    await toSending(page, lang);
    await input(page, lang).setInputFiles([sound('one.wav')]);
    await row(page, lang, 'one.wav').getByText(t.files.sentences.unreadable).waitFor();
    await zone(page, lang).getByText(t.files.none).first().waitFor();
  });
}

visits('measured for real: two sounds made here', { width: 1280 }, async (visitor) => {
  const { page } = visitor;
  await toSending(page, 'en');
  await input(page, 'en').setInputFiles([sound('Somebody - Low.wav', wav(12, 110)), sound('Somebody - High.wav', wav(12, 440))]);
  await profileShown(page, 'en');
  const { profile } = WORDS.en;
  await region(page, profile.worth.heading).getByText(profile.worth.coverage(2, 2), { exact: true }).waitFor();
  assert.equal(await region(page, profile.map.heading).locator('[data-point^="track/"]').count(), 2);
  await region(page, profile.tracks.heading).getByText('Somebody', { exact: true }).waitFor();
  for (const title of ['Low', 'High']) await region(page, profile.tracks.heading).getByText(title, { exact: true }).waitFor();
  await card(page, 'en').getByText(profile.card.measured).waitFor();
  await state(visitor, '4-profile-heard');
});

visits('stopped once the service has them: a profile of files asks nothing "what if"', { width: 1280 }, async (visitor) => {
  const { page, press } = visitor;
  await makeProfile(visitor);
  let taken;
  const sent = new Promise((resolve) => (taken = resolve));
  await page.route(path('analyze'), () => taken()); /* no answer comes */
  await toSending(page, 'en');
  await input(page, 'en').setInputFiles([sound('one.wav')]);
  await sent;
  await press(button(page, WORDS.en.files.stop));
  await changed(page, path('getProfile'), ofFiles);
  await page.goto('/profile');
  await profileShown(page, 'en');
  await region(page, WORDS.en.profile.files.heading).waitFor();
  assert.equal(await region(page, WORDS.en.profile.artists.heading).count(), 0);
});
