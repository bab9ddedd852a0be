/* A page of nothing in headless Chromium, and a server of the package and of some files. */
import { createReadStream } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';

import { chromium } from '../../e2e/node_modules/playwright-core/index.mjs';

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Serves folders by their first name: { package: '/…/listening-wasm' } as /package/…. */
export async function serve(folders) {
  const server = http.createServer((request, response) => {
    const [, first, ...rest] = decodeURIComponent(request.url).split('/');
    if (!folders[first] || rest.includes('..')) {
      response.writeHead(first === '' ? 200 : 404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>test</title>');
      return;
    }
    response.setHeader('Content-Type', TYPES[path.extname(request.url)] ?? 'application/octet-stream');
    pipeline(createReadStream(path.join(folders[first], ...rest)), response, () => {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export async function openPage(origin) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: FLAGS });
  const page = await browser.newPage();
  await page.goto(origin);
  return { page, version: browser.version(), close: () => browser.close() };
}
