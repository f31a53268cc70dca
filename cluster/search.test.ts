import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CapsRecord } from '../protocol/messages.ts';
import { parseSearch, passes } from '../protocol/search.ts';
import { systemClock } from '../server/clock.ts';
import { createHub, type Hub } from '../server/hub/hub.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { openSearch } from '../server/store/search/search.ts';
import type { IndexHits, SearchIndex } from '../server/store/search-index.ts';
import type { Store } from '../server/store/store.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { admin, ana, order, red, step } from '../testkit/simulation/cast.ts';

const customers = [
  'Zoë Çelik',
  'Müller & Söhne',
  '東京 太郎',
  'شارع النيل',
  'Call +49 30 123-456',
  '📦 Depot',
];
const searches = [
  ...[
    'zoe',
    'çelik',
    'SÖHNE',
    'sohne',
    'muller',
    '東京',
    '太郎',
    'شارع',
    '4930123456',
    '📦',
    'zz',
    'e',
    'depot',
  ],
  ...[
    'event:claimed',
    '-event:pickup',
    'driver:ana',
    'store:red zoe',
    '"& söhne"',
    'order:3',
    'via:rest -zoe',
  ],
];

/** A hub of its own in this process, with an index. */
interface SearchingHub {
  readonly hub: Hub;
  readonly store: Store;
  readonly index: SearchIndex;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

let server: PostgresServer;
let url: string;
let folders: string[];
let open: SearchingHub[];
beforeEach(async () => {
  server = await PostgresServer.start();
  url = await server.database();
  folders = [];
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await server.remove();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function start(folder = newFolder()): Promise<SearchingHub> {
  const faults: string[] = [];
  const onFault = (_: unknown, what: string) => void faults.push(what);
  const store = await openPostgresStore({ url, folder, tell: () => {} });
  const index = openSearch({ folder, databaseUrl: url, epoch: store.epoch, onFault, recordsMin: 1 });
  const hub = await createHub({ store, clock: systemClock, onFault, index });
  const one: SearchingHub = {
    ...{ hub, store, index, faults },
    async close() {
      open = open.filter((other) => other !== one);
      await hub.close();
      await index.close();
      await store.close();
    },
  };
  open.push(one);
  return one;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  folders.push(folder);
  return folder;
}

async function write({ hub }: SearchingHub, from: number, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => from + i);
  const orders = ids.map((i) => order('red', String(i), undefined, customers[i % customers.length]));
  const claims = ids.filter((i) => i % 5 === 0).map((i) => step('claimed', 'red', String(i)));
  expect((await hub.submit(red, 'rest', orders)).every(({ ok }) => ok)).toBe(true);
  expect((await hub.submit(ana, 'tcp', claims)).every(({ ok }) => ok)).toBe(true);
}

const ask = ({ index }: SearchingHub): Promise<IndexHits | undefined> =>
  index.find({ filter: { terms: [] }, low: 0, high: 0, forwards: true, limit: 1 });

async function indexed(one: SearchingHub, seq: number): Promise<void> {
  await vi.waitFor(async () => expect((await ask(one))?.upTo).toBe(seq), { timeout: 30_000 });
}

/** Searches by the index, and looks at every record. */
async function expectExact({ hub, index }: SearchingHub): Promise<void> {
  const records: CapsRecord[] = [];
  for await (const page of hub.read.allEvents(admin, { terms: [] })) records.push(...page);
  expect(records).toHaveLength(hub.head);
  for (const q of searches) {
    const terms = parseSearch(q);
    const wanted = records.filter((record) => passes(record, { terms })).map(({ seq }) => seq);
    for (const forwards of [true, false]) {
      const bounds = { low: 0, high: hub.head };
      const asked = { filter: { terms }, ...bounds, forwards, limit: 1_000, counted: bounds };
      let hits = await index.find(asked);
      // On a busy machine a search ends before its time has found all.
      while (hits?.place !== undefined || hits?.count?.exact === false) hits = await index.find(asked);
      const expected = forwards ? wanted : wanted.toReversed();
      expect(hits?.seqs, q).toEqual(expected);
      expect(hits?.count, q).toEqual({ count: wanted.length, exact: true });
    }
    const { items } = await hub.read.events(admin, { terms, limit: 500 });
    expect(
      items.map(({ seq }) => seq),
      q,
    ).toEqual(wanted.slice(-500));
  }
}

describe('a hub’s own index of a log in PostgreSQL', () => {
  it('finds what a look at every record finds, also what other hubs record', async () => {
    const [one, other] = [await start(), await start()];
    await write(one, 0, 120);
    await write(other, 120, 60);
    for (const hub of [one, other]) {
      await indexed(hub, 216);
      await expectExact(hub);
      expect(hub.faults).toEqual([]);
    }
  });

  it('goes on after a restart where it was', async () => {
    const folder = newFolder();
    const before = await start(folder);
    await write(before, 0, 60);
    await indexed(before, 72);
    await before.close();
    const other = await start();
    await write(other, 60, 60);
    const after = await start(folder);
    await indexed(after, 144);
    await expectExact(after);
  });

  it('outlives a database that goes away, without a fault of its own', async () => {
    const one = await start();
    await write(one, 0, 60);
    await indexed(one, 72);
    await server.stop('SIGQUIT');
    const zoe = { filter: { terms: parseSearch('zoe') }, low: 0, high: 72, forwards: true, limit: 9 };
    expect(await one.index.find(zoe)).toBeUndefined();
    // Another one has nothing to read yet.
    const faults: unknown[] = [];
    const begun = { folder: newFolder(), databaseUrl: url, epoch: one.store.epoch, recordsMin: 1 };
    const index = openSearch({ ...begun, onFault: (error) => void faults.push(error) });
    index.grew(72);
    await vi.waitFor(
      async () => expect(await index.find({ ...zoe, filter: { terms: [] } })).toBeDefined(),
      5_000,
    );
    await server.run();
    await vi.waitFor(async () => expect((await index.find(zoe))?.upTo).toBe(72), { timeout: 10_000 });
    await index.close();
    await expectExact(one);
    expect([faults, one.faults.filter((what) => what.includes('index'))]).toEqual([[], []]);
  });
});
