/* "Erase now" in the middle of something: whatever was on its way, nothing is left with the service. */
import assert from 'node:assert/strict';

import { failing, held, path } from './lib/api.mjs';
import { NOTED, TASTE, button, chip, heading, kept, makeProfile, profileShown, region } from './lib/steps.mjs';
import { sound, wav } from './lib/sounds.mjs';
import { suite } from './lib/suite.mjs';
import { WORDS } from './lib/words.mjs';

const { shared, visits } = suite();
const { profile, measure, choose, history, otherLanguage } = WORDS.en;
const visitor = { width: 1280, allowed: NOTED };
const statusOf = async (id) => (await fetch(`${shared.server.origin}/getProfile`, { headers: { 'X-Session-Id': id } })).status;

/** What act(route) makes of the first request is its answer once it is let go; later ones go on. */
async function heldAnswer(page, url, act = async (route) => ({ response: await route.fetch() })) {
  let letGo, handled;
  const gate = new Promise((resolve) => (letGo = resolve));
  const done = new Promise((resolve) => (handled = resolve));
  let first = true;
  await page.route(url, async (route) => {
    if (!first) return route.fallback();
    first = false;
    const answer = await act(route);
    handled(route.request());
    await gate;
    if (answer) await route.fulfill(answer).catch(() => {});
    else await route.abort().catch(() => {});
  });
  return { letGo, done };
}

async function measured(page, name = 'Somebody - Low.wav') {
  await region(page, WORDS.en.files.heading).getByLabel(choose.files.choose, { exact: true }).setInputFiles([sound(name, wav(8, 110))]);
  await profileShown(page, 'en');
}

async function erase({ page, press }, lang = 'en') {
  const { clock } = WORDS[lang].profile;
  await press(button(page, clock.erase));
  await press(button(page, clock.yes));
}

async function erased({ page }, id, lang = 'en') {
  await heading(page, WORDS[lang].profile.erased.heading).waitFor();
  /* A question of the same page, behind whatever it still had to send. */
  await page.evaluate(() => fetch('/search?q=nekfeu').then((answer) => answer.text()));
  await heading(page, WORDS[lang].profile.erased.heading).waitFor();
  assert.equal(await statusOf(id), 404);
  const { choices, session, measured: tracks, pending } = await kept(page);
  assert.deepEqual([choices, session, tracks, pending], [undefined, undefined, undefined, undefined]);
}

const switchTo = (page) => page.getByRole('link', { name: otherLanguage.name, exact: true }).click();

visits('erased before it is known that it was kept', visitor, async (visitor) => {
  const { page, press } = visitor;
  await page.goto('/choose');
  await measured(page);
  const answer = await heldAnswer(page, path('features'));
  await press(button(page, measure.local.keep));
  const id = (await answer.done).headers()['x-session-id'];
  assert.notEqual(await statusOf(id), 404);
  await erase(visitor);
  await erased(visitor, id);
  answer.letGo();
});

visits('erased in the other language before it is known that it was kept', visitor, async (visitor) => {
  const { page, press } = visitor;
  await page.goto('/choose');
  await measured(page);
  const answer = await heldAnswer(page, path('features'));
  await press(button(page, measure.local.keep));
  const id = (await answer.done).headers()['x-session-id'];
  await switchTo(page);
  await profileShown(page, 'fr');
  await erase(visitor, 'fr');
  await erased(visitor, id, 'fr');
  answer.letGo();
});

visits('erased after a sound was measured while a history was read', visitor, async (visitor) => {
  const { page } = visitor;
  await page.goto('/choose');
  const answer = await heldAnswer(page, path('import'), async (route) => {
    /* The browser does not show a body with files in it: it is sent from here. */
    const form = new FormData();
    form.append('session_id', route.request().headers()['x-session-id']);
    form.append('file', new Blob(['uts,artist,track\n1700000000,Adele,Hello\n1700086400,Adele,Skyfall\n']), 'plays.csv');
    assert.equal((await fetch(`${shared.server.origin}/import`, { method: 'POST', body: form })).status, 200);
  });
  const plays = { name: 'plays.csv', mimeType: 'text/csv', buffer: Buffer.from('uts,artist,track\n') };
  await region(page, history.heading).getByLabel(history.choose, { exact: true }).setInputFiles([plays]);
  const id = (await answer.done).headers()['x-session-id'];
  assert.notEqual(await statusOf(id), 404);
  await measured(page);
  await erase(visitor);
  await erased(visitor, id);
  answer.letGo();
});

for (const whatIf of [true, false])
  visits(`the language is switched while it is erased${whatIf ? ' and an artist was left out' : ''}`, visitor, async (visitor) => {
    const { page, press } = visitor;
    await makeProfile(visitor);
    const { session_id } = (await kept(page)).session;
    const making = await heldAnswer(page, path('extract-simulate'), () => null);
    const erasing = await heldAnswer(page, path('session'));
    if (whatIf) {
      await press(chip(page, 'en', TASTE[0][1]));
      await making.done;
    }
    await erase(visitor);
    await erasing.done;
    await switchTo(page);
    await page.waitForURL('**/fr/profile');
    await heading(page, WORDS.fr.profile.heading).waitFor();
    /* What the page asks for by itself has time to be answered before the erasing is. */
    await page.evaluate(() => fetch('/search?q=nekfeu').then((answer) => answer.text()));
    erasing.letGo();
    await erased(visitor, session_id, 'fr');
    making.letGo();
  });

for (const lang of ['en', 'fr'])
  visits(`an artist is left out while it is erased, ${lang}`, { width: 360, lang, allowed: NOTED }, async (visitor) => {
    const { page, press } = visitor;
    await makeProfile(visitor);
    const { session_id } = (await kept(page)).session;
    const making = await held(page, path('extract-simulate'));
    const erasing = await held(page, path('session'));
    const asked = page.waitForRequest(path('extract-simulate'));
    await press(chip(page, lang, TASTE[0][1]));
    await asked;
    await erase(visitor, lang);
    await button(page, WORDS[lang].profile.clock.erasing).waitFor();
    await press(chip(page, lang, TASTE[1][1])); /* it is too late for that */
    making.letGo();
    erasing.letGo();
    await erased(visitor, session_id, lang);
  });

visits('the language is switched while it is erased, which then fails', visitor, async (visitor) => {
  const { page } = visitor;
  await makeProfile(visitor);
  const erasing = await heldAnswer(page, path('session'), () => ({ status: 500, json: {} }));
  await erase(visitor);
  await erasing.done;
  await switchTo(page);
  await heading(page, WORDS.fr.profile.heading).waitFor();
  erasing.letGo();
  await profileShown(page, 'fr');
  assert.equal((await kept(page)).choices.length, TASTE.length);
});

visits('erasing fails while it is made anew: the artists of what is shown are back', visitor, async (visitor) => {
  const { page, press } = visitor;
  await makeProfile(visitor);
  const making = await heldAnswer(page, path('extract-simulate'), () => null);
  await failing(page, path('session'), 500, { times: 1 });
  const [, name] = TASTE[0];
  await press(chip(page, 'en', name));
  await making.done;
  await erase(visitor);
  await page.getByRole('alert').filter({ hasText: WORDS.en.errors.server.what }).waitFor();
  await chip(page, 'en', name).waitFor();
  await page.getByText(profile.updating).waitFor({ state: 'detached' });
  const { choices, pending } = await kept(page);
  assert.deepEqual(choices.map((one) => one.name).sort(), TASTE.map(([, one]) => one).sort());
  assert.equal(pending, undefined);
  making.letGo();
});

visits('what was begun and broken off made no profile: nothing is said to be gone', visitor, async ({ page, press }) => {
  await page.goto('/choose');
  const answer = await heldAnswer(page, path('import'), () => null);
  const plays = { name: 'plays.csv', mimeType: 'text/csv', buffer: Buffer.from('uts,artist,track\n') };
  await region(page, history.heading).getByLabel(history.choose, { exact: true }).setInputFiles([plays]);
  await answer.done;
  await press(button(page, history.stop));
  answer.letGo();
  await page.goto('/profile');
  await heading(page, profile.empty.heading).waitFor();
});
