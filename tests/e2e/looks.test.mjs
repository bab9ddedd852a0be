/* Odd shapes: long names, other scripts, ten chips on a phone, measured tracks, print, less motion, big text. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { changed, path as route, withTracks } from './lib/api.mjs';
import { fits, settled } from './lib/checks.mjs';
import { PICTURES } from './lib/paths.mjs';
import { state } from './lib/pictures.mjs';
import { TEN, card, chip, choose, field, makeButton, makeProfile, option, profileShown, soon } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { widthsOf } from './lib/visit.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();

const artist = (id, name, genres, popularity = 50) => ({ id, name, genres, image: null, popularity, source: 'catalog' });
const ODD = [
  artist('odd-arabic', 'فيروز والرحابنة مع الأوركسترا', ['arabic pop', 'levantine folk']),
  artist('odd-japanese', '東京スカパラダイスオーケストラ', ['ska', 'j-pop', 'jazz']),
  artist('odd-long', 'The Extraordinarily Long-Named Orchestra of Northern Wherever', ['orchestral', 'post-rock']),
  artist('odd-one-word', 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochian', ['folk'], null),
  artist('odd-mixed', 'A$AP 東京 عمر & Zoë', ['hip hop', 'a genre whose name is so long that it fills the whole line alone']),
  artist('odd-signs', '!!! (Chk Chk Chk)', [], 3),
];
const NAMES = ODD.map(({ name }) => name);

for (const lang of LANGS) {
  visits(`ten chips on a phone, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await page.goto(address(lang, '/choose'));
    await choose(visitor, TEN);
    await state(visitor, '2-choose-ten', { fold: true });
    await field(page, lang).pressSequentially('muse');
    await option(page, /./).waitFor();
    await page.keyboard.press('Enter'); /* a row that cannot be taken is no button for Playwright */
    const full = page.getByRole('main').locator('p:not(.sr-only)', { hasText: WORDS[lang].choose.full });
    await full.waitFor();
    const [word, box] = [await full.boundingBox(), await field(page, lang).boundingBox()];
    assert.ok(word.height > 12 && word.y - (box.y + box.height) < 24, 'the word stands at the field');
    await state(visitor, '2-choose-ten-full', { fold: true });
    await press(chip(page, lang, TEN[9][1]));
    await full.waitFor({ state: 'detached' });
    await press(option(page, /./));
    await chip(page, lang, 'Muse').waitFor();
    assert.equal(await full.count(), 0, 'nobody was refused');
    await press(makeButton(page, lang));
    await profileShown(page, lang);
    await state(visitor, '4-profile-ten');
  });

  visits(`who removes the last artist by keyboard stands at the list's heading, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await page.goto(address(lang, '/choose'));
    await choose(visitor, TEN.slice(0, 2));
    for (const [, name] of TEN.slice(0, 2).reverse()) {
      await chip(page, lang, name).press('Enter');
      await chip(page, lang, name).waitFor({ state: 'detached' });
    }
    await soon(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), WORDS[lang].choose.chosen));
  });

  for (const width of widthsOf(lang))
    visits(`long names and other scripts, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page, press } = visitor;
      await page.route(route('search'), (request) => request.fulfill({ json: { artists: ODD } }));
      await page.goto(address(lang, '/choose'));
      await field(page, lang).fill('odd');
      await option(page, NAMES[0]).waitFor();
      await state(visitor, '2-choose-odd-results');
      await choose(visitor, NAMES.slice(0, 5).map((name) => ['o', name])); /* nobody can say anything of an artist without genres */
      await state(visitor, '2-choose-odd-chosen');
      await press(makeButton(page, lang));
      await profileShown(page, lang);
      await state(visitor, '4-profile-odd');
    });

  for (const width of widthsOf(lang))
    visits(`tracks with numbers of their own, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page } = visitor;
      await changed(page, route('getProfile'), withTracks);
      await makeProfile(visitor);
      for (const summary of await page.locator('main summary').all()) if (await summary.isVisible()) await summary.click();
      await state(visitor, '4-profile-measured-open');
    });

  visits(`what lies furthest out is whole on the map, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    await changed(page, route('getProfile'), (profile) => ({
      ...profile,
      artists: profile.artists.map((artist) => ({ ...artist, mood: { valence: -1.494, arousal: 0.997, spread_valence: 0.466, spread_arousal: 0.351 } })),
    }));
    await makeProfile(visitor);
    await page.locator('.map-patch').first().waitFor();
    const map = await page.locator('.mood-map').boundingBox();
    for (const patch of await page.locator('.map-patch').all()) {
      const { x, y, width, height } = await patch.boundingBox();
      assert.ok(x >= map.x && y >= map.y && x + width <= map.x + map.width && y + height <= map.y + map.height, `${x} ${y}`);
    }
    assert.equal(await page.locator('.map-artist').count(), 5, 'a name for each');
  });

  visits(`no name on the map lies over the words of its axes, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    await makeProfile(visitor);
    await page.locator('.map-emotion').first().waitFor();
    await settled(page);
    const boxes = (selector) =>
      page.locator(`.mood-map ${selector}`).evaluateAll((all) => all.map((one) => ({ text: one.textContent, ...one.getBoundingClientRect().toJSON() })));
    const axes = await boxes('.map-axis text');
    assert.equal(axes.length, 4);
    for (const { text, left, right, top, bottom } of await boxes('g:not(.map-axis) > text'))
      for (const axis of axes)
        assert.ok(left >= axis.right || right <= axis.left || top >= axis.bottom || bottom <= axis.top, `"${text}" lies over "${axis.text}"`);
  });

  visits(`ten long names leave the way on in sight on a low screen, ${lang}`, { lang, width: 1280, viewport: { width: 1280, height: 600 } }, async (visitor) => {
    const { page } = visitor;
    const ten = Array.from({ length: 10 }, (_, i) => artist(`long-${i}`, `The Long-Named Orchestra ${i}`, ['folk']));
    await page.addInitScript((kept) => localStorage.setItem('listening.choices', kept), JSON.stringify(ten));
    await page.goto(address(lang, '/choose'));
    await chip(page, lang, ten[9].name).waitFor();
    await settled(page);
    const shown = async (locator) => {
      const { y, height } = await locator.boundingBox();
      return y >= 0 && y + height <= 600;
    };
    assert.ok(await shown(makeButton(page, lang)), 'at the top of the page');
    await page.evaluate(() => window.scrollTo(0, 150));
    assert.ok(await shown(makeButton(page, lang)), 'further down');
    await chip(page, lang, ten[9].name).focus();
    assert.ok(await shown(chip(page, lang, ten[9].name)), 'the last name can be reached');
    assert.ok(await shown(makeButton(page, lang)));
    await state(visitor, '2-choose-ten-low');
  });

  visits(`the first screen of a phone shows card, sentence and three emotions, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    await makeProfile(visitor);
    await settled(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    const third = page.getByRole('region', { name: WORDS[lang].profile.emotions.heading }).locator('summary').nth(2);
    const { y, height } = await third.boundingBox();
    assert.ok(y + height <= page.viewportSize().height, `the third emotion ends at ${y + height} px`);
    const box = await card(page, lang).boundingBox();
    assert.ok(Math.abs(box.height / box.width - 1.25) < 0.01 && box.y >= 0, 'the card is whole, 4 to 5');
  });

  visits(`printed, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await makeProfile(visitor);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await settled(page);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'light', 'ink on white paper');
    for (const gone of [page.getByRole('link', { name: WORDS[lang].otherLanguage.name }), chip(page, lang, 'Nekfeu')])
      assert.equal(await gone.isVisible(), false, 'nothing to press on paper');
    assert.ok(await card(page, lang).isVisible());
    assert.equal(await page.locator('.card-place').evaluate((one) => getComputedStyle(one).position), 'static', 'on every sheet again');
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    assert.equal(pdf.subarray(0, 4).toString(), '%PDF');
    await writeFile(path.join(PICTURES, `print-profile-${lang}.pdf`), pdf);
    await page.screenshot({ path: path.join(PICTURES, `print-profile-${lang}.png`), fullPage: true });
  });
}

visits('less motion for who asks for it', { width: 1280, reducedMotion: 'reduce' }, async (visitor) => {
  const { page } = visitor;
  const moving = () => page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length);
  await page.goto('/');
  await page.locator('.orb').first().waitFor();
  assert.equal(await moving(), 0);
  await makeProfile(visitor);
  assert.equal(await moving(), 0);
});

visits('the orb turns for everybody else', { width: 1280 }, async ({ page }) => {
  await page.goto('/');
  await page.locator('.orb').first().waitFor();
  const endless = await page.evaluate(
    () => document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations === Infinity).length,
  );
  assert.equal(endless, 1, 'nothing loops but the orb');
});

visits('zoomed to 400 % on a desk: 320 px wide', { width: 360, touch: false, viewport: { width: 320, height: 256 } }, async (visitor) => {
  const { page } = visitor;
  for (const here of ['/', '/choose', '/fr', '/fr/choose']) {
    await page.goto(here);
    await settled(page);
    await fits(page, `${here} at 320 px`);
  }
  await makeProfile(visitor, TEN.slice(0, 5));
  await fits(page, 'the profile at 320 px');
});

visits('the theme: the system says, the switch decides, and it is remembered', { width: 1280, theme: 'dark' }, async ({ page }) => {
  const t = WORDS.en.theme;
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.goto('/');
  assert.equal(await paper(), 'rgb(12, 12, 14)');
  await page.getByRole('button', { name: t.toLight }).click();
  assert.equal(await paper(), 'rgb(250, 250, 248)');
  await page.reload();
  await page.getByRole('button', { name: t.toDark }).waitFor();
  assert.equal(await paper(), 'rgb(250, 250, 248)');
  await page.goto('/fr/choose');
  assert.equal(await paper(), 'rgb(250, 250, 248)');
});
