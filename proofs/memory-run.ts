/**
 * One run of the low-memory proof: a hub with little memory, under load on all doors, beside unread downloads and slow
 * readers of the log.
 */

import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, seeded } from '../testkit/chance.ts';
import { type HubOptions, startHub } from '../testkit/hub-process.ts';
import { type People, peopleDoors } from '../testkit/people.ts';
import type { RecordedClient } from '../testkit/recorder.ts';
import { type LoadOptions, type Outcome, WholeLoad } from '../testkit/whole-load.ts';

export interface MemoryOptions extends Omit<LoadOptions, 'doors'> {
  /** Orders of 10 kB in the log at the start. */
  readonly before: number;
  /** Orders of 10 kB that follow. */
  readonly meanwhile: number;
  readonly hub?: HubOptions;
  /** Keeps the downloads unread until the hub uses so many bytes, for two minutes at most. */
  readonly untilBytes?: number;
}

export interface MemoryReport extends Outcome {
  /** The hub's peak memory in bytes. */
  readonly mostBytes: number;
  readonly isSameProcess: boolean;
  /** Number of downloads that had begun. */
  readonly downloads: number;
  /** Lines of one download, read at the end. */
  readonly lines: number;
}

const downloads = 50;
const downloadAddresses = 4;
const heapMb = 96;
/** Concurrent orders. */
const atOnce = 20;
const store = 'large';
const parts = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, 'x'.repeat(1_000)]));
/** Pauses of slow readers. */
const stoppedMs = [1_000, 4_000] as const;
const readingMs = [20, 150] as const;
const lookEveryMs = 100;
const standingMaxMs = 120_000;

export async function memoryRun(options: MemoryOptions): Promise<MemoryReport> {
  const { seed, before, meanwhile } = options;
  await using stack = new AsyncDisposableStack();
  const node = [`--max-old-space-size=${heapMb}`];
  const hub = stack.adopt(await startHub({ tcp: true, node, ...options.hub }), (it) => it.dispose());
  const { pid } = hub;
  const doors = [...peopleDoors, 'websocket', 'polling'] as const;
  const load = stack.use(await WholeLoad.begin(hub, { ...options, doors }));
  const shop = load.recorder.connect(store, { url: hub.url, identity: { role: 'vendor', store } });
  await order(shop, 0, before);

  let isOver = false;
  let mostBytes = 0;
  const weighing = (async () => {
    while (!isOver && hub.isRunning) {
      mostBytes = Math.max(mostBytes, residentBytes(hub.pid));
      await pause(lookEveryMs);
    }
  })();
  const slow = load.people.filter(({ door }) => door === 'websocket' || door === 'polling');
  const standing = slow.map((one, i) => standStill(one, seeded(seed + i), () => isOver));
  const unread = await Promise.all(Array.from({ length: downloads }, (_, i) => download(hub.url, i)));
  stack.defer(() => {
    for (const one of unread) one?.destroy();
  });
  const ordered = await Promise.race([order(shop, before, meanwhile), hubIsGone(() => hub.isRunning)]);
  const until = performance.now() + standingMaxMs;
  while (hub.isRunning && mostBytes < (options.untilBytes ?? 0) && performance.now() < until) {
    await pause(lookEveryMs);
  }
  isOver = true;
  await Promise.all([weighing, ...standing]);
  const begun = unread.filter((one) => one?.statusCode === 200);
  const lines = ordered ? await linesOf(begun[0]) : 0;
  for (const one of unread) one?.destroy();
  const isSameProcess = hub.isRunning && hub.pid === pid;
  return { ...(await load.end()), mostBytes, isSameProcess, downloads: begun.length, lines };
}

/** @returns whether the hub recorded all of them */
async function order(shop: RecordedClient, from: number, count: number): Promise<true> {
  const numbers = Array.from({ length: count }, (_, i) => from + i).values();
  const one = async () => {
    for (const number of numbers) {
      const payload = { store, orderID: String(number), customer: 'Hulda', address: 'Pass', ...parts };
      await shop.command({ event: 'pickup', payload });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return true;
}

async function hubIsGone(isRunning: () => boolean): Promise<false> {
  while (isRunning()) await pause(lookEveryMs, undefined, { ref: false });
  return false;
}

async function standStill(people: People, chance: Chance, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    people.pause();
    await pause(chance.int(...stoppedMs));
    people.resume();
    await pause(chance.int(...readingMs));
  }
}

/** Starts a download of the whole log without reading it. @returns undefined if the hub is gone */
function download(url: string, number: number): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    // From different addresses: the limit of unread bytes is per address.
    const options = { agent: false, localAddress: `127.0.0.${2 + (number % downloadAddresses)}` } as const;
    get(`${url}/api/events?format=csv`, options, (response) => {
      response.pause();
      response.on('error', () => {});
      resolve(response);
    }).on('error', () => resolve(undefined));
  });
}

/** Reads to the end of the download or of the hub. */
async function linesOf(response: IncomingMessage | undefined): Promise<number> {
  let lines = 0;
  try {
    for await (const chunk of response?.setEncoding('utf8') ?? []) {
      lines += String(chunk).split('\n').length - 1;
    }
  } catch {
    return lines;
  }
  return lines;
}

/** Memory of a process; 0 if it is gone. */
function residentBytes(pid: number): number {
  try {
    const [, kilobytes = '0'] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1_024;
  } catch {
    return 0;
  }
}
