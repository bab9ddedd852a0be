/* Answers that are none, late or refused, whatever the language: lib/failures.mjs has the bad days in both. */
import assert from 'node:assert/strict';

import { failing, held, path } from './lib/api.mjs';
import { alert, chosen } from './lib/failures.mjs';
import { NOTED, button, field, makeButton, option, profileShown } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();

visits('an answer that is no JSON', { width: 1280, allowed: NOTED }, async ({ page, lang }) => {
  await page.route(path('search'), (route) => route.fulfill({ contentType: 'text/html', body: '<p>Log in to the Wi-Fi</p>' }));
  await page.goto('/choose');
  await field(page, lang).pressSequentially('nek');
  await alert(page, WORDS.en.errors.server.what).waitFor();
});

visits('a gateway without its service', { width: 1280, allowed: NOTED }, async ({ page, lang }) => {
  await page.route(path('search'), (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<p>Bad gateway</p>' }));
  await page.goto('/choose');
  await field(page, lang).pressSequentially('nek');
  await alert(page, WORDS.en.errors.busy.what).waitFor();
});

visits('only the newest question counts', { width: 1280, allowed: NOTED }, async ({ page, lang }) => {
  const first = await held(page, /\/search\?q=nek&/);
  await page.goto('/choose');
  const asked = page.waitForRequest(/\/search\?q=nek&/);
  await field(page, lang).fill('nek');
  await asked;
  await field(page, lang).fill('angele');
  await option(page, 'Angèle').waitFor();
  first.letGo();
  await option(page, 'Angèle').waitFor();
  assert.equal(await option(page, 'Nekfeu').count(), 0);
});

visits('no room left on the service', { width: 1280, allowed: NOTED }, async (visitor) => {
  const { page, press } = visitor;
  await chosen(visitor);
  await failing(page, path('create-session'), 507, { times: 1 });
  await press(makeButton(page, 'en'));
  await alert(page, WORDS.en.errors.full.what).waitFor();
  await press(button(page, WORDS.en.errors.retry));
  await profileShown(page, 'en');
});

for (const lang of LANGS) {
  visits(`choices are said to be kept where there are some, ${lang}`, { lang, width: 360, allowed: NOTED }, async ({ page }) => {
    const t = WORDS[lang];
    await page.goto(address(lang, '/choose'));
    await failing(page, path('getProfile'), 500);
    for (const choices of [[], [{ id: 'angele', name: 'Angèle', genres: [] }]]) {
      await page.evaluate((chosen) => {
        const session = { session_id: 'x'.repeat(22), expires_at: new Date(Date.now() + 3600_000).toISOString(), from: 'history' };
        localStorage.setItem('listening.session', JSON.stringify(session));
        localStorage.setItem('listening.choices', JSON.stringify(chosen));
      }, choices);
      await page.goto(address(lang, '/profile'));
      await alert(page, t.errors.server.what).waitFor();
      assert.equal(await page.getByText(t.errors.kept).count(), choices.length);
    }
  });
}
