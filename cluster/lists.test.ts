import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseSearch } from '../protocol/search.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import type { ParcelQuery, Store } from '../server/store/store.ts';
import { recordCommands } from '../testkit/contracts/store-pages.contract.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { ana, blue, order, red, step } from '../testkit/simulation/cast.ts';

const others = 3_000;
const own = 300;

let server: PostgresServer;
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'caps-'));
const open = (): Promise<Store> => openPostgresStore({ url, folder, tell: () => {} });

beforeAll(async () => {
  server = await PostgresServer.start();
  url = await server.database();
  const store = await open();
  const orders = (shop: string, count: number) =>
    Array.from({ length: count }, (_, i) => order(shop, String(i)));
  await recordCommands(store, blue, ...orders('blue', others));
  await recordCommands(store, red, ...orders('red', own));
  const taken = Array.from({ length: own }, (_, i) => step('claimed', 'red', String(i)));
  await recordCommands(store, ana, ...taken.slice(0, own / 2));
  await store.close();
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

/** Rows that the database reads of its tables, whichever way. */
async function rowsRead(run: (store: Store) => Promise<void>): Promise<number> {
  await server.query('caps_1', 'SELECT pg_stat_reset()');
  const store = await open();
  await run(store);
  await store.close();
  // A connection counts at its end.
  await vi.waitFor(async () => {
    const hubs = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'caps'`;
    expect(await server.query('caps_1', hubs)).toEqual([]);
  });
  const [row] = await server.query(
    'caps_1',
    `SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS rows
     FROM pg_stat_user_tables WHERE relname IN ('log', 'parcels')`,
  );
  return (row as { rows: number }).rows;
}

// A planner that knows the tables chooses other ways than one that has never seen them.
it.each(['new to the planner', 'known to it'])('a list reads its own rows, %s', async (state) => {
  if (state === 'known to it') await server.query('caps_1', 'VACUUM ANALYZE');
  const queries: Omit<ParcelQuery, 'limit'>[] = [
    { store: 'red', unfinished: true, order: 'oldest' },
    { store: 'red', unfinished: true, order: 'newest' },
    { store: 'red', order: 'newest' },
    { holder: 'ana', unfinished: true, order: 'oldest' },
    { holder: 'ana', order: 'newest' },
    { statuses: ['claimed'], order: 'oldest' },
  ];
  for (const query of queries) {
    let listed = 0;
    const read = await rowsRead(async (store) => {
      for (let from: string | undefined, more = true; more; more = from !== undefined) {
        const page = await store.parcels({ ...query, limit: 50, from });
        listed += page.parcels.length;
        from = page.next;
      }
    });
    expect(listed).toBe('store' in query ? own : own / 2);
    // Each with its pickup; a page looks one row ahead, and the start looks at the end of the log.
    expect([query, read <= 5 * listed, read], `${read} rows`).toEqual([query, true, read]);
  }
});

it('a search reads a little at a time, however rare its word', async () => {
  const terms = parseSearch('nobody-of-this-name');
  const read = await rowsRead(async (store) => {
    const page = await store.parcels({ terms, caller: 'test', order: 'newest', limit: 1 });
    expect([page.parcels, typeof page.next]).toEqual([[], 'string']);
  });
  expect(read).toBeLessThan(others);
});
