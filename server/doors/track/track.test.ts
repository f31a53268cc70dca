import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../protocol/messages.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import { ana, order, red, step } from '../../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { createAccess } from '../../access/access.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { Answers } from '../../edge/answers.ts';
import { createOriginPolicy } from '../../edge/origin-policy.ts';
import { Rates } from '../../edge/rate.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { Presence } from '../../hub/presence.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { createDocsDoor } from '../docs/docs.ts';
import { createWebDoor } from '../pages/pages.ts';
import { createTrackDoor, type TrackDoor } from './track.ts';

let folder: string;
let http: Server;
let url: string;
let store: Store;
let hub: Hub;
let track: TrackDoor;
let faults: unknown[];
const readers: LiveReader[] = [];

async function open(clock: Clock = systemClock): Promise<void> {
  store = openSqliteStore(folder);
  const onFault = (error: unknown) => void faults.push(error);
  hub = await createHub({ store, clock, onFault });
  const presence = new Presence(clock, () => {});
  const addressOf = () => '127.0.0.1';
  const shared = { presence, addressOf, onFault };
  const answers = new Answers({ clock, addressOf });
  track = createTrackDoor({ ...shared, hub, answers, rates: new Rates(500, clock), clock });
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const access = createAccess({ adminKey: undefined, keys: store.keys, links: hub.read, clock });
  const web = await createWebDoor({
    ...{ http, access, origins: createOriginPolicy([]), ...shared, open: [], guarded: [], track },
    docs: createDocsDoor(folder),
    ...{ dist: join(folder, 'dist'), source: folder, dev: false, proxies: 0 },
    ...{ version: '1.2.3', addresses: () => [url] },
  });
  http.on('request', web.handler);
  track.serveSockets(http, createOriginPolicy([]));
}

async function close(): Promise<void> {
  await hub.close();
  track.close();
  track.close();
  const closed = new Promise((resolve) => http.close(resolve));
  http.closeIdleConnections();
  await closed;
  await store.close();
}

beforeEach(async () => {
  folder = memoryFolder();
  faults = [];
  mkdirSync(join(folder, 'dist'));
  const shell = '<title><!--title--></title><b><!--shop--></b><main><!--state--></main>';
  writeFileSync(join(folder, 'dist', 'track.html'), shell);
  writeFileSync(join(folder, 'dist', 'index.html'), '<title>CAPS</title>');
  await open();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.leave();
  await close();
  rmSync(folder, { recursive: true });
  expect(faults).toEqual([]);
});

async function does(actor: Actor, ...commands: Command[]): Promise<void> {
  for (const answer of await hub.submit(actor, 'rest', commands)) expect(answer).toMatchObject({ ok: true });
}

/** Where the customer of this order goes. */
async function pathOf(orderID: string): Promise<string> {
  return `/track/${await hub.read.trackingToken(red, { store: 'red', orderID })}`;
}

interface State {
  readonly title: string;
  readonly state: string;
}

/** A page that is open somewhere, as its script sees the hub. */
class LiveReader {
  readonly states: State[] = [];
  /** Everything that came, as text. */
  heard = '';
  readonly ended: Promise<void>;
  readonly #abort = new AbortController();
  #waiting: (() => void)[] = [];

  constructor(path: string) {
    this.ended = this.#read(fetch(`${url}${path}/live`, { signal: this.#abort.signal }));
    readers.push(this);
  }

  leave(): void {
    this.#abort.abort();
  }

  /** Resolves with the first state, come or to come, of this title. */
  async titled(title: string): Promise<State> {
    for (;;) {
      const found = this.states.find((state) => state.title === title);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #read(coming: Promise<Response>): Promise<void> {
    try {
      const response = await coming;
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      for await (const chunk of response.body ?? []) this.#take(Buffer.from(chunk).toString());
    } catch (error) {
      // Left by the test itself.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }

  #take(text: string): void {
    this.heard += text;
    const messages = this.heard.split('\n\n').slice(0, -1);
    const states = messages.flatMap((message) => /^event: state\ndata: (.*)$/.exec(message)?.[1] ?? []);
    this.states.splice(0, Number.POSITIVE_INFINITY, ...states.map((data) => JSON.parse(data) as State));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

describe('the page', () => {
  it('comes complete, and is kept by nobody', async () => {
    await does(red, order('red', '1042'));
    await does(ana, step('claimed', 'red', '1042'));
    const path = await pathOf('1042');
    for (const one of [path, `${path}/`, `${path}?from=mail`]) {
      const response = await fetch(url + one);
      const { headers } = response;
      expect(response.status).toBe(200);
      expect(headers.get('content-type')).toMatch(/^text\/html/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-robots-tag')).toContain('noindex');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      const text = await response.text();
      expect(text).toContain('<title>Order 1042: claimed</title><b>red</b><main><div');
      expect(text).toContain('<bdi>Ana</bdi> will pick&nbsp;up your&nbsp;order');
      expect(text).toContain('835 Meluk Pass');
    }
    const head = await fetch(url + path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const live = await fetch(`${url}${path}/live`, { method: 'HEAD' });
    expect([live.status, await live.text()]).toEqual([200, '']);
  });

  it('is of one moment, also where a step is recorded while it is being made', async () => {
    const path = await doesPath();
    const read = hub.read.parcel.bind(hub.read);
    hub.read.parcel = async (actor, key) => {
      const parcel = await read(actor, key);
      await does(ana, step('in-transit', 'red', '1042'), step('delivered', 'red', '1042'));
      return parcel;
    };
    const pageOf = async () => (await fetch(url + path)).text();
    const asOrdered = await pageOf();
    hub.read.parcel = read;
    expect(asOrdered).toContain('<title>Order 1042: ready');
    const times = (text: string) => text.match(/<time/g)?.length;
    expect(times(asOrdered)).toBe(1);
    expect(times(await pageOf())).toBe(4);
  });

  it('[A1] is the same for every link that leads nowhere', async () => {
    await does(red, order('red', '1042'));
    const path = await pathOf('1042');
    const answers = await Promise.all(
      [
        '/track',
        '/track/',
        '/track/x',
        `/track/trk_${'A'.repeat(32)}`,
        path.slice(0, -1),
        `${path}A`,
        path.replace('trk_', 'TRK_'),
        `${path}/more`,
        `/track${path}`,
        `/track/trk_${'A'.repeat(32)}/live`,
        '/track/%E0%A4%A',
        '/track/..%2f..%2fpackage.json',
      ].map(async (one) => {
        const response = await fetch(url + one);
        const headers = [...response.headers].filter(([name]) => name !== 'date');
        return JSON.stringify([response.status, headers, await response.text()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('404');
    expect(answers[0]).toContain('There is no order behind this link.');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is only read: %s', async (method) => {
    for (const path of [await doesPath(), `${await doesPath()}/live`, '/track/wrong']) {
      const response = await fetch(url + path, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
      expect(await response.json()).toMatchObject({ code: 'bad-message', status: 405 });
    }
  });

  async function doesPath(): Promise<string> {
    await does(red, order('red', '1042'));
    return pathOf('1042');
  }

  it.each(['/track.html', '/%74rack.html', '//track.html', '/a%2f%2e%2e/track.html'])(
    'its shell alone is no page: %s',
    async (path) => {
      expect((await fetch(url + path)).status).toBe(404);
    },
  );
});

describe('live', () => {
  it('[A1] shows each later state of this parcel, and nothing of any other', async () => {
    await does(red, order('red', 'mine'), order('red', 'yours'), order('red', 'theirs'));
    await does({ role: 'vendor', store: 'blue' }, order('blue', 'mine', undefined, 'Somebody'));
    const reader = new LiveReader(await pathOf('mine'));
    await reader.titled('Order mine: ready');
    await does(ana, step('in-transit', 'red', 'yours'), step('in-transit', 'red', 'mine'));
    await reader.titled('Order mine: in transit');
    await does(ana, step('note', 'red', 'mine', { details: { text: 'a word among us' } }));
    await does(ana, step('delivered', 'red', 'yours'), step('delivered', 'red', 'mine'));
    const { state } = await reader.titled('Order mine: delivered');
    expect(state).toContain('<bdi>Ana</bdi> delivered your&nbsp;order');
    await does(ana, step('corrected', 'red', 'mine', { details: { rev: 4 } }));
    await vi.waitFor(() => expect(reader.states.at(-1)?.title).toBe('Order mine: in transit'));
    expect(reader.heard).not.toMatch(/yours|theirs|blue|Somebody|a word|"seq"|"rev"|trk_/);
    const titles = reader.states.map(({ title }) => title.replace('Order mine: ', ''));
    expect(titles).toEqual(['ready', 'in transit', 'delivered', 'in transit']);
  });

  it('is the same piece of HTML that the page came with', async () => {
    await does(red, order('red', '1042'));
    const path = await pathOf('1042');
    const { title, state } = await new LiveReader(path).titled('Order 1042: ready');
    const page = await (await fetch(url + path)).text();
    expect(page).toBe(`<title>${title}</title><b>red</b><main>${state}</main>`);
  });

  it('[S4] ends when the hub stops, and goes on with what is now when it is back', async () => {
    await does(red, order('red', '1042'));
    const path = await pathOf('1042');
    const reader = new LiveReader(path);
    await reader.titled('Order 1042: ready');
    await close();
    await reader.ended;
    await open();
    await does(ana, step('claimed', 'red', '1042'), step('in-transit', 'red', '1042'));
    expect(await pathOf('1042')).toBe(path);
    const again = new LiveReader(path);
    await again.titled('Order 1042: in transit');
    await does(ana, step('delivered', 'red', '1042'));
    await again.titled('Order 1042: delivered');
    expect(again.states).toHaveLength(2);
  });

  it('is not begun any more by a hub that stops', async () => {
    await does(red, order('red', '1042'));
    const path = await pathOf('1042');
    track.close();
    const response = await fetch(`${url}${path}/live`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('[S3] leaves nothing behind when its reader goes', async () => {
    await does(red, order('red', '1042'));
    const subscribe = vi.spyOn(hub, 'subscribe');
    const reader = new LiveReader(await pathOf('1042'));
    await reader.titled('Order 1042: ready');
    const subscription = subscribe.mock.results[0]?.value as { close(): void };
    const closed = new Promise((resolve) =>
      vi.spyOn(subscription, 'close').mockImplementation(resolve as never),
    );
    reader.leave();
    await closed;
  });
});

/** How a reader asks for it that does nothing else. */
const requests = {
  'an event stream': { event: 'request', more: '' },
  'a WebSocket': {
    event: 'upgrade',
    more: 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
  },
} as const;

describe('with time in hand', () => {
  let clock: SimulatedClock;
  beforeEach(async () => {
    await close();
    clock = new SimulatedClock();
    await open(clock);
  });
  /** Lets time pass and the network carry what it has, until this holds. */
  const until = async (holds: () => boolean) => {
    while (!holds()) await clock.advance(50);
  };

  it('shows an amended order at once, and that it is late when it becomes late, though nothing happens', async () => {
    await clock.settling(does(red, order('red', '1042')));
    const reader = new LiveReader(await clock.settling(pathOf('1042')));
    await until(() => reader.states.length === 1);
    const hour = 3_600_000;
    const inHours = (hours: number) => new Date(clock.now() + hours * hour).toISOString();
    const details = { address: '21 rue du Bac', notBefore: inHours(1), dueAt: inHours(3) };
    await clock.settling(does(red, step('amended', 'red', '1042', { details })));
    await until(() => reader.states.length === 2);
    expect(reader.states[1]?.state).toMatch(/It comes between <time .* and <time .*21 rue du Bac/s);
    await clock.advance(hour);
    await until(() => reader.states.length === 3);
    expect(reader.states[2]?.state).toContain('Due by ');
    await clock.advance(2 * hour - 60_000);
    await until(() => reader.heard.includes('event: beat'));
    expect(reader.states).toHaveLength(3);
    await clock.advance(60_000);
    await until(() => reader.states.length > 3);
    expect(reader.states[2]?.title).toBe('Order 1042: ready');
    expect(reader.states[3]?.title).toBe('Order 1042: ready, late');
  });

  it.each(Object.entries(requests))(
    '[S2] a reader of %s that stops reading is held one state at most, and gets the latest when it reads again',
    async (_, { event, more }) => {
      const long = order('red', '1042');
      const payload = { ...long.payload, address: '&'.repeat(1_024), customer: '&'.repeat(1_024) };
      await clock.settling(does(red, { ...long, payload } as Command));
      const path = await clock.settling(pathOf('1042'));
      const looks = vi.spyOn(hub.read, 'parcel');
      const asked = once(http, event);
      const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
      socket.write(`GET ${path}/live HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`);
      const [, response] = (await asked) as [unknown, ServerResponse | Socket];
      await until(() => looks.mock.calls.length > 0);
      // The network itself holds some megabytes; then the hub looks no more, whatever happens.
      let idle = 0;
      for (let i = 0; idle < 20; i += 1) {
        const before = looks.mock.calls.length;
        await clock.settling(does(ana, step(i % 2 ? 'released' : 'claimed', 'red', '1042')));
        await clock.advance(200);
        idle = looks.mock.calls.length === before ? idle + 1 : 0;
        expect(response.writableLength).toBeLessThan(response.writableHighWaterMark + 20_000);
      }
      expect(response.destroyed).toBe(false);
      let heard = '';
      socket.on('data', (data) => {
        heard += String(data);
      });
      socket.resume();
      const { status } = await clock.settling(hub.read.parcel(red, { store: 'red', orderID: '1042' }));
      await until(() => heard.lastIndexOf(`Order 1042: ${status}`) > heard.length - 20_000);
      socket.destroy();
    },
  );

  it('[S2] a reader that takes nothing for half a minute is cut off', async () => {
    await clock.settling(does(red, order('red', '1042')));
    const path = await clock.settling(pathOf('1042'));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
    // What the hub cuts off may end with an error; it is closed in any case.
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const asked = once(http, 'request');
    socket.write(`GET ${path}/live HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const [, response] = (await asked) as [unknown, ServerResponse];
    await clock.advance(1_000);
    Object.defineProperty(response, 'writableNeedDrain', { value: true });
    await clock.advance(15_000);
    expect(response.destroyed).toBe(false);
    await clock.advance(15_000);
    expect(response.destroyed).toBe(true);
    socket.resume();
    await closed;
  });
});
