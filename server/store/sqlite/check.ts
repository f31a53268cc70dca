/** Checks every row of a log once. */

import type { DatabaseSync } from 'node:sqlite';
import {
  anonymousName,
  type KeyRow,
  keySum,
  type LogRow,
  logSum,
  metaSum,
  type ParcelColumns,
  parcelSum,
  sumOf,
} from '../rows/rows.ts';
import type { StoredRepeat } from '../store.ts';
import type { TableRows } from '../transfer/tables.ts';
import { outboundName } from './outbound.ts';

type WithChecksum<T> = T & { readonly crc: number | null };

/** Yields the names of damaged rows, and after each row. */
export function* damagedIn(db: DatabaseSync): Generator<string | undefined, void> {
  let next = 1;
  for (const row of numbered<LogRow>(db, 'log', 'seq')) {
    for (; next < row.seq && next < row.seq + holesMax; next += 1) yield `record ${next}`;
    next = row.seq + 1;
    yield logSum(row) === row.crc ? undefined : `record ${row.seq}`;
  }
  for (const row of numbered<ParcelColumns>(db, 'parcels', 'first_seq')) {
    yield parcelSum(row) === row.crc ? undefined : anonymousName(row);
  }
  for (const { id, actor, seq, crc } of commands(db)) {
    yield sumOf(id, actor, seq) === crc ? undefined : 'what became of a command';
  }
  for (const { first_seq: seq, crc } of rowsOf<{ first_seq: number }>(db, 'acknowledged')) {
    yield sumOf(seq) === crc ? undefined : `whether record ${seq} was heard of`;
  }
  for (const row of rowsOf<KeyRow>(db, 'keys')) {
    yield keySum(row) === row.crc ? undefined : `the access key ${row.id}`;
  }
  for (const { store, profile, crc } of rowsOf<{ store: string; profile: string }>(db, 'profiles')) {
    yield sumOf(store, profile) === crc ? undefined : 'the profile of a store';
  }
  for (const { store, id, text, crc } of rowsOf<StoredRepeat>(db, 'repeats')) {
    yield sumOf(store, id, text) === crc ? undefined : 'a repeating order';
  }
  for (const { topic, id, text, crc } of rowsOf<TableRows['outbound']>(db, 'outbound')) {
    yield sumOf(topic, id, text) === crc ? undefined : outboundName;
  }
  for (const { name, value, crc } of rowsOf<{ name: string; value: Uint8Array }>(db, 'meta')) {
    yield name === 'probe' || metaSum(name, value) === crc
      ? undefined
      : `what the log says of itself (${name})`;
  }
}

/** SQLite's own check of pages and indexes, in one step that takes a while for millions of records. */
export function* faultsOfFile(db: DatabaseSync): Generator<string, void> {
  for (const row of db.prepare('PRAGMA integrity_check(20)').all()) {
    const [fault] = Object.values(row);
    if (fault !== 'ok') yield `its own order (${String(fault).replaceAll('\n', ' ')})`;
  }
}

/** A damaged seq may be any number. */
const holesMax = 1_000;
/** In pages: a long read would keep SQLite from checkpointing the WAL. */
const pageRows = 50;

function* numbered<T>(
  db: DatabaseSync,
  table: string,
  number: keyof T & string,
): Generator<WithChecksum<T>, void> {
  const page = db.prepare(`SELECT * FROM ${table} WHERE ${number} > ? ORDER BY ${number} LIMIT ${pageRows}`);
  for (let last = -1; ; ) {
    const rows = page.all(last) as unknown as WithChecksum<T>[];
    yield* rows;
    const end = rows.at(-1)?.[number];
    if (typeof end !== 'number' || rows.length < pageRows) return;
    last = end;
  }
}

interface CommandRow {
  id: string;
  actor: string;
  seq: number;
}

function* commands(db: DatabaseSync): Generator<WithChecksum<CommandRow>, void> {
  const page = db.prepare(
    `SELECT * FROM commands WHERE (id, actor) > (?, ?) ORDER BY id, actor LIMIT ${pageRows}`,
  );
  for (let last = { id: '', actor: '' }; ; ) {
    const rows = page.all(last.id, last.actor) as unknown as WithChecksum<CommandRow>[];
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < pageRows) return;
    last = end;
  }
}

/** For small tables. */
function rowsOf<T>(db: DatabaseSync, from: string): Iterable<WithChecksum<T>> {
  return db.prepare(`SELECT * FROM ${from}`).iterate() as Iterable<unknown> as Iterable<WithChecksum<T>>;
}
