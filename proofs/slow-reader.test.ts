import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect, type NewCommand } from '../client/client.ts';
import { Places } from '../client/places.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Connection, Events, Presence, Welcome } from '../protocol/messages.ts';
import { type HubProcess, startHub } from './hub-process.ts';

/** Of one record, about: far more than the kernel's buffers hold comes together quickly. */
const recordBytes = 10_000;
const growthMaxBytes = 50 * 1024 * 1024;

let hub: HubProcess;
let shop: Client;
let dispatch: Client;
let slow: Socket;

beforeEach(async () => {
  // Little room for garbage, so that what is measured is what is kept.
  hub = await startHub({ node: ['--max-old-space-size=128', '--max-semi-space-size=8'] });
  shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'red' } });
  dispatch = connect({ url: hub.url, identity: { role: 'admin' } });
  slow = io(`${hub.url}/caps`, {
    auth: { protocol: PROTOCOL_VERSION, role: 'admin', name: 'slow' },
    transports: ['websocket'],
    reconnection: false,
  });
});
afterEach(async () => {
  slow.close();
  shop.close();
  dispatch.close();
  await hub.dispose();
});

/** Records on disk, so many, from the order of this number on. */
async function record(from: number, count: number): Promise<void> {
  const part = 'x'.repeat(1_000);
  const more = Object.fromEntries(
    Array.from({ length: recordBytes / part.length }, (_, i) => [`part${i}`, part]),
  );
  const orders = Array.from({ length: count }, (_, i): NewCommand => {
    const payload = { store: 'red', orderID: String(from + i), customer: 'Hulda', address: 'Pass', ...more };
    return { event: 'pickup', payload };
  });
  const answers = await Promise.all(orders.map((order) => shop.command(order)));
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}

/** What the hub's process has in memory, in bytes. Linux. */
function memoryOf({ pid }: HubProcess): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * 4_096;
}

/** Records so many. @returns the most that the hub had in memory meanwhile */
async function mostDuring(from: number, count: number): Promise<number> {
  let most = 0;
  for (let done = 0; done < count; done += 1_000) {
    await record(from + done, 1_000);
    most = Math.max(most, memoryOf(hub));
  }
  return most;
}

/** Resolves when dispatch is told of a connection that is like this. */
function isTold(like: (connection: Connection) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const off = dispatch.on('presence', ({ all = [], joined = [] }: Presence) => {
      if (![...all, ...joined].some(like)) return;
      off();
      resolve();
    });
  });
}

test('[S2] a dispatcher whose page stops reading costs bounded memory, and then catches up without a hole', {
  timeout: 60_000,
}, async () => {
  const [welcome] = (await once(slow as never, 'welcome')) as [Welcome];
  const places = new Places('admin');
  places.begin(welcome.head);
  const seqs: number[] = [];
  let caughtUp = (_: number): void => {};
  slow.on('events', (events: Events) => {
    const stretch = places.take(events);
    if (typeof stretch === 'string') throw new Error(`the frame from ${events.prev} on is ${stretch}`);
    seqs.push(...stretch.records.map(({ seq }) => seq));
    caughtUp(stretch.upTo);
  });
  // First everybody reads, until garbage and caches take what they take.
  const before = await mostDuring(0, 16_000);

  const connection = (slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
  const lagging = isTold(({ name, lagging }) => name === 'slow' && lagging === true);
  connection.pause();
  const most = await mostDuring(16_000, 8_000);
  // Eighty megabytes have gone to the one who reads, and hardly any were kept for the other.
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  expect(most - before).toBeLessThan(growthMaxBytes);
  await lagging;

  const all = new Promise<void>((resolve) => {
    caughtUp = (upTo) => {
      if (upTo === 24_000) resolve();
    };
  });
  connection.resume();
  await all;
  expect(seqs).toEqual(Array.from({ length: 24_000 }, (_, i) => i + 1));
});
