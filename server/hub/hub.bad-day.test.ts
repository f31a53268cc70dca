import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answer, type Command, parseCommand } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { gathered } from '../../testkit/simulation/gathered.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { viewOf } from '../access/access.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { feedLimits } from './feed.ts';
import { createHub, type Hub } from './hub.ts';

const admin: Actor = { role: 'admin' };
const red: Actor = { role: 'vendor', store: 'red' };
const ana: Actor = { role: 'driver', driver: 'ana' };

const order = (orderID: string): Command =>
  parseCommand({
    event: 'pickup',
    payload: { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' },
  });
const note = (orderID: string): Command =>
  parseCommand({ event: 'note', payload: { store: 'red', orderID }, details: { text: 'Ring twice' } });
const codeOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.error.code);

let folder: string;
let clock: SimulatedClock;
let log: Store;
let store: SimulatedStore;
let hub: Hub;
/** How long each way to and from the store takes, in the order of the ways; 0 for those that are not listed. */
let delays: number[];
let faults: string[];

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  log = openSqliteStore(folder);
  delays = [];
  store = new SimulatedStore(log, clock, () => delays.shift() ?? 0);
  faults = [];
  hub = await createHub({ store, clock, onFault: (_, what) => faults.push(what) });
});
afterEach(async () => {
  await hub.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

function submit(actor: Actor, ...commands: Command[]): Promise<Answer[]> {
  return clock.settling(hub.submit(actor, 'hub', commands));
}

function read(actor: Actor, after: 0 | string): SimulatedReader {
  const feeds = viewOf(actor).feeds.map(({ name }) => name);
  const reader = new SimulatedReader(feeds, after === 0 ? 0 : Number(after.split('.').at(-1)));
  hub.subscribe(actor, after, reader, reader.onLag);
  return reader;
}

it('[S1] a clock that is set back does not hold up what is published', async () => {
  const reader = read(admin, 0);
  await submit(red, order('1'));
  await clock.advance(-3_600_000);
  await submit(red, order('2'));
  await clock.advance(feedLimits.gatherMs);
  expect(reader.seqs('log')).toEqual([1, 2]);
});

it('[D3] two readers who join at once, one with an older page, both hear everything', async () => {
  await submit(red, order('1'));
  // The page of the first is read at once and comes after 20 ms, when its end is one record ago; the answer of the
  // commit comes after 30 ms, and publication after that.
  delays = [0, 0, 0, 20];
  const early = read(admin, 0);
  await clock.settle();
  delays = [0, 30];
  const late = hub.submit(red, 'hub', [order('2')]);
  await clock.settle();
  const ahead = read(admin, 0);
  await clock.advance(100);
  expect(await late).toMatchObject([{ ok: true, seq: 2 }]);
  expect([early, ahead].map((reader) => [reader.seqs('log'), reader.holes])).toEqual([
    [[1, 2], 0],
    [[1, 2], 0],
  ]);
});

it('[S4] a full disk is no fault of the commands, also where others need no room on it', async () => {
  await submit(red, order('1'));
  store.refusesToWrite = true;
  const mixed = [order('2'), note('none'), order('1'), order('3')];
  expect((await submit(red, ...mixed)).map(codeOf)).toEqual([
    'unavailable',
    'unknown-parcel',
    'ok',
    'unavailable',
  ]);
  expect(hub.writable).toBe(false);
  // What is refused does not prove that there is room again.
  expect((await submit(red, note('none'))).map(codeOf)).toEqual(['unknown-parcel']);
  expect(hub.writable).toBe(false);
  store.refusesToWrite = false;
  expect((await submit(red, order('2'))).map(codeOf)).toEqual(['ok']);
  expect(hub.writable).toBe(true);
});

it('[S4] a disk that failed for a moment costs no command its record', async () => {
  // The commit of all fails, and then that of the first alone; the second finds the disk well again.
  store.failuresLeft = 2;
  const answers = await submit(red, order('1'), order('2'), note('none'));
  expect(answers).toMatchObject([{ seq: 2 }, { seq: 1 }, { error: { code: 'unknown-parcel' } }]);
});

it('a hub that stops while somebody comes in reports no fault', async () => {
  delays = [20];
  const stopping = await createHub({ store, clock, onFault: (_, what) => faults.push(what) });
  stopping.subscribe(red, 0, new SimulatedReader([], 0), () => {});
  await stopping.close();
  store.failure = new Error('closed');
  await clock.advance(20);
  expect(faults).toEqual([]);
});

it('an order’s life ends where its parcel says, also while it goes on', async () => {
  await submit(red, order('1'));
  // The parcel at once, its records 20 ms later.
  delays = [0, 0, 20];
  const life = hub.read.life(ana, { store: 'red', orderID: '1' });
  await submit(red, note('1'));
  await clock.advance(20);
  const { parcel, records } = await life;
  expect((await clock.settling(gathered(records))).map(({ rev }) => rev)).toEqual([1]);
  expect(parcel.rev).toBe(1);
});

it('a reader that goes away because of what it is told is told nothing more', async () => {
  await submit(red, order('1'));
  await submit(ana, { event: 'claimed', payload: { store: 'red', orderID: '1' } });
  const reader = new SimulatedReader(['board', 'own'], 0);
  const frames: string[] = [];
  const send: SimulatedReader['send'] = (message) => {
    if (message.name !== 'events') return;
    frames.push(message.frame.feed);
    subscription.close();
  };
  const subscription = hub.subscribe(ana, 0, Object.assign(reader, { send }), reader.onLag);
  await clock.advance(feedLimits.gatherMs);
  // Its other feed was to come next, and then what happens.
  await submit(red, order('2'));
  await clock.advance(feedLimits.gatherMs);
  expect([frames, hub.readers.live]).toEqual([['board'], 0]);
});
