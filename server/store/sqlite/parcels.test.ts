import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { type ListOrder, sourcesOf } from '../rows/lists.ts';
import type { ParcelQuery } from '../store.ts';
import { stepSql, storeSql } from './parcels.ts';
import { openSqliteStore } from './sqlite.ts';

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

/** How SQLite comes to the rows of a step, without how it comes to the text of each. */
function planOf(sql: string): string {
  const details = db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => String(detail));
  return details.filter((detail) => !/PRIMARY KEY \(rowid=\?\)( LEFT-JOIN)?$/.test(detail)).join('; ');
}

/** None if there is nothing to read. */
function statementFor(query: Omit<ParcelQuery, 'order' | 'limit'>, order: ListOrder): string | undefined {
  const sources = sourcesOf({ ...query, order, limit: 100 });
  if (!Array.isArray(sources)) return storeSql(order);
  return sources.length === 0 ? undefined : stepSql(sources, order);
}

const byKey = 'SEARCH parcels USING INTEGER PRIMARY KEY (rowid<?)';
const byStatus = 'SEARCH parcels USING INDEX parcels_by_status (status=? AND first_seq<?)';
const byHolder = 'SEARCH parcels USING INDEX parcels_by_holder (holder=? AND first_seq<?)';
const inHand = 'SEARCH parcels USING INDEX parcels_in_hand (holder=? AND status=? AND first_seq<?)';
const openOfStore = 'SEARCH parcels USING INDEX parcels_unfinished (store=? AND first_seq<?)';
const ofStore = 'SEARCH own USING COVERING INDEX log_by_store (store=? AND store_seq>? AND store_seq<?)';

it.each<[string, Omit<ParcelQuery, 'order' | 'limit'>, string[]]>([
  ['all', {}, [byKey]],
  ['what is ready', { statuses: ['ready'] }, [byStatus]],
  ['what is cancelled', { statuses: ['cancelled'] }, [byStatus]],
  ['what is delivered, which is most', { statuses: ['delivered'] }, [byKey]],
  ['some statuses', { statuses: ['claimed', 'in-transit', 'failed'] }, [byStatus, byStatus, byStatus]],
  ['what is not finished', { unfinished: true }, [byStatus, byStatus, byStatus, byStatus, byStatus]],
  ['no status', { statuses: [] }, []],
  ['all of a driver', { holder: 'ana' }, [byHolder]],
  ['what a driver has delivered', { holder: 'ana', statuses: ['delivered'] }, [byHolder]],
  ['what a driver has claimed', { holder: 'ana', statuses: ['claimed'] }, [inHand]],
  ['what a driver has of one shop', { holder: 'ana', store: 'red' }, [byHolder]],
  ['the board of a driver', { boardOf: 'ana' }, [byStatus, inHand, inHand, inHand, inHand]],
  ['what is ready on it', { boardOf: 'ana', statuses: ['ready'] }, [byStatus]],
  ['what is finished on it', { boardOf: 'ana', statuses: ['returned'] }, []],
  ['one shop’s on it', { boardOf: 'ana', store: 'red' }, [openOfStore]],
  ['all of a shop', { store: 'red' }, [ofStore]],
  ['a shop’s open orders', { store: 'red', unfinished: true }, [openOfStore]],
  ['a shop’s in transit', { store: 'red', statuses: ['in-transit'] }, [openOfStore]],
  ['a shop’s cancelled', { store: 'red', statuses: ['cancelled'] }, [byStatus]],
  ['a shop’s delivered', { store: 'red', statuses: ['delivered'] }, [ofStore]],
  ['a shop’s that it does not know of', { store: 'red', unacknowledged: true }, [ofStore]],
])(
  'a page of %s begins where the one before it ended, and is read in the order of an index',
  (_, query, plans) => {
    for (const order of ['newest', 'oldest'] as const) {
      const statement = statementFor(query, order);
      const steps = statement === undefined ? [] : planOf(statement).split('; ');
      // Several sources are merged row by row as they are read, which needs no sort.
      const found = steps.filter((step) => !/^(MERGE \(UNION ALL\)|LEFT|RIGHT)$/.test(step));
      const expected =
        order === 'newest' ? plans : plans.map((plan) => plan.replace(/(first_seq|rowid)</, '$1>'));
      expect(found).toEqual(expected);
    }
  },
);
