/*
 * Shows a page of our own when nothing can be reached. It keeps the files below and nothing else:
 * never a record, an answer of a service or a page that somebody used. Scripts and workers are left
 * to the browser: a worker that is started from a cache has lost what its page told it.
 */
const CACHE = 'chartkey-offline-1';
const OFFLINE = '/offline.html';
const KEPT = [OFFLINE, '/offline.css', '/icon.svg'];

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT.map((path) => new Request(path, { cache: 'reload', credentials: 'omit' })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    // The page is asked for while this starts: nobody waits for it.
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(pageOrOffline(event));
  else if (KEPT.includes(pathname)) event.respondWith(keptOrFetched(request, pathname));
});

async function pageOrOffline(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(OFFLINE)) ?? Response.error();
  }
}

async function keptOrFetched(request, pathname) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(pathname)) ?? Response.error();
  }
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  return cache.match(path);
}
