/**
 * Lets pages open offline. It caches the files of one build and no data. Online, a page's HTML comes from the hub, so
 * that a new version needs no second visit. Never import it.
 */

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LastingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** The parts of the worker's globals that we use. TypeScript's `webworker` types would conflict with those of pages. */
const worker = globalThis as unknown as {
  addEventListener(type: 'install' | 'activate', run: (event: LastingEvent) => void): void;
  addEventListener(type: 'fetch', run: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
};

/** The build replaces this by its name, the files of the driver's page and the paths of all pages. */
declare const __SHELL__: {
  readonly build: string;
  readonly files: readonly string[];
  readonly pages: readonly string[];
};

const shell = __SHELL__;
const cacheName = `caps-${shell.build}`;
/** The HTML for every page; all files that it links are cached. */
const html = '/driver';
/** Paths of pages in any case and with anything behind them; the page corrects them. */
const pages = new RegExp(`^(${shell.pages.join('|')})[^a-z\\d_-]*$`, 'i');
const files = /^\/(assets\/|icon|driver\.webmanifest$)/;
/** A slower network counts as offline. */
const patienceMs = 4_000;

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldBuilds().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (pages.test(pathname)) event.respondWith(freshPage(request));
  } else if (files.test(pathname)) {
    event.respondWith(keptFile(request));
  }
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([html, ...shell.files].map((path) => new Request(path, { cache: 'no-cache' })));
}

/** Keeps the previous build: an open page may still load parts of it. */
async function forgetOldBuilds(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith('caps-') && name !== cacheName);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

async function freshPage(request: Request): Promise<Response> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patienceMs);
  try {
    const response = await fetch(request, { signal: waiting.signal });
    // A proxy may answer in place of a hub that is down.
    return response.status < 500 ? response : ((await keptPage()) ?? response);
  } catch (error) {
    const page = await keptPage();
    if (page) return page;
    throw error;
  } finally {
    // The timeout covers the first byte only.
    clearTimeout(timer);
  }
}

async function keptPage(): Promise<Response | undefined> {
  return (await caches.open(cacheName)).match(html);
}

/** The names of built files contain a hash, so a cached file is never stale. */
async function keptFile(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = (await cache.match(request)) ?? (await caches.match(request));
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
