/* What must hold on every page and in every state. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Until fonts are there and nothing moves any more that ever ends. */
export async function settled(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((one) => one.finished));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** axe, with all rules that it has on by default. */
export async function accessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`),
    }));
  });
  assert.deepEqual(found, [], `axe on ${state}`);
}

/** Nothing sticks out to the right: a phone's page never moves sideways. */
export async function fits(page, state) {
  const width = page.viewportSize().width;
  const found = await page.evaluate((limit) => {
    if (document.scrollingElement.scrollWidth <= limit && window.innerWidth <= limit) return [];
    const cut = (one) => one && (getComputedStyle(one).overflowX !== 'visible' || cut(one.parentElement));
    const wide = [...document.querySelectorAll('body *')].filter(
      (one) => one.getBoundingClientRect().right > limit + 0.5 && !cut(one.parentElement),
    );
    return [`${document.scrollingElement.scrollWidth} px in a window of ${limit}`].concat(
      wide.slice(0, 5).map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''}`),
    );
  }, width);
  assert.deepEqual(found, [], `${state} is wider than its window`);
}

/** Everything to press is 44 px or more each way; marks inside a chart lie where their numbers put them. */
export async function touchable(page, state) {
  const found = await page.evaluate(() => {
    const pressed = 'a[href], button, input, select, textarea, summary, [role="option"], [role="button"], [role="radio"]';
    const small = [];
    for (const one of document.querySelectorAll(pressed)) {
      if (one.closest('svg') || !one.checkVisibility({ checkVisibilityCSS: true })) continue;
      const label = one.matches('input[type="radio"], input[type="checkbox"], input[type="file"]') ? one.closest('label') ?? one : one;
      const { width, height } = label.getBoundingClientRect();
      const hidden = width <= 1 && height <= 1; /* for screen readers alone */
      if (!hidden && (width < 43.5 || height < 43.5))
        small.push(`${one.tagName.toLowerCase()} "${(one.ariaLabel ?? one.textContent).trim().slice(0, 40)}" ${width.toFixed(0)} x ${height.toFixed(0)}`);
    }
    return small;
  });
  assert.deepEqual(found, [], `small touch targets on ${state}`);
}

/** What search engines and screen readers read first. */
export async function headed(page, { lang, title, description, state }) {
  const head = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    h1: [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility()).length,
    mains: document.querySelectorAll('main').length,
    descriptions: [...document.querySelectorAll('meta[name="description"]')].map((one) => one.content),
  }));
  assert.deepEqual(head, { lang, h1: 1, mains: 1, descriptions: [description] }, state);
  assert.equal(await page.title(), title, state);
}

/** The focus is on something visible with a ring around it, once what is still coming in has come. */
export async function ringed(page, state) {
  const found = await page.evaluate(async () => {
    const focused = document.activeElement;
    const coming = document.getAnimations().filter(
      ({ effect }) => effect.target.contains(focused) && Number.isFinite(effect.getComputedTiming().endTime),
    );
    await Promise.allSettled(coming.map((one) => one.finished));
    const one = focused.matches('input[type="radio"], input[type="file"]') ? focused.closest('label') ?? focused : focused;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const { width, height } = one.getBoundingClientRect();
    return {
      ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      seen: width > 1 && height > 1 && one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }),
      what: `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''} "${(one.ariaLabel ?? one.textContent).slice(0, 40)}"`,
    };
  });
  assert.ok(found.ring, `no ring on ${found.what}, ${state}`);
  assert.ok(found.seen, `the focus is on ${found.what}, which is not visible, ${state}`);
}
