/* The service worker: keeps the files of one build of the pages, so that they work without a network. What the API
 * answers is never kept. tools/make-sw.mjs fills in the list and its hash.
 *
 * A new build is a new script with a new cache. It is filled beside the old one and takes over when no page of the old
 * build is open any more, so that a page always finds the files that it was built with. Pages themselves come from the
 * network first: who is online sees the newest at once. */
const CACHE = 'listening-%HASH%';
const FILES = new Set(%FILES%);

const hashed = (path) => path.startsWith('/_next/static/');

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: hashed(file) ? 'default' : 'no-cache' })));
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('listening-') && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

const kept = (path) => caches.match(path, { cacheName: CACHE, ignoreVary: true });

async function answer(request, path) {
  if (hashed(path)) return (await kept(path)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const file = await kept(path);
    if (file) return file;
    throw error;
  }
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
  if (request.method === 'GET' && origin === self.location.origin && FILES.has(path)) event.respondWith(answer(request, path));
});
