/* Bringing a listening history: the report, the profile over time, and two profiles side by side. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { API, changed, failing, held, path, slow } from './lib/api.mjs';
import { accessible, fits, settled, touchable } from './lib/checks.mjs';
import { PICTURES, ROOT } from './lib/paths.mjs';
import { state } from './lib/pictures.mjs';
import { NOTED, button, chip, kept, makeProfile, profileShown, region, shareImageShown, soon, tabTo } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { widthsOf } from './lib/visit.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();
const DAY_S = 86_400;
const zone = (page, lang) => region(page, WORDS[lang].history.heading);
const input = (page, lang) => zone(page, lang).getByLabel(WORDS[lang].history.choose, { exact: true });
const overTime = (page, lang) => region(page, WORDS[lang].overTime.time.heading);
const compare = (page, lang) => region(page, WORDS[lang].overTime.compare.heading);
const slider = (page, lang, part) => overTime(page, lang).getByRole('slider', { name: WORDS[lang].overTime.time[part].label });

/** A Last.fm table: stretches of [artist, first day, days, plays a day, hour of the first play]. */
function table(...stretches) {
  const lines = ['uts,artist,track'];
  for (const [artist, first, days, daily, hour] of stretches)
    for (let day = 0; day < days; day++)
      for (let play = 0; play < daily; play++)
        lines.push(`${Date.parse(first) / 1000 + day * DAY_S + hour * 3600 + play * 400},${artist},Song ${(day + play) % 7}`);
  return { name: 'scrobbles.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) };
}

/* Metal for two years, a quiet summer, then songs: one turn, two months of nothing, somebody unknown. */
const LISTENER = table(
  ['Metallica', '2021-01-01', 720, 3, 7],
  ['Slipknot', '2021-01-01', 720, 2, 18],
  ['Adele', '2023-03-01', 540, 4, 20],
  ['Norah Jones', '2023-03-01', 540, 2, 21],
  ['Nobody Of That Name Qx', '2023-05-01', 30, 5, 9],
);
const PLAYS = 720 * 5 + 540 * 6 + 30 * 5;
const FRIEND = table(['Daft Punk', '2024-01-01', 200, 4, 20], ['Stromae', '2024-01-01', 200, 3, 22], ['Adele', '2024-01-01', 200, 2, 8]);
const number = (lang, n) => new Intl.NumberFormat(WORDS[lang].locale).format(n);

/** Notes the fields of each form that is sent: the browser does not show a body with files in it. */
const noteForms = (page) =>
  page.addInitScript(() => {
    window.formsSent = [];
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
      if (body instanceof FormData) window.formsSent.push([...body].map(([name, value]) => [name, value instanceof File ? value.name : value]));
      return send.call(this, body);
    };
  });

async function bring(visitor, files) {
  const { page, lang } = visitor;
  await page.goto(address(lang, '/choose'));
  await input(page, lang).setInputFiles(files);
  await zone(page, lang).getByRole('heading', { name: WORDS[lang].history.report.heading }).waitFor();
}

async function toProfile(visitor) {
  const { page, lang, press } = visitor;
  await press(button(page, WORDS[lang].history.report.go));
  await profileShown(page, lang);
  await slider(page, lang, 'emotions').waitFor();
  await shareImageShown(page, lang); /* its buttons change with it: not in the middle of a check */
}

/** The code of another listener, who came with another history. */
async function friendsCode(origin) {
  const session = await (await fetch(`${origin}/create-session`, { method: 'POST' })).json();
  const form = new FormData();
  form.append('session_id', session.session_id);
  form.append('file', new Blob([FRIEND.buffer]), FRIEND.name);
  assert.equal((await fetch(`${origin}/import`, { method: 'POST', body: form })).status, 200);
  const headers = { 'X-Session-Id': session.session_id };
  assert.equal((await fetch(`${origin}/getProfile?wait=10000`, { headers })).status, 200);
  return (await (await fetch(`${origin}/share`, { method: 'POST', headers })).json()).code;
}

for (const lang of LANGS) {
  const t = WORDS[lang];
  const { report } = t.history;
  const { time } = t.overTime;

  for (const width of widthsOf(lang).filter((one) => one !== 768))
    visits(`a history, its report and its profile over time, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page } = visitor;
      await noteForms(page);
      await bring(visitor, [LISTENER]);
      const { session_id } = (await kept(page)).session;
      const [form] = await page.evaluate(() => window.formsSent);
      assert.deepEqual(form.map(([name]) => name), ['session_id', 'lang', 'utc_offset_min', 'file'], 'fields stand before the files');
      assert.deepEqual(form.slice(0, 2).map(([, value]) => value), [session_id, lang]);
      assert.match(form[2][1], /^(60|120)$/, 'Paris is one or two hours ahead');
      assert.equal(form[3][1], 'scrobbles.csv');

      await zone(page, lang).getByText(report.plays(number(lang, PLAYS)), { exact: true }).waitFor();
      await zone(page, lang).getByText(report.formats('Last.fm', number(lang, PLAYS))).waitFor();
      await page.getByText(report.unknownLabel(1)).click();
      await zone(page, lang).getByText('Nobody Of That Name Qx').waitFor();
      await state(visitor, '2-choose-history-read');
      assert.equal((await kept(page)).session.from, 'history');
      await toProfile(visitor);

      const top = async (name) => (await region(page, name).boundingBox()).y;
      assert.ok((await top(t.profile.emotions.heading)) < (await top(time.heading)) && (await top(time.heading)) < (await top(t.profile.map.heading)), 'time comes after the emotions');
      const months = Number(await slider(page, lang, 'emotions').getAttribute('aria-valuemax')) + 1;
      assert.equal(months, 44, 'January 2021 to August 2024');
      assert.ok((await overTime(page, lang).locator('.ridge-change').count()) >= 1, 'a turning point');
      assert.ok((await overTime(page, lang).locator('.ridge-none').count()) >= 1, 'a month of nothing is pale');
      await overTime(page, lang).getByText(time.year.more, { exact: true }).waitFor();
      await overTime(page, lang).getByText(time.year.less, { exact: true }).waitFor();
      const share = new Intl.NumberFormat(t.locale, { style: 'percent', maximumFractionDigits: 0 }).format((PLAYS - 150) / PLAYS);
      assert.ok((await overTime(page, lang).innerText()).includes(share), `coverage of ${share} is stated`);
      assert.equal(await region(page, t.profile.artists.heading).count(), 0, 'no "what if" of a history');
      await region(page, t.profile.files.heading).waitFor();
      await region(page, t.profile.tracks.heading).getByText(t.profile.tracks.ledeHistory, { exact: true }).waitFor();
      for (const summary of await overTime(page, lang).locator('summary').all()) await summary.click();
      const rows = await overTime(page, lang).getByRole('table', { name: time.emotions.table }).getByRole('row').count();
      assert.equal(rows, months + 1);
      await state(visitor, '5-over-time-tables');
      for (const summary of await overTime(page, lang).locator('summary').all()) await summary.click();
      await state(visitor, '5-over-time');
    });

  visits(`years never touch, and a small turn names the emotion that moved most, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    let said;
    await changed(page, path('timeline'), (timeline) => {
      const [turn, second] = ['2019-06', '2021-06'];
      const [joy, calm, ...others] = timeline.emotions;
      const still = { valence: 0.1, arousal: 0.1 };
      const share = (month) => ({ ...Object.fromEntries(others.map(({ id }) => [id, 0.02])), [joy.id]: month < turn ? 0.4 : 0.3, [calm.id]: month < second ? 0.2 : 0.26 });
      const months = Array.from({ length: 122 }, (_, i) => `${2014 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`);
      const { less, more } = time.changes;
      said = [less(joy.label), more(calm.label)];
      return {
        ...timeline,
        months: months.map((month) => ({ ...timeline.months[0], month, plays: 20, matched_share: 1, emotions: share(month) })),
        changes: [turn, second].map((month) => ({ month, before: still, after: still, energy_before: 0.5, energy_after: 0.5 })),
      };
    });
    await bring(visitor, [LISTENER]);
    await toProfile(visitor);
    const sentences = await overTime(page, lang).getByRole('heading', { name: time.changes.heading }).locator('+ ol li').allInnerTexts();
    assert.equal(sentences.length, 2);
    for (const [i, words] of said.entries()) assert.ok(sentences[i].endsWith(`${words}.`), sentences[i]);
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await settled(page);
      const boxes = await overTime(page, lang).locator('.ridge-year').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ left, right }) => [left, right]));
      assert.ok(boxes.length >= 4, `${boxes.length} years at ${width} px`);
      for (const [i, [left]] of boxes.entries()) assert.ok(!i || left - boxes[i - 1][1] >= 3, `year ${i} touches the one before at ${width} px`);
    }
  });

  visits(`a history chosen as music is read as a history, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    await page.goto(address(lang, '/choose'));
    const music = region(page, t.choose.files.heading);
    await music.getByLabel(t.choose.files.choose, { exact: true }).setInputFiles([LISTENER]);
    await zone(page, lang).getByText(report.plays(number(lang, PLAYS)), { exact: true }).waitFor();
    assert.equal(await music.getByText(t.measure.sentences.kind).count(), 0);
    /* With a sound beside it, it is music, and nothing is sent. */
    const sent = visitor.notes.requests.filter((url) => path('import').test(url)).length;
    const sound = { name: 'silence.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0) };
    await music.getByLabel(t.choose.files.choose, { exact: true }).setInputFiles([LISTENER, sound]);
    await music.getByText(t.measure.sentences.empty).waitFor();
    await music.getByText(t.measure.aside(1)).waitFor();
    /* A sound chosen as a history never leaves the browser. */
    await input(page, lang).setInputFiles([{ ...sound, name: 'other.wav' }]);
    await music.getByText('other.wav').waitFor();
    assert.equal(visitor.notes.requests.filter((url) => path('import').test(url)).length, sent);
  });

  visits(`what was left out is said in words, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    const name = 'spotify_account.json';
    const account = { name, mimeType: 'application/json', buffer: await readFile(join(ROOT, 'tests/history/exports', name)) };
    await bring(visitor, [LISTENER, { ...LISTENER, name: 'again.csv' }, account]);
    await zone(page, lang).getByText(`${number(lang, PLAYS)} · ${report.skipped.duplicate}`, { exact: true }).waitFor();
    await zone(page, lang).getByText(report.notesLabel, { exact: true }).waitFor();
    await zone(page, lang).getByText(lang === 'fr' ? 'données du compte' : 'account-data package').waitFor();
    await zone(page, lang).getByText(report.formats('Last.fm', number(lang, 2 * PLAYS))).waitFor();
    await state(visitor, '2-choose-history-left-out');
  });

  visits(`two profiles side by side, ${lang}`, { lang, width: 360, permissions: ['clipboard-read', 'clipboard-write'] }, async (visitor) => {
    const { page, press } = visitor;
    const words = t.overTime.compare;
    await bring(visitor, [LISTENER]);
    await toProfile(visitor);
    await press(button(page, words.make));
    const mine = compare(page, lang).getByRole('textbox', { name: words.mine });
    await mine.waitFor();
    const code = await mine.inputValue();
    assert.match(code, /^[A-Za-z0-9_-]{22,64}$/);
    await compare(page, lang).getByText(words.copied).first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);

    const theirs = compare(page, lang).getByRole('textbox', { name: words.theirs });
    await theirs.fill(await friendsCode(new URL(page.url()).origin));
    await press(button(page, words.go));
    await compare(page, lang).getByRole('heading', { name: words.result }).waitFor();
    await compare(page, lang).getByRole('img').waitFor();
    const leaning = words.leaning('@').replace(/[.]/g, '\\.').replace('@', '[+−-]?[01][.,]\\d\\d');
    await compare(page, lang).getByText(new RegExp(`^${leaning}$`)).waitFor();
    await compare(page, lang).getByText(words.dimensions, { exact: true }).waitFor();
    await compare(page, lang).locator('summary').click();
    const table = compare(page, lang).getByRole('table', { name: words.table });
    assert.ok((await table.getByRole('row').count()) >= 1 + 16 + 4);
    await state(visitor, '6-compare');
    await page.setViewportSize({ width: 1280, height: 800 });
    await settled(page);
    await accessible(page, `6-compare-${lang}-1280`);
    await page.screenshot({ path: join(PICTURES, `6-compare-${lang}-1280.png`), fullPage: true });
    assert.deepEqual(visitor.notes.requests.filter((url) => url.includes(code)), [], 'no code in an address');
  });

  visits(`codes that are none, ${lang}`, { lang, width: 360, allowed: NOTED }, async (visitor) => {
    const { page, press } = visitor;
    const words = t.overTime.compare;
    await makeProfile(visitor);
    await shareImageShown(page, lang);
    assert.equal(await overTime(page, lang).count(), 0, 'artists alone have no history');
    const theirs = compare(page, lang).getByRole('textbox', { name: words.theirs });
    await theirs.fill('short');
    await press(button(page, words.go));
    await compare(page, lang).getByRole('alert').filter({ hasText: words.bad }).waitFor();
    await theirs.fill('abcdefghijklmnopqrstuvwx');
    await press(button(page, words.go));
    await compare(page, lang).getByRole('alert').filter({ hasText: words.nobody }).waitFor();
    await state(visitor, '6-compare-nobody');
  });

  visits(`sharing and comparing fail, then work, each answer slowly, ${lang}`, { lang, width: 360, allowed: NOTED }, async (visitor) => {
    const { page, press } = visitor;
    const words = t.overTime.compare;
    const alert = (what) => compare(page, lang).getByRole('alert').filter({ hasText: what });
    await makeProfile(visitor);
    await shareImageShown(page, lang);
    await slow(page, 2000);
    await failing(page, path('share'), 500, { times: 1 });
    await press(button(page, words.make));
    await alert(t.errors.server.what).waitFor();
    await state(visitor, 'error-6-share-code');
    await press(button(page, words.make));
    const mine = compare(page, lang).getByRole('textbox', { name: words.mine });
    await mine.waitFor();
    await alert(t.errors.server.what).waitFor({ state: 'detached' });

    const theirs = compare(page, lang).getByRole('textbox', { name: words.theirs });
    await theirs.fill(await friendsCode(new URL(page.url()).origin));
    await failing(page, path('compare'), 429, { times: 4, headers: { 'Retry-After': '0' } });
    await press(button(page, words.go));
    await alert(t.errors.busy.what).waitFor();
    await press(button(page, words.go));
    await button(page, words.comparing).waitFor();
    await compare(page, lang).getByRole('heading', { name: words.result }).waitFor();
    await state(visitor, '6-compare-artists');
    await page.unroute(API);
    await press(chip(page, lang, 'Stromae'));
    await compare(page, lang).getByRole('heading', { name: words.result }).waitFor({ state: 'detached' }); /* it was of another profile */
  });

  visits(`a file that is no history, ${lang}`, { lang, width: 360, allowed: NOTED }, async (visitor) => {
    const { page } = visitor;
    await page.goto(address(lang, '/choose'));
    await input(page, lang).setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello\n') }]);
    const alert = zone(page, lang).getByRole('alert');
    await alert.filter({ hasText: t.history.wrong }).waitFor();
    await alert.getByText('nothing in this file is a listening history that we know').waitFor();
    await page.getByText(t.history.how).click();
    await zone(page, lang).getByText(t.history.services[0].text).waitFor();
    await state(visitor, '2-choose-history-wrong');
  });

  visits(`by keyboard alone, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await page.goto(address(lang, '/choose'));
    await input(page, lang).waitFor();
    const opened = page.waitForEvent('filechooser');
    await tabTo(page, input(page, lang));
    await page.keyboard.press('Enter');
    await (await opened).setFiles([LISTENER]);
    await tabTo(page, button(page, report.go));
    await page.keyboard.press('Enter');
    await profileShown(page, lang);

    const months = slider(page, lang, 'emotions');
    await tabTo(page, months);
    const last = await months.getAttribute('aria-valuetext');
    await page.keyboard.press('Home');
    const first = await months.getAttribute('aria-valuetext');
    assert.notEqual(first, last);
    assert.match(first, /2021/);
    await page.keyboard.press('ArrowRight');
    assert.equal(await months.getAttribute('aria-valuenow'), '1');

    const week = slider(page, lang, 'hours');
    await tabTo(page, week);
    await page.keyboard.press('Home');
    assert.equal(await week.getAttribute('aria-valuenow'), '0');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.equal(await week.getAttribute('aria-valuenow'), '25');

    const words = t.overTime.compare;
    const theirs = compare(page, lang).getByRole('textbox', { name: words.theirs });
    await tabTo(page, theirs);
    await page.keyboard.type(await friendsCode(new URL(page.url()).origin));
    await page.keyboard.press('Enter');
    const title = compare(page, lang).getByRole('heading', { name: words.result });
    await soon(async () => assert.ok(await title.evaluate((one) => one === document.activeElement), 'the result has the focus'));
  });
}

visits('stopped while it is sent, then it fails, then it is read', { width: 1280, allowed: NOTED }, async (visitor) => {
  const { page, press } = visitor;
  const { history, making, errors } = WORDS.en;
  await page.goto('/choose');
  const gate = await held(page, path('import'));
  await input(page, 'en').setInputFiles([LISTENER]);
  const bar = zone(page, 'en').getByRole('progressbar', { name: making.progress });
  await bar.waitFor();
  await accessible(page, 'a history on its way');
  await press(button(page, history.stop));
  await bar.waitFor({ state: 'detached' });
  gate.letGo();
  await page.unroute(path('import'));
  await failing(page, path('import'), 503, { times: 1 });
  await input(page, 'en').setInputFiles([LISTENER]);
  await zone(page, 'en').getByRole('alert').filter({ hasText: errors.busy.what }).waitFor();
  await press(button(page, errors.retry));
  await zone(page, 'en').getByText(history.report.plays(number('en', PLAYS)), { exact: true }).waitFor();
});

visits('of a folder, only what may be an export is sent', { width: 1280 }, async (visitor) => {
  const { page } = visitor;
  const folder = await mkdtemp(join(tmpdir(), 'listening-history-'));
  await writeFile(join(folder, LISTENER.name), LISTENER.buffer);
  await writeFile(join(folder, 'letter.pdf'), 'nobody else reads this');
  await noteForms(page);
  await page.goto('/choose');
  await zone(page, 'en').getByLabel(WORDS.en.history.folder, { exact: true }).setInputFiles(folder);
  await zone(page, 'en').getByText(WORDS.en.history.report.plays(number('en', PLAYS)), { exact: true }).waitFor();
  const [form] = await page.evaluate(() => window.formsSent);
  assert.deepEqual(form.filter(([name]) => name === 'file').map(([, file]) => file), [LISTENER.name]);
  await rm(folder, { recursive: true });
});

visits('exports and sounds let go together: the history is read, the sounds are left aside', { width: 1280 }, async (visitor) => {
  const { page } = visitor;
  await page.goto('/choose');
  await input(page, 'en').waitFor();
  const carried = await page.evaluateHandle((text) => {
    const both = new DataTransfer();
    both.items.add(new File([text], 'me.csv', { type: 'text/csv' }));
    both.items.add(new File([new Uint8Array(100)], 'song.mp3', { type: 'audio/mpeg' }));
    return both;
  }, LISTENER.buffer.toString());
  const heading = page.getByRole('heading', { level: 1 });
  await heading.dispatchEvent('dragover', { dataTransfer: carried });
  await page.getByRole('heading', { name: WORDS.en.history.drop }).waitFor();
  await heading.dispatchEvent('drop', { dataTransfer: carried });
  await zone(page, 'en').getByText(WORDS.en.history.report.plays(number('en', PLAYS)), { exact: true }).waitFor();
  await zone(page, 'en').getByText(WORDS.en.history.soundsAside(1)).waitFor();
});

visits('the timeline fails, then comes; nothing moves under reduced motion, and it prints', { width: 1280, allowed: NOTED, reducedMotion: 'reduce' }, async (visitor) => {
  const { page, press } = visitor;
  await bring(visitor, [LISTENER]);
  await failing(page, path('timeline'), 500, { times: 1 });
  await press(button(page, WORDS.en.history.report.go));
  await profileShown(page, 'en');
  await overTime(page, 'en').getByRole('alert').waitFor();
  await press(overTime(page, 'en').getByRole('button', { name: WORDS.en.errors.retry }));
  await slider(page, 'en', 'emotions').waitFor();
  await page.emulateMedia({ media: 'print' });
  await settled(page);
  assert.ok(await slider(page, 'en', 'emotions').isVisible());
  assert.equal(await compare(page, 'en').count(), 0, 'forms are not printed');
  await page.emulateMedia({ media: 'screen' });
  await fits(page, 'over time');
  await touchable(page, 'over time');
});

visits('a code is of the profile that is shown', { width: 1280, permissions: ['clipboard-read', 'clipboard-write'] }, async (visitor) => {
  const { page, press } = visitor;
  const words = WORDS.en.overTime.compare;
  await makeProfile(visitor);
  await shareImageShown(page, 'en');
  await press(button(page, words.make));
  const mine = compare(page, 'en').getByRole('textbox', { name: words.mine });
  await mine.waitFor();
  const code = await mine.inputValue();
  await press(chip(page, 'en', 'Stromae'));
  await mine.waitFor({ state: 'detached' }); /* its numbers are the old profile's */
  await press(button(page, words.make));
  await mine.waitFor();
  assert.equal(await mine.inputValue(), code, 'the same code, with the new numbers');
});
