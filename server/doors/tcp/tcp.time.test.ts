import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '../../../protocol/ids.ts';
import { type CapsRecord, parseCommand } from '../../../protocol/messages.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { TcpLine } from '../../../testkit/tcp-lines.ts';
import { orderOf } from '../../../testkit/test-client.ts';
import { createAccess } from '../../access/access.ts';
import { DeviceRegistry } from '../../devices/device-registry.ts';
import { PeerDevices } from '../../devices/peer-devices.ts';
import { ConnectionLimiter } from '../../edge/connection-limiter.ts';
import { Rates } from '../../edge/rate.ts';
import type { Sink } from '../../hub/feed.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { Presence } from '../../hub/presence.ts';
import { PlainClients } from '../../legacy/plain-clients.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { plainPauseMs } from './paced-lines.ts';
import { createTcpDoor, type TcpDoor } from './tcp.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;
let presence: Presence;
let door: TcpDoor;
let line: TcpLine;
let directory: PeerDevices;
let told: string[];

/** A real port, and time as the test wants it. */
beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  const onFault = (error: unknown) => expect.fail(String(error));
  hub = await createHub({ store, clock, onFault });
  told = [];
  presence = new Presence(clock, onFault);
  presence.watch({ send: ({ name, json }) => void told.push(`${name} ${json}`) });
  const access = createAccess({ adminKey: undefined, keys: store.keys, links: hub.read, clock });
  const rates = new Rates(500, clock);
  directory = new PeerDevices({ clock });
  const guard = { proxies: 0, limiter: new ConnectionLimiter(1_000), onTooMany: () => {} };
  door = createTcpDoor({
    hub,
    access,
    plain: new PlainClients(hub, presence, clock),
    presence,
    devices: new DeviceRegistry({ serverId: 'one', directory, clock, onFault }),
    serverId: 'one',
    rates,
    clock,
    onFault,
    ...guard,
  });
  line = new TcpLine(await door.listen(0, '127.0.0.1'));
  await once(line.socket, 'connect');
});
afterEach(async () => {
  line.close();
  await hub.close();
  presence.close();
  await Promise.all([door.close(), line.ended]);
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Resolves when the hub has read all of it. */
async function sends(text: string): Promise<void> {
  const answered = line.heard.length;
  line.write(text);
  line.write('PING.');
  while (line.heard.length === answered) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(25);
  }
}

/** For what was written, and what comes of it, to pass through this process. */
async function isRead(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await clock.settle();
}

it('[D3] a plain client that comes while records wait to be published is told of each once', async () => {
  const shop: Actor = { role: 'vendor', store: 'red' };
  // Somebody else reads the same feed, which therefore has not come as far as the newcomer.
  const dispatch: Sink = {
    ...{ send() {}, fail() {}, queued: 0, queuedSize: 0 },
    drained: () => Promise.resolve(),
  };
  hub.subscribe({ role: 'admin' }, undefined, dispatch, () => {});
  await isRead();
  for (const orderID of ['1', '2']) {
    await clock.settling(hub.submit(shop, 'rest', [parseCommand(orderOf('red', orderID))]));
  }
  // Its own order makes it a reader, which is read what waits.
  line.write(orderOf('red', '3'));
  await isRead();
  while (line.heard.length < 3 || !line.heard.at(-1)?.includes('"seq":3')) {
    await clock.advance(25);
    await isRead();
  }
  expect(line.heard.map((text) => (JSON.parse(text) as CapsRecord).seq)).toEqual([1, 2, 3]);
});

it('[S2] a plain client that is behind is read to from the log, a line at a time, and each once', async () => {
  line.write(orderOf('red', 'first'));
  await isRead();
  const shop: Actor = { role: 'vendor', store: 'red' };
  const total = 700;
  for (let from = 2; from <= total; from += 50) {
    const orders = Array.from({ length: 50 }, (_, i) => parseCommand(orderOf('red', `${from + i}`)));
    await clock.settling(hub.submit(shop, 'rest', orders.slice(0, total - from + 1)));
    await clock.advance(10);
  }
  const news: number[] = [];
  while (line.heard.length < total) {
    const before = line.heard.length;
    await clock.advance(25);
    await isRead();
    news.push(line.heard.length - before);
  }
  expect(Math.max(...news)).toBeLessThanOrEqual(2);
  expect(line.heard.map((text) => (JSON.parse(text) as CapsRecord).seq)).toEqual(
    Array.from({ length: total }, (_, i) => i + 1),
  );
  await clock.advance(1_000);
  expect(told.join()).toContain('"lagging":true');
  expect(told.at(-1)).toContain('"lagging":false');
});

it('a plain client that stops sending is told all that waits, though the machine is busy and every pause late', async () => {
  const { after } = clock;
  vi.spyOn(clock, 'after').mockImplementation((ms, run) =>
    after.call(clock, ms > 0 && ms <= plainPauseMs ? ms + plainPauseMs : ms, run),
  );
  const shop: Actor = { role: 'vendor', store: 'red' };
  const total = 500;
  for (let from = 0; from < total; from += 100) {
    const orders = Array.from({ length: 100 }, (_, i) => parseCommand(orderOf('red', `${from + i}`)));
    await clock.settling(hub.submit(shop, 'rest', orders));
  }
  line.write('{"event":"getall","payload":1}\n');
  while (line.heard.length === 0) {
    await clock.advance(25);
    await isRead();
  }
  line.socket.end();
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 25) {
    await isRead();
    await clock.advance(25);
  }
  await line.ended;
  const heard = line.heard.map((text) => (JSON.parse(text) as CapsRecord).payload.orderID);
  expect(new Set(heard).size).toBe(total);
});

describe('a device that is silent', () => {
  it('for 150 s is reported and let go', async () => {
    await sends('{"device_id":"scanner 7"}');
    await clock.advance(149_000);
    expect([presence.count, line.socket.closed]).toEqual([1, false]);
    await clock.advance(1_000);
    await line.ended;
    await clock.advance(1_000);
    expect(presence.count).toBe(0);
    expect(told.join()).toContain('A device was silent for 150 s and is taken for offline.');
  });

  it('for less than that stays', async () => {
    await sends('{"device_id":"scanner 7"}');
    for (let i = 0; i < 5; i += 1) {
      await clock.advance(140_000);
      await sends('');
    }
    expect(presence.count).toBe(1);
  });

  it('is known as away: a vehicle of the gateway, which its reports have kept', async () => {
    const id = uuidv7();
    await sends(`HELLO, I'M ${id}!\n`);
    await clock.advance(140_000);
    await sends("REPORT. I'M HERE 45.5 8.25, RUNNING AND CHARGED AT 67%.\n");
    await clock.advance(140_000);
    expect(await directory.find(id)).toMatchObject({ connected: true, battery: 67 });
    await clock.advance(10_000);
    await line.ended;
    await clock.settle();
    expect(await directory.find(id)).toMatchObject({ connected: false, battery: 67 });
  });

  it('but is no device may stay as long as it likes', async () => {
    await sends('');
    await clock.advance(3_600_000);
    expect(presence.count).toBe(1);
  });
});

describe('[S1][S3] a message that is not finished', () => {
  it.each(['{"event":"pickup"', 'half a line', 'GE', '{"a":]'])(
    'ends the connection after 10 s: %s',
    async (start) => {
      line.write(start);
      await isRead();
      await clock.advance(9_000);
      // A byte now and then gains nothing.
      line.write(' ');
      await isRead();
      expect(line.socket.closed).toBe(false);
      await clock.advance(2_000);
      expect(await line.error()).toMatch(/bad-message|not-json/);
      await line.ended;
    },
  );

  it('in time does not', async () => {
    for (const part of ['{"event":', '"disconnect",', '"payload":{}}']) {
      line.write(part);
      await isRead();
      await clock.advance(4_000);
    }
    expect(await line.error()).toBe('unknown-event');
    await sends('');
  });
});

describe('[A1] a client that was behind and then says who it is', () => {
  it('hears nothing of other stores from then on', async () => {
    await clock.advance(200);
    const shop: Actor = { role: 'vendor', store: 'red' };
    const place = async (from: number, count: number) => {
      const orders = Array.from({ length: count }, (_, i) => parseCommand(orderOf('red', `r${from + i}`)));
      await clock.settling(hub.submit(shop, 'rest', orders));
      await clock.advance(10);
    };
    // More than may wait for it, and then one that finds it full.
    await place(0, 150);
    await place(150, 1);
    line.write('{"event":"hello","payload":{"role":"vendor","store":"mine"}}');
    await line.message(({ event }) => event === 'welcome');
    const before = line.heard.length;
    await place(151, 1);
    await clock.settling(
      hub.submit({ role: 'vendor', store: 'mine' }, 'rest', [parseCommand(orderOf('mine', 'own'))]),
    );
    await clock.advance(10_000);
    await line.line((message) => message.event === 'events' && JSON.stringify(message).includes('"own"'));
    await isRead();
    expect(line.heard.slice(before).filter((text) => text.includes('"red"'))).toEqual([]);
  });
});
