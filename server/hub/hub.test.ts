import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CapsError } from '../../protocol/errors.ts';
import { cursorOf } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, ben, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { viewOf } from '../access/access.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let delayMs: number;
let store: SimulatedStore;
let hub: Hub;
let faults: unknown[];

async function open(): Promise<void> {
  store = new SimulatedStore(openSqliteStore(folder), clock, () => delayMs);
  hub = await createHub({ store, clock, onFault: (error) => faults.push(error) });
}

async function restart(): Promise<void> {
  await hub.close();
  await store.close();
  await open();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  delayMs = 0;
  faults = [];
  await open();
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function submit(actor: Actor, ...commands: Command[]): Promise<Answer[]> {
  const answers = hub.submit(actor, 'socket.io', commands);
  await clock.advance(20);
  return answers;
}

async function one(actor: Actor, command: Command): Promise<Answer | undefined> {
  const [answer] = await submit(actor, command);
  return answer;
}

const refused = (code: string) =>
  expect.objectContaining({ ok: false, error: expect.objectContaining({ code }) });

async function read(actor: Actor, after?: string | 0): Promise<SimulatedReader & { close(): void }> {
  const feeds = viewOf(actor).feeds.map(({ name }) => name);
  const place = after === undefined ? undefined : Number(String(after).replace(/^.*\./, ''));
  const reader = new SimulatedReader(feeds, place);
  const { close } = hub.subscribe(actor, after, reader, reader.onLag);
  await clock.advance(20);
  return Object.assign(reader, { close });
}

/** Two stores, two drivers: nine records, of which red's are five. */
async function aDay(): Promise<void> {
  await submit(red, order('red', '1'), order('red', '2'));
  await submit(blue, order('blue', '1'), order('blue', '2'));
  await submit(ana, step('claimed', 'red', '1'), step('in-transit', 'red', '1'));
  await submit(ben, step('claimed', 'blue', '2'));
  await submit(ana, step('delivered', 'red', '1', { details: { receivedBy: 'Mrs Jones' } }));
  await submit(blue, step('cancelled', 'blue', '1'));
}

describe('submit', () => {
  it('[D1] answers and publishes only when the store says that it is on disk', async () => {
    const reader = await read(admin);
    delayMs = 50;
    let answers: Answer[] | undefined;
    void hub.submit(red, 'rest', [order('red', '1')]).then((all) => {
      answers = all;
    });
    await clock.advance(99);
    expect([answers, reader.frames]).toEqual([undefined, []]);
    await clock.advance(1);
    expect(answers).toEqual([{ ok: true, seq: 1, rev: 1, status: 'ready', time: expect.any(String) }]);
    expect(reader.records.log).toMatchObject([{ seq: 1, via: 'rest', by: { role: 'vendor', id: 'red' } }]);
  });

  it('puts everything that waits into one commit, and answers in the order of the commands', async () => {
    const mixed = [
      order('red', '1'),
      new CapsError('too-large'),
      step('claimed', 'red', '1'),
      order('red', '2'),
    ];
    const first = hub.submit(red, 'socket.io', mixed);
    const second = hub.submit(ana, 'socket.io', [step('claimed', 'red', '1')]);
    const third = hub.submit(ben, 'socket.io', [step('claimed', 'red', '1')]);
    const none = hub.submit(ben, 'socket.io', []);
    await clock.settle();
    expect(await first).toMatchObject([
      { ok: true, seq: 1 },
      { error: { code: 'too-large' } },
      { error: { code: 'not-allowed' } },
      { ok: true, seq: 2 },
    ]);
    expect(await second).toMatchObject([{ ok: true, seq: 3, status: 'claimed' }]);
    expect(await third).toMatchObject([{ error: { code: 'taken', details: { by: 'Ana' } } }]);
    expect(await none).toEqual([]);
    const { items } = await clock.settling(hub.read.events(admin, { limit: 9, terms: [] }));
    expect(new Set(items.map(({ time }) => time)).size).toBe(1);
  });

  it('the log’s time does not run backwards when the clock is set back', async () => {
    await clock.advance(60_000);
    await submit(red, order('red', '1'));
    const past = new SimulatedClock();
    const other = await createHub({ store, clock: past, onFault: (error) => faults.push(error) });
    const answers = other.submit(red, 'hub', [order('red', '2')]);
    await past.settle();
    const { time } = await store.head();
    expect(clock.now()).toBeGreaterThan(past.now());
    expect(await answers).toMatchObject([{ ok: true, seq: 2, time }]);
    await other.close();
  });

  it('[S3] says busy when more waits than it can hold, and takes all of what it took', async () => {
    // It has learned that this store takes no time.
    for (let i = 0; i < 100; i += 1) await submit(red, order('red', '1', 'a'));
    const batch = Array.from({ length: limits.batch }, () => order('red', '1', 'a'));
    const sendAs = (id: number) => hub.submit({ role: 'admin', id: `${id}` }, 'socket.io', batch);
    const count = Math.floor(limits.waitingCommands / limits.batch);
    const taken = Array.from({ length: count }, (_, id) => sendAs(id));
    // Of the next, what there is room for.
    const last = sendAs(count);
    expect(await sendAs(0)).toEqual(batch.map(() => refused('busy')));
    await clock.settle();
    const answers = (await Promise.all(taken)).flat();
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect((await last).filter(({ ok }) => ok)).toHaveLength(limits.waitingCommands % limits.batch);
    expect(await store.headOf({ kind: 'all' })).toBe(1);
    expect(await one(red, order('red', '2'))).toMatchObject({ ok: true, seq: 2 });
  });

  it('[S4] says unavailable while the disk fails, and records again when it does not', async () => {
    const reader = await read(admin);
    store.failure = new Error('database or disk is full');
    const both = await submit(red, order('red', '1', 'a'), order('red', '2', 'b'));
    expect(both).toEqual([refused('unavailable'), refused('unavailable')]);
    expect([hub.writable, faults.length > 0, reader.frames.length]).toEqual([false, true, 0]);
    store.failure = undefined;
    expect(await one(red, order('red', '1', 'a'))).toMatchObject({ ok: true, seq: 1 });
    expect(hub.writable).toBe(true);
    expect(reader.seqs('log')).toEqual([1]);
  });

  it('[S1] a command that the store chokes on costs that command alone', async () => {
    const reader = await read(admin);
    store.chokesOn = '2';
    const orders = ['1', '2', '3'].map((orderID) => order('red', orderID));
    expect(await submit(red, ...orders)).toMatchObject([{ seq: 1 }, refused('internal'), { seq: 2 }]);
    expect([hub.writable, reader.seqs('log')]).toEqual([true, [1, 2]]);
    expect(await submit(red, order('red', '2'))).toEqual([refused('unavailable')]);
  });

  it('[S4] does not try every command of a batch while the disk fails', async () => {
    store.failure = new Error('database or disk is full');
    const orders = Array.from({ length: 100 }, (_, i) => order('red', String(i)));
    expect(await submit(red, ...orders)).toEqual(orders.map(() => refused('unavailable')));
    expect(faults).toHaveLength(3);
  });

  it('[S1] a bug in deciding one command costs that command alone', async () => {
    const bug = Object.defineProperty(step('claimed', 'red', '1'), 'details', {
      get: () => {
        throw new TypeError('a bug');
      },
    });
    const [before, broken, after] = await submit(admin, order('red', '1'), bug, order('red', '2'));
    expect([before, after]).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    expect(broken).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(broken)).not.toContain('a bug');
    expect(faults).toEqual([new TypeError('a bug')]);
  });
});

describe('[S4] close', () => {
  it('commits, answers and publishes what waits, and refuses what comes later; may be called twice', async () => {
    const reader = await read(admin);
    // So quick that the last commit's records are still being gathered.
    delayMs = 2;
    const batch = Array.from({ length: limits.batch }, (_, i) => order('red', `${i}`));
    const waiting = [
      hub.submit(red, 'socket.io', batch),
      hub.submit(red, 'socket.io', [order('red', 'last')]),
    ];
    await clock.advance(1);
    const closing = [hub.close(), hub.close()];
    const late = await hub.submit(red, 'socket.io', [order('red', 'late')]);
    expect(late).toEqual([refused('unavailable')]);
    await clock.advance(500);
    await Promise.all(closing);
    const answers = (await Promise.all(waiting)).flat();
    expect(answers.filter(({ ok }) => ok)).toHaveLength(limits.batch + 1);
    delayMs = 0;
    expect(await store.headOf({ kind: 'all' })).toBe(limits.batch + 1);
    expect(reader.seqs('log')).toHaveLength(limits.batch + 1);
    await hub.close();
  });
});

describe('subscribe', () => {
  it('on a fresh start says who one is and what is open now, then goes on live', async () => {
    await aDay();
    const readers = {
      red: await read(red),
      blue: await read(blue),
      ana: await read(ana),
      admin: await read(admin),
    };
    expect(readers.red.welcome).toEqual({
      ...{ protocol: 1, epoch: hub.epochOf(red), head: 5, actor: { role: 'vendor', id: 'red' } },
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(readers.ana.welcome).toMatchObject({ head: 9, actor: { role: 'driver', id: 'ana', name: 'Ana' } });
    const open = (reader: SimulatedReader) =>
      reader.parcels.flatMap(({ items }) => items.map(({ payload }) => payload));
    expect(open(readers.red)).toMatchObject([{ store: 'red', orderID: '2' }]);
    expect(open(readers.blue)).toMatchObject([{ store: 'blue', orderID: '2' }]);
    expect(open(readers.ana)).toMatchObject([{ store: 'red', orderID: '2' }]);
    expect(readers.red.parcels).toMatchObject([{ upTo: 5, more: false }]);
    // Dispatch reads history itself.
    expect(readers.admin.parcels).toEqual([]);

    await submit(ana, step('claimed', 'red', '2'));
    expect(readers.red.seqs('store')).toEqual([6]);
    expect(readers.admin.seqs('log')).toEqual([10]);
    expect(readers.ana.seqs('own')).toEqual([10]);
    expect(readers.ana.gone).toEqual([{ store: 'red', orderID: '2', by: 'Ana' }]);
    for (const reader of Object.values(readers)) expect([reader.holes, reader.failed]).toEqual([0, false]);
  });

  it('sends many open parcels in pages, each once, and misses nothing that happens meanwhile', async () => {
    const count = 2 * 250 + 1;
    const orders = Array.from({ length: count }, (_, i) => order('red', `${i}`));
    for (let i = 0; i < count; i += limits.batch) await submit(red, ...orders.slice(i, i + limits.batch));
    delayMs = 3;
    const starting = read(red);
    void hub.submit(ana, 'socket.io', [step('claimed', 'red', '0'), step('claimed', 'red', `${count - 1}`)]);
    await clock.advance(100);
    const reader = await starting;
    expect(reader.parcels.map(({ more }) => more)).toEqual([true, true, false]);
    const ids = reader.parcels.flatMap(({ items }) => items.map(({ payload }) => payload.orderID));
    expect(new Set(ids).size).toBe(count);
    expect(ids).toHaveLength(count);
    expect(reader.seqs('store')).toEqual([count + 1, count + 2]);
    expect(reader.holes).toBe(0);
  });

  it('[D3] goes on from a cursor, also after a restart', async () => {
    await aDay();
    await restart();
    for (const after of [
      0,
      '0',
      cursorOf(hub.epochOf(red), 0),
      cursorOf(hub.epochOf(red), 3),
      cursorOf(hub.epochOf(red), 5),
    ] as const) {
      const place = Number(String(after).split('.').at(-1));
      const reader = await read(red, after);
      expect(reader.welcome).not.toHaveProperty('reset');
      expect(reader.parcels).toEqual([]);
      expect(reader.seqs('store')).toEqual([1, 2, 3, 4, 5].slice(place));
    }
  });

  it.each([
    ['of another log', 'abcdef012345.3'],
    ['of another reader', 'ADMINS.3'],
    ['from the future', 'EPOCH.6'],
    ['that is none', 'EPOCH'],
    ['that is negative', 'EPOCH.-1'],
    ['that is empty', ''],
  ])('[D3] a cursor %s is refused by name, and a fresh start follows', async (_, cursor) => {
    await aDay();
    const reader = await read(red, cursor.replace('EPOCH', hub.epochOf(red)).replace('ADMINS', hub.epoch));
    expect(reader.welcome).toMatchObject({ reset: 'bad-cursor', head: 5 });
    expect(reader.parcels).toMatchObject([{ upTo: 5, more: false }]);
    await submit(ana, step('claimed', 'red', '2'));
    expect(reader.seqs('store')).toEqual([6]);
  });

  it('ends when it is closed, even before it has begun', async () => {
    await aDay();
    delayMs = 5;
    const reader = new SimulatedReader(['store']);
    const subscription = hub.subscribe(red, undefined, reader, reader.onLag);
    subscription.close();
    subscription.close();
    await clock.advance(100);
    expect(reader.taken).toEqual([]);
  });

  it('[S4] tells a client to come again if the log cannot be read', async () => {
    store.failure = new Error('disk I/O error');
    const reader = await read(red);
    expect([reader.failed, reader.taken, faults.length]).toEqual([true, [], 1]);
  });
});

describe('[A1] no byte of another store', () => {
  it('is in anything that a store is sent or told', async () => {
    const reader = await read(red);
    const resumed = await read(red, 0);
    const canary = 'Canary';
    await submit(red, order('red', '1'));
    await submit(blue, order('blue', 'secret', undefined, canary));
    await submit(ana, step('claimed', 'blue', 'secret'), step('claimed', 'red', '1'));
    const answers = await submit(
      red,
      ...['cancelled', 'returned', 'delivered'].map((event) => step(event, 'blue', 'secret')),
      step('cancelled', 'blue', 'no such order'),
      order('blue', 'secret'),
      order('blue', 'new'),
    );
    const [first, ...others] = answers.slice(0, 4);
    expect(first).toEqual(refused('unknown-parcel'));
    for (const other of others) expect(other).toEqual(first);
    expect(answers.slice(4)).toEqual([refused('not-allowed'), refused('not-allowed')]);
    const late = await read(red, 0);
    const told = [
      reader.taken,
      resumed.taken,
      late.taken,
      answers,
      await clock.settling(hub.read.events(red, { limit: 100, terms: [] })),
      await hub.read.parcels(red, { limit: 10 }),
    ];
    expect(JSON.stringify(told)).not.toMatch(/Canary|secret|blue/);
    expect(late.seqs('store')).toEqual([1, 2]);
  });
});
