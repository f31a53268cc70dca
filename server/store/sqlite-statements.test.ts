import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../simulation/disk.ts';
import { openSqliteStore } from './sqlite.ts';
import { parcelsQuery } from './sqlite-statements.ts';
import type { ParcelQuery } from './store.ts';

let folder: string;
let db: DatabaseSync;

beforeEach(async () => {
  folder = memoryFolder();
  await openSqliteStore(folder).close();
  db = new DatabaseSync(join(folder, 'caps.sqlite'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function planOf(sql: string, values: (string | number)[]): string[] {
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map(({ detail }) => String(detail));
}

it.each<[string, Omit<ParcelQuery, 'order' | 'limit'>]>([
  ['what is ready', { statuses: ['ready'] }],
  ['what a driver has in hand', { holder: 'ana', unfinished: true }],
  ['what a driver has claimed', { holder: 'ana', statuses: ['claimed'] }],
  ['all of a driver', { holder: 'ana' }],
  ['the board of a driver', { boardOf: 'ana' }],
  ['a shop’s open orders', { store: 'red', unfinished: true }],
  ['some statuses', { statuses: ['claimed', 'in-transit', 'failed'] }],
  ['what is not finished', { unfinished: true }],
])('[S5] a page of %s reads what is in it and no more: by an index, in its order', (_, query) => {
  for (const order of ['oldest', 'newest'] as const) {
    for (const from of [undefined, '1000']) {
      const { sql, values } = parcelsQuery({ ...query, order, from, limit: 250 });
      const plan = planOf(sql, values).join('\n');
      expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
      const places = plan.match(/parcels USING.*/g) ?? [];
      expect(places.length).toBeGreaterThan(0);
      // It begins where the page before it ended, and does not walk there.
      if (from !== undefined) for (const place of places) expect(place).toMatch(/first_seq[<>]\?\)/);
    }
  }
});
