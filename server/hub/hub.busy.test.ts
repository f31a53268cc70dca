import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import type { Answer } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { order } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { waitingBytes, waitMs } from './backlog.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
/** Each way: a commit takes twice as long, whatever it holds. */
let delayMs: number;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  delayMs = 50;
  store = new SimulatedStore(openSqliteStore(folder), clock, () => delayMs);
  hub = await createHub({ store, clock, onFault: () => {} });
  // As the app does when it starts.
  const ready = hub.ready();
  await clock.advance(200);
  expect(await ready).toBe('ready');
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const shop = (name: string): Actor => ({ role: 'vendor', store: name });

/** What became of commands: how long each of them waited for its answer. */
class LoadOfSenders {
  readonly took: number[] = [];
  readonly refused: number[] = [];
  #count = 0;

  /** The same order again and again costs the store behind it nothing. */
  send(name: string, count: number, cameAt?: number): void {
    const began = cameAt ?? clock.now();
    const commands = Array.from({ length: count }, () => order(name, '1'));
    this.#count += count;
    void hub.submit(shop(name), 'socket.io', commands, cameAt).then((answers) => {
      for (const answer of answers) this.#heard(answer, clock.now() - began);
    });
  }

  #heard(answer: Answer, ms: number): void {
    if (answer.ok) this.took.push(ms);
    else {
      expect(answer.error.code).toBe('busy');
      this.refused.push(ms);
    }
  }

  get unanswered(): number {
    return this.#count - this.took.length - this.refused.length;
  }

  get longestMs(): number {
    return Math.max(...this.took);
  }
}

it('[S3] 10,000 commands a second at a hub that takes 2,560: busy at once, and what is taken is answered in a second', async () => {
  const senders = new LoadOfSenders();
  for (let tick = 0; tick < 500; tick += 1) {
    for (let i = 0; i < 10; i += 1) senders.send(`${i}`, 10);
    await clock.advance(10);
  }
  await clock.advance(2_000);
  expect(senders.unanswered).toBe(0);
  expect(senders.longestMs).toBeLessThanOrEqual(waitMs);
  // Of a batch, the part that was taken is waited for.
  expect(senders.refused.filter((ms) => ms === 0).length).toBeGreaterThan(0.9 * senders.refused.length);
  expect(Math.max(...senders.refused)).toBeLessThanOrEqual(waitMs);
  // It goes on working: as much is taken as it can do, in five seconds.
  expect(senders.took.length).toBeGreaterThan(0.9 * 5 * 2_560);
});

it('[S3] a burst on a hub that has only started is taken as far as it is answered in a second', async () => {
  const senders = new LoadOfSenders();
  for (let i = 0; i < 100; i += 1) senders.send(`${i}`, 200);
  await clock.advance(5_000);
  expect(senders.unanswered).toBe(0);
  expect(senders.longestMs).toBeLessThanOrEqual(waitMs);
  expect(senders.took.length).toBeGreaterThan(0.6 * 2_560);
});

it('[S3] a disk that stands still makes the hub busy within the second, and nothing that was taken is dropped', async () => {
  const senders = new LoadOfSenders();
  const tick = async (ms: number) => {
    for (let at = 0; at < ms; at += 10) {
      senders.send('red', 2);
      await clock.advance(10);
    }
  };
  await tick(1_000);
  expect(senders.refused).toEqual([]);
  delayMs = 10_000;
  await tick(1_000);
  expect(senders.refused.length).toBeGreaterThan(0);
  const { unanswered } = senders;
  await tick(1_000);
  expect(senders.unanswered).toBe(unanswered);
  delayMs = 50;
  await clock.advance(60_000);
  expect(senders.unanswered).toBe(0);
  await tick(1_000);
  await clock.advance(1_000);
  const refused = senders.refused.length;
  await tick(1_000);
  expect(senders.refused).toHaveLength(refused);
  await clock.advance(1_000);
});

it('[S3] a store that is always too slow is still given something to do', async () => {
  delayMs = 2_000;
  const senders = new LoadOfSenders();
  for (let i = 0; i < 20; i += 1) {
    senders.send('red', 1);
    await clock.advance(4_100);
  }
  expect([senders.took.length, senders.refused.length]).toEqual([20, 0]);
});

it('[S3] one who floods the hub is told busy, while others go on', async () => {
  const flood = new LoadOfSenders();
  const others = new LoadOfSenders();
  for (let tick = 0; tick < 300; tick += 1) {
    flood.send('red', 100);
    if (tick % 10 === 0) for (let i = 0; i < 10; i += 1) others.send(`${i}`, 2);
    await clock.advance(10);
  }
  await clock.advance(2_000);
  expect(flood.refused.length).toBeGreaterThan(10_000);
  expect([others.refused.length, others.unanswered]).toEqual([0, 0]);
  expect(others.longestMs).toBeLessThanOrEqual(waitMs);
});

it('[S3] the wait at a door counts: a command is answered within a second of its receipt, or is busy', async () => {
  const senders = new LoadOfSenders();
  const began = clock.now();
  await clock.advance(600);
  senders.send('red', 10, began);
  await clock.advance(300);
  const late = clock.now();
  await clock.advance(900);
  senders.send('red', 10, late);
  await clock.advance(500);
  expect([senders.took, senders.refused]).toEqual([Array(10).fill(700), Array(10).fill(900)]);
});

it('[S3] waiting commands are bounded in bytes, too', async () => {
  delayMs = 0;
  for (let i = 0; i < 50; i += 1) {
    void hub.submit(shop('quick'), 'hub', [order('quick', '1')]);
    await clock.settle();
  }
  const large = { ...order('red', '1'), payload: { ...order('red', '1').payload, note: 'x'.repeat(1_000) } };
  const codes = new Set<string>();
  const answers: Promise<Answer[]>[] = [];
  for (let i = 0; i < 78; i += 1) {
    for (const name of ['red', 'blue', 'green', 'pink'])
      answers.push(hub.submit(shop(name), 'hub', Array(64).fill(large)));
  }
  const waiting = hub.waiting;
  await clock.settle();
  for (const answer of (await Promise.all(answers)).flat()) codes.add(answer.ok ? 'ok' : answer.error.code);
  expect(codes).toContain('busy');
  const bytesMax = waitingBytes + 2 * limits.batch * limits.commandBytes;
  expect(waiting * 2_000).toBeLessThan(bytesMax);
  expect(waiting).toBeLessThan(limits.waitingCommands - limits.batch);
});
