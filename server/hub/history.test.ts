import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapsRecord, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { parseSearch, passes } from '../../protocol/search.ts';
import { admin, ana, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import type { IndexHits, IndexQuery, SearchIndex } from '../store/search-index.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import type { EventsPage } from './history.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;
let index: LaggingIndex;

/** One that is behind the log, and gives up after so many records. */
class LaggingIndex implements SearchIndex {
  upTo = 0;
  looksAt = Infinity;
  asked = 0;
  readonly seenBy: IndexQuery['seenBy'][] = [];
  records: readonly CapsRecord[] = [];

  grew(): void {}
  async close(): Promise<void> {}

  async find({ filter, seenBy, low, high, forwards, limit, counted }: IndexQuery): Promise<IndexHits> {
    this.asked += 1;
    this.seenBy.push(seenBy);
    const isVisible = ({ payload, by }: CapsRecord) =>
      !seenBy || ('store' in seenBy ? payload.store === seenBy.store : by.id === seenBy.driver);
    const indexed = this.records.filter((record) => record.seq <= this.upTo && isVisible(record));
    const between = indexed.filter(({ seq }) => seq > low && seq <= high);
    const seqs: number[] = [];
    let place: number | undefined;
    for (const [i, record] of (forwards ? between : between.toReversed()).entries()) {
      if (passes(record, filter)) seqs.push(record.seq);
      if (seqs.length < limit && i + 1 < this.looksAt) continue;
      place = record.seq;
      break;
    }
    const among = indexed.filter(({ seq }) => counted && seq > counted.low && seq <= counted.high);
    const count = { count: among.filter((record) => passes(record, filter)).length, exact: true };
    return { seqs, place, upTo: this.upTo, ...(counted ? { count } : {}) };
  }
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = openSqliteStore(folder);
  index = new LaggingIndex();
  hub = await createHub({ store, clock, index, onFault: (error) => expect.fail(String(error)) });
  for (const id of ['1', '2', '3']) {
    await submit(red, order('red', id));
    await submit(blue, order('blue', id));
    await submit(ana, step('in-transit', 'red', id));
    await submit(ana, step('delivered', 'red', id));
  }
  index.records = (await page({ limit: 500 })).items;
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const submit = (actor: Actor, ...commands: Command[]) =>
  clock.settling(hub.submit(actor, 'socket.io', commands));
const page = ({ q = '', ...query }: { q?: string; limit: number }, actor: Actor = admin) =>
  clock.settling(hub.read.events(actor, { ...query, terms: parseSearch(q) }));
const seqsOf = (records: readonly CapsRecord[]): number[] => records.map(({ seq }) => seq);

async function paged(q: string, direction: 'before' | 'after', limit: number): Promise<number[]> {
  const found: number[] = [];
  let place: string | null = direction === 'before' ? '999' : '0';
  for (let last = ''; place !== null && place !== last; ) {
    last = place;
    const one: EventsPage = await page({ q, limit, [direction]: place });
    expect(one.items.length).toBeLessThanOrEqual(limit);
    if (direction === 'before') found.unshift(...seqsOf(one.items));
    else found.push(...seqsOf(one.items));
    place = direction === 'before' ? one.prev : one.next;
  }
  return found;
}

async function all(actor: Actor, query: object): Promise<number[]> {
  const read = async () => {
    const found: CapsRecord[] = [];
    for await (const records of hub.read.allEvents(actor, { terms: [], ...query })) found.push(...records);
    return seqsOf(found);
  };
  return clock.settling(read());
}

describe('a search through an index', () => {
  it.each(['store:red', 'event:delivered', 'hulda', 'order:2', 'nobody', '-driver:ana'])(
    'finds all, once and in order, wherever the index ends and however early it gives up: %s',
    async (q) => {
      const expected = index.records.filter((record) => passes(record, { terms: parseSearch(q) }));
      for (let upTo = 0; upTo <= index.records.length; upTo += 1) {
        for (const looksAt of [1, 3, Infinity]) {
          Object.assign(index, { upTo, looksAt });
          for (const limit of [1, 2, 100]) {
            const at = `indexed up to ${upTo}, looking at ${looksAt}, ${limit} a page`;
            expect(await paged(q, 'before', limit), at).toEqual(seqsOf(expected));
            expect(await paged(q, 'after', limit), at).toEqual(seqsOf(expected));
          }
          expect(await all(admin, { terms: parseSearch(q) })).toEqual(seqsOf(expected));
        }
        const { total } = await page({ q, limit: 1, total: true } as never);
        expect(total).toEqual({ count: expected.length, exact: true });
      }
      expect(index.asked).toBeGreaterThan(0);
    },
  );

  it('believes no index that names what does not answer', async () => {
    index.upTo = index.records.length;
    index.find = async () => ({ seqs: [12, 7, 3, 999], place: undefined, upTo: 12 });
    expect(seqsOf((await page({ q: 'event:delivered store:red', limit: 9 })).items)).toEqual([12]);
  });

  it('[A1] is asked by those who see a part of the log for that part, and nobody gets more than theirs', async () => {
    index.upTo = index.records.length;
    expect(seqsOf((await page({ q: 'store:blue', limit: 9 }, red)).items)).toEqual([]);
    expect(seqsOf((await page({ q: 'event:pickup', limit: 2 }, blue)).items)).toEqual([2, 3]);
    expect(seqsOf((await page({ q: 'delivered', limit: 9 }, ana)).items)).toEqual([4, 8, 12]);
    expect(index.seenBy).toEqual([{ store: 'red' }, { store: 'blue' }, { driver: 'ana' }]);
    // One that names more than it was asked for.
    index.find = async () => ({ seqs: [10, 9, 7, 6, 5, 3, 2, 1], place: undefined, upTo: 12 });
    expect(seqsOf((await page({ q: 'event:pickup', limit: 9 }, blue)).items)).toEqual([1, 2, 3]);
    expect(seqsOf((await page({ limit: 9 }, ana)).items)).toEqual([3, 7]);
    const customer = { role: 'customer', parcel: { store: 'red', orderID: '1' } } as const;
    expect(seqsOf((await page({ q: 'delivered', limit: 9 }, customer)).items)).toEqual([3]);
  });

  it('[A1] a total counts what the reader sees', async () => {
    index.upTo = index.records.length;
    const totalFor = async (actor: Actor) => (await page({ limit: 1, total: true } as never, actor)).total;
    expect(await totalFor(admin)).toEqual({ count: 12, exact: true });
    expect(await totalFor(red)).toEqual({ count: 9, exact: true });
    expect(await totalFor(blue)).toEqual({ count: 3, exact: true });
    expect(await totalFor(ana)).toEqual({ count: 6, exact: true });
  });
});

describe('all of the log', () => {
  it('[A1] is what the reader sees, between the bounds', async () => {
    expect(await all(admin, {})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await all(admin, { after: '3', before: '7' })).toEqual([4, 5, 6]);
    expect(await all(admin, { after: '7', before: '3' })).toEqual([]);
    expect(await all(admin, { at: index.records[4]?.time, event: 'pickup' })).toEqual(
      seqsOf(
        index.records.filter(
          ({ time, event }) => event === 'pickup' && time <= (index.records[4]?.time ?? ''),
        ),
      ),
    );
    expect(await all(blue, {})).toEqual([1, 2, 3]);
    expect(await all(ana, {})).toEqual([3, 4, 7, 8, 11, 12]);
  });

  it('[D3] refuses a place of another log before anything is given', async () => {
    await expect(all(admin, { after: 'abcdef012345.3' })).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});
