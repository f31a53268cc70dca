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

/** Size of a record, near the limit, so that a few overflow the kernel's buffers. */
const recordBytes = 15_000;
/** The index and the like grow by about 40 MB; a hub that buffers unread data grows by 85 to 130. */
const growthMaxBytes = 56 * 1024 * 1024;
/**
 * Records while everyone reads, and while one client does not. The first fill every cache (`server/store/memory.ts`), after
 * which the hub's memory keeps its size.
 */
const warmUp = 5_500;
const unread = 1_500;
/** Enough to tell a hub that buffers everything from a sound one. */
const keptUnread = 4_500;
/** Engine.IO's answer to a ping, more often than the hub asks. */
const pong = '3';
const pongEveryMs = 2_000;
/** Longer than any run. */
const patienceMs = 3_600_000;
/** A plain client takes some 13 s for these: more than the hub ever buffers for it. */
const slowlyRead = 500;

const folder = mkdtempSync(join(tmpdir(), 'caps-'));
/** The port at which the hub's process reports its memory. */
const scale = join(folder, 'scale');
afterAll(() => rmSync(folder, { recursive: true }));

let hub: HubProcess;
let shop: Client;
let dispatch: Client;

/** @param script a mutant */
async function start(script?: string): Promise<void> {
  hub = await startHub({
    ...(script === undefined ? {} : { script }),
    // A small young generation and a collection before each measurement: only live data counts.
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

/** A reader of the whole log that can stop reading. */
interface Reader {
  readonly seqs: readonly number[];
  pause(): void;
  resume(): void;
  /** Resolves when it has read up to this seq. */
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
    if ((this.all.at(-1) ?? 0) >= seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { seq, resolve };
    });
  }
}

/**
 * A page that goes on answering pings while it reads nothing. Otherwise both sides would take each other for gone after
 * twenty seconds, which on a busy machine is before the hub has sent much.
 */
async function page(): Promise<Reader> {
  const socket: Socket = io(`${hub.url}/caps`, {
    auth: { protocol: PROTOCOL_VERSION, role: 'admin', name: 'slow' },
    transports: ['websocket'],
    reconnection: false,
  });
  socket.io.engine.once('handshake', (data) => {
    data.pingTimeout = patienceMs;
  });
  const [welcome] = (await once(socket as never, 'welcome')) as [Welcome];
  const { engine } = socket.io;
  const places = new Places('admin');
  places.begin(welcome.head);
  const seqs = new Seqs();
  socket.on('events', (events: Events) => {
    const stretch = places.take(events);
    if (typeof stretch === 'string') throw new Error(`the frame from ${events.prev} on is ${stretch}`);
    for (const { seq } of stretch.records) seqs.add(seq);
  });
  const { ws } = engine.transport as unknown as {
    ws: { pause(): void; resume(): void; send(text: string): void };
  };
  let answering: ReturnType<typeof setInterval> | undefined;
  return {
    seqs: seqs.all,
    pause: () => {
      ws.pause();
      answering = setInterval(() => ws.send(pong), pongEveryMs);
    },
    resume: () => {
      clearInterval(answering);
      ws.resume();
    },
    until: (seq) => seqs.until(seq),
    close: () => {
      clearInterval(answering);
      socket.close();
    },
  };
}

/** A plain client, which receives every record as a line. */
async function program(): Promise<Reader> {
  const socket = connectTcp({ port: hub.tcpPort, host: '127.0.0.1' });
  await once(socket, 'connect');
  const seqs = new Seqs();
  readLines(socket, (line) => {
    const { seq } = JSON.parse(line) as { seq?: number };
    // The greeting is not a record.
    if (seq !== undefined) seqs.add(seq);
  });
  return {
    seqs: seqs.all,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    until: (seq) => seqs.until(seq),
    close: () => void socket.destroy(),
  };
}

/** Places so many orders from this number on. */
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

/** The hub's memory after a garbage collection, in bytes. */
async function memory(): Promise<number> {
  return Number(await text(connectTcp(scale)));
}

/** Places so many orders. @returns the hub's peak memory meanwhile */
async function mostDuring(from: number, count: number): Promise<number> {
  let most = 0;
  for (let done = 0; done < count; done += 1_000) {
    await record(from + done, Math.min(1_000, count - done));
    most = Math.max(most, await memory());
  }
  return most;
}

/** Resolves when dispatch sees a connection of this kind in presence. */
function isTold(like: (connection: Connection) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const off = dispatch.on('presence', ({ all = [], joined = [] }: Presence) => {
      if (![...all, ...joined].some(like)) return;
      off();
      resolve();
    });
  });
}

test('[S2] a page or a plain client on TCP that stops reading costs bounded memory, and catches up without a gap', {
  timeout: 240_000,
}, async () => {
  await start();
  const reader = await page();
  // First everyone reads, until the caches are full.
  const before = await mostDuring(0, warmUp);
  await reader.until(warmUp);

  const lagging = isTold(({ name, lagging }) => name === 'slow' && lagging === true);
  const most = await mostWhileUnread(reader, warmUp, before);
  expect(most - before).toBeLessThan(growthMaxBytes);
  await lagging;
  reader.resume();
  await reader.until(warmUp + unread);
  expect(reader.seqs).toEqual(Array.from({ length: warmUp + unread }, (_, i) => i + 1));

  // The hub spaces its lines, so it is far behind even if it reads.
  const from = warmUp + unread;
  const plain = await program();
  const mostAfter = await mostWhileUnread(plain, from, before);
  expect(mostAfter - before).toBeLessThan(growthMaxBytes);
  plain.resume();
  await plain.until(from + slowlyRead);
  // The next line may have come with the last.
  expect(plain.seqs.slice(0, slowlyRead)).toEqual(Array.from({ length: slowlyRead }, (_, i) => from + i + 1));
  for (const one of [reader, plain]) one.close();
});

/** Sends twenty megabytes to the readers. @returns the hub's peak memory */
async function mostWhileUnread(reader: Reader, from: number, before: number): Promise<number> {
  reader.pause();
  const most = await mostDuring(from, unread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  return most;
}

test('[S2] a hub that keeps sending to a client that does not read is found out', {
  timeout: 240_000,
}, async () => {
  await start('proofs/mutants/keep-sending-hub.ts');
  const reader = await page();
  const before = await mostDuring(0, warmUp);
  await reader.until(warmUp);
  reader.pause();
  const most = await mostDuring(warmUp, keptUnread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  expect(most - before).toBeGreaterThan(growthMaxBytes);
  reader.close();
});
