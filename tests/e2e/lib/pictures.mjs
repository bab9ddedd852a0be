/* One state of one page: a picture and the checks of every state, in both themes. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { accessible, fits, settled, touchable } from './checks.mjs';
import { PICTURES } from './paths.mjs';

await mkdir(PICTURES, { recursive: true });

/** fold: a picture of what shows without scrolling, too. */
export async function state(visitor, name, { fold = false } = {}) {
  const { page, lang, width } = visitor;
  const before = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  for (const theme of ['light', 'dark']) {
    const full = `${name}-${lang}-${width}-${theme}`;
    await page.emulateMedia({ colorScheme: theme });
    await settled(page);
    await accessible(page, full);
    if (!process.env.LI_TEST_ALL) continue; /* pictures are for people, and half of the time */
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: path.join(PICTURES, `${full}.png`), fullPage: true, animations: 'disabled' });
    if (fold) await page.screenshot({ path: path.join(PICTURES, `${full}-fold.png`), animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: before });
  await fits(page, `${name} ${lang} ${width}`);
  await touchable(page, `${name} ${lang} ${width}`);
}
