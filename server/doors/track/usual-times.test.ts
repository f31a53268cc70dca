import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ana, order, red, step } from '../../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { UsualTimes } from './usual-times.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;
let times: UsualTimes;
let orders = 0;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: () => {} });
  times = new UsualTimes(hub.read, clock);
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const minute = 60_000;

async function deliver(count: number, minutes: number, last = 'delivered'): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `${orders + i + 1}`);
  orders += count;
  const placed = hub.submit(
    red,
    'rest',
    ids.map((id) => order('red', id)),
  );
  await clock.settling(placed);
  await clock.advance(minutes * minute);
  const steps = ids.flatMap((id) => [step('in-transit', 'red', id), step(last, 'red', id)]);
  await clock.settling(hub.submit(ana, 'rest', steps));
}

it('says within what time four of five came, rounded up, once enough have come', async () => {
  await deliver(9, 12);
  expect(await clock.settling(times.of('red'))).toBeUndefined();
  await clock.advance(minute);
  await deliver(3, 61);
  expect(await clock.settling(times.of('red'))).toBe(65);
  await clock.advance(minute);
  await deliver(3, 12);
  expect(await clock.settling(times.of('red'))).toBe(15);
  expect(await clock.settling(times.of('blue'))).toBeUndefined();
});

it('looks once a minute, and only at the latest', async () => {
  await deliver(50, 90);
  expect(await clock.settling(times.of('red'))).toBe(90);
  await deliver(50, 0);
  expect(await clock.settling(times.of('red'))).toBe(90);
  await clock.advance(minute);
  expect(await clock.settling(times.of('red'))).toBe(5);
});

it('does not count what was taken back', async () => {
  await deliver(10, 5);
  await clock.settling(
    hub.submit(ana, 'rest', [step('corrected', 'red', `${orders}`, { details: { rev: 3 } })]),
  );
  expect(await clock.settling(times.of('red'))).toBeUndefined();
});
