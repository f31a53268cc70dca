import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, parseCommand } from '../../protocol/messages.ts';
import { type Actor, maySee, type Parcel } from '../../protocol/parcel.ts';
import { viewOf } from '../../protocol/parcel-view.ts';
import { isPlannedIn, type PlannedRange } from '../../protocol/planned.ts';
import { matchesParcel, parseSearch, passes, type RecordFilter } from '../../protocol/search.ts';
import { admin } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { storeWith } from '../../testkit/simulation/store.ts';
import { viewOf as seenBy } from '../access/access.ts';
import { SqliteRecords } from '../store/search/records.ts';
import { Searcher } from '../store/search/searcher.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { ParcelPage, ParcelQuery, SiftPage, SiftQuery, Store } from '../store/store.ts';
import { type EventsPage, recordOf } from './history.ts';
import { createHub, type Hub } from './hub.ts';

/** Two stores and two drivers that are spelt alike to whoever searches, and people who are called like both. */
const stores = ['red', 'Réd', 'blue'];
const drivers = ['ana', 'Ána', 'ben', 'red', 'ready'];
const names = [undefined, 'Ana Red', 'Ben', 'Hulda', '12-34-56 x'];
const customers = ['Hulda Parker', 'Zoë Müller', 'ana', 'claimed by ben', 'O’Neil  123 456', 'x'];
const events = ['claimed', 'in-transit', 'delivered', 'released', 'attempt-failed', 'returning', 'cancelled'];

const key = fc.record({ store: fc.constantFrom(...stores), orderID: fc.constantFrom('1', '2', '3') });
const driver = fc.record({ driver: fc.constantFrom(...drivers), name: fc.constantFrom(...names) });
type SentCommand = readonly [Actor, Command];
/** Windows of three days, to the letter of two zones. */
const moment = fc.constantFrom(
  '19T22:30:00Z',
  '20T10:00:00Z',
  '21T00:15:00+14:00',
  '21T12:00:00Z',
  '21T23:45:00-12:00',
);
const window = fc
  .tuple(fc.option(moment, { nil: undefined }), fc.boolean())
  .map(([time, isStart]) =>
    time === undefined ? {} : { [isStart ? 'notBefore' : 'dueAt']: `2026-11-${time}` },
  );
const placed: fc.Arbitrary<SentCommand> = fc
  .tuple(key, fc.constantFrom(...customers), window)
  .map(([{ store, orderID }, customer, times]) => [
    { role: 'vendor', store },
    parseCommand({
      event: 'pickup',
      payload: { store, orderID, customer, address: `${orderID} Elm`, ...times },
    }),
  ]);
const postponed: fc.Arbitrary<SentCommand> = fc
  .tuple(key, window)
  .map(([payload, { notBefore = null, dueAt = null }]) => [
    { role: 'vendor', store: payload.store },
    parseCommand({ event: 'amended', payload, details: { notBefore, dueAt } }),
  ]);
const rewritten: fc.Arbitrary<SentCommand> = fc
  .tuple(key, fc.constantFrom('Zoë Quay', 'Hulda Row', '12 Park, ready'))
  .map(([payload, address]) => [
    { role: 'vendor', store: payload.store },
    parseCommand({ event: 'amended', payload, details: { address } }),
  ]);
const moved: fc.Arbitrary<SentCommand> = fc
  .tuple(key, driver, fc.constantFrom(...events))
  .map(([payload, one, event]) => {
    const details = event === 'attempt-failed' ? { details: { reason: 'not-home' } } : {};
    const actor: Actor =
      event === 'cancelled' ? { role: 'vendor', store: payload.store } : { role: 'driver', ...one };
    return [actor, parseCommand({ event, payload, ...details })];
  });
const given: fc.Arbitrary<SentCommand> = fc
  .tuple(key, driver, fc.constantFrom('claimed', 'reassigned'))
  .map(([payload, { driver, name }, event]) => {
    const details = { driver, ...(name === undefined ? {} : { name }) };
    return [admin, parseCommand({ event, payload, details })];
  });
const noted: fc.Arbitrary<SentCommand> = fc
  .tuple(key, fc.constantFrom(...customers))
  .map(([payload, text]) => [admin, parseCommand({ event: 'note', payload, details: { text } })]);
const life = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: placed },
    { weight: 4, arbitrary: moved },
    given,
    noted,
    postponed,
    rewritten,
  ),
  {
    minLength: 5,
    maxLength: 50,
  },
);

const word = fc.constantFrom(
  ...[
    'hulda',
    'ana',
    'ána',
    'red',
    'ready',
    'claimed',
    'del',
    'zoe',
    'quay',
    'müller',
    'elm',
    '123456',
    '"o\'neil 123"',
  ],
  ...[
    'order:2',
    'store:red',
    'store:blue',
    'driver:ana',
    'driver:ben',
    'event:claimed',
    'event:ready',
    'park',
    'by b',
    'x',
    'zo',
    'hu',
    '12',
    '3',
    'ö',
    'is:open',
    'is:late',
  ],
);
const query = fc
  .array(fc.tuple(fc.constantFrom('', '', '', '-'), word), { minLength: 1, maxLength: 3 })
  .map((words) => words.map(([minus, one]) => minus + one).join(' '));
const actors: readonly Actor[] = [
  admin,
  ...stores.map((store): Actor => ({ role: 'vendor', store })),
  ...drivers.map((one): Actor => ({ role: 'driver', driver: one })),
];

/** Looks at one place at a time, so that a search asks the index for all but the first. */
function hesitant(store: Store): Store {
  return storeWith(store, {
    parcels: async ({ planned, ...asked }: ParcelQuery): Promise<ParcelPage> => {
      if (asked.among) return store.parcels({ ...asked, planned });
      const page = await store.parcels({ ...asked, terms: [], limit: 1 });
      const parcels = page.parcels.filter(
        (one) =>
          matchesParcel(viewOf(one), asked.terms ?? [], asked.now ?? 0) &&
          (!planned || isPlannedIn(one, planned)),
      );
      return { ...page, parcels, places: parcels.length > 0 ? page.places : [] };
    },
    sift: async (wanted: SiftQuery): Promise<SiftPage> => {
      const step = wanted.forwards
        ? { high: Math.min(wanted.high, wanted.low + 1) }
        : { low: Math.max(wanted.low, wanted.high - 1) };
      const sifted = await store.sift({ ...wanted, ...step });
      const isEnd = wanted.high - wanted.low <= 1;
      return isEnd
        ? sifted
        : { ...sifted, place: sifted.place ?? (wanted.forwards ? wanted.low + 1 : wanted.high) };
    },
  });
}

/** A hub with an index that knows the first part of a life. */
async function withHub(
  { before, after }: { before: readonly SentCommand[]; after: readonly SentCommand[] },
  run: (hub: Hub, store: Store, clock: Pick<SimulatedClock, 'settling' | 'now'>) => Promise<void>,
): Promise<void> {
  const folder = memoryFolder();
  const clock = new SimulatedClock();
  const store = openSqliteStore(folder);
  // The index takes turns of its own, and may come back when the clock has nothing left to do.
  const settling: SimulatedClock['settling'] = async (promise) => {
    let isDone = false;
    const ended = promise.finally(() => {
      isDone = true;
    });
    while (!isDone) await Promise.race([clock.settle(), ended]);
    return ended;
  };
  const fill = async (hub: Hub, sent: readonly SentCommand[]) => {
    for (const [actor, command] of sent) await settling(hub.submit(actor, 'rest', [command]));
  };
  const onFault = (error: unknown) => expect.fail(String(error));
  const writing = await createHub({ store, clock, onFault });
  await fill(writing, before);
  const log = new SqliteRecords(join(folder, 'caps.sqlite'));
  const index = join(folder, 'caps-search.sqlite');
  const searcher = new Searcher({ log, index, epoch: store.epoch, fresh: false }, onFault);
  await searcher.index(log.head);
  await fill(writing, after);
  const search: SearchIndex = {
    grew() {},
    find: (asked) => searcher.find(asked),
    close: async () => searcher.close(),
  };
  const hub = await createHub({ store: hesitant(store), clock, onFault, index: search });
  try {
    await run(hub, store, { settling, now: () => clock.now() });
  } finally {
    await hub.close();
    await writing.close();
    await searcher.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function listed(parcels: readonly Parcel[], actor: Actor, q: string, now: number): string[] {
  const terms = parseSearch(q);
  const isListed = (parcel: Parcel): boolean => {
    if (!maySee(parcel.payload, actor)) return false;
    const isOpen = !['delivered', 'returned', 'cancelled'].includes(parcel.status);
    const isOnBoard = parcel.status === 'ready' || ('driver' in actor && parcel.holder?.id === actor.driver);
    return actor.role !== 'driver' || (isOpen && isOnBoard);
  };
  return parcels.filter((one) => isListed(one) && matchesParcel(viewOf(one), terms, now)).map(idOf);
}

const dayAt = (time: string): PlannedRange => {
  const from = Date.parse(time);
  return { from, to: from + 86_400_000 - 1 };
};
/** Days of London, Berlin and Tokyo, and all that is to come, which is too much for the index. */
const plans: readonly PlannedRange[] = [
  ...['2026-11-20T00:00:00Z', '2026-11-21T00:00:00+01:00', '2026-11-21T00:00:00+09:00'].map(dayAt),
  { from: Date.parse('2026-11-21T00:00:00Z'), to: Number.POSITIVE_INFINITY },
];

const idOf = ({ payload }: Pick<Parcel, 'payload'>): string => `${payload.store}/${payload.orderID}`;

describe('a search by the index, and by a look at all', () => {
  it('[A1] come to the same parcels in the same order, for everybody, page by page', {
    timeout: 120_000,
  }, async () => {
    const run = fc.asyncProperty(
      life,
      life,
      fc.array(query, { minLength: 3, maxLength: 3 }),
      async (before, after, qs) => {
        await withHub({ before, after: after.slice(0, 8) }, async (hub, store, { settling, now }) => {
          const { parcels } = await store.parcels({ order: 'newest', limit: 100 });
          for (const q of qs) {
            for (const actor of actors) {
              const expected = listed(parcels, actor, q, now());
              for (const limit of actor.role === 'admin' ? [1, 4] : [3]) {
                const found: string[] = [];
                for (let from: string | null | undefined; from !== null; ) {
                  const asked = { limit, from, terms: parseSearch(q) };
                  const page: Awaited<ReturnType<Hub['read']['parcels']>> = await settling(
                    hub.read.parcels(actor, asked),
                  );
                  if (page.items.length === 0) expect(page.next).toBeNull();
                  found.push(...page.items.map(idOf));
                  expect(found.length, q).toBeLessThanOrEqual(expected.length);
                  from = page.next;
                }
                expect(found, `${q} by ${JSON.stringify(actor)}`).toEqual(expected);
              }
            }
          }
        });
      },
    );
    await fc.assert(run, { numRuns: 15 });
  });

  it('[A1] come to the same orders for a day, also where a window was changed or taken away', {
    timeout: 120_000,
  }, async () => {
    const run = fc.asyncProperty(life, life, async (before, after) => {
      await withHub({ before, after: after.slice(0, 8) }, async (hub, store, { settling, now }) => {
        const { parcels } = await store.parcels({ order: 'newest', limit: 100 });
        for (const planned of plans) {
          for (const [actor, q] of [
            [admin, ''],
            [{ role: 'vendor', store: 'red' }, ''],
            [{ role: 'vendor', store: 'Réd' }, 'elm'],
          ] satisfies [Actor, string][]) {
            const isMeant = (parcel: Parcel) => isPlannedIn(parcel, planned);
            const expected = listed(parcels.filter(isMeant), actor, q, now());
            const found: string[] = [];
            for (let from: string | null | undefined; from !== null; ) {
              const page: Awaited<ReturnType<Hub['read']['parcels']>> = await settling(
                hub.read.parcels(actor, { limit: 2, from, terms: parseSearch(q), planned }),
              );
              found.push(...page.items.map(idOf));
              expect(found.length).toBeLessThanOrEqual(expected.length);
              from = page.next;
            }
            expect(found, JSON.stringify([planned, actor])).toEqual(expected);
          }
        }
      });
    });
    await fc.assert(run, { numRuns: 15 });
  });

  it('[A1] come to the same records, and count none but the reader’s own', { timeout: 120_000 }, async () => {
    const run = fc.asyncProperty(
      life,
      life,
      fc.array(query, { minLength: 2, maxLength: 2 }),
      async (before, after, qs) => {
        await withHub({ before, after: after.slice(0, 8) }, async (hub, store, { settling }) => {
          const filters: RecordFilter[] = [
            ...qs.map((q) => ({ terms: parseSearch(q) })),
            { terms: [], event: 'claimed' },
          ];
          for (const actor of actors) {
            const { scope, sees } = seenBy(actor);
            const { rows } = await store.read(scope, { after: 0, limit: 500 });
            const own = rows.filter(sees).map((row) => recordOf(scope, row));
            for (const filter of [...filters, { terms: [] }]) {
              const expected = own.filter((record) => passes(record, filter)).map(({ seq }) => seq);
              const at = `${JSON.stringify(filter)} by ${JSON.stringify(actor)}`;
              const back: number[] = [];
              for (let before: string | null = `${rows.length + 9}`; before !== null; ) {
                const page: EventsPage = await settling(
                  hub.read.events(actor, { ...filter, before, limit: 3, total: true }),
                );
                if (page.items.length === 0) expect(page.prev, at).toBeNull();
                if (page.total?.exact) expect(page.total.count, at).toBe(expected.length);
                back.unshift(...page.items.map(({ seq }) => seq));
                before = page.prev;
              }
              expect(back, at).toEqual(expected);
              const forth = async () => {
                const found: number[] = [];
                for await (const page of hub.read.allEvents(actor, filter))
                  found.push(...page.map((record) => record.seq));
                return found;
              };
              expect(await settling(forth()), at).toEqual(expected);
            }
          }
        });
      },
    );
    await fc.assert(run, { numRuns: 10 });
  });
});
