/* What a visitor does, by hand or by keyboard, told in the words of the page. */
import assert from 'node:assert/strict';

import { ringed } from './checks.mjs';
import { address, WORDS } from './words.mjs';

/* Typed as people type: small letters, no accents, a beginning. */
export const TASTE = [
  ['nekf', 'Nekfeu'],
  ['angele', 'Angèle'],
  ['daft pu', 'Daft Punk'],
  ['stromae', 'Stromae'],
  ['radiohea', 'Radiohead'],
];
export const TEN = [
  ...TASTE,
  ['beyonce', 'Beyoncé'],
  ['the cure', 'The Cure'],
  ['massive att', 'Massive Attack'],
  ['bjork', 'Björk'],
  ['bob marl', 'Bob Marley & The Wailers'],
];

/* What a test allows in the console when it breaks something: the browser itself writes a line for each answer of 400 or
 * more, and for each connection that fails. */
export const NOTED = /Failed to load resource|net::ERR_/;

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const heading = (page, name) => page.getByRole('heading', { name, exact: true });
export const region = (page, name) => page.getByRole('region', { name, exact: true });
export const field = (page, lang) => page.getByRole('combobox', { name: WORDS[lang].choose.label });
export const option = (page, name) => page.getByRole('option').filter({ has: page.getByText(name, { exact: true }) }).first();
export const chip = (page, lang, name) => page.getByRole('button', { name: `${WORDS[lang].choose.remove} ${name}`, exact: true });
export const makeButton = (page, lang) => page.getByRole('button', { name: WORDS[lang].choose.go, exact: true });
export const card = (page, lang) => page.getByRole('article', { name: WORDS[lang].profile.card.label('').trim() }).first();

/** Until the profile is on the screen. */
export async function profileShown(page, lang) {
  await page.waitForURL(`**${address(lang, '/profile')}`);
  await card(page, lang).waitFor();
}

/** Chooses artists by typing and pressing the row. */
export async function choose(visitor, taste = TASTE) {
  const { page, lang, press } = visitor;
  for (const [typed, name] of taste) {
    await press(field(page, lang));
    await field(page, lang).pressSequentially(typed);
    await press(option(page, name));
    await chip(page, lang, name).waitFor();
  }
}

/** Opens the page of choosing, chooses, and waits for the profile. */
export async function makeProfile(visitor, taste = TASTE) {
  const { page, lang, press } = visitor;
  await page.goto(address(lang, '/choose'));
  await choose(visitor, taste);
  await press(makeButton(page, lang));
  await profileShown(page, lang);
}

/** Presses Tab until the focus is there; every stop on the way must be visible. */
export async function tabTo(page, locator, { back = false, stops = 120 } = {}) {
  await locator.waitFor();
  for (let stop = 0; stop < stops; stop++) {
    if (await locator.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const onBody = await page.evaluate(() => document.activeElement === document.body);
    if (!onBody) await ringed(page, `on the way to ${locator}`);
  }
  assert.fail(`${locator} cannot be reached with Tab`);
}

/** Chooses artists by keyboard alone: type, arrows, Enter. The focus is in the field. */
export async function chooseByKeys(page, lang, taste = TASTE) {
  for (const [typed, name] of taste) {
    await page.keyboard.type(typed);
    await option(page, name).waitFor();
    await arrowTo(page, option(page, name));
    await page.keyboard.press('Enter');
    await chip(page, lang, name).waitFor();
  }
}

async function arrowTo(page, row) {
  for (let step = 0; step < 10; step++) {
    if ((await row.getAttribute('aria-selected')) === 'true') return;
    await page.keyboard.press('ArrowDown');
  }
  assert.fail(`${row} cannot be reached with the arrow keys`);
}

/** What the browser keeps between visits, by key without its prefix. */
export function kept(page) {
  return page.evaluate(() =>
    Object.fromEntries(Object.entries(localStorage).map(([key, value]) => [key.replace('listening.', ''), JSON.parse(value)])),
  );
}

/** Asks again until the body throws no more, and lets the others work in between. */
export async function soon(body, limit_ms = 10_000) {
  const end = Date.now() + limit_ms;
  for (;;) {
    try {
      return await body();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** The picture of the card, in the section for sharing. */
export const shareImage = (page, lang) => page.getByRole('region', { name: WORDS[lang].profile.share.heading }).getByRole('img');

/** Until that picture is loaded, of this size when one is named. It is drawn when its place comes into sight. */
export async function shareImageShown(page, lang, [width, height] = []) {
  await heading(page, WORDS[lang].profile.share.heading).scrollIntoViewIfNeeded();
  const image = width ? shareImage(page, lang).and(page.locator(`[width="${width}"][height="${height}"]`)) : shareImage(page, lang);
  await image.waitFor();
  await image.evaluate((one) => one.decode());
}
