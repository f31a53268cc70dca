/**
 * Lets the pages open without network. It keeps the shell alone, the files of one build: never what the hub says.
 * While there is network, a page's HTML comes from the hub, so that a new version needs no second visit. Loaded as a
 * worker of its own, never imported.
 */

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LastingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** As much as is used of what TypeScript describes only in the place of a page's own globals. */
const worker = globalThis as unknown as {
  addEventListener(type: 'install' | 'activate', run: (event: LastingEvent) => void): void;
  addEventListener(type: 'fetch', run: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
};

/** What the build put in its place: the build's name, the files that a driver's page needs, and the paths of all pages. */
declare const __SHELL__: {
  readonly build: string;
  readonly files: readonly string[];
  readonly pages: readonly string[];
};

const shell = __SHELL__;
const cacheName = `caps-${shell.build}`;
/** Any page opens with it, and all files that it names are kept. */
const html = '/driver';
/** In any letters and with anything behind them: the page itself knows which is meant. */
const pages = new RegExp(`^(${shell.pages.join('|')})[^a-z\\d_-]*$`, 'i');
const files = /^\/(assets\/|icon|driver\.webmanifest$)/;
/** A network that answers later than this is as good as none. */
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

/** The build before this one stays: a page of it may be open, and still load a part of it. */
async function forgetOldBuilds(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith('caps-') && name !== cacheName);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

async function freshPage(request: Request): Promise<Response> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patienceMs);
  try {
    const response = await fetch(request, { signal: waiting.signal });
    // What answers in the place of a hub that is down, a proxy say.
    return response.status < 500 ? response : ((await keptPage()) ?? response);
  } catch (error) {
    const page = await keptPage();
    if (page) return page;
    throw error;
  } finally {
    // Only the first byte is waited for: what has begun may be slow.
    clearTimeout(timer);
  }
}

async function keptPage(): Promise<Response | undefined> {
  return (await caches.open(cacheName)).match(html);
}

/** Names of built files change with what is in them; of the few others this build's is kept. */
async function keptFile(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = (await cache.match(request)) ?? (await caches.match(request));
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
