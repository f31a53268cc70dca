import { afterEach, describe, expect, it } from 'vitest';
import type { FeedName } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { seeded } from '../../testkit/chance.ts';
import { FeedHarness } from '../../testkit/feed-harness.ts';
import { admin, ana, ben, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { viewOf } from '../access/access.ts';
import type { Row } from '../store/row.ts';
import { feedLimits } from './feed.ts';
import { EventsMessage } from './message.ts';

const customer: Actor = { role: 'customer', parcel: { store: 'red', orderID: '1' } };
/** Small, so that a few records are a lot. */
const small = { ...feedLimits, recentMax: 8, queuedMax: 5, pageMax: 4 };
const harnesses: FeedHarness[] = [];
afterEach(async () => {
  for (const harness of harnesses.splice(0)) await harness.close();
});

function start(options?: ConstructorParameters<typeof FeedHarness>[0]): FeedHarness {
  const harness = new FeedHarness(options);
  harnesses.push(harness);
  return harness;
}

describe('publishing', () => {
  it('sends one frame to each feed, however many read it and however many records there are', async () => {
    const harness = start();
    const readers = [admin, admin, red, red, ana].map((actor) => harness.read(actor, 0));
    await harness.clock.settle();
    await harness.write(red, order('red', '1'), order('red', '2'), order('red', '3'));
    expect(harness.frames.sort()).toEqual(['board', 'log', 'store']);
    for (const reader of readers.slice(0, 4)) {
      expect(reader.seqs(reader.records.log ? 'log' : 'store')).toEqual([1, 2, 3]);
    }
    // Whose feed nobody reads costs nothing.
    readers[2]?.subscriber.close();
    readers[3]?.subscriber.close();
    await harness.clock.advance(feedLimits.gatherMs);
    await harness.write(red, order('red', '4'));
    expect(harness.frames.filter((feed) => feed === 'store')).toHaveLength(1);
  });

  it('sends the first commit at once, and gathers what follows for 10 ms at the most', async () => {
    const harness = start();
    const reader = harness.read(admin, 0);
    await harness.clock.settle();
    await harness.write(red, order('red', '1'));
    expect(reader.seqs('log')).toEqual([1]);
    for (const id of ['2', '3', '4']) {
      await harness.clock.advance(3);
      await harness.write(red, order('red', id));
    }
    expect(reader.seqs('log')).toEqual([1]);
    await harness.clock.advance(1);
    expect(reader.seqs('log')).toEqual([1, 2, 3, 4]);
    expect(harness.frames).toEqual(['log', 'log']);
  });

  it.each([
    { readers: 100, ms: 25 },
    { readers: 400, ms: feedLimits.gatherMaxMs },
  ])('gathers for $ms ms where $readers read, because each is a write', async ({ readers, ms }) => {
    const harness = start();
    const [reader] = Array.from({ length: readers }, () => harness.read(admin, 0));
    await harness.clock.settle();
    for (const id of ['1', '2']) await harness.write(red, order('red', id));
    await harness.clock.advance(ms - 1);
    expect(reader?.seqs('log')).toEqual([1]);
    await harness.clock.advance(1);
    expect(reader?.seqs('log')).toEqual([1, 2]);
  });

  it('[S1] goes on to the other readers where a door cannot pass on what it is given', async () => {
    const harness = start();
    const broken = new Error('broken');
    const send = () => {
      throw broken;
    };
    const sink = Object.assign(new SimulatedReader(['log'], 0), { send });
    harness.feeds.subscribe(viewOf(admin), 0, sink, () => {});
    await harness.clock.settle();
    const reader = harness.read(admin, 0);
    await harness.clock.settle();
    await harness.write(red, order('red', '1'));
    expect(reader.seqs('log')).toEqual([1]);
    expect(harness.faults).toEqual([broken]);
  });

  it('[A1] counts for a store in its own records', async () => {
    const harness = start();
    const reader = harness.read(red, 0);
    const one = harness.read(customer, 0);
    await harness.clock.settle();
    await harness.write({ role: 'vendor', store: 'blue' }, order('blue', '1'), order('blue', '2'));
    await harness.write(red, order('red', '1'));
    await harness.write(ana, step('claimed', 'blue', '1'), step('claimed', 'red', '1'));
    await harness.clock.advance(feedLimits.gatherMs);
    expect(reader.frames.map(({ prev, upTo }) => [prev, upTo])).toEqual([[0, 2]]);
    expect(reader.seqs('store')).toEqual([1, 2]);
    expect(one.seqs('parcel')).toEqual([1, 2]);
    expect(JSON.stringify([reader.taken, one.taken])).not.toContain('blue');
  });

  it('tells drivers what is on offer and what no longer is, and each their own', async () => {
    const harness = start();
    const readers = { ana: harness.read(ana, 0), ben: harness.read(ben, 0) };
    await harness.clock.settle();
    await harness.write(red, order('red', '1'), order('red', '2'));
    await harness.clock.advance(feedLimits.gatherMs);
    // Within one frame only where a parcel stands at its end counts.
    await harness.write(
      ana,
      step('claimed', 'red', '1'),
      step('claimed', 'red', '2'),
      step('released', 'red', '2'),
    );
    await harness.clock.advance(feedLimits.gatherMs);
    await harness.write(ana, step('in-transit', 'red', '1'));
    await harness.clock.advance(feedLimits.gatherMs);
    for (const reader of [readers.ana, readers.ben]) {
      const board = reader.frames.filter(({ feed }) => feed === 'board');
      expect(board.map(({ prev, upTo }) => [prev, upTo])).toEqual([
        [0, 2],
        [2, 5],
      ]);
      expect(board[1]?.records.map(({ seq, status }) => [seq, status])).toEqual([[5, 'ready']]);
      expect(reader.gone).toEqual([{ store: 'red', orderID: '1', by: 'Ana' }]);
    }
    expect(readers.ana.seqs('own')).toEqual([3, 4, 5, 6]);
    expect(readers.ben.seqs('own')).toEqual([]);
  });

  it('shows drivers the new order of a parcel that is on offer, which stays one offer', async () => {
    const harness = start();
    const reader = harness.read(ben, 0);
    await harness.write(red, order('red', '1'));
    await harness.clock.advance(feedLimits.gatherMs);
    const details = { address: '1 New Street' };
    await harness.write(red, step('amended', 'red', '1', { details }));
    await harness.clock.advance(feedLimits.gatherMs);
    const board = reader.frames.filter(({ feed }) => feed === 'board');
    expect(board.map(({ records, ready }) => [records.map(({ payload }) => payload.address), ready])).toEqual(
      [
        [['835 Meluk Pass'], 1],
        [['1 New Street'], 1],
      ],
    );
  });

  it.each([0, -24])('tells idle readers how far the log is, the clock set by %i h', async (hours) => {
    const harness = start();
    const reader = harness.read(ben, 0);
    await harness.clock.settle();
    harness.clock.set(hours * 3_600_000);
    await harness.write(red, order('red', '1'));
    await harness.write(ana, step('in-transit', 'red', '1'));
    await harness.clock.advance(feedLimits.gatherMs);
    await harness.write(ana, step('delivered', 'red', '1'));
    await harness.clock.advance(feedLimits.gatherMs);
    expect(reader.place).toBe(0);
    await harness.clock.advance(feedLimits.progressMs);
    expect([reader.place, reader.holes]).toEqual([3, 0]);
    const { frames } = harness;
    await harness.clock.advance(2 * feedLimits.progressMs);
    expect(harness.frames).toEqual(frames);
  });

  it('publishes what it has gathered when it closes; may be closed twice, and leaves no timer', async () => {
    const harness = start();
    const reader = harness.read(admin, 0);
    await harness.clock.settle();
    await harness.write(red, order('red', '1'));
    await harness.write(red, order('red', '2'));
    harness.feeds.close();
    harness.feeds.close();
    expect(reader.seqs('log')).toEqual([1, 2]);
    expect(harness.clock.pending).toBe(0);
  });
});

// ---- coming back ----

/** What is on offer after these rows. */
function offersOf(rows: readonly Row[]): string[] {
  const offers = new Set<string>();
  for (const { board, store, orderID } of rows) {
    if (board === 'on') offers.add(`${store}/${orderID}`);
    if (board === 'off') offers.delete(`${store}/${orderID}`);
  }
  return [...offers].sort();
}

/** What a driver's page shows as on offer, who knew it all up to a place and then heard these frames. */
function offersKnown(start: readonly string[], reader: SimulatedReader): string[] {
  const offers = new Set(start);
  for (const { feed, records, gone = [] } of reader.frames) {
    if (feed !== 'board') continue;
    for (const { payload } of records) offers.add(`${payload.store}/${payload.orderID}`);
    for (const { store, orderID } of gone) offers.delete(`${store}/${orderID}`);
  }
  return [...offers].sort();
}

const scopes: [
  name: string,
  actor: Actor,
  dense: FeedName | undefined,
  seqOf: (row: Row) => number | undefined,
][] = [
  ['an admin', admin, 'log', (row) => row.seq],
  ['a store', red, 'store', (row) => (row.store === 'red' ? row.storeSeq : undefined)],
  [
    'a customer',
    customer,
    'parcel',
    (row) => (row.store === 'red' && row.orderID === '1' ? row.rev : undefined),
  ],
  ['a driver', ana, undefined, (row) => (row.drivers.includes('ana') ? row.seq : undefined)],
];

/** Writes the lives of parcels, a commit now and then. */
async function live(harness: FeedHarness, from: number, until: number, pauseMs: () => number): Promise<void> {
  for (let id = from; id < until; id += 1) {
    const store = id % 3 === 0 ? 'blue' : 'red';
    const driver = id % 2 === 0 ? ana : ben;
    const key = [store, `${id}`] as const;
    await harness.write({ role: 'vendor', store }, order(...key));
    await harness.clock.wait(pauseMs());
    await harness.write(driver, step('claimed', ...key));
    if (id % 5 === 0) await harness.write(driver, step('released', ...key));
    else await harness.write(driver, step('in-transit', ...key), step('delivered', ...key));
    await harness.write(admin, step('note', 'red', '1', { details: { text: `${id}` } }));
    await harness.clock.wait(pauseMs());
  }
}

describe('[D3] a reader that comes back hears of everything since, once and in order:', () => {
  it.each(scopes)('%s, from any place, while the log goes on growing', async (_, actor, dense, seqOf) => {
    const seed = 20261120;
    const chance = seeded(seed);
    const harness = start({ delayMs: () => chance.int(0, 4), limits: small });
    const before = live(harness, 1, 12, () => 0);
    await harness.clock.advance(2_000);
    await before;
    const known = harness.rows.length;

    const growing = live(harness, 12, 40, () => chance.int(0, 20));
    const last = dense ? harness.rows.filter((row) => seqOf(row) !== undefined).length : known;
    const readers: { place: number; reader: SimulatedReader }[] = [];
    for (let place = 0; place <= last; place += 1) {
      const reader = harness.read(actor, place);
      readers.push({ place, reader });
      // Some take their time to read what they are sent.
      reader.stuck = place % 2 === 0;
      await harness.clock.advance(chance.int(0, 25));
      reader.stuck = false;
    }
    await harness.clock.advance(10_000);
    await growing;

    expect(harness.rows.length).toBeGreaterThan(known + 50);
    const all = harness.rows.map(seqOf).filter((seq) => seq !== undefined);
    for (const { place, reader } of readers) {
      const why = `seed ${seed}, from ${place}`;
      expect(reader.holes, why).toBe(0);
      expect(reader.failed, why).toBe(false);
      expect(reader.seqs(dense ?? 'own'), why).toEqual(all.filter((seq) => seq > place));
      if (dense) continue;
      const start = offersOf(harness.rows.filter(({ seq }) => seq <= place));
      expect(offersKnown(start, reader), why).toEqual(offersOf(harness.rows));
    }
  });

  it('a driver whose page is ahead of what has been published so far', async () => {
    // On disk, but the hub has not heard of it yet.
    const delays = [0, 10];
    const harness = start({ delayMs: () => delays.shift() ?? 0 });
    const writing = harness.write(
      admin,
      order('red', '1'),
      step('claimed', 'red', '1', { details: { driver: 'ana' } }),
    );
    await harness.clock.advance(5);
    const reader = harness.read(ana, 0);
    await harness.clock.advance(1);
    expect(reader.seqs('own')).toEqual([2]);
    await harness.clock.advance(50);
    await writing;
    expect([reader.seqs('own'), reader.holes]).toEqual([[2], 0]);
  });

  it('the check sees a reader that joins after an awaited read', async () => {
    // The mutant: live frames only reach it once its reading is over, so what came meanwhile is lost.
    const harness = start();
    const reader = new SimulatedReader(['log'], 0);
    await harness.write(red, order('red', '1'));
    const { rows } = await harness.store.read({ kind: 'all' }, { after: 0, limit: 10 });
    await harness.write(red, order('red', '2'));
    reader.send(new EventsMessage({ feed: 'log', prev: 0, upTo: 1, rows, gone: [], damaged: [] }));
    await harness.clock.advance(feedLimits.gatherMs);
    harness.feeds.subscribe(viewOf(admin), 2, reader, reader.onLag);
    await harness.clock.settle();
    await harness.write(red, order('red', '3'));
    await harness.clock.advance(feedLimits.gatherMs);
    expect(reader.holes).toBe(1);
  });
});

describe('[S2] a reader that stops reading', () => {
  it.each([
    ['an admin', admin],
    ['a driver', ana],
  ] as const)(
    '%s is read to from the log, costs little, slows no one and comes back without a hole',
    async (_, actor) => {
      const harness = start({ limits: small });
      const slow = harness.read(actor, 0);
      const quick = harness.read(actor, 0);
      await harness.clock.settle();
      slow.stuck = true;
      const growing = live(harness, 1, 300, () => 20);
      await harness.clock.advance(20_000);
      await growing;
      expect(harness.rows.length).toBeGreaterThan(1_000);
      // What comes until the next sweep, and a page; then nothing more.
      const perSweep = 2 * Math.ceil(small.sweepMs / small.gatherMs);
      expect(slow.queuedMost).toBeLessThan(small.queuedMax + perSweep + 2);
      expect(slow.lags).toEqual([false, true]);
      expect(harness.feeds.counts).toEqual({ live: 1, lagging: 1 });

      slow.stuck = false;
      await harness.clock.advance(1_000);
      expect(slow.lags).toEqual([false, true, false]);
      expect(harness.feeds.counts).toEqual({ live: 2, lagging: 0 });
      await harness.write(red, order('red', 'last'));
      await harness.clock.advance(feedLimits.gatherMs);
      for (const reader of [slow, quick]) {
        expect(reader.holes).toBe(0);
        const feed = reader.records.log ? 'log' : 'own';
        const own = harness.rows.filter((row) => feed === 'log' || row.drivers.includes('ana'));
        expect(reader.seqs(feed)).toEqual(own.map(({ seq }) => seq));
        if (feed === 'own') expect(offersKnown([], reader)).toEqual(offersOf(harness.rows));
      }
    },
  );

  it('may go away while it is being read to', async () => {
    const harness = start({ limits: small });
    const reader = harness.read(admin, 0);
    await harness.clock.settle();
    reader.stuck = true;
    const growing = live(harness, 1, 100, () => 20);
    await harness.clock.advance(10_000);
    await growing;
    reader.subscriber.close();
    reader.subscriber.close();
    const { queued } = reader;
    reader.stuck = false;
    await harness.clock.advance(1_000);
    expect(reader.taken).toHaveLength(queued);
    expect(harness.feeds.counts).toEqual({ live: 0, lagging: 0 });
  });
});

it('a reader whose history cannot be read is told to come again', async () => {
  const harness = start();
  harness.store.failure = new Error('disk I/O error');
  const reader = harness.read(admin, 0);
  await harness.clock.settle();
  expect(reader.failed).toBe(true);
});
