import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, order, red, step } from '../../testkit/simulation/cast.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { storeWith } from '../../testkit/simulation/store.ts';
import { viewOf } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { startClaimTimeout } from './claim-timeout.ts';
import { DriverLiveness } from './driver-liveness.ts';
import { createHub, type Hub } from './hub.ts';
import { Turns } from './turns.ts';

/** A clock whose turns are taken one by one, and whose time passes when it is told to. */
class TurningClock implements Clock {
  readonly #turns: (() => void)[] = [];
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();
  #now = Date.parse('2026-11-20T18:00:00.000Z');

  now(): number {
    return this.#now;
  }

  soon(run: () => void): void {
    this.#turns.push(run);
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** One turn, and all that follows from it at once. @returns whether there was one */
  async turn(): Promise<boolean> {
    const run = this.#turns.shift();
    run?.();
    await new Promise((resolve) => setImmediate(resolve));
    return run !== undefined;
  }

  async turnAll(each: () => void = () => {}): Promise<void> {
    // What was begun just now asks for its first turn in the turn that nobody has.
    for (let idle = 0; idle < 2; ) {
      idle = (await this.turn()) ? 0 : idle + 1;
      each();
    }
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue;
      timer.run();
    }
  }
}

let folder: string;
let clock: TurningClock;
let store: Store;
let hub: Hub;
let liveness: DriverLiveness;
let turns: Turns;
/** What the store was asked for since the last turn, and how much it gave, in characters. */
let asked: { what: string; count: number; size: number }[];

beforeEach(async () => {
  folder = memoryFolder();
  clock = new TurningClock();
  liveness = new DriverLiveness();
  turns = new Turns(clock);
  asked = [];
  const log = openSqliteStore(folder);
  const note = (what: string, given: readonly unknown[], size: number) =>
    void asked.push({ what, count: given.length, size });
  store = storeWith(log, {
    async read(scope, range) {
      const page = await log.read(scope, range);
      note(
        'read',
        page.rows,
        page.rows.reduce((size, { text }) => size + text.length, 0),
      );
      return page;
    },
    async parcels(query) {
      const page = await log.parcels(query);
      note('parcels', page.parcels, JSON.stringify(page.parcels).length);
      return page;
    },
    async holders(after, limit) {
      const found = await log.holders(after, limit);
      note('holders', found, 0);
      return found;
    },
  });
  const onFault = (error: unknown) => expect.fail(String(error));
  hub = await createHub({ store, clock, onFault, turns, onAssigned: (parcel) => liveness.assigned(parcel) });
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function submit(actor: Actor, ...commands: Command[]): Promise<void> {
  for (let i = 0; i < commands.length; i += 256) {
    const answers = hub.submit(actor, 'socket.io', commands.slice(i, i + 256));
    await clock.turnAll();
    expect((await answers).filter(({ ok }) => !ok)).toEqual([]);
  }
  clock.pass(100);
  await clock.turnAll();
}

function read(actor: Actor, after?: string | 0): SimulatedReader {
  const feeds = viewOf(actor).feeds.map(({ name }) => name);
  const reader = new SimulatedReader(feeds, after === 0 ? 0 : undefined);
  hub.subscribe(actor, after, reader, reader.onLag);
  return reader;
}

const orders = (count: number, store = 'red', more: object = {}): Command[] =>
  Array.from({ length: count }, (_, i) => {
    const command = order(store, `${i}`);
    return { ...command, payload: { ...command.payload, ...more } } as Command;
  });
/** About ten kilobytes. */
const large = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, 'x'.repeat(1_000)]));

/** A page, and the record that fills it. */
const turnSizeMax = 128 * 1024 + 16 * 1024;

/** Takes all turns. In each, no more is read than one page of one reader. */
async function expectSmallTurns(): Promise<number> {
  let most = 0;
  asked = [];
  await clock.turnAll(() => {
    expect(asked.length).toBeLessThanOrEqual(1);
    for (const { count, size } of asked) {
      expect(count).toBeLessThanOrEqual(500);
      expect(size).toBeLessThanOrEqual(1.5 * turnSizeMax);
      most = Math.max(most, size);
    }
    asked = [];
  });
  return most;
}

describe('turns', () => {
  it('[S5] go round among all who wait, one in each turn of the loop', async () => {
    const order: string[] = [];
    const go = async (name: string, pages: number) => {
      for (let page = 1; page <= pages; page += 1) {
        await turns.next();
        order.push(`${name}${page}`);
      }
    };
    void go('a', 3);
    void go('b', 2);
    await clock.turn();
    void go('c', 1);
    expect(order).toEqual(['a1']);
    for (let count = 2; await clock.turn(); count += 1) expect(order).toHaveLength(count);
    expect(order).toEqual(['a1', 'b1', 'a2', 'c1', 'b2', 'a3']);
  });

  it('[S5] two hundred who catch up have one page after the other, and each has its share', async () => {
    await submit(red, ...orders(900));
    const readers = Array.from({ length: 200 }, (_, i) =>
      read(i % 2 ? admin : { role: 'driver', driver: `${i}` }, 0),
    );
    // Who has had fewer pages than others comes before them.
    const pages = () => readers.map(({ frames }) => frames.length);
    asked = [];
    await clock.turnAll(() => {
      expect(asked.length).toBeLessThanOrEqual(1);
      asked = [];
      const of = pages().filter((_, i) => i % 2);
      expect(Math.max(...of) - Math.min(...of)).toBeLessThanOrEqual(1);
    });
    for (const [i, reader] of readers.entries()) {
      expect([reader.holes, reader.failed]).toEqual([0, false]);
      if (i % 2) expect(reader.seqs('log')).toHaveLength(900);
      else expect(reader.place).toBe(900);
    }
  });

  it('[S5] a command waits for one page at the most, however many read', async () => {
    await submit(red, ...orders(900));
    for (let i = 0; i < 50; i += 1) read(admin, 0);
    await clock.turn();
    let answered = 0;
    const answer = hub.submit(red, 'socket.io', [order('red', 'new')]).then(() => {
      answered = 1;
    });
    asked = [];
    while (answered === 0) await clock.turn();
    await answer;
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('what is large', () => {
  it('[S5] comes in pages that are small, and in frames below 1 MiB', async () => {
    await submit(red, ...orders(200, 'red', large));
    const readers = [read(admin, 0), read(red, 0), read(ana, 0), read(red), read(ana)];
    expect(await expectSmallTurns()).toBeGreaterThan(100_000);
    for (const { taken, holes } of readers) {
      expect(holes).toBe(0);
      for (const { body } of taken) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(1024 * 1024);
    }
    expect(readers[0]?.seqs('log')).toHaveLength(200);
    expect(readers[3]?.parcels.flatMap(({ items }) => items)).toHaveLength(200);
    expect(readers[3]?.parcels.length).toBeGreaterThan(10);
    expect(readers[4]?.parcels.at(-1)).toMatchObject({ more: false, ready: 200 });
  });

  it('[S5] and so does what happens at once', async () => {
    const reader = read(admin, 0);
    await clock.turnAll();
    await submit(red, ...orders(256, 'red', large));
    const sizes = reader.frames.map((frame) => Buffer.byteLength(JSON.stringify(frame)));
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
    expect([reader.seqs('log').length, reader.holes]).toEqual([256, 0]);
  });

  it('[S5] a parcel’s life of many large records, and all of the log', async () => {
    await submit(red, ...orders(1, 'red', large));
    const note = step('note', 'red', '0', { details: { text: 'y' } });
    await submit(red, ...Array.from({ length: 300 }, () => note));
    const life = async () => {
      const { records } = await hub.read.life(admin, { store: 'red', orderID: '0' });
      let count = 0;
      for await (const _record of records) count += 1;
      return count;
    };
    const living = life();
    const all: number[] = [];
    const reading = (async () => {
      for await (const page of hub.read.allEvents(admin, { terms: [], bytes: 256 * 1024 }))
        all.push(page.length);
    })();
    // Who asks for something gets its first page at once.
    await clock.turn();
    const customer = read({ role: 'customer', parcel: { store: 'red', orderID: '0' } }, 0);
    await expectSmallTurns();
    expect(await living).toBe(301);
    await reading;
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(301);
    expect(Math.max(...all)).toBeLessThan(50);
    expect(customer.seqs('parcel')).toHaveLength(301);
  });
});

describe('a driver who comes to a long board', () => {
  const held = ['3', '500', '899'];
  beforeEach(async () => {
    await submit(red, ...orders(900));
    await submit(ana, ...held.map((id) => step('claimed', 'red', id)));
    await submit(ana, step('in-transit', 'red', '500'));
  });

  it('[S5] is sent all that they hold, the oldest offers and how many there are, and reads no others', async () => {
    asked = [];
    const reader = read(ana);
    await clock.turnAll();
    const items = reader.parcels.flatMap((page) => page.items.map(({ payload }) => payload.orderID));
    expect(items.slice(0, 3)).toEqual(held);
    expect(items.slice(3)).toEqual(
      Array.from({ length: 301 }, (_, i) => `${i}`).filter((id) => !held.includes(id)),
    );
    expect(reader.parcels.map(({ more }) => more)).toEqual([true, false]);
    expect(reader.parcels.at(-1)).toMatchObject({ ready: 897 });
    const parcels = asked.filter(({ what }) => what === 'parcels');
    expect(parcels.map(({ count }) => count)).toEqual([3, 300]);
  });

  it('gets the rest page by page when they ask, each once', async () => {
    const reader = read(ana);
    await clock.turnAll();
    const found = new Set(reader.parcels.at(-1)?.items.map(({ payload }) => payload.orderID));
    let next = reader.parcels.at(-1)?.next;
    for (let pages = 1; next !== undefined; pages += 1) {
      const asking = hub.offers(ana, next);
      await clock.turnAll();
      const page = await asking;
      expect([page.ready, page.items.length]).toEqual([897, pages < 2 ? 300 : 297]);
      for (const { payload, status } of page.items) {
        expect([status, found.has(payload.orderID)]).toEqual(['ready', false]);
        found.add(payload.orderID);
      }
      next = page.next;
    }
    expect(found.size).toBe(897);
    await expect(hub.offers(red, undefined)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(hub.offers(ana, '-1')).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  it('hears with every news of the board how many are on it now', async () => {
    const reader = read(ana);
    await clock.turnAll();
    await submit(ana, step('claimed', 'red', '7'), step('claimed', 'red', '8'));
    await submit(ana, step('released', 'red', '7'));
    await submit(red, order('red', 'new'), step('cancelled', 'red', '9'));
    await submit(ana, step('in-transit', 'red', '8'));
    const counted = reader.frames.filter(({ feed }) => feed === 'board').map(({ ready }) => ready);
    expect(counted).toEqual([895, 896, 896]);
    expect((await store.readyCount()).count).toBe(896);
    const again = read(ana, 0);
    await clock.turnAll();
    expect(again.frames.filter(({ feed }) => feed === 'board').at(-1)?.ready).toBe(896);
  });
});

describe('looking for silent drivers', () => {
  const timeoutMs = 60_000;

  it('[S5] reads no parcel of who is there, and none that was collected', async () => {
    const silent: Actor = { role: 'driver', driver: 'silent' };
    await submit(red, ...orders(400));
    const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`);
    await submit(ana, ...ids(0, 150).map((id) => step('claimed', 'red', id)));
    await submit(silent, ...ids(150, 300).map((id) => step('in-transit', 'red', id)));
    await submit(silent, ...ids(300, 400).map((id) => step('claimed', 'red', id)));
    const leave = liveness.enter('ana');
    const onFault = (error: unknown) => expect.fail(String(error));
    const releases = startClaimTimeout({ hub, store, liveness, turns, clock, timeoutMs, onFault });
    const looked: { what: string; count: number }[] = [];
    for (let round = 0; round < 25; round += 1) {
      clock.pass(timeoutMs / 20);
      asked = [];
      await clock.turnAll(() => {
        expect(asked.length).toBeLessThanOrEqual(1);
        looked.push(...asked);
        asked = [];
      });
    }
    const { parcels } = await store.parcels({ statuses: ['claimed'], order: 'oldest', limit: 500 });
    expect(parcels).toHaveLength(150);
    // A hundred in small pages, once; a look into an empty page in each round after that.
    const read = looked.filter(({ what }) => what === 'parcels');
    expect(read.reduce((sum, { count }) => sum + count, 0)).toBe(100);
    expect(Math.max(...read.map(({ count }) => count))).toBeLessThanOrEqual(64);
    leave();
    releases.close();
  });
});
