/** Reads a whole log from the SQLite file, to export it. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unreachable } from '../../../protocol/errors.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { blobsFolder } from '../files/folder-blobs.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { blobRowsIn } from '../files/moved-blobs.ts';
import { type KeyRow, keySum, type LogRow, sumOf } from '../rows/rows.ts';
import { StoreError } from '../store.ts';
import { damageIn } from '../transfer/check.ts';
import {
  type Batch,
  batchRows,
  type CommandRow,
  type LogIdentity,
  type LogSource,
  type LogTables,
  type ParcelTableRow,
  type TableName,
  type TableRows,
} from '../transfer/tables.ts';
import { checkHeader, isOfThisVersion, unreadable } from './file.ts';
import { SqliteMeta } from './meta.ts';
import { outboundName } from './outbound.ts';

type WithChecksum<T> = T & { readonly crc: number | null };

export class SqliteTables implements LogTables {
  readonly damagedImages: string[] = [];
  readonly #db: DatabaseSync;
  readonly #images: string;

  /** @param images the folder of the images */
  constructor(db: DatabaseSync, images: string) {
    this.#db = db;
    this.#images = images;
  }

  async identity(): Promise<LogIdentity> {
    const meta = new SqliteMeta(this.#db);
    const setBacks = meta.setBacks();
    if (!setBacks) throw damageIn('what it says of itself');
    return { epoch: Buffer.from(meta.value('epoch')).toString(), secret: meta.value('secret'), setBacks };
  }

  async *rows(table: TableName): AsyncGenerator<Batch> {
    switch (table) {
      case 'records':
        for (const rows of this.#select<LogRow>('log ORDER BY seq')) yield { table, rows };
        return;
      case 'parcels':
        for (const rows of this.#select<ParcelTableRow>('parcels ORDER BY first_seq')) yield { table, rows };
        return;
      case 'commands':
        for (const rows of this.#summed<CommandRow>(
          'commands ORDER BY id, actor',
          ({ id, actor, seq }) => sumOf(id, actor, seq),
          () => 'what became of a command',
        ))
          yield { table, rows };
        return;
      case 'acknowledged':
        for (const rows of this.#summed<TableRows['acknowledged']>(
          'acknowledged ORDER BY first_seq',
          (row) => sumOf(row.first_seq),
          (row) => `whether record ${row.first_seq} was heard of`,
        ))
          yield { table, rows };
        return;
      case 'keys':
        for (const rows of this.#summed<KeyRow>(
          'keys ORDER BY rowid',
          keySum,
          ({ id }) => `the access key ${id}`,
        ))
          yield { table, rows };
        return;
      case 'profiles':
        for (const rows of this.#summed<TableRows['profiles']>(
          'profiles ORDER BY store',
          ({ store, profile }) => sumOf(store, profile),
          () => 'the profile of a store',
        ))
          yield { table, rows };
        return;
      case 'repeats':
        for (const rows of this.#summed<TableRows['repeats']>(
          'repeats ORDER BY store, id',
          ({ store, id, text }) => sumOf(store, id, text),
          () => 'a repeating order',
        ))
          yield { table, rows };
        return;
      case 'outbound':
        for (const rows of this.#summed<TableRows['outbound']>(
          'outbound ORDER BY topic, id',
          ({ topic, id, text }) => sumOf(topic, id, text),
          () => outboundName,
        ))
          yield { table, rows };
        return;
      case 'blobs':
        for await (const rows of blobRowsIn(this.#images, this.#parcels(), (hash) =>
          this.damagedImages.push(hash),
        ))
          yield { table, rows };
        return;
      default:
        unreachable(table);
    }
  }

  *#parcels(): Generator<ParcelId> {
    const sql = 'SELECT store, order_id FROM parcels ORDER BY store, order_id';
    for (const rows of this.#all<{ store: string; order_id: string }>(sql)) {
      for (const { store, order_id: orderID } of rows) yield { store, orderID };
    }
  }

  /** Sorts numbers alone: whole records would fill a disk. */
  async *lives(): AsyncGenerator<readonly LogRow[]> {
    const one = this.#db.prepare('SELECT * FROM log WHERE seq = ?');
    for (const seqs of this.#all<{ seq: number }>('SELECT seq FROM log ORDER BY store, order_id, rev')) {
      yield seqs.map(({ seq }) => one.get(seq) as unknown as LogRow);
    }
  }

  async parcelsAt(firstSeqs: readonly number[]): Promise<readonly ParcelTableRow[]> {
    const one = this.#db.prepare('SELECT * FROM parcels WHERE first_seq = ?');
    return firstSeqs.flatMap((seq) => (one.get(seq) as unknown as ParcelTableRow | undefined) ?? []);
  }

  #select<T>(from: string): Generator<T[]> {
    return this.#all<T>(`SELECT * FROM ${from}`);
  }

  /** Rows whose checksums nobody else looks at. */
  *#summed<T>(from: string, sum: (row: T) => number, what: (row: T) => string): Generator<T[]> {
    for (const rows of this.#select<WithChecksum<T>>(from)) {
      const damaged = rows.find((row) => sum(row) !== row.crc);
      if (damaged) throw damageIn(what(damaged));
      yield rows;
    }
  }

  *#all<T>(sql: string): Generator<T[]> {
    let rows: T[] = [];
    for (const row of this.#db.prepare(sql).iterate() as Iterable<unknown> as Iterable<T>) {
      rows.push(row);
      if (rows.length < batchRows) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }
}

/** As messages name it. */
export function placeOf(folder: string): string {
  return `the folder ${resolve(folder)}`;
}

/**
 * A folder's log as of one moment, also while a hub writes to it.
 * @throws StoreError if there is no log of ours in this version's format
 */
export function openSqliteSource(folder: string): LogSource {
  const file = join(folder, 'caps.sqlite');
  if (!existsSync(file)) throw new StoreError(`There is no log in ${folder}. Say where with --data.`);
  checkHeader(file);
  const lock = lockUnlessTaken(folder);
  let db: DatabaseSync | undefined;
  try {
    // Rolls back a journal from before the file had a WAL, which writes to it.
    db = new DatabaseSync(file, { readOnly: !existsSync(`${file}-journal`) });
    db.exec('BEGIN');
    if (!isOfThisVersion(db)) {
      throw new StoreError(
        `The log in ${folder} was written by an older CAPS: start this version’s hub on it once.`,
      );
    }
    return new SqliteSource(folder, db, lock);
  } catch (error) {
    db?.close();
    lock?.close();
    throw error instanceof StoreError ? error : unreadable(file, error);
  }
}

/** Undefined if a hub has it, or may have it. */
function lockUnlessTaken(folder: string): DatabaseSync | undefined {
  try {
    return lockFolder(folder);
  } catch {
    return undefined;
  }
}

class SqliteSource extends SqliteTables implements LogSource {
  readonly place: string;
  readonly #opened: DatabaseSync;
  readonly #lock: DatabaseSync | undefined;

  constructor(folder: string, db: DatabaseSync, lock: DatabaseSync | undefined) {
    super(db, join(folder, blobsFolder));
    this.place = placeOf(folder);
    this.#opened = db;
    this.#lock = lock;
  }

  async isLive(): Promise<boolean> {
    return this.#lock === undefined;
  }

  async close(): Promise<void> {
    if (this.#opened.isOpen) this.#opened.close();
    if (this.#lock?.isOpen) this.#lock.close();
  }
}
