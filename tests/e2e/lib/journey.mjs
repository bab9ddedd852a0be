/* The whole way, from the first page to the last: by hand and by keyboard alone, in both languages, at three widths. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { state } from './pictures.mjs';
import {
  TASTE, button, card, chip, choose, chooseByKeys, field, heading, kept, makeButton, option, profileShown, shareImageShown, soon, tabTo,
} from './steps.mjs';
import { suite } from './suite.mjs';
import { widthsOf } from './visit.mjs';
import { address, WORDS } from './words.mjs';

async function isPng(download) {
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  return bytes;
}

/** The emotions with their shares, as the page says them. */
const emotions = (page, lang) => page.getByRole('region', { name: WORDS[lang].profile.emotions.heading }).locator('summary').allInnerTexts();

/** Until the page shows other emotions than before. */
async function changedFrom(page, lang, before) {
  await soon(async () => assert.notDeepEqual(await emotions(page, lang), before));
}

/** The picture that the page gives when its button is pressed. */
async function saved(page, lang, press) {
  await shareImageShown(page, lang);
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  assert.match(download.suggestedFilename(), /\.png$/);
  return isPng(download);
}

/** The journeys in one language: a file each, so that they run side by side. */
export function journeys(lang) {
  const { visits } = suite();
  for (const width of widthsOf(lang)) {
    const t = WORDS[lang];

    visits(`by hand, ${lang}, ${width} px`, { lang, width }, async (visitor) => {
      const { page, press } = visitor;
      await page.goto('/');
      await page.waitForURL(`**${address(lang, '/')}`);
      await heading(page, t.home.heading).waitFor();
      await state(visitor, '1-home', { fold: true });

      await press(page.getByRole('link', { name: t.home.start }));
      await page.waitForURL(`**${address(lang, '/choose')}`);
      await state(visitor, '2-choose-nobody');
      await press(field(page, lang));
      await field(page, lang).pressSequentially('dance');
      await option(page, /./).waitFor();
      await state(visitor, '2-choose-results');
      await field(page, lang).fill('');
      await choose(visitor, TASTE.slice(0, 2));
      await state(visitor, '2-choose-two');
      await press(chip(page, lang, 'Nekfeu'));
      await chip(page, lang, 'Nekfeu').waitFor({ state: 'detached' });
      await choose(visitor, [TASTE[0], ...TASTE.slice(2)]);
      await state(visitor, '2-choose-five', { fold: true });

      await press(makeButton(page, lang));
      await profileShown(page, lang);
      await state(visitor, '4-profile', { fold: true });

      const why = page.getByText(t.profile.emotions.why, { exact: true }).first();
      await press(why);
      await state(visitor, '4-profile-why');

      const before = await emotions(page, lang);
      for (const name of ['Daft Punk', 'Stromae', 'Angèle']) {
        await press(chip(page, lang, name));
        await chip(page, lang, name).waitFor({ state: 'detached' });
      }
      await changedFrom(page, lang, before);
      await press(field(page, lang));
      await field(page, lang).pressSequentially('bjork');
      const without = await emotions(page, lang);
      await press(option(page, 'Björk'));
      await changedFrom(page, lang, without);
      assert.deepEqual(
        (await kept(page)).choices.map(({ name }) => name).sort(),
        ['Björk', 'Nekfeu', 'Radiohead'],
      );
      await state(visitor, '4-profile-changed');

      await saved(page, lang, () => press(button(page, t.profile.share.download)));
      await state(visitor, '5-shared');

      await press(button(page, t.profile.clock.erase));
      await state(visitor, '6-erase-sure');
      await press(button(page, t.profile.clock.yes));
      await heading(page, t.profile.erased.heading).waitFor();
      await state(visitor, '6-erased');
      const { lang: _lang, theme: _theme, ...rest } = await kept(page);
      assert.deepEqual(rest, {}, 'what is left in the browser');
    });

    visits(`by keyboard alone, ${lang}, ${width} px`, { lang, width, touch: false }, async ({ page }) => {
      await page.goto('/');
      await page.waitForURL(`**${address(lang, '/')}`);
      await tabTo(page, page.getByRole('link', { name: t.home.start }), { stops: 8 });
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${address(lang, '/choose')}`);
      await tabTo(page, field(page, lang), { stops: 8 });

      await page.keyboard.type('zzzzqqqq');
      await page.getByText(t.choose.nobody('zzzzqqqq')).waitFor();
      await page.keyboard.press('Escape');
      assert.equal(await field(page, lang).inputValue(), '');
      await chooseByKeys(page, lang, TASTE.slice(0, 2));
      await page.keyboard.press('Backspace');
      await chip(page, lang, TASTE[1][1]).waitFor({ state: 'detached' });
      await chooseByKeys(page, lang, TASTE.slice(1));
      await tabTo(page, makeButton(page, lang));
      await page.keyboard.press('Enter');
      await profileShown(page, lang);

      const why = page.getByText(t.profile.emotions.why, { exact: true }).first();
      const fold = page.locator('summary, button').filter({ has: why }).first();
      await tabTo(page, fold);
      await page.keyboard.press('Enter');
      await page.getByText(t.profile.emotions.kinds.genre.text).first().waitFor();

      await tabTo(page, chip(page, lang, 'Stromae'));
      await page.keyboard.press('Enter');
      await chip(page, lang, 'Stromae').waitFor({ state: 'detached' });
      await tabTo(page, field(page, lang));
      await chooseByKeys(page, lang, [['bjork', 'Björk']]);

      await tabTo(page, button(page, t.profile.share.download));
      await saved(page, lang, () => page.keyboard.press('Enter'));

      await tabTo(page, button(page, t.profile.clock.erase));
      await page.keyboard.press('Enter');
      await tabTo(page, button(page, t.profile.clock.yes), { back: true, stops: 2 });
      await page.keyboard.press('Enter');
      await heading(page, t.profile.erased.heading).waitFor();
    });
  }
}
