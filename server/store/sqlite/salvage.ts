/**
 * Rebuilds a log from a damaged one. A damaged record leaves a named gap, so that seqs in links and cursors keep
 * their meaning; a damaged parcel is derived again from its records.
 */

import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { apply, type Parcel } from '../../../protocol/parcel.ts';
import { storedRecord } from '../row.ts';
import { type LogRow, parcelRowOf, soundRow } from '../rows/rows.ts';
import { StoreError } from '../store.ts';
import { damagedIn } from './check.ts';
import { makeLog } from './file.ts';

const others = ['commands', 'acknowledged', 'keys', 'profiles', 'repeats', 'outbound'] as const;

type Values = Record<string, SQLInputValue>;

/** @returns names of damaged rows @throws StoreError if the log cannot be identified */
export function salvage(from: string, to: string): readonly string[] {
  const source = new DatabaseSync(from, { readOnly: true });
  makeLog(to);
  const copy = new DatabaseSync(to);
  try {
    copy.exec('PRAGMA synchronous = OFF; BEGIN');
    copyMeta(source, copy);
    copyLog(source, copy);
    tellParcels(source, copy);
    for (const table of others) {
      for (const row of rowsOf(source, table)) put(copy, table, row);
    }
    copy.exec('COMMIT');
    return [...new Set(damagedIn(copy))].filter((name) => name !== undefined);
  } finally {
    copy.close();
    source.close();
  }
}

function copyMeta(source: DatabaseSync, copy: DatabaseSync): void {
  const names = new Set<unknown>();
  for (const row of rowsOf(source, 'meta')) {
    put(copy, 'meta', row);
    names.add(row['name']);
  }
  const damaged = [...damagedIn(copy)].find((name) => name !== undefined);
  if (damaged !== undefined || !names.has('secret')) {
    throw new StoreError('The disk has damaged what the log says of itself: nothing can go around that.');
  }
}

/** One by one: an unreadable page costs only its own rows. */
function copyLog(source: DatabaseSync, copy: DatabaseSync): void {
  const { last } = source.prepare('SELECT coalesce(max(seq), 0) AS last FROM log').get() as { last: number };
  const one = source.prepare('SELECT * FROM log WHERE seq = ?');
  const add = copy.prepare('INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (let seq = 1; seq <= last; seq += 1) {
    const row = readable(() => one.get(seq));
    if (row) add.run(...Object.values(row));
  }
}

function tellParcels(source: DatabaseSync, copy: DatabaseSync): void {
  const known = source.prepare('SELECT * FROM parcels WHERE first_seq = ?');
  const life = copy.prepare('SELECT * FROM log WHERE store = ? AND order_id = ? ORDER BY seq');
  const pickups = copy.prepare('SELECT * FROM log WHERE rev = 1').all() as unknown as LogRow[];
  for (const pickup of pickups) {
    const records = (life.all(pickup.store, pickup.order_id) as unknown as LogRow[]).filter(soundRow);
    const row = toldBy(records) ?? readable(() => known.get(pickup.seq));
    if (row) put(copy, 'parcels', row);
  }
}

/** Undefined if a record is missing. */
function toldBy(records: readonly LogRow[]): Values | undefined {
  const [first] = records;
  const last = records.at(-1);
  if (!first || !last || records.some(({ rev }, i) => rev !== i + 1)) return undefined;
  let parcel: Parcel | undefined;
  for (const { text } of records) parcel = apply(parcel, storedRecord(text));
  if (!parcel) return undefined;
  const placeOf = ({ seq, store_seq }: LogRow) => ({ seq, storeSeq: store_seq });
  return { ...parcelRowOf({ parcel, first: placeOf(first), last: placeOf(last) }) };
}

function put(copy: DatabaseSync, table: string, row: Values): void {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  copy
    .prepare(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
    .run(...Object.values(row));
}

/** All rows that SQLite can read. */
function rowsOf(source: DatabaseSync, table: string): Values[] {
  const rows: Values[] = [];
  readable(() => {
    for (const row of source.prepare(`SELECT * FROM ${table}`).iterate()) rows.push(row as Values);
    return undefined;
  });
  return rows;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // An unreadable page.
    return undefined;
  }
}
