/* Numbers of their own: where they come from, in words, on the map and in the reasons. */
import assert from 'node:assert/strict';

import { changed, path, withTracks } from './lib/api.mjs';
import { makeProfile, region } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { LANGS, WORDS } from './lib/words.mjs';

const { visits } = suite();

const SENTENCES = [
  [
    { measured: 9, provider: 3, dataset: 2, estimated: 11 },
    '9 of 25 tracks measured. 3 told by a music service, 2 read from a table of tracks and 11 estimated from genres.',
    '9 titres sur 25 mesurés. 3 donnés par un service de musique, 2 lus dans une table de titres et 11 estimés d’après les genres.',
  ],
  [
    { measured: 1, provider: 1, dataset: 0, estimated: 0 },
    '1 of 2 tracks measured. 1 told by a music service.',
    '1 titre sur 2 mesuré. 1 donné par un service de musique.',
  ],
  [
    { measured: 0, provider: 0, dataset: 1, estimated: 4 },
    '0 of 5 tracks measured. 1 read from a table of tracks and 4 estimated from genres.',
    '0 titre sur 5 mesuré. 1 lu dans une table de titres et 4 estimés d’après les genres.',
  ],
  [{ measured: 25, provider: 0, dataset: 0, estimated: 0 }, '25 of 25 tracks measured.', '25 titres sur 25 mesurés.'],
];

for (const lang of LANGS) {
  const t = WORDS[lang].profile;

  visits(`the coverage names every source, ${lang}`, { lang, width: 768 }, async (visitor) => {
    const { page } = visitor;
    let sources = {};
    await changed(page, path('getProfile'), (profile) => ({ ...profile, sources }));
    for (const [counts, en, fr] of SENTENCES) {
      sources = counts;
      if (counts === SENTENCES[0][0]) await makeProfile(visitor);
      else await page.reload();
      await region(page, t.worth.heading).getByText(lang === 'fr' ? fr : en, { exact: true }).waitFor();
      const badges = await region(page, t.worth.heading).locator('.badge').allInnerTexts();
      const there = Object.keys(counts).filter((origin) => counts[origin]);
      assert.deepEqual(badges, there.map((origin) => t.worth.sources[origin].name), 'no line for a source of nothing');
    }
  });

  visits(`an artist of whom little is sure is said to be likely, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    const CASES = [[1, 0.49, true], [1, 0.5, false], [0.6, 0, true], [0.5, 0, false], [0, 0, false]];
    let artists;
    await changed(page, path('getProfile'), (profile) => {
      artists = profile.artists.map((artist, i) => ({ ...artist, estimated_share: CASES[i][0], confidence: CASES[i][1] }));
      return { ...profile, artists };
    });
    await makeProfile(visitor);
    const map = region(page, t.map.heading);
    for (const [i, [guessed, , unsure]] of CASES.entries()) {
      const { id, name, emotion } = artists[i];
      const words = unsure ? `${lang === 'fr' ? 'plutôt' : 'perhaps'} ${emotion.label}` : emotion.label;
      const item = region(page, t.tracks.heading).getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
      assert.equal(await item.locator('h3 + p').evaluate((one) => one.firstChild.textContent), words);
      if (guessed) assert.equal(await map.locator(`[data-point="artist/${id}"]`).getAttribute('aria-label'), `${name}, ${words}`);
    }
  });

  visits(`measured tracks: dots, badges, reasons, ${lang}`, { lang, width: 1280 }, async (visitor) => {
    const { page } = visitor;
    const because = [
      { kind: 'term', id: 'harsh', label: 'dark intensity', value: 0.62 },
      { kind: 'term', id: 'calm', label: 'calm', value: -0.13 },
      { kind: 'track', id: 'one', label: 'Song 1', value: 0.4 },
    ];
    let sent;
    await changed(page, path('getProfile'), (profile) => {
      const changedOne = withTracks(profile);
      return (sent = { ...changedOne, emotions: changedOne.emotions.map((emotion) => ({ ...emotion, because })) });
    });
    await makeProfile(visitor);
    const map = region(page, t.map.heading);
    const track = sent.tracks[0];
    const dot = map.locator(`[data-point="track/${track.id}"]`);
    await dot.waitFor();
    assert.equal(await dot.getAttribute('aria-label'), [track.title, track.artist, track.emotion.label].join(', '));
    assert.equal(await map.locator('[data-point^="track/"]').count(), sent.tracks.length);
    await dot.focus();
    await map.getByText(track.title, { exact: true }).first().waitFor();
    await map.locator('.mood-map').hover({ position: { x: 5, y: 5 } });
    await page.mouse.move(0, 0); /* what the pointer shows is not where the keys go on from */
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.point), `track/${sent.tracks[1].id}`);

    for (const origin of ['measured', 'provider', 'dataset'])
      await region(page, t.tracks.heading).getByText(t.worth.sources[origin].name, { exact: true }).first().waitFor();

    const emotions = region(page, t.emotions.heading);
    await emotions.locator('summary').first().click();
    for (const kind of ['term', 'track']) await emotions.getByText(t.emotions.kinds[kind].text).first().waitFor();
    await emotions.getByText(t.emotions.strength(0.62)).first().waitFor();
    await emotions.getByText(t.emotions.strength(-0.13)).first().waitFor();
  });
}
