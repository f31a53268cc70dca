import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { order, red } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { createHub, type Hub } from './hub.ts';
import type { Readiness } from './write-health.ts';

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
let delayMs: number;
let faults: string[];
let mended: string[];

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  delayMs = 0;
  faults = [];
  mended = [];
  store = new SimulatedStore(openSqliteStore(folder), clock, () => delayMs);
  const onFault = (_: unknown, what: string) => void faults.push(what);
  hub = await createHub({ store, clock, onFault, onMended: (what) => void mended.push(what) });
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const full = new Error('database or disk is full');
const place = (id: string) => clock.settling(hub.submit(red, 'hub', [order('red', id)]));
const ready = () => clock.settling(hub.ready());

it('a hub that nobody has sent anything tries the disk itself, once in a while', async () => {
  expect(await ready()).toBe('ready');
  expect(store.probes).toBe(1);
  await clock.advance(4_000);
  expect(await ready()).toBe('ready');
  expect(store.probes).toBe(1);
  await clock.advance(1_000);
  expect(await ready()).toBe('ready');
  expect(store.probes).toBe(2);
});

it('a commit says it as well: while there are any, nothing is tried', async () => {
  for (let i = 0; i < 5; i += 1) {
    await place(`${i}`);
    expect(await ready()).toBe('ready');
    await clock.advance(4_000);
  }
  expect(store.probes).toBe(0);
});

it('[S4] after a failed commit it is ready again when the disk is, though nobody writes', async () => {
  store.failure = full;
  await place('1');
  expect(await ready()).toBe('not-writable');
  store.failure = undefined;
  // It was tried a moment ago.
  expect(await ready()).toBe('not-writable');
  await clock.advance(1_000);
  expect([await ready(), hub.writable]).toEqual(['ready', true]);
  expect(store.probes).toBe(2);
});

it('[S4] a disk that fills up while nobody writes is found out', async () => {
  await place('1');
  store.refusesToWrite = true;
  expect(await ready()).toBe('ready');
  for (let i = 0; i < 5; i += 1) {
    await clock.advance(5_000);
    expect(await ready()).toBe('not-writable');
  }
  expect(new Set(faults)).toEqual(new Set(['a commit failed']));
});

it('[S4] a nearly full disk, which small orders fit into now and then, is not ready until there is room again', async () => {
  await place('1');
  store.roomBytes = 100_000;
  store.failure = full;
  await place('2');
  store.failure = undefined;
  for (let i = 0; i < 20; i += 1) {
    await place(`fits ${i}`);
    expect([await ready(), hub.writable]).toEqual(['not-writable', false]);
    await clock.advance(500);
  }
  expect(mended).toEqual([]);
  store.roomBytes = Number.POSITIVE_INFINITY;
  await clock.advance(1_000);
  await place('3');
  expect([await ready(), mended]).toEqual(['ready', ['a commit failed']]);
});

it('however many ask, one try is under way, and at most one a second is made', async () => {
  delayMs = 100;
  const asked = Array.from({ length: 100 }, () => hub.ready());
  await clock.advance(200);
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['ready']));
  expect(store.probes).toBe(1);
  store.failure = full;
  delayMs = 0;
  await clock.advance(5_000);
  for (let ms = 0; ms < 10_000; ms += 50) {
    await ready();
    await clock.advance(50);
  }
  // The last one is the hub’s own, at the end of the tenth second.
  expect(store.probes).toBe(12);
});

it('a disk that does not answer is not waited for', async () => {
  delayMs = 60_000;
  const answers: Readiness[] = [];
  void hub.ready().then((readiness) => answers.push(readiness));
  await clock.advance(1_999);
  expect(answers).toEqual([]);
  await clock.advance(1);
  expect([answers, hub.writable]).toEqual([['not-writable'], false]);
  await clock.advance(120_000);
  expect([hub.writable, store.probes]).toEqual([true, 1]);
});

it('a hub that is stopping is not ready', async () => {
  await place('1');
  await clock.settling(hub.close());
  expect(await ready()).toBe('stopping');
});

it('a hub that stops waits until the disk has been tried, because its store is closed next', async () => {
  delayMs = 100;
  const done: string[] = [];
  void hub.ready().then((readiness) => done.push(readiness));
  await clock.settle();
  void hub.close().then(() => done.push('closed'));
  await clock.advance(150);
  expect(done).toEqual([]);
  await clock.advance(50);
  expect(done).toEqual(['ready', 'closed']);
});
