/** Fills an empty folder with a log, which appears under its name only when it is complete, checked and on disk. */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { unreachable } from '../../../protocol/errors.ts';
import { blobsFolder } from '../files/folder-blobs.ts';
import { lockFolder, makeWritable } from '../files/folder-lock.ts';
import { StagedBlobs } from '../files/moved-blobs.ts';
import { PartFile, removeLeftParts } from '../files/part-file.ts';
import { reasonOf } from '../reason.ts';
import { keySum, sumOf } from '../rows/rows.ts';
import { type Head, StoreError } from '../store.ts';
import type { Batch, LogIdentity, LogTarget, TableName } from '../transfer/tables.ts';
import { checkFile, makeLog, putMeta } from './file.ts';
import { SqliteMeta } from './meta.ts';
import { placeOf, SqliteTables } from './tables.ts';

/**
 * @param folder created if missing
 * @throws StoreError if a hub is running there, it has a log, or it cannot be written
 */
export function openSqliteTarget(folder: string): LogTarget {
  makeWritable(folder);
  const lock = lockFolder(folder);
  let part: PartFile | undefined;
  try {
    const log = join(folder, 'caps.sqlite');
    // SQLite would apply another log's WAL to the imported one.
    const there = [log, `${log}-wal`, `${log}-journal`].find((file) => existsSync(file));
    if (there !== undefined) {
      throw new StoreError(
        `There is a log already in ${folder}: move ${there}* away, or import into another folder.`,
      );
    }
    removeLeftParts(folder);
    part = new PartFile(log);
    makeLog(part.path);
    return new SqliteTarget(folder, part, lock);
  } catch (error) {
    part?.close();
    lock.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(`No log can be made in ${folder} (${reasonOf(error)}).`, { cause: error });
  }
}

class SqliteTarget extends SqliteTables implements LogTarget {
  readonly place: string;
  readonly #folder: string;
  readonly #part: PartFile;
  readonly #lock: DatabaseSync;
  readonly #db: DatabaseSync;
  readonly #images: StagedBlobs;
  readonly #sql: Readonly<Record<Exclude<TableName, 'blobs'>, StatementSync>>;

  constructor(folder: string, part: PartFile, lock: DatabaseSync) {
    const db = new DatabaseSync(part.path);
    const images = new StagedBlobs(join(folder, blobsFolder));
    super(db, images.folder);
    this.#images = images;
    this.place = placeOf(folder);
    this.#folder = folder;
    this.#part = part;
    this.#lock = lock;
    this.#db = db;
    // Nobody knows of the file before it is synced as a whole.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    const add = (table: string, columns: number) =>
      db.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
    this.#sql = {
      ...{ records: add('log', 10), parcels: add('parcels', 11), commands: add('commands', 4) },
      ...{ acknowledged: add('acknowledged', 2), keys: add('keys', 9), profiles: add('profiles', 3) },
      ...{ repeats: add('repeats', 4), outbound: add('outbound', 4) },
    };
  }

  async write(batch: Batch): Promise<void> {
    if (batch.table === 'blobs') {
      for (const row of batch.rows) await this.#images.add(row);
      return;
    }
    const sql = this.#sql[batch.table];
    switch (batch.table) {
      case 'records':
        for (const { seq, store, store_seq, order_id, rev, previous, ...row } of batch.rows) {
          const { board, drivers, text, crc } = row;
          sql.run(seq, store, store_seq, order_id, rev, previous, board, drivers, text, crc);
        }
        return;
      case 'parcels':
        for (const { first_seq, first_store_seq, last_seq, last_store_seq, ...row } of batch.rows) {
          const { store, order_id, status, holder, finished, state, crc } = row;
          const places = [first_seq, first_store_seq, last_seq, last_store_seq];
          sql.run(...places, store, order_id, status, holder, finished, state, crc);
        }
        return;
      case 'commands':
        for (const { id, actor, seq } of batch.rows) sql.run(id, actor, seq, sumOf(id, actor, seq));
        return;
      case 'acknowledged':
        for (const { first_seq } of batch.rows) sql.run(first_seq, sumOf(first_seq));
        return;
      case 'keys':
        for (const row of batch.rows) {
          const { id, hash, role, owner, name, hint, created_at, revoked_at } = row;
          sql.run(id, hash, role, owner, name, hint, created_at, revoked_at, keySum(row));
        }
        return;
      case 'profiles':
        for (const { store, profile } of batch.rows) sql.run(store, profile, sumOf(store, profile));
        return;
      case 'repeats':
        for (const { store, id, text } of batch.rows) sql.run(store, id, text, sumOf(store, id, text));
        return;
      case 'outbound':
        for (const { topic, id, text } of batch.rows) sql.run(topic, id, text, sumOf(topic, id, text));
        return;
      default:
        unreachable(batch);
    }
  }

  async complete({ epoch, secret, setBacks }: LogIdentity, _head: Head): Promise<void> {
    putMeta(this.#db, 'epoch', Buffer.from(epoch));
    putMeta(this.#db, 'secret', secret);
    if (setBacks.length > 0) new SqliteMeta(this.#db).putSetBacks(setBacks);
    this.#db.exec('COMMIT; PRAGMA journal_mode = DELETE');
    checkFile(this.#part.path, Infinity);
  }

  async settle(): Promise<void> {
    this.#db.close();
    // Of another log, or of this one when it was longer.
    for (const end of ['', '-wal', '-shm', '-journal']) {
      rmSync(join(this.#folder, `caps-search.sqlite${end}`), { force: true });
    }
    await this.#images.settle();
    this.#part.settle();
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
    this.#part.close();
    await this.#images.close();
    if (this.#lock.isOpen) this.#lock.close();
  }
}
