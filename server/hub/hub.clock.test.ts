import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import type { CapsRecord, Command } from '../../protocol/messages.ts';
import { ownTimeOf } from '../../protocol/own-time.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { parseSearch } from '../../protocol/search.ts';
import { admin, ana, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createHub, type Hub } from './hub.ts';

const day = 86_400_000;
const hour = 3_600_000;

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  await start();
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
}

async function again(): Promise<void> {
  await hub.close();
  await store.close();
  store = openSqliteStore(folder);
  await start();
}

async function send(actor: Actor, ...commands: Command[]): Promise<string> {
  const [answer] = await clock.settling(hub.submit(actor, 'hub', commands));
  return answer?.ok ? 'ok' : (answer?.error.code ?? 'no answer');
}

const takeBack = (rev: number) => step('corrected', 'red', '1', { details: { rev } });
const iso = (ms: number): string => new Date(ms).toISOString();
interface HistoryQuery {
  from?: string;
  to?: string;
  at?: string;
  q?: string;
  total?: boolean;
  limit?: number;
}
async function seqs(actor: Actor, { q = '', limit = 500, ...query }: HistoryQuery): Promise<number[]> {
  const page = await clock.settling(hub.read.events(actor, { ...query, limit, terms: parseSearch(q) }));
  return page.items.map(({ seq }) => seq);
}

async function allOf(query: Pick<HistoryQuery, 'from' | 'to'>): Promise<CapsRecord[]> {
  const all: CapsRecord[] = [];
  for await (const page of hub.read.allEvents(admin, { ...query, terms: [] })) all.push(...page);
  return all;
}

describe('a clock that was 400 days ahead for one order, and is right again', () => {
  let today: number;
  beforeEach(async () => {
    await send(red, order('red', 'before'));
    clock.set(400 * day);
    await send(red, order('red', 'ahead'));
    clock.set(-400 * day);
    await again();
    await clock.advance(60_000);
    today = clock.now();
    await send(red, order('red', '1'));
    await clock.advance(hour);
    await send(ana, step('in-transit', 'red', '1'));
  });

  it('the log’s time stands still, and each record has the machine’s own beside it', async () => {
    const { items } = await clock.settling(hub.read.events(admin, { limit: 9, terms: [] }));
    const [before, ahead, order, picked] = items;
    expect([before?.machineTime, ahead?.machineTime]).toEqual([undefined, undefined]);
    expect([order?.time, picked?.time]).toEqual([ahead?.time, ahead?.time]);
    expect([order?.machineTime, picked?.machineTime]).toEqual([iso(today), iso(clock.now())]);
    expect(hub.aheadMs).toBeGreaterThan(399 * day);
  });

  it('from and to of today find what happened today, in every scope and with every filter', async () => {
    const [from, to] = [iso(today), iso(today + 10 * hour)];
    for (const who of [admin, red]) {
      expect(await seqs(who, { from, to })).toEqual([3, 4]);
      expect(await seqs(who, { from, to: iso(today) })).toEqual([3]);
      expect(await seqs(who, { to: iso(today) })).toEqual([1, 3]);
      expect(await seqs(who, { from: iso(today + 1) })).toEqual([2, 4]);
      expect(await seqs(who, { from: iso(today + 300 * day) })).toEqual([2]);
      expect(await seqs(who, { from, to, q: 'event:pickup' })).toEqual([3]);
      expect(await seqs(who, { from, to, q: 'order:1', limit: 1 })).toEqual([4]);
      expect(await seqs(who, { at: iso(today), limit: 1 })).toEqual([3]);
    }
    const all = await clock.settling(allOf({ from, to }));
    expect(all.map(({ seq }) => seq)).toEqual([3, 4]);
    const { total } = await clock.settling(
      hub.read.events(admin, { from, to, limit: 9, terms: [], total: true }),
    );
    expect(total ?? { count: 2, exact: true }).toEqual({ count: 2, exact: true });
  });

  it('a step can be taken back for two minutes, and then no more', async () => {
    expect(await send(ana, step('delivered', 'red', '1'))).toBe('ok');
    await clock.advance(limits.correctMs - 10);
    expect(await send(ana, takeBack(3))).toBe('ok');
    expect(await send(ana, step('delivered', 'red', '1'))).toBe('ok');
    await clock.advance(limits.correctMs + 1);
    expect(await send(ana, takeBack(5))).toBe('wrong-status');
    expect(await send(admin, takeBack(5))).toBe('ok');
  });

  it('it is over when the clock is where the log is', async () => {
    clock.set(400 * day);
    await send(red, order('red', 'later'));
    const { items } = await clock.settling(hub.read.events(admin, { limit: 1, terms: [] }));
    expect([hub.aheadMs, items[0]?.machineTime]).toEqual([0, undefined]);
    await again();
    expect(await seqs(admin, { from: iso(clock.now() - hour) })).toEqual([5]);
  });
});

it('wherever the clock was set during a run, each record is found by its own time', async () => {
  // Somebody sets the clock, by as much as hours, between any two orders; and the hub may be started anew.
  const move = fc.oneof(fc.constant(0), fc.integer({ min: -5 * hour, max: 5 * hour }), fc.constant(-500));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(move, fc.boolean()), { maxLength: 12 }), async (moves) => {
      for (const [i, [by, isAgain]] of moves.entries()) {
        clock.set(by);
        if (isAgain) await again();
        const store = i % 2 === 0 ? 'red' : 'blue';
        await send(admin, order(store, `${hub.head}`));
        await clock.advance(60_000);
      }
      const page = await clock.settling(hub.read.events(admin, { limit: 500, terms: [] }));
      const own = page.items.map((record) => ({ ...record, ms: ownTimeOf(record) }));
      const [from = 0, to = 0] = [own.at(-3)?.ms ?? 0, own.at(-1)?.ms ?? 0].sort((a, b) => a - b);
      for (const actor of [admin, red]) {
        const mine = own.filter(({ payload }) => actor === admin || payload.store === 'red');
        const counted = mine.map((record, i) => ({ ...record, seq: actor === admin ? record.seq : i + 1 }));
        const expected = counted.filter(({ ms }) => ms >= from && ms <= to).map(({ seq }) => seq);
        expect(await seqs(actor, { from: iso(from), to: iso(to) })).toEqual(expected.slice(-500));
        expect(await seqs(actor, { from: iso(from), to: iso(to), q: 'hulda' })).toEqual(expected.slice(-500));
      }
    }),
    { numRuns: 20 },
  );
});

it('a clock that goes back by hours during a run neither ends undo nor leaves it open', async () => {
  await send(red, order('red', '1'));
  await send(ana, step('in-transit', 'red', '1'));
  clock.set(-3 * hour);
  // What was done before is over: nobody can tell how long ago that was.
  expect(await send(ana, takeBack(2))).toBe('wrong-status');
  await send(ana, step('delivered', 'red', '1'));
  await clock.advance(60_000);
  expect(await send(ana, takeBack(3))).toBe('ok');
  expect(hub.aheadMs).toBeGreaterThan(2 * hour);
});
