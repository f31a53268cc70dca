import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { admin, order, red } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { Follower, placeRow } from './follower.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;

async function open(): Promise<void> {
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: () => {} });
}
async function close(): Promise<void> {
  await clock.settling(hub.close());
  await store.close();
}
beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

async function place(count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, i) => order('red', `${hub.head}-${i}`));
  await clock.settling(hub.submit(red, 'rest', commands));
}
const follow = (name = 'mail') => Follower.open({ name, actor: admin, hub, store });
const peek = (follower: Follower) => clock.settling(follower.peek());

it('begins with what comes next, goes on where it stopped, and remembers what it was told', async () => {
  await place(2);
  const first = await follow();
  expect(await peek(first)).toBeUndefined();
  await place(100);
  const seqs: number[] = [];
  for (let record = await peek(first); record && seqs.length < 70; record = await peek(first)) {
    seqs.push(record.seq);
    first.pass();
  }
  expect(seqs).toEqual(Array.from({ length: 70 }, (_, i) => i + 3));
  expect(first.isMoved).toBe(true);
  expect(await first.note({ sent: 70 })).toBe(true);
  expect(first.isMoved).toBe(false);
  await close();
  await open();
  const again = await follow();
  expect([again.seq, again.memory]).toEqual([72, { sent: 70 }]);
  expect(await peek(again)).toMatchObject({ seq: 73 });
  again.rest();
  expect(await peek(again)).toMatchObject({ seq: 73 });
});

it('of two with one name, only the one that noted last moves the place', async () => {
  const [one, two] = [await follow(), await follow()];
  await place(2);
  for (const follower of [one, two]) {
    await peek(follower);
    follower.pass();
  }
  expect(await one.note({ by: 'one' }, [{ topic: 'sent', id: '1', text: 'one' }])).toBe(true);
  expect(await two.note({ by: 'two' }, [{ topic: 'sent', id: '1', text: 'two' }])).toBe(false);
  expect([(await follow()).memory, await store.outbound.find('sent', '1')]).toEqual([{ by: 'one' }, 'one']);
});

it('whose log has lost its end begins at the end of what is there', async () => {
  await place(3);
  const memory = { sent: 1 };
  const placed = (epoch: string) => placeRow('mail', { epoch, seq: 99, memory });
  await store.outbound.write([placed('of another log')]);
  const follower = await follow();
  expect([follower.seq, follower.memory, follower.epoch]).toEqual([3, memory, hub.epoch]);
});

it('goes around what the disk has damaged', async () => {
  const follower = await follow();
  await place(3);
  const db = new DatabaseSync(join(folder, 'caps.sqlite'));
  db.exec(`UPDATE log SET text = replace(text, 'Hulda', 'Hilda') WHERE seq = 2`);
  db.close();
  const seqs: number[] = [];
  for (let record = await peek(follower); record; record = await peek(follower)) {
    seqs.push(record.seq);
    follower.pass();
  }
  expect([seqs, follower.seq]).toEqual([[1, 3], 3]);
});
