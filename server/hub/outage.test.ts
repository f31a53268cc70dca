import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { order, red } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { createHub, type Hub } from './hub.ts';
import type { Message } from './message.ts';

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = new SimulatedStore(openSqliteStore(folder), clock, () => 0);
  hub = await createHub({ store, clock, onFault() {} });
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

function watcher() {
  const heard: unknown[] = [];
  const leave = hub.outage.watch({
    send: (message: Message) => void heard.push(message.name === 'health' && JSON.parse(message.json)),
  });
  return { heard, leave };
}

it('whoever is connected is told that the hub cannot record, since when, and that it can again', async () => {
  const early = watcher();
  const gone = watcher();
  gone.leave();
  expect([early.heard, hub.outage.since]).toEqual([[], undefined]);
  store.failure = new Error('database or disk is full');
  const since = new Date(clock.now()).toISOString();
  await clock.settling(hub.submit(red, 'hub', [order('red', '1')]));
  expect(early.heard).toEqual([{ recording: false, since }]);
  expect(hub.outage.since).toBe(since);
  await clock.advance(10_000);
  // Whoever comes later is told at once, and nobody twice.
  const late = watcher();
  expect([early.heard.length, late.heard]).toEqual([1, [{ recording: false, since }]]);
  // Nobody sends anything: the hub finds out by itself.
  store.failure = undefined;
  await clock.advance(3_000);
  expect([early.heard.at(-1), late.heard.at(-1)]).toEqual([{ recording: true }, { recording: true }]);
  expect([hub.outage.since, gone.heard]).toEqual([undefined, []]);
});
