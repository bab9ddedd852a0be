/* A bad day: the API slow, failing or gone, in the middle of everything. The page says so, and a retry works. */
import assert from 'node:assert/strict';

import { API, broken, failing, held, path, slow } from './api.mjs';
import { state } from './pictures.mjs';
import { NOTED, TASTE, button, card, chip, choose, field, heading, kept, makeButton, makeProfile, option, profileShown, soon } from './steps.mjs';
import { suite } from './suite.mjs';
import { address, WORDS } from './words.mjs';

export const alert = (page, text) => page.getByRole('alert').filter({ hasText: text });

function deferred() {
  const one = {};
  one.promise = new Promise((resolve) => (one.resolve = resolve));
  return one;
}

/** With five artists chosen, on the page of choosing. */
export async function chosen(visitor) {
  await visitor.page.goto(address(visitor.lang, '/choose'));
  await choose(visitor);
}

/** The bad days in one language: a file each, so that they run side by side. */
export function failures(lang) {
  const { shared, visits } = suite();
  const t = WORDS[lang];
  const phone = { lang, width: 360, allowed: NOTED };

  visits(`every answer takes 2 seconds, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await slow(page, 2000);
    await chosen(visitor);
    await press(makeButton(page, lang));
    const bar = page.getByRole('progressbar', { name: t.making.progress });
    await bar.waitFor();
    await heading(page, t.making.heading).waitFor();
    await profileShown(page, lang);
    await state(visitor, 'slow-4-profile');
  });

  visits(`the profile being made, stage by stage, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    const session = await held(page, path('create-session'));
    await press(makeButton(page, lang));
    await page.getByText(t.making.stages.session).waitFor();
    await state(visitor, '3-making-session');
    const profile = await held(page, path('getProfile'));
    session.letGo();
    await page.getByText(t.making.stages.transform).waitFor();
    await state(visitor, '3-making-transform');
    profile.letGo();
    await profileShown(page, lang);
  });

  visits(`tracks are counted while they are done, ${lang}`, { lang, width: 768 }, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    const answers = [{ stage: 'transform', done: 18, total: 25 }, { stage: 'profile', done: 25, total: 25 }];
    const gates = answers.map(() => deferred());
    let asked = 0;
    await page.route(path('getProfile'), async (route) => {
      const turn = asked++;
      if (turn > 0) await gates[turn - 1]?.promise;
      if (turn >= answers.length) return route.continue();
      return route.fulfill({ status: 202, json: { session_id: 'x'.repeat(22), ...answers[turn] } });
    });
    await press(makeButton(page, lang));
    await page.getByText(t.making.tracks(18, 25)).waitFor();
    await state(visitor, '3-making-18-of-25');
    gates[0].resolve();
    await page.getByText(t.making.stages.profile).waitFor();
    await state(visitor, '3-making-profile');
    gates[1].resolve();
    await profileShown(page, lang);
  });

  visits(`fifty tracks, slowly, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await page.clock.install();
    await chosen(visitor);
    let done = 0;
    await page.route(path('getProfile'), (route) =>
      done < 0 ? route.continue() : route.fulfill({ status: 202, json: { session_id: 'x'.repeat(22), stage: 'transform', done, total: 50 } }),
    );
    await press(makeButton(page, lang));
    const bar = page.getByRole('progressbar', { name: t.making.progress });
    const coloured = page.locator('.forming-wedge:not([opacity="0"])');
    const seen = [];
    for (const now of [0, 7, 31, 50]) {
      done = now;
      await page.getByText(t.making.tracks(now, 50), { exact: true }).waitFor();
      seen.push({ percent: Number(await bar.getAttribute('aria-valuenow')), colours: await coloured.count() });
    }
    for (const key of ['percent', 'colours']) {
      const numbers = seen.map((one) => one[key]);
      assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), `${key} only grows`);
    }
    await page.clock.fastForward(6_500);
    await page.getByText(t.making.steady).waitFor();
    await state(visitor, '3-making-50');
    await page.clock.fastForward(15_500);
    await page.getByText(t.making.slow).waitFor();
    done = -1;
    await profileShown(page, lang);
  });

  visits(`one answer that never comes is asked for again, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    let asked = 0;
    await page.route(path('getProfile'), (route) => (asked++ ? route.continue() : undefined));
    await press(makeButton(page, lang));
    await profileShown(page, lang);
    assert.ok(asked >= 2);
  });

  visits(`two answers that never come, and the page says so, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await page.clock.install();
    await chosen(visitor);
    let asked = 0;
    await page.route(path('getProfile'), (route) => (asked++ < 2 ? undefined : route.continue()));
    await press(makeButton(page, lang));
    for (const times of [1, 2]) {
      await soon(() => assert.equal(asked, times));
      await page.clock.fastForward(12_100);
    }
    await alert(page, t.errors.timeout.what).waitFor();
    await state(visitor, 'error-3-making-timeout');
    await press(button(page, t.errors.retry));
    await profileShown(page, lang);
  });

  visits(`searching fails once, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await failing(page, path('search'), 500, { times: 1 });
    await page.goto(address(lang, '/choose'));
    await field(page, lang).pressSequentially('n');
    await alert(page, t.errors.server.what).waitFor();
    await state(visitor, 'error-2-search');
    await press(button(page, t.errors.retry));
    await option(page, /./).waitFor();
    await alert(page, t.errors.server.what).waitFor({ state: 'detached' });
  });

  visits(`making fails with 500, then works, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    await failing(page, path('extract-simulate'), 500, { times: 1 });
    await press(makeButton(page, lang));
    await alert(page, t.errors.server.what).waitFor();
    await alert(page, t.errors.kept).waitFor();
    await state(visitor, 'error-3-making-500');
    assert.equal((await kept(page)).choices.length, 5);
    await press(button(page, t.errors.retry));
    await profileShown(page, lang);
  });

  visits(`too many requests, told when to come back, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    await failing(page, path('extract-simulate'), 429, { times: 2, headers: { 'Retry-After': '1' } });
    await press(makeButton(page, lang));
    await profileShown(page, lang);
  });

  visits(`too many requests for too long, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    await failing(page, path('extract-simulate'), 429, { times: 4, headers: { 'Retry-After': '0' } });
    await press(makeButton(page, lang));
    await alert(page, t.errors.busy.what).waitFor();
    await state(visitor, 'error-3-making-429');
    await press(button(page, t.errors.retry));
    await profileShown(page, lang);
  });

  visits(`the connection breaks while it is made, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    const { mend } = await broken(page, path('getProfile'));
    await press(makeButton(page, lang));
    await alert(page, t.errors.network.what).waitFor();
    await state(visitor, 'error-3-making-network');
    await mend();
    await press(button(page, t.errors.retry));
    await profileShown(page, lang);
  });

  visits(`offline while searching, ${lang}`, phone, async (visitor) => {
    const { page, press, context } = visitor;
    await page.goto(address(lang, '/choose'));
    await field(page, lang).waitFor();
    await context.setOffline(true);
    await field(page, lang).pressSequentially('nek');
    await alert(page, t.errors.offline.what).waitFor({ timeout: 20_000 });
    await context.setOffline(false);
    await press(button(page, t.errors.retry));
    await option(page, 'Nekfeu').waitFor();
  });

  visits(`the connection breaks on the profile, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await makeProfile(visitor);
    const { mend } = await broken(page, API);
    await press(chip(page, lang, 'Nekfeu'));
    await alert(page, t.errors.network.what).waitFor();
    await card(page, lang).waitFor();
    await state(visitor, 'error-4-what-if');
    await press(button(page, t.profile.clock.erase));
    await press(button(page, t.profile.clock.yes));
    await alert(page, t.errors.network.what).nth(1).waitFor();
    await mend();
    await press(button(page, t.errors.retry).first());
    await page.getByText(t.profile.updating).waitFor({ state: 'detached' });
    assert.equal((await kept(page)).choices.length, 4);
  });

  visits(`a chunk of the page cannot be fetched, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    let down = true;
    await page.route(/\/_next\/static\/.*\.js$/, (route) => (down ? route.abort('connectionrefused') : route.continue()));
    await page.evaluate(() => localStorage.setItem('listening.pending', 'true'));
    await press(makeButton(page, lang));
    await page.waitForURL(`**${address(lang, '/profile')}`);
    down = false;
    await page.reload();
    await profileShown(page, lang);
  });

  visits(`an artist that is no longer known, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    await failing(page, path('extract-simulate'), 404, { times: 1, detail: 'nobody knows the artist with the id "x"' });
    await press(makeButton(page, lang));
    await alert(page, t.errors.unknown.what).waitFor();
    await state(visitor, 'error-3-unknown-artist');
    await press(page.getByRole('link', { name: t.errors.change }));
    await page.waitForURL(`**${address(lang, '/choose')}`);
    await chip(page, lang, TASTE[0][1]).waitFor();
  });

  visits(`erased behind the page's back, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await makeProfile(visitor);
    const { session_id } = (await kept(page)).session;
    const gone = await fetch(`${shared.server.origin}/session`, { method: 'DELETE', headers: { 'X-Session-Id': session_id } });
    assert.equal(gone.status, 204);
    await page.reload();
    await heading(page, t.profile.gone.heading).waitFor();
    await state(visitor, '6-gone');
    await press(button(page, t.profile.gone.again));
    await profileShown(page, lang);
    assert.notEqual((await kept(page)).session.session_id, session_id);
  });

  visits(`a day later, ${lang}`, phone, async (visitor) => {
    const { page } = visitor;
    await page.clock.install();
    await makeProfile(visitor);
    await page.locator('time[datetime]').first().waitFor(); // the clock has begun to look
    await page.clock.fastForward('24:00:01');
    await heading(page, t.profile.gone.heading).waitFor();
    await page.reload();
    await heading(page, t.profile.gone.heading).waitFor();
  });

  visits(`nothing made yet, ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page } = visitor;
    await page.goto(address(lang, '/profile'));
    await heading(page, t.profile.empty.heading).waitFor();
    await state(visitor, '4-profile-empty');
  });

  visits(`a reload while it is made goes on with it, ${lang}`, phone, async (visitor) => {
    const { page, press } = visitor;
    await chosen(visitor);
    const gate = await held(page, path('extract-simulate'));
    await press(makeButton(page, lang));
    await page.getByText(t.making.stages.extract).waitFor();
    gate.letGo();
    await page.unroute(path('extract-simulate'));
    await page.reload();
    await profileShown(page, lang);
    assert.equal((await kept(page)).choices.length, 5);
  });
}
