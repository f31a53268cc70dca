/**
 * The migration that adds a checksum to every row. A log may have millions, so it runs in short transactions, and
 * resumes after an interruption.
 */

import type { DatabaseSync } from 'node:sqlite';
import {
  type KeyRow,
  keySum,
  type LogRow,
  logSum,
  metaSum,
  type ParcelColumns,
  parcelSum,
  sumOf,
} from '../rows/rows.ts';

const tables = ['meta', 'log', 'parcels', 'commands', 'acknowledged', 'keys', 'profiles'] as const;
const rowsAtOnce = 20_000;
/** Smaller logs finish before anybody wonders. */
const saidFrom = 100_000;

/** @param tell called with the progress in a sentence, if it takes a while */
export function addChecksums(db: DatabaseSync, tell: (words: string) => void): void {
  db.exec('BEGIN IMMEDIATE');
  for (const table of tables) {
    const isThere = db.prepare(`SELECT 1 FROM pragma_table_info(?) WHERE name = 'crc'`).get(table);
    if (!isThere) db.exec(`ALTER TABLE ${table} ADD COLUMN crc INTEGER`);
  }
  db.exec('COMMIT');
  makeFunctions(db);
  sumByNumber(db, 'log', 'seq', logColumns, tell);
  sumByNumber(db, 'parcels', 'first_seq', parcelColumns, tell);
  sumCommands(db);
  db.exec(`
    BEGIN IMMEDIATE;
    UPDATE meta SET crc = meta_sum(name, value) WHERE name <> 'probe';
    UPDATE acknowledged SET crc = sum_of(first_seq);
    UPDATE keys SET crc = keys_sum(id, hash, role, owner, name, hint, created_at, revoked_at);
    UPDATE profiles SET crc = sum_of(store, profile);
    COMMIT`);
}

const logColumns = ['seq', 'store', 'store_seq', 'order_id', 'rev', 'previous', 'board', 'drivers', 'text'];
const parcelColumns = [
  ...['first_seq', 'first_store_seq', 'last_seq', 'last_store_seq', 'store', 'order_id', 'status', 'holder'],
  ...['finished', 'state'],
];
const keyColumns = ['id', 'hash', 'role', 'owner', 'name', 'hint', 'created_at', 'revoked_at'];

function makeFunctions(db: DatabaseSync): void {
  const rowOf = (columns: readonly string[], values: readonly unknown[]) =>
    Object.fromEntries(columns.map((column, i) => [column, values[i]])) as unknown;
  const options = { varargs: true } as const;
  db.function('log_sum', options, (...values) => logSum(rowOf(logColumns, values) as LogRow));
  db.function('parcels_sum', options, (...values) =>
    parcelSum(rowOf(parcelColumns, values) as ParcelColumns),
  );
  db.function('keys_sum', options, (...values) => keySum(rowOf(keyColumns, values) as KeyRow));
  db.function('meta_sum', options, (name, value) => metaSum(String(name), value as Uint8Array));
  db.function('sum_of', options, (...values) => sumOf(...(values as (string | number | null)[])));
}

function sumByNumber(
  db: DatabaseSync,
  table: 'log' | 'parcels',
  number: string,
  columns: readonly string[],
  tell: (words: string) => void,
): void {
  const { last } = db.prepare(`SELECT coalesce(max(${number}), 0) AS last FROM ${table}`).get() as {
    last: number;
  };
  const update = db.prepare(
    `UPDATE ${table} SET crc = ${table}_sum(${columns.join(', ')}) WHERE ${number} > ? AND ${number} <= ? AND crc IS NULL`,
  );
  const what = table === 'log' ? 'records' : 'parcels';
  for (let from = 0, said = 0; from < last; from += rowsAtOnce) {
    if (last >= saidFrom && from >= said) {
      tell(`The log gets checksums, once: ${inFigures(from)} of ${inFigures(last)} ${what} have theirs.`);
      said += last / 5;
    }
    update.run(from, from + rowsAtOnce);
  }
}

function sumCommands(db: DatabaseSync): void {
  const end = db.prepare(
    'SELECT id, actor FROM commands WHERE (id, actor) > (?, ?) ORDER BY id, actor LIMIT 1 OFFSET ?',
  );
  const update = db.prepare(
    'UPDATE commands SET crc = sum_of(id, actor, seq) WHERE (id, actor) > (?, ?) AND (id, actor) <= (?, ?) AND crc IS NULL',
  );
  const rest = db.prepare(
    'UPDATE commands SET crc = sum_of(id, actor, seq) WHERE (id, actor) > (?, ?) AND crc IS NULL',
  );
  for (let from: readonly [string, string] = ['', '']; ; ) {
    const upTo = end.get(...from, rowsAtOnce) as { id: string; actor: string } | undefined;
    if (!upTo) {
      rest.run(...from);
      return;
    }
    update.run(...from, upTo.id, upTo.actor);
    from = [upTo.id, upTo.actor];
  }
}

function inFigures(count: number): string {
  return count.toLocaleString('en');
}
