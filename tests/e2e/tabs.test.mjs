/* Two tabs of one browser: what one keeps is not lost to the other. */
import assert from 'node:assert/strict';

import { changed, path } from './lib/api.mjs';
import { button, chip, choose, heading, kept, makeProfile, profileShown, region } from './lib/steps.mjs';
import { sound, wav } from './lib/sounds.mjs';
import { suite } from './lib/suite.mjs';
import { WORDS } from './lib/words.mjs';

const { visits } = suite();
const { files, measure, profile, home, site } = WORDS.en;

/** Measures these, by name, in a tab. */
async function measured(page, ...names) {
  await page.goto('/choose');
  const input = region(page, files.heading).getByLabel(WORDS.en.choose.files.choose, { exact: true });
  await input.setInputFiles(names.map((name, i) => sound(`Somebody - ${name}.wav`, wav(5, 110 * (i + 1)))));
  await profileShown(page, 'en');
}

visits('a session that runs out takes nothing with it that another tab measured', { width: 1280 }, async (visitor) => {
  const { page, context } = visitor;
  await page.clock.install();
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await changed(page, path('getProfile'), (one) => ({ ...one, expires_at: soon }));
  await makeProfile(visitor);
  await page.locator('time[datetime]').first().waitFor(); // the clock has begun to look
  const other = await context.newPage();
  await measured(other, 'Low');
  await page.clock.fastForward('01:00:20');
  await heading(page, profile.gone.heading).waitFor();
  assert.equal((await kept(page)).measured?.tracks.length, 1);
});

visits('what is shown is kept, not what another tab measured since', { width: 1280 }, async ({ page, context, press }) => {
  await measured(page, 'Low', 'High');
  const other = await context.newPage();
  await measured(other, 'Between');
  await region(page, measure.local.heading).getByText(measure.local.text(2), { exact: true }).waitFor();
  const sent = page.waitForRequest('**/features');
  await press(button(page, measure.local.keep));
  assert.deepEqual(JSON.parse((await sent).postData()).tracks.map(({ title }) => title), ['Low', 'High']);
  await region(page, measure.local.heading).waitFor({ state: 'detached' });
  await region(page, profile.worth.heading).getByText(profile.worth.coverage(2, 2), { exact: true }).waitFor();
});

visits('artists that another tab chose are not forgotten', { width: 1280 }, async (visitor) => {
  const { page, context, press } = visitor;
  await page.goto('/choose');
  await choose(visitor, [['adele', 'Adele']]);
  await press(page.getByRole('link', { name: site, exact: true }));
  await page.waitForURL((url) => url.pathname === '/');
  const other = await context.newPage();
  await other.goto('/choose');
  await choose({ ...visitor, page: other }, [['nekf', 'Nekfeu'], ['stromae', 'Stromae']]);
  await press(page.getByRole('link', { name: home.start, exact: true }));
  await chip(page, 'en', 'Stromae').waitFor();
  await choose(visitor, [['radiohea', 'Radiohead']]);
  assert.deepEqual((await kept(page)).choices.map(({ name }) => name), ['Adele', 'Nekfeu', 'Stromae', 'Radiohead']);
});
