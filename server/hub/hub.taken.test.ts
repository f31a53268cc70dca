import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CapsError } from '../../protocol/errors.ts';
import type { Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { ana, ben, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const submit = (actor: Actor, ...commands: Command[]) =>
  clock.settling(hub.submit(actor, 'socket.io', commands));

it('[A1] tells a driver who has a parcel that others hold, as a claim would, and nothing else of it', async () => {
  const key = { store: 'red', orderID: 'held' };
  await submit(red, order('red', 'held'));
  const told = (actor: Actor) =>
    hub.read.life(actor, key).then(
      () => 'all',
      (error: CapsError) => error.toWire(),
    );
  expect(await told(ben)).toBe('all');
  await submit(ana, step('claimed', 'red', 'held'));
  expect(await told(ben)).toMatchObject({ code: 'taken', details: { by: 'Ana' } });
  expect(JSON.stringify(await told(ben))).not.toContain('held');
  await expect(hub.read.parcel(ben, key)).rejects.toMatchObject({ code: 'unknown-parcel' });
  expect(await told(blue)).toMatchObject({ code: 'unknown-parcel' });
  // Who has brought it in the end is nobody else's business.
  await submit(ana, step('in-transit', 'red', 'held'), step('delivered', 'red', 'held'));
  expect(await told(ben)).toMatchObject({ code: 'unknown-parcel' });
});
