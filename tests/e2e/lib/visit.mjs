/* One visitor: a browser context that notes everything that a good page never does. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { PICTURES } from './paths.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const HEIGHTS = { 360: 740, 768: 1024, 1280: 800 };
const WIDTHS = Object.keys(HEIGHTS).map(Number);
/** Each width in one language, French, with its longer words, on the phone; `./test --all` tries every width in both. */
export const widthsOf = (lang) => (process.env.LI_TEST_ALL ? WIDTHS : WIDTHS.filter((width) => (width === 360) === (lang === 'fr')));
const LOCALES = { en: 'en-GB', fr: 'fr-FR' };

/* The shell is Chromium without its windows: half of the processor time. ./test --all drives the whole browser. */
export function launch() {
  const browser = process.env.LI_TEST_ALL ? '/usr/bin/chromium' : '/usr/bin/chromium-headless-shell';
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? browser, args: FLAGS });
}

/** Notes each request, each console error or warning, each page error and each breach of the content security policy. */
async function watch(context, page, notes) {
  await context.exposeBinding('noteViolation', (_source, text) => notes.violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteViolation(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`);
    });
  });
  context.on('request', (request) => notes.requests.push(request.url()));
  page.on('pageerror', (error) => notes.errors.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.text().startsWith('Service Worker registration blocked')) return;
    if (['error', 'warning'].includes(message.type())) notes.errors.push(`${message.text()} (${message.location().url})`);
  });
}

/**
 * Opens a tab. Phones and tablets have touch. allowed: what the console may say in this visit (RegExp), when the
 * test breaks something on purpose: the browser itself notes each failed request.
 */
export async function visit(browser, server, options = {}) {
  const { lang = 'en', width = 1280, theme = 'light', allowed = null, touch = width < 1000, ...rest } = options;
  const context = await browser.newContext({
    baseURL: server.origin,
    locale: LOCALES[lang],
    timezoneId: 'Europe/Paris',
    viewport: { width, height: HEIGHTS[width] },
    colorScheme: theme,
    hasTouch: touch,
    isMobile: touch,
    acceptDownloads: true,
    /* Else they would answer before page.route does; measure.test.mjs lets them in. */
    serviceWorkers: 'block',
    ...rest,
  });
  context.setDefaultTimeout(30_000); /* on a machine that does much else */
  const page = await context.newPage();
  const notes = { requests: [], errors: [], violations: [] };
  await watch(context, page, notes);

  return {
    context,
    page,
    notes,
    lang,
    width,
    /** Presses by finger or by mouse, as this visitor does. */
    press: (locator) => (touch ? locator.tap() : locator.click()),
    /** Ends the visit, and fails when something was noted. */
    async end() {
      await context.close();
      const strangers = notes.requests.filter((url) => !url.startsWith(`${server.origin}/`) && !/^(blob|data):/.test(url));
      assert.deepEqual(strangers, [], 'requests to a third party');
      assert.deepEqual(notes.violations, [], 'breaches of the content security policy');
      assert.deepEqual(
        notes.errors.filter((text) => !allowed?.test(text)),
        [],
        'errors in the console',
      );
    },
  };
}

/** Runs a test's body with a visit, and keeps a picture of the page where it failed. */
export async function withVisit(browser, server, options, body) {
  const visitor = await visit(browser, server, options);
  try {
    await body(visitor);
  } catch (error) {
    await mkdir(PICTURES, { recursive: true });
    const name = (options.name ?? 'visit').replace(/[^\w-]+/g, '-');
    const file = path.join(PICTURES, `failed-${name}.png`);
    await visitor.page.screenshot({ path: file, fullPage: true }).catch(() => {});
    await visitor.context.close().catch(() => {});
    const noted = [...visitor.notes.errors, ...visitor.notes.violations].slice(0, 5).join('\n');
    error.message += `\n  at ${visitor.page.url()}\n  picture: ${file}${noted ? `\n  noted: ${noted}` : ''}`;
    throw error;
  }
  await visitor.end();
}
