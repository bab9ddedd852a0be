/* What leaves the page: pictures and numbers, always the same for the same profile, and never the key to it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';

import { changed, path as route } from './lib/api.mjs';
import { accessible } from './lib/checks.mjs';
import { PICTURES } from './lib/paths.mjs';
import { button, card, kept, makeProfile, shareImage, shareImageShown } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();
const SIZES = { story: [1080, 1920], square: [1080, 1080], link: [1200, 630] };

/** The names and sizes of a PNG's chunks, and its width and height. */
function readPng(bytes) {
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const chunks = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) chunks.push(bytes.toString('latin1', at + 4, at + 8));
  return { chunks, size: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] };
}

async function picture(visitor, format) {
  const { page, lang, press } = visitor;
  const { share } = WORDS[lang].profile;
  await shareImageShown(page, lang);
  const radio = page.getByRole('radio', { name: new RegExp(`^${share.formats[format].name}`) });
  await press(page.locator('label').filter({ has: radio }).or(radio).first());
  await shareImageShown(page, lang, SIZES[format]);
  const [download] = await Promise.all([page.waitForEvent('download'), press(button(page, share.download))]);
  const bytes = await readFile(await download.path());
  await copyFile(await download.path(), path.join(PICTURES, `share-${format}-${lang}.png`));
  return { bytes, name: download.suggestedFilename(), hash: createHash('sha256').update(bytes).digest('hex') };
}

for (const lang of LANGS)
  visits(`pictures: their size, the same twice, nothing of the session, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await makeProfile(visitor);
    const { session_id } = (await kept(page)).session;
    for (const [format, size] of Object.entries(SIZES)) {
      const first = await picture(visitor, format);
      const png = readPng(first.bytes);
      assert.deepEqual(png.size, size, format);
      assert.deepEqual(png.chunks.filter((name) => /^([tiz]{1,2}T?[Xx]t|eXIf|tIME)/.test(name)), [], 'no words within the file');
      assert.ok(!first.bytes.includes(session_id) && !first.name.includes(session_id));
      await page.reload();
      const second = await picture(visitor, format);
      assert.equal(second.hash, first.hash, `${format}: the same profile, the same picture`);
    }
  });

visits('the same artists in another session and theme give the same picture', { width: 1280 }, async (visitor) => {
  const { page } = visitor;
  await makeProfile(visitor);
  const first = await picture(visitor, 'square');
  const before = (await kept(page)).session.session_id;
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => localStorage.clear());
  await makeProfile(visitor);
  assert.notEqual((await kept(page)).session.session_id, before);
  assert.equal((await picture(visitor, 'square')).hash, first.hash);
});

for (const lang of LANGS)
  visits(`numbers copied as JSON, and the picture's words, ${lang}`, { lang, width: 1280, permissions: ['clipboard-read', 'clipboard-write'] }, async (visitor) => {
    const { page, press } = visitor;
    const { share } = WORDS[lang].profile;
    await makeProfile(visitor);
    const { session_id } = (await kept(page)).session;

    await shareImageShown(page, lang);
    await press(button(page, share.copy));
    await page.getByText(share.copied).first().waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!text.includes(session_id), 'the session is the key to the profile');
    const numbers = JSON.parse(text);
    for (const key of ['genres', 'dominant_emotion', 'energy_avg', 'danceability_avg', 'top_emotions', 'emotions'])
      assert.ok(key in numbers, key);

    await press(button(page, share.copyAlt));
    await page.getByText(share.altCopied).first().waitFor();
    const alt = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(alt.includes(numbers.dominant_emotion) && !alt.includes(session_id), alt);
    assert.equal(await shareImage(page, lang).getAttribute('alt'), alt);
    await accessible(page, 'share');
  });

visits('a clipboard that says no', { width: 1280 }, async (visitor) => {
  const { page, press } = visitor;
  const { share } = WORDS.en.profile;
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    document.execCommand = () => false;
  });
  await makeProfile(visitor);
  await press(button(page, share.copy));
  await page.getByText(share.failed).first().waitFor();
});

visits('Web Share on a phone gets the picture', { width: 360 }, async (visitor) => {
  const { page, press } = visitor;
  await page.addInitScript(() => {
    navigator.canShare = () => true;
    navigator.share = async (data) => {
      window.shared = { text: JSON.stringify(data), files: data.files?.map(({ name, type, size }) => ({ name, type, size })) };
    };
  });
  await makeProfile(visitor);
  const { session_id } = (await kept(page)).session;
  await shareImageShown(page, 'en');
  await press(button(page, WORDS.en.profile.share.share));
  const shared = await (await page.waitForFunction(() => window.shared)).jsonValue();
  assert.equal(shared.files.length, 1);
  assert.equal(shared.files[0].type, 'image/png');
  assert.ok(!JSON.stringify(shared).includes(session_id));
});

/* Browsers without sharing, or with sharing of texts alone: the download is the way. */
for (const [name, can] of [['absent', 'undefined'], ['for texts alone', '() => false']])
  visits(`Web Share ${name}`, { width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    const { share } = WORDS.en.profile;
    await page.addInitScript(`navigator.canShare = ${can}; navigator.share = undefined;`);
    await makeProfile(visitor);
    await shareImageShown(page, 'en');
    assert.equal(await button(page, share.share).count(), 0);
    const [download] = await Promise.all([page.waitForEvent('download'), press(button(page, share.download))]);
    assert.match(download.suggestedFilename(), /\.png$/);
  });

visits('Web Share given up, then refused', { width: 360 }, async (visitor) => {
  const { page, press } = visitor;
  const { share } = WORDS.en.profile;
  await page.addInitScript(() => {
    const reasons = ['AbortError', 'NotAllowedError'];
    navigator.canShare = () => true;
    navigator.share = () => {
      window.asked = (window.asked ?? 0) + 1;
      return Promise.reject(new DOMException('no', reasons.shift()));
    };
  });
  await makeProfile(visitor);
  await shareImageShown(page, 'en');
  await press(button(page, share.share));
  await page.waitForFunction(() => window.asked === 1);
  assert.equal(await page.getByText(share.failed).count(), 0, 'who gives up needs no word about it');
  await press(button(page, share.share));
  await page.getByText(share.failed).waitFor();
});

for (const lang of LANGS)
  visits(`a card names no emotion that is there less than in any music, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    const { then } = WORDS[lang].profile.card;
    for (const [second, third] of [[1, 1], [1, 0.99], [0.99, 1], [0.5, 0.5]]) {
      let top_emotions;
      await changed(page, route('getProfile'), (profile) => {
        top_emotions = profile.top_emotions;
        const emotions = profile.emotions.map((emotion, i) => ({ ...emotion, times_usual: [2, second, third][i] ?? 1 }));
        return { ...profile, emotions };
      });
      await makeProfile(visitor);
      const named = top_emotions.filter((_, i) => i && [second, third][i - 1] >= 1);
      const text = await card(page, lang).innerText();
      assert.equal(text.includes(then(top_emotions.slice(1))), named.length === 2, text);
      if (named.length) assert.ok(text.includes(then(named)), text);
      else assert.ok(!text.includes(then(['']).trim()), text);
      await shareImageShown(page, lang);
      assert.equal((await shareImage(page, lang).getAttribute('alt')).includes(then(named.length ? named : [''])), named.length > 0);
      await page.evaluate(() => localStorage.clear());
    }
  });
