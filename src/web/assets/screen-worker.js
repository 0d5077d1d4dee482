// Keeps a screen's page and files, so that it starts and plays without a network. Files are named by their hash and
// never change; the page is kept only together with everything it names.
'use strict';
const FILES = 'screen-files', PAGE = 'screen-page';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** Keeps the page with its style and scripts: those first, so that a kept page always finds them. */
async function keepPage(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) return;
  const named = (await answer.clone().text()).match(/\/assets\/[a-z]+-[0-9a-f]+\.[a-z]+/g) ?? [];
  const cache = await caches.open(PAGE);
  for (const asset of named) if (!(await cache.match(asset))) await cache.add(asset);
  await cache.put(path, answer);
  const wanted = new Set([path, ...named]);
  for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
}

/** Fetches what is not there yet, one after the other; drops the rest only when everything is there. */
async function keepFiles(files) {
  const cache = await caches.open(FILES);
  let whole = true;
  for (const file of files) {
    if (await cache.match(file)) continue;
    try { await cache.add(file); } catch { whole = false; }
  }
  if (!whole) return;
  const wanted = new Set(files);
  for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
}

let working = Promise.resolve();
self.addEventListener('message', (event) => {
  const { page, files } = event.data;
  // In line: two rounds at once would undo each other.
  working = working.then(() => keepFiles(files)).then(() => keepPage(page)).catch(() => {});
  event.waitUntil(working);
});

/** A part of a kept file: players ask for sound in parts. */
async function part(kept, range) {
  const found = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
  if (!found) return kept;
  const whole = await kept.blob(), from = Number(found[1]);
  const to = found[2] ? Math.min(Number(found[2]), whole.size - 1) : whole.size - 1;
  if (from > to) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${whole.size}` } });
  const headers = { 'content-type': whole.type, 'content-range': `bytes ${from}-${to}/${whole.size}`, 'content-length': String(to - from + 1) };
  return new Response(whole.slice(from, to + 1), { status: 206, headers });
}

async function page(request) {
  const kept = await (await caches.open(PAGE)).match(new URL(request.url).pathname);
  if (!kept) return fetch(request);
  const cut = new AbortController(), timer = setTimeout(() => cut.abort(), 5000);
  // An error of the house's proxy is no reason to lose the picture; a screen that is retired (404) is.
  try {
    const answer = await fetch(request.url, { signal: cut.signal, cache: 'no-store' });
    return answer.status >= 500 ? kept : answer;
  } catch { return kept; } finally { clearTimeout(timer); }
}

async function file(request) {
  const path = new URL(request.url).pathname;
  const kept = await (await caches.open(FILES)).match(path) ?? await (await caches.open(PAGE)).match(path);
  return kept ? part(kept, request.headers.get('range')) : fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && url.pathname.startsWith('/screens/')) event.respondWith(page(request));
  else if (/^\/(assets|images|audio)\//.test(url.pathname)) event.respondWith(file(request));
});
