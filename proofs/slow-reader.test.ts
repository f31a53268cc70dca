import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type Client, connect, type NewCommand } from '../client/client.ts';
import { Places } from '../client/places.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Connection, Events, Presence, Welcome } from '../protocol/messages.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { readLines } from '../testkit/tcp-lines.ts';

/** Of one record, about, and nearly as many as one may have: far more than the kernel's buffers hold comes together quickly. */
const recordBytes = 15_000;
/** What else grows meanwhile, such as the index, takes about 40 MB; a hub that keeps what is not read takes 85 to 130. */
const growthMaxBytes = 56 * 1024 * 1024;
/**
 * Records while everybody reads, and while one does not. The first fill every cache (`server/store/memory.ts`), after
 * which a hub's memory keeps its size. The second must not take longer than a connection may leave
 * pings unanswered, on a busy machine either: then it is closed, and has nothing to catch up on.
 */
const warmUp = 5_500;
const unread = 1_500;
/** And while one does not read from a hub that keeps it all: enough to tell it from the rest. */
const keptUnread = 4_500;
/** Of these, as many as a plain client is told in some 13 s: more than memory ever holds for it. */
const slowlyRead = 500;

const folder = mkdtempSync(join(tmpdir(), 'caps-'));
/** Where the hub's process tells what is in its memory. */
const scale = join(folder, 'scale');
afterAll(() => rmSync(folder, { recursive: true }));

let hub: HubProcess;
let shop: Client;
let dispatch: Client;

/** @param script another hub than ours */
async function start(script?: string): Promise<void> {
  hub = await startHub({
    ...(script === undefined ? {} : { script }),
    // Little room for garbage, which goes before it is weighed: what is measured is what is kept.
    node: [
      ...['--max-old-space-size=128', '--max-semi-space-size=8'],
      '--expose-gc',
      '--import=./testkit/weigh.ts',
    ],
    env: { WEIGH_AT: scale },
    tcp: true,
  });
  shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'red' } });
  dispatch = connect({ url: hub.url, identity: { role: 'admin' } });
}
afterEach(async () => {
  shop.close();
  dispatch.close();
  await hub.dispose();
});

/** One who reads the whole log, or stops to. */
interface Reader {
  readonly seqs: readonly number[];
  /** Resolves when it reads no more. */
  pause(): Promise<void>;
  resume(): void;
  /** Resolves when it has read up to there. */
  until(seq: number): Promise<void>;
  close(): void;
}

class Seqs {
  readonly all: number[] = [];
  #waiting: { seq: number; resolve: () => void } | undefined;

  add(seq: number): void {
    this.all.push(seq);
    if (seq === this.#waiting?.seq) this.#waiting.resolve();
  }

  until(seq: number): Promise<void> {
    if (this.all.at(-1) === seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { seq, resolve };
    });
  }
}

async function page(): Promise<Reader> {
  const socket: Socket = io(`${hub.url}/caps`, {
    auth: { protocol: PROTOCOL_VERSION, role: 'admin', name: 'slow' },
    transports: ['websocket'],
    reconnection: false,
  });
  const [welcome] = (await once(socket as never, 'welcome')) as [Welcome];
  const places = new Places('admin');
  places.begin(welcome.head);
  const seqs = new Seqs();
  socket.on('events', (events: Events) => {
    const stretch = places.take(events);
    if (typeof stretch === 'string') throw new Error(`the frame from ${events.prev} on is ${stretch}`);
    for (const { seq } of stretch.records) seqs.add(seq);
  });
  const { engine } = socket.io;
  const { ws } = engine.transport as unknown as { ws: { pause(): void; resume(): void } };
  return {
    seqs: seqs.all,
    // Who reads nothing answers no ping, and is taken for gone: right after one there is the most time.
    pause: () => new Promise((resolve) => engine.once('ping', () => resolve(ws.pause()))),
    resume: () => ws.resume(),
    until: (seq) => seqs.until(seq),
    close: () => void socket.close(),
  };
}

/** A program that has said nothing: it hears everything, a line each. */
async function program(): Promise<Reader> {
  const socket = connectTcp({ port: hub.tcpPort, host: '127.0.0.1' });
  await once(socket, 'connect');
  const seqs = new Seqs();
  readLines(socket, (line) => {
    const { seq } = JSON.parse(line) as { seq?: number };
    // The greeting of those who have said nothing is no record.
    if (seq !== undefined) seqs.add(seq);
  });
  return {
    seqs: seqs.all,
    pause: async () => void socket.pause(),
    resume: () => void socket.resume(),
    until: (seq) => seqs.until(seq),
    close: () => void socket.destroy(),
  };
}

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

/** What the hub's process has in memory once its garbage is gone, in bytes. */
async function memory(): Promise<number> {
  return Number(await text(connectTcp(scale)));
}

/** Records so many. @returns the most that the hub had in memory meanwhile */
async function mostDuring(from: number, count: number): Promise<number> {
  let most = 0;
  for (let done = 0; done < count; done += 1_000) {
    await record(from + done, Math.min(1_000, count - done));
    most = Math.max(most, await memory());
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

test('[S2] a page, then a plain client on TCP that stops reading costs bounded memory, and catches up without a hole', {
  timeout: 240_000,
}, async () => {
  await start();
  const reader = await page();
  // First everybody reads, until garbage and caches take what they take.
  const before = await mostDuring(0, warmUp);
  await reader.until(warmUp);

  const lagging = isTold(({ name, lagging }) => name === 'slow' && lagging === true);
  const most = await mostWhileUnread(reader, warmUp, before);
  expect(most - before).toBeLessThan(growthMaxBytes);
  await lagging;
  reader.resume();
  await reader.until(warmUp + unread);
  expect(reader.seqs).toEqual(Array.from({ length: warmUp + unread }, (_, i) => i + 1));

  // It is written to slowly, and so is far behind whether it reads or not.
  const from = warmUp + unread;
  const plain = await program();
  const mostAfter = await mostWhileUnread(plain, from, before);
  expect(mostAfter - before).toBeLessThan(growthMaxBytes);
  plain.resume();
  await plain.until(from + slowlyRead);
  expect(plain.seqs).toEqual(Array.from({ length: slowlyRead }, (_, i) => from + i + 1));
  for (const one of [reader, plain]) one.close();
});

/** Twenty megabytes go to those who read, and hardly any are kept for the other. @returns the most in memory */
async function mostWhileUnread(reader: Reader, from: number, before: number): Promise<number> {
  await reader.pause();
  const most = await mostDuring(from, unread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  return most;
}

test('[S2] a hub that goes on sending to who does not read is found out', { timeout: 240_000 }, async () => {
  await start('proofs/mutants/keep-sending-hub.ts');
  const reader = await page();
  const before = await mostDuring(0, warmUp);
  await reader.until(warmUp);
  await reader.pause();
  const most = await mostDuring(warmUp, keptUnread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  expect(most - before).toBeGreaterThan(growthMaxBytes);
  reader.close();
});
