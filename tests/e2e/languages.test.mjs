/* Which language, and why: by the browser on a first visit, by the switch ever after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { headed } from './lib/checks.mjs';
import { card, chip, choose, makeProfile, profileShown } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();
const PAGES = ['/', '/choose', '/profile'];
const switchTo = (page, name) => page.getByRole('link', { name, exact: true });
const at = async (page, pathname) => page.waitForFunction((wanted) => location.pathname === wanted, pathname);

for (const [locale, lang] of [['fr-FR', 'fr'], ['fr-CA', 'fr'], ['en-US', 'en'], ['de-DE', 'en'], ['fro-FR', 'en']])
  visits(`a first visit with ${locale} is in ${lang}`, { width: 360, locale }, async ({ page }) => {
    await page.goto('/');
    await at(page, address(lang, '/'));
    await page.getByRole('heading', { level: 1, name: WORDS[lang].home.heading }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
  });

test('one of a thing is said in the singular', () => {
  const counted = (lang, n) => {
    const { history, overTime, profile } = WORDS[lang];
    const { report } = history;
    return [
      report.plays(n), report.formats('Last.fm', n), report.unknownPlays(n), report.done(n), report.coverage('9%', n, '12'),
      overTime.time.coverage(n, 'May', 'June', '9%').split(/[,.]/)[0], profile.emotions.points(n),
    ];
  };
  assert.deepEqual(counted('en', '1').slice(0, 4), ['1 play counted', 'Last.fm: 1 row', '1 play', 'Read. 1 play counted.']);
  assert.deepEqual(counted('en', '2').slice(0, 4), ['2 plays counted', 'Last.fm: 2 rows', '2 plays', 'Read. 2 plays counted.']);
  assert.deepEqual(counted('en', '1')[5], '1 play');
  for (const n of ['0', '1'])
    assert.deepEqual(counted('fr', n), [
      `${n} écoute comptée`, `Last.fm : ${n} ligne`, `${n} écoute`, `C’est lu. ${n} écoute comptée.`,
      `9% de tes écoutes sont d’artistes connus ici : ${n} artiste sur 12.`, `${n} écoute`, `${n} point`,
    ]);
  assert.deepEqual(counted('fr', '2').slice(-2), ['2 écoutes', '2 points']);
  assert.equal(WORDS.fr.profile.emotions.points('−0,4'), '−0,4 point');
});

test('French words are joined as one says them', () => {
  const { time, compare } = WORDS.fr.overTime;
  for (const month of ['avril', 'août', 'octobre']) {
    assert.ok(time.coverage('2', `${month} 2021`, 'mai 2023', '9 %').startsWith(`2 écoutes, d’${month} 2021 à mai 2023. `));
    assert.ok(time.year.lede(`${month} 2022`).startsWith(`Les douze mois à partir d’${month} 2022, `));
  }
  assert.ok(time.coverage('2', 'mai 2021', 'avril 2023', '9 %').startsWith('2 écoutes, de mai 2021 à avril 2023. '));
  assert.ok(time.year.lede('mai 2022').startsWith('Les douze mois à partir de mai 2022, '));
  assert.doesNotMatch(compare.circles('9 %', 'envie de danser', 'énergie brute'), /\bde [aeiouyéè]/);
});

for (const lang of LANGS) {
  const other = lang === 'en' ? 'fr' : 'en';

  visits(`head of each page, ${lang}`, { lang, width: 360 }, async ({ page }) => {
    for (const here of PAGES) {
      const words = WORDS[lang][here.slice(1) || 'home'];
      await page.goto(address(lang, here));
      await headed(page, { lang, title: words.title, description: words.description, state: `${here} in ${lang}` });
      const links = await page.evaluate(() =>
        [...document.querySelectorAll('link[rel="canonical"], link[rel="alternate"]')].map((one) => [
          one.hreflang || one.rel,
          new URL(one.href).pathname,
        ]),
      );
      assert.deepEqual(Object.fromEntries(links), {
        canonical: address(lang, here), en: address('en', here), fr: address('fr', here), 'x-default': address('en', here),
      });
    }
  });

  visits(`the switch keeps page, choices and profile, from ${lang}`, { lang, width: 360 }, async (visitor) => {
    const { page, press } = visitor;
    await page.goto(address(lang, '/choose'));
    await choose(visitor);
    await press(switchTo(page, WORDS[lang].otherLanguage.name));
    await at(page, address(other, '/choose'));
    await chip(page, other, 'Nekfeu').waitFor();
    await headed(page, { lang: other, title: WORDS[other].choose.title, description: WORDS[other].choose.description, state: 'switched' });
    await press(switchTo(page, WORDS[other].otherLanguage.name));
    await at(page, address(lang, '/choose'));

    await makeProfile(visitor, []);
    const before = await card(page, lang).innerText();
    await press(switchTo(page, WORDS[lang].otherLanguage.name));
    await profileShown(page, other);
    assert.notEqual(await card(page, other).innerText(), before);
    assert.equal(await page.evaluate(() => document.documentElement.lang), other);
  });

  visits(`the switch is remembered against the browser, from ${lang}`, { lang, width: 1280 }, async ({ page, press }) => {
    await page.goto(address(lang, '/'));
    await press(switchTo(page, WORDS[lang].otherLanguage.name));
    await at(page, address(other, '/'));
    await page.goto('/');
    await at(page, address(other, '/'));
    await page.getByRole('heading', { level: 1, name: WORDS[other].home.heading }).waitFor();
  });

  visits(`numbers and dates as ${lang} writes them`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    await makeProfile(visitor);
    const text = await card(page, lang).innerText();
    const day = new Intl.DateTimeFormat(WORDS[lang].locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date());
    assert.ok(text.includes(day), text);
    assert.match(text, lang === 'fr' ? /\d[\u202f\u00a0]%/ : /\d%/);
  });
}

visits('an address that does not exist, in both languages', { width: 360, allowed: /404 \(Not Found\)/ }, async ({ page }) => {
  for (const here of ['/nothing', '/fr/rien']) {
    const answer = await page.goto(here);
    assert.equal(answer.status(), 404);
    for (const lang of LANGS) await page.getByText(WORDS[lang].notFound.heading).waitFor();
    assert.equal(await page.locator('h1').count(), 1);
  }
});
