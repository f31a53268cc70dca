import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../../testkit/simulation/store.ts';
import { createAccess } from '../../access/access.ts';
import { systemClock } from '../../clock.ts';
import { PeerDevices } from '../../devices/peer-devices.ts';
import { Answers } from '../../edge/answers.ts';
import { createOriginPolicy } from '../../edge/origin-policy.ts';
import { Rates } from '../../edge/rate.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { Presence } from '../../hub/presence.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { createMetrics } from '../../output/metrics.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import { createDocsDoor } from '../docs/docs.ts';
import { createDocumentsDoor } from '../docs/documents.ts';
import { createHealthDoor, createMetricsDoor } from '../rest/health.ts';
import { createDocument } from '../rest/openapi.ts';
import { createReferenceDoor } from '../rest/reference.ts';
import { createRestDoor, type RestDoor } from '../rest/rest.ts';
import { createTrackDoor } from '../track/track.ts';
import { createWebDoor, type WebDoor } from './pages.ts';

let folder: string;
let http: Server;
let url: string;
let hub: Hub;
let store: SimulatedStore;
let rest: RestDoor;
let door: WebDoor;
let faults: unknown[];

/** As `vite build` leaves it. */
function build(dist: string): void {
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>CAPS</title>');
  writeFileSync(join(dist, 'assets', 'app-1234.js'), 'console.log(1)');
  writeFileSync(join(dist, 'icon.svg'), '<svg/>');
  writeFileSync(join(dist, 'sw.js'), 'console.log(2)');
  writeFileSync(join(dist, '..', 'secret.txt'), 'secret');
}

async function open(adminKey?: string): Promise<void> {
  faults = [];
  store = new SimulatedStore(openSqliteStore(folder), new SimulatedClock());
  const onFault = (error: unknown) => faults.push(error);
  hub = await createHub({ store, clock: systemClock, onFault });
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const presence = new Presence(systemClock, () => {});
  const access = createAccess({ adminKey, keys: store.keys, links: hub.read, clock: systemClock });
  const rates = new Rates(500, systemClock);
  const addressOf = () => '127.0.0.1';
  const answers = new Answers({ clock: systemClock, addressOf });
  const outbound = createOutbound({
    ...{ store, hub, access, clock: systemClock, ownPort: () => 0, onFault: () => {} },
    config: { outbound: 'off', publicUrl: undefined, tcpPort: undefined },
  });
  rest = createRestDoor({
    hub,
    outbound,
    answers,
    access,
    presence,
    rates,
    addressOf,
    clock: systemClock,
    directory: new PeerDevices({ clock: systemClock }),
    serverId: 'one',
    publicUrl: undefined,
  });
  const track = createTrackDoor({ hub, presence, rates, addressOf, answers, onFault });
  const metrics = createMetricsDoor({
    ...{ hub, access, presence, answers, outbound, addressOf },
    metrics: createMetrics('1.2.3'),
  });
  const options = {
    http,
    access,
    origins: createOriginPolicy([]),
    presence,
    addressOf,
    open: [
      createHealthDoor({ hub, damage: store.damage, serverId: 'one', drain: { isDraining: false } }),
      createReferenceDoor('1.2.3'),
      createDocumentsDoor('1.2.3'),
    ],
    guarded: [metrics, rest.router],
    track,
    docs: createDocsDoor(folder),
    version: '1.2.3',
    onFault,
  };
  const places = { dist: join(folder, 'dist'), source: folder, dev: false };
  door = await createWebDoor({
    ...options,
    ...places,
    proxies: 0,
    addresses: () => [url, 'http://192.168.77.5:3000'],
  });
  http.on('request', door.handler);
}

beforeEach(() => {
  folder = memoryFolder();
  build(join(folder, 'dist'));
  return open();
});
afterEach(close);

async function close(): Promise<void> {
  rest.close();
  await door.close();
  await door.close();
  http.closeAllConnections();
  http.close();
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}
/** None of those that answer every other method with what the address knows. */
function methodsOf(route: Layer['route']): string[] {
  const methods = Object.keys(route?.methods ?? {}).filter((method) => method !== '_all');
  return methods.length > 5 ? [] : methods;
}
function routesIn(stack: readonly Layer[]): string[] {
  return stack.flatMap(({ route, handle }) => [
    ...methodsOf(route).map((method) => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}')}`),
    ...routesIn(handle?.stack ?? []),
  ]);
}

it('whatever is answered is in the OpenAPI document, but for what is for people', () => {
  const { paths = {} } = createDocument('1.2.3');
  const told = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  // No routes of Express, and so not among these: the pages, their files, and /track.
  const forPeople = /^get \/docs(\/|$)/;
  const served = routesIn((door.handler.router as unknown as { stack: Layer[] }).stack);
  expect(served.filter((route) => !forPeople.test(route)).sort()).toEqual(told.sort());
  expect(served.filter((route) => forPeople.test(route)).length).toBeGreaterThan(3);
});

describe('pages', () => {
  it.each(['/', '/vendor', '/driver', '/log', '/vendor/', '/log?q=event:pickup'])(
    '%s is the app',
    async (path) => {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(await response.text()).toContain('<title>CAPS</title>');
    },
  );

  it.each([
    ['/Vendor', '/vendor'],
    ['/LOG?q=event:pickup', '/log?q=event:pickup'],
    ['/driver/', '/driver'],
    [`/track/trk_${'x'.repeat(32)}).`, `/track/trk_${'x'.repeat(32)}`],
    [`/track/trk_${'x'.repeat(32)}%3E?utm_source=mail`, `/track/trk_${'x'.repeat(32)}?utm_source=mail`],
    ['//driver', '/driver'],
  ])('%s leads to %s, also where the hub is asked under another name', async (path, meant) => {
    for (const headers of [{}, { host: 'hub.example.com' }]) {
      const { port } = new URL(url);
      const [response] = (await once(
        request({ host: '127.0.0.1', port, path, headers }).end(),
        'response',
      )) as [IncomingMessage];
      expect([response.statusCode, response.headers.location]).toEqual([308, meant]);
      expect(response.headers['cache-control']).toBe('no-store');
      response.resume();
    }
  });

  it.each([
    '/nothing',
    '/log/deeper',
    '/index.php',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/none.js',
    '/.env',
    '/%E0%A4%A',
  ])('%s is the app’s own "not found"', async (path) => {
    const response = await fetch(url + path);
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain('<title>CAPS</title>');
    expect(text).not.toContain('secret');
  });

  it('files whose name has a hash are kept for ever, others are asked for again', async () => {
    const hashed = await fetch(`${url}/assets/app-1234.js`);
    expect(hashed.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/', '/icon.svg', '/sw.js']) {
      expect((await fetch(url + path)).headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('are only read', async () => {
    const response = await fetch(`${url}/log`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ code: 'bad-message' });
  });

  it('say how to build them where they are not built', async () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    const before = folder;
    await close();
    folder = before;
    await open();
    const response = await fetch(`${url}/log`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm run build');
  });
});

describe('[A3] headers', () => {
  it.each(['/', '/nothing', '/healthz', '/metrics', '/api/hub', '/api/events'])(
    '%s: strict, and works without HTTPS',
    async (path) => {
      const { headers } = await fetch(url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/upgrade-insecure-requests|unsafe|\*|https?:/);
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it.each([
    ['/metrics', { host: 'evil.example:3000' }],
    ['/nothing', { host: 'evil.example' }],
    ['/api/orders', { origin: 'http://evil.example' }],
    ['/api/hub', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('%s under %o is refused', async (path, headers) => {
    const { port } = new URL(url);
    const response = await new Promise<{ status: number | undefined; text: string }>((resolve) => {
      request({ host: '127.0.0.1', port, path, headers }, async (incoming) => {
        const text = (await incoming.toArray()).join('');
        resolve({ status: incoming.statusCode, text });
      }).end();
    });
    expect(response.status).toBe(403);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'not-allowed', status: 403 });
  });
});

it('/api/hub says what a page needs to know', async () => {
  const known = await (await fetch(`${url}/api/hub`)).json();
  expect(known).toEqual({ version: '1.2.3', access: 'open', addresses: [url, 'http://192.168.77.5:3000'] });
});

describe('/qr.svg', () => {
  it.each(['', '/vendor', '/driver?a=1'])('draws this hub’s addresses: %s', async (path) => {
    const response = await fetch(
      `${url}/qr.svg?url=${encodeURIComponent(`http://192.168.77.5:3000${path}`)}`,
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(response.headers.get('cache-control')).toContain('private');
    expect(await response.text()).toMatch(/^<svg /);
  });

  it('and the one under which it was asked', async () => {
    const { port } = new URL(url);
    const statusFor = (host: string, origin: string) =>
      new Promise((resolve) => {
        const path = `/qr.svg?url=${encodeURIComponent(`${origin}/track/trk_1`)}`;
        request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await statusFor('192.168.1.7:3000', 'http://192.168.1.7:3000')).toBe(200);
    expect(await statusFor('192.168.1.7:3000', 'http://192.168.1.8:3000')).toBe(400);
    expect(await statusFor('192.168.1.7:3000', 'http://192.168.1.7:3001')).toBe(400);
  });

  it.each([
    '',
    '?url=',
    '?url=vendor',
    '?url=http://evil.example',
    '?url=http://192.168.77.5:3000.evil.example',
    '?url=javascript:alert(1)',
    '?url=http://192.168.77.5:3000&url=http://192.168.77.5:3000',
    `?url=http://192.168.77.5:3000/${'x'.repeat(600)}`,
  ])('and no others: %s', async (query) => {
    const response = await fetch(`${url}/qr.svg${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad-message' });
  });
});

describe('[S1] an error', () => {
  it('that passes says when to come again', async () => {
    store.failure = new Error('database or disk is full');
    const response = await fetch(`${url}/pickup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' }),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ code: 'unavailable', retryable: true });
    expect(faults).toEqual([store.failure]);
  });

  it('of the hub’s own is told as "internal", without a word of where', async () => {
    store.failure = new Error('SELECT secret FROM /home/caps');
    const response = await fetch(`${url}/api/events`);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', retryable: false });
    expect(text).not.toMatch(/SELECT|caps|\.ts|at /);
    expect(faults).toEqual([store.failure]);
  });
});
