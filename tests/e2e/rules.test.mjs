/* What the server promises for each page: headers, caching, weight, and no request that gives anything away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kept, makeProfile, shareImageShown } from './lib/steps.mjs';
import { suite } from './lib/suite.mjs';
import { address, LANGS, WORDS } from './lib/words.mjs';

const { shared, visits } = suite();
const PAGES = LANGS.flatMap((lang) => ['/', '/choose', '/profile'].map((page) => address(lang, page)));
const JS_LIMIT = 120_000;
/* WebAssembly may be compiled, and workers run from here. Whoever loosens more has to say so here too. */
const POLICY = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "style-src 'self'", "font-src 'self' data:",
  "img-src 'self' data: blob:", "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');
const get = (page, headers = {}) => fetch(shared.server.origin + page, { headers: { Accept: 'text/html', ...headers } });

for (const page of [...PAGES, '/nothing'])
  test(`headers of ${page}`, async () => {
    const answer = await get(page);
    assert.equal(answer.status, page === '/nothing' ? 404 : 200);
    assert.equal(answer.headers.get('Content-Type'), 'text/html; charset=utf-8');
    const policy = answer.headers.get('Content-Security-Policy');
    assert.equal(policy, POLICY);
    const expected = {
      'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=()', 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(answer.headers.get(name), value, name);
    assert.equal(answer.headers.get('Set-Cookie'), null);

    const html = await answer.text();
    const inline = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
    assert.deepEqual(inline.filter((a) => !/\bsrc=/.test(a) && !/type="application\/(ld\+)?json"/.test(a)), [], 'inline scripts');
    assert.doesNotMatch(html, /<style|\sstyle="|\son[a-z]+="|javascript:/, 'inline styles or handlers');
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
    assert.deepEqual(addresses.filter((url) => !/^(\/(?!\/)|#)/.test(url)), [], 'addresses of other sites');
  });

test('a page that has not changed is not sent again', async () => {
  const tag = (await get('/')).headers.get('ETag');
  assert.equal((await get('/', { 'If-None-Match': tag })).status, 304);
});

test('files with a hash in their name are kept for a year, packed', async () => {
  const html = await (await get('/')).text();
  const files = [...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, url]) => url);
  assert.ok(files.length > 3);
  for (const file of files) {
    const answer = await get(file, { 'Accept-Encoding': 'gzip' });
    assert.equal(answer.status, 200, file);
    assert.equal(answer.headers.get('Cache-Control'), 'public, max-age=31536000, immutable', file);
    assert.equal(answer.headers.get('X-Content-Type-Options'), 'nosniff');
    if (/\.(js|css)$/.test(file)) assert.equal(answer.headers.get('Content-Encoding'), 'gzip', file);
  }
});

test('the service worker names every file, is never kept, and scripts are ruled as pages are', async () => {
  const answer = await get('/sw.js');
  assert.equal(answer.headers.get('Content-Type'), 'text/javascript; charset=utf-8');
  assert.equal(answer.headers.get('Cache-Control'), 'no-cache');
  const files = JSON.parse(/new Set\((\[.*?\])\)/.exec(await answer.text())[1]);
  for (const page of PAGES) assert.ok(files.includes(page), page);
  assert.ok(files.some((file) => file.endsWith('.wasm')));
  for (const file of files) {
    const found = await get(file, { 'Accept-Encoding': 'gzip' });
    assert.equal(found.status, 200, file);
    if (file.endsWith('.wasm')) assert.equal(found.headers.get('Content-Type'), 'application/wasm');
    if (!file.endsWith('.js')) continue;
    assert.equal(found.headers.get('Content-Security-Policy'), POLICY, file);
    const text = await found.text();
    for (const pattern of file.includes('polyfills') ? [] : TOO_NEW.js) assert.doesNotMatch(text, pattern, file);
  }
});

for (const [file, type] of [
  ['/robots.txt', /^text\/plain/], ['/favicon.svg', /^image\/svg/], ['/site.webmanifest', /manifest\+json$/], ['/openapi.json', /^application\/json$/],
])
  test(`${file} is there`, async () => {
    const answer = await get(file);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('Content-Type'), type);
  });

test('each page says what it is without JavaScript', async () => {
  for (const lang of LANGS)
    for (const page of ['/', '/choose', '/profile']) {
      const html = await (await get(address(lang, page))).text();
      const words = WORDS[lang][page.slice(1) || 'home'];
      assert.match(html, new RegExp(`<html[^>]* lang="${lang}"`));
      assert.equal(/<title[^>]*>([^<]*)/.exec(html)?.[1], words.title, `title of ${page} in ${lang}`);
      assert.match(html, /<meta name="description"/);
      assert.match(html, /<meta name="viewport"/);
      assert.match(html, /<h1/);
    }
});

/* What a browser fetches before the page can answer; charts and sharing come later, when they are wanted. */
for (const page of PAGES)
  visits(`JavaScript of ${page} is below ${JS_LIMIT / 1000} kB gzipped`, { width: 360, lang: page.startsWith('/fr') ? 'fr' : 'en' }, async (visitor) => {
    const html = await (await get(page)).text();
    const named = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src]) => shared.server.origin + src);
    const fetched = [];
    visitor.page.on('requestfinished', (request) => named.includes(request.url()) && fetched.push(request));
    await visitor.page.goto(page, { waitUntil: 'load' });
    assert.ok(fetched.length > 4);
    const sizes = await Promise.all(fetched.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    console.log(`${page}: ${(bytes / 1000).toFixed(1)} kB in ${fetched.length} scripts`);
    assert.ok(bytes < JS_LIMIT, `${bytes} bytes of JavaScript`);
  });

visits('the session is never in an address, and gone from the server once erased', { width: 1280 }, async (visitor) => {
  const { page, press, notes } = visitor;
  await makeProfile(visitor);
  const { session_id } = (await kept(page)).session;
  await press(page.getByRole('button', { name: WORDS.en.profile.clock.erase, exact: true }));
  await press(page.getByRole('button', { name: WORDS.en.profile.clock.yes, exact: true }));
  await page.getByRole('heading', { name: WORDS.en.profile.erased.heading }).waitFor();
  assert.deepEqual(notes.requests.filter((url) => url.includes(session_id)), []);
  assert.ok(!page.url().includes(session_id));
  const answer = await fetch(`${shared.server.origin}/getProfile`, { headers: { 'X-Session-Id': session_id } });
  assert.equal(answer.status, 404);
  assert.deepEqual(await visitor.context.cookies(), []);
  assert.ok(!shared.server.log.some((line) => line.includes(session_id)), 'the log names no session');
});

/* Safari 16.4, Chrome 111 and Firefox 111 are the oldest that Next.js and Tailwind serve: nothing newer in our files. */
const TOO_NEW = {
  js: [/\(\?<[=!]/, /AbortSignal\.any/, /Promise\.withResolvers/, /Object\.groupBy/, /Array\.fromAsync/, /Intl\.Segmenter/, /URL\.canParse/],
  css: [/light-dark\(/, /@starting-style/, /:popover-open/, /anchor\(/],
};
visits('no script and no style asks for a newer browser', { width: 1280 }, async (visitor) => {
  await makeProfile(visitor);
  await shareImageShown(visitor.page, 'en');
  const files = new Set(visitor.notes.requests.filter((url) => /\/_next\/static\/.*\.(js|css)$/.test(url)));
  assert.ok(files.size > 12);
  for (const url of files) {
    const text = await (await fetch(url)).text();
    for (const pattern of TOO_NEW[url.endsWith('.css') ? 'css' : 'js']) assert.doesNotMatch(text, pattern, url);
  }
});
