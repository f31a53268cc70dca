import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test as base, expect, type Page } from 'playwright/test';
import { io } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Connection } from '../protocol/messages.ts';
import { Hub } from '../testkit/browser/hub.ts';
import { badge, LogPage, TrackPage } from '../testkit/browser/pages.ts';
import { type Places, type ProxyName, RunningProxy } from '../testkit/browser/proxies.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';
import { reservePort } from '../testkit/ports.ts';

interface ProxiedHub {
  /** The public address. */
  readonly url: string;
  readonly places: Places;
  readonly proxy: RunningProxy;
  readonly hub: Hub;
}

interface Fixtures {
  /** @param config replaces the documented one @param isSet whether the hub trusts the proxy */
  behind: (name: ProxyName, config?: string, isSet?: boolean) => Promise<ProxiedHub>;
  /** Errors in the browser's console. */
  errors: string[];
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names
  behind: async ({}, use) => {
    const ends: (() => Promise<unknown>)[] = [];
    await use(async (name, config, isSet = true) => {
      const [http, tcp] = [await reservePort(), await reservePort()];
      for (const one of [http, tcp]) ends.unshift(async () => one.release());
      const [port, tcpPort] = [http.port, tcp.port];
      const url = `http://localhost:${port}`;
      const hub = await Hub.start(
        isSet ? { CAPS_PUBLIC_URL: url, CAPS_TRUST_PROXY: 'on', HOST: '127.0.0.1' } : {},
      );
      ends.unshift(() => hub.stop());
      const places = { port, tcpPort, hubPort: hub.port, hubTcpPort: hub.tcpPort };
      const proxy = await RunningProxy.start(name, places, config);
      ends.unshift(() => proxy.stop());
      return { url, places, proxy, hub };
    });
    for (const end of ends) await end();
  },
  errors: async ({ context }, use) => {
    const errors: string[] = [];
    context.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    context.on('weberror', (error) => errors.push(String(error.error())));
    await use(errors);
  },
});

async function placeOrder(url: string, orderID: string): Promise<string> {
  const response = await fetch(`${url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ store: 'red', orderID, customer: 'Hulda Parker', address: '835 Meluk Pass' }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { tracking: string }).tracking;
}

function transports(page: Page): string[] {
  const seen: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', () => seen.push('websocket')));
  return seen;
}

/** Reads server-sent events. */
async function streamOf(url: string) {
  const { body } = await fetch(url, { headers: { accept: 'text/event-stream' } });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    async until(text: string): Promise<void> {
      for (let heard = ''; !heard.includes(text); ) {
        const piece = await reader?.read();
        if (!piece || piece.done) throw new Error(`The stream ended before ${text}.`);
        heard += piece.value;
      }
    },
    end: async () => reader?.cancel(),
  };
}

/** The names of plain clients in the presence. */
async function plainClients(url: string): Promise<string[]> {
  const { items } = (await (await fetch(`${url}/api/connections`)).json()) as { items: Connection[] };
  return items.filter(({ role }) => role === 'plain').map(({ who }) => who);
}

/** An address other than 127.0.0.1. */
const elsewhere = '127.0.0.2';

const names: readonly ProxyName[] = ['nginx', 'caddy', 'haproxy'];

// What pages need is a WebSocket and an event stream, which the tests below open behind every proxy.
for (const name of isTorture ? names : names.slice(0, 1)) {
  test(`behind ${name} the pages open without errors and are live by WebSocket`, async ({
    behind,
    context,
    errors,
  }) => {
    const { url } = await behind(name);
    const log = await context.newPage();
    const frames = transports(log);
    const page = await context.newPage();
    for (const path of ['/', '/vendor?store=blue', '/driver?driver=ana&auto=off', '/docs']) {
      expect((await page.goto(url + path))?.status()).toBe(200);
      if (/vendor|driver/.test(path)) await expect(badge(page)).toContainText('Live');
    }
    await log.goto(`${url}/log`);
    await expect(badge(log)).toContainText('Live');
    const tracking = await placeOrder(url, 'behind-1');
    expect(tracking).toMatch(new RegExp(`^${url}/track/trk_`));
    await expectSeen(new LogPage(log).rows.filter({ hasText: 'behind-1' }));
    expect(frames).toContain('websocket');

    // The customer's page is live by server-sent events.
    const track = new TrackPage(page);
    await track.page.goto(tracking);
    await expect(track.link).toContainText('Live');
    const step = `${url}/api/orders/red/behind-1/in-transit?as=driver:ana&name=Ana`;
    expect((await fetch(step, { method: 'POST' })).status).toBe(201);
    await expect(track.headline).toContainText('Ana', { timeout: 3_000 });
    expect(errors).toEqual([]);
  });
}

for (const name of names) {
  test(`behind ${name} a WebSocket and an event stream give each event at once, and clients are seen by their own address`, async ({
    behind,
  }) => {
    const { url } = await behind(name);
    const socket = io(`${url}/caps`, {
      auth: { protocol: PROTOCOL_VERSION, role: 'admin' },
      transports: ['websocket'],
      forceNew: true,
    });
    await new Promise((resolve) => socket.once('welcome', resolve));
    const events = await streamOf(`${url}/api/events`);
    for (const orderID of ['streamed-1', 'streamed-2']) {
      const pushed = new Promise<void>((resolve) => {
        socket.on('events', (frame) => {
          if (JSON.stringify(frame).includes(orderID)) resolve();
        });
      });
      await placeOrder(url, orderID);
      const start = performance.now();
      await Promise.all([events.until(orderID), pushed]);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
    await events.end();
    socket.close();

    // The notice names the address of a refused request.
    const notices = await streamOf(`${url}/api/connections`);
    const { hostname, port } = new URL(url);
    request({ host: hostname, port, path: '/api/nothing', localAddress: elsewhere, family: 4 }).end();
    await notices.until(`"who":"${elsewhere}"`);
    await notices.end();
  });
}

test('behind HAProxy TCP works, clients keep their own address, and health checks succeed', async ({
  behind,
}) => {
  const { url, places, proxy } = await behind('haproxy');
  const socket = connect({ port: places.tcpPort, host: '127.0.0.1', localAddress: elsewhere });
  socket.write('PING.\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(String(answer)).toBe('PONG.\n');
  await expect.poll(() => plainClients(url)).toEqual([elsewhere]);
  socket.destroy();

  const check = async () => {
    const stats = connect(join(proxy.folder, 'stats'));
    stats.write('show stat\n');
    const rows = (await stats.toArray())
      .join('')
      .split('\n')
      .map((row) => row.split(','));
    const column = rows[0]?.indexOf('check_status') ?? -1;
    return rows.find(([backend, server]) => backend === 'caps' && server === 'hub')?.[column];
  };
  // HAProxy marks a running check with a star.
  await expect.poll(async () => (await check())?.replace('* ', '')).toBe('L7OK');
});

/** The shortest configuration, as many people write it. */
const shortest = 'server {\n  listen 80;\n  location / {\n    proxy_pass http://127.0.0.1:3000;\n  }\n}\n';

test('behind the shortest configuration of nginx a page is live by polling, within seconds', async ({
  behind,
  page,
}) => {
  const { url } = await behind('nginx', shortest);
  const start = performance.now();
  await page.goto(`${url}/log`);
  await expect(badge(page)).toContainText('Live');
  expect(performance.now() - start).toBeLessThan(6_000);
  await placeOrder(url, 'polled-1');
  await expectSeen(new LogPage(page).rows.filter({ hasText: 'polled-1' }));
});

for (const [what, config] of [
  ['the shortest configuration of nginx', shortest],
  [
    'nginx with $host, which leaves the port out',
    shortest.replace('proxy_pass', 'proxy_set_header Host $host;\n    proxy_pass'),
  ],
] as const) {
  test(`behind ${what} a page names the missing setting of its hub`, async ({ behind, page }) => {
    const { url, hub } = await behind('nginx', config, false);
    await page.goto(`${url}/driver`);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(`set CAPS_PUBLIC_URL=${url} and start the hub again`);
    await expectSeen(alert);
    expect(hub.complaints).toContain(`CAPS_PUBLIC_URL=${url}`);
  });
}
