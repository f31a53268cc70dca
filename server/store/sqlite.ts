/**
 * The log in one SQLite file. WAL with `synchronous=FULL`: a commit has been synced when it returns.
 *
 * Every statement runs on the hub's own thread and takes microseconds; the promises are the interface's, not
 * this store's need. Since one process owns the file, what it last wrote of a parcel can be kept in memory.
 */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ParcelKey } from '../../protocol/messages.ts';
import { isFinished, keyOf, type Parcel } from '../../protocol/parcel.ts';
import {
  type Append,
  type Board,
  type CommandKey,
  type Committed,
  type Decided,
  type Found,
  type Head,
  type Page,
  type ParcelPage,
  type ParcelQuery,
  type Place,
  type Range,
  type Row,
  type Scope,
  type Store,
  type StoredParcel,
  StoreError,
  type Wanted,
} from './store.ts';

/** "CAPS", so that another program's file is never taken for ours. */
const applicationId = 0x43415053;
/** Up to this size the whole file is checked at start; a larger one would take longer than a start may. */
const checkedBytesMax = 64 * 1024 * 1024;
/** 16 MiB of WAL: pages that are written again and again reach the file once. */
const checkpointPages = 4_096;
const cachedParcelsMax = 10_000;
const cachedStoresMax = 10_000;

/** One step per schema version; a step is never edited once a release has run it. */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    store TEXT NOT NULL,
    store_seq INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    previous INTEGER NOT NULL,  -- seq of the parcel's record before this one, 0 if none: its life without an index
    board TEXT NOT NULL,
    drivers TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX log_by_store ON log (store, store_seq);
  CREATE TABLE parcels (
    first_seq INTEGER PRIMARY KEY,  -- of its pickup, so that new parcels are appended
    first_store_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_store_seq INTEGER NOT NULL,
    store TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    holder TEXT,
    finished INTEGER NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL  -- the rest of the parcel as JSON
  ) STRICT;
  CREATE UNIQUE INDEX parcels_by_key ON parcels (store, order_id);
  CREATE INDEX parcels_unfinished ON parcels (store, first_seq) WHERE finished = 0;
  CREATE TABLE commands (
    id TEXT NOT NULL,  -- first in the key: new UUIDv7 ids of all senders stand together
    actor TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (id, actor)
  ) STRICT, WITHOUT ROWID;
  `,
];

/**
 * @param folder is made if it is missing
 * @throws StoreError the folder cannot be written, another hub has it, or the file is not a log of ours
 */
export function openSqliteStore(folder: string): Store {
  const file = join(folder, 'caps.sqlite');
  makeWritable(folder);
  const lock = lockFolder(folder);
  try {
    checkHeader(file);
    return new SqliteStore(openLog(file), lock);
  } catch (error) {
    lock.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The log ${file} cannot be read (${reasonOf(error)}). Restore a backup or move it away.`,
      {
        cause: error,
      },
    );
  }
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new StoreError(`The data folder ${folder} cannot be written (${reasonOf(error)}). Set CAPS_DATA.`, {
      cause: error,
    });
  }
}

/** Held by the process through the operating system: a killed hub leaves nothing to clean up. */
function lockFolder(folder: string): DatabaseSync {
  const lock = openLock(join(folder, 'caps.lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new StoreError(`Another hub is already running on the data folder ${folder}.`, { cause: error });
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (error) {
    throw new StoreError(`The lock ${file} cannot be opened (${reasonOf(error)}). Set CAPS_DATA.`, {
      cause: error,
    });
  }
}

/** Looks at the file's first bytes before SQLite may touch it. */
function checkHeader(file: string): void {
  if (!existsSync(file) || statSync(file).size === 0) return;
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  const read = readSync(handle, header);
  closeSync(handle);
  if (read < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new StoreError(`The file ${file} is not a SQLite database, or it is damaged.`);
  }
  if (header.readUInt32BE(68) !== applicationId)
    throw new StoreError(`The file ${file} is not a log of CAPS.`);
  checkVersion(file, header.readUInt32BE(60));
}

function checkVersion(file: string, version: number): void {
  if (version <= migrations.length) return;
  throw new StoreError(
    `The log ${file} was written by a newer CAPS (its format is ${version}, this one knows ${migrations.length}).`,
  );
}

function openLog(file: string): DatabaseSync {
  const isNew = !existsSync(file) || statSync(file).size === 0;
  if (!isNew) check(file);
  const db = new DatabaseSync(file);
  try {
    db.exec(
      `PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = ${checkpointPages}`,
    );
    if (isNew) create(db);
    migrate(db);
    db.exec('PRAGMA journal_mode = WAL');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * With what a killed hub left in the WAL, which the header knows nothing of. Read-only: closing another
 * connection would move the WAL into a file that is then refused.
 */
function check(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    checkVersion(file, versionOf(db));
    if (statSync(file).size > checkedBytesMax) return;
    const [first] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (first !== 'ok') throw new Error(String(first));
  } finally {
    db.close();
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0]);
}

/** Before the file becomes a WAL, so that its header says from the first moment what it is. */
function create(db: DatabaseSync): void {
  db.exec(`PRAGMA application_id = ${applicationId}`);
}

function migrate(db: DatabaseSync): void {
  const version = versionOf(db);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    db.exec(`BEGIN; ${step} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
  const put = db.prepare('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)');
  put.run('epoch', Buffer.from(randomBytes(6).toString('hex')));
  put.run('secret', randomBytes(32));
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replaceAll('\n', ' ');
}

// ---- the store ----

interface LogRow {
  seq: number;
  store: string;
  store_seq: number;
  order_id: string;
  rev: number;
  previous: number;
  board: Board;
  drivers: string;
  text: string;
}

interface ParcelRow {
  first_seq: number;
  first_store_seq: number;
  last_seq: number;
  last_store_seq: number;
  payload: string;
  state: string;
}

class SqliteStore implements Store {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly #db: DatabaseSync;
  readonly #lock: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  readonly #parcels = new Recent<StoredParcel>(cachedParcelsMax);
  readonly #storeHeads = new Recent<number>(cachedStoresMax);
  #head: Head;
  #closed = false;

  constructor(db: DatabaseSync, lock: DatabaseSync) {
    this.#db = db;
    this.#lock = lock;
    this.#sql = statements(db);
    this.epoch = Buffer.from(this.#meta('epoch')).toString();
    this.secret = this.#meta('secret');
    const last = this.#sql.lastRow.get() as LogRow | undefined;
    this.#head = last ? { seq: last.seq, time: timeIn(last.text) } : { seq: 0, time: '' };
  }

  async head(): Promise<Head> {
    return this.#head;
  }

  async commit<T>(wanted: Wanted, decide: (found: Found) => Decided<T>): Promise<Committed<T>> {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const { appends, result } = decide(this.#find(wanted));
      const written = appends.length > 0 ? this.#append(appends) : undefined;
      this.#db.exec('COMMIT');
      // Only what is on disk may be remembered.
      if (written) this.#remember(written);
      return { rows: written?.rows ?? [], result };
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  async read(scope: Scope, range: Range): Promise<Page> {
    if (scope.kind === 'parcel') return this.#readLife(scope.parcel, range);
    // One more than asked tells whether there is more.
    const limit = range.limit + 1;
    const rows = this.#range(scope, range, limit).map(toRow);
    const more = rows.length === limit;
    if (more) rows.pop();
    if ('before' in range) rows.reverse();
    return { rows, head: this.#head.seq, more };
  }

  async headOf(scope: Scope): Promise<number> {
    if (scope.kind === 'all') return this.#head.seq;
    if (scope.kind === 'store') return this.#storeHead(scope.store);
    return this.#stored(scope.parcel)?.parcel.rev ?? 0;
  }

  async parcel(key: ParcelKey): Promise<Parcel | undefined> {
    return this.#stored(key)?.parcel;
  }

  async parcels(query: ParcelQuery): Promise<ParcelPage> {
    const { where, values } = conditions(query);
    const order = query.order === 'newest' ? 'first_seq DESC' : 'store, order_id';
    const sql = `SELECT * FROM parcels ${where} ORDER BY ${order} LIMIT ?`;
    const rows = this.#db.prepare(sql).all(...values, query.limit + 1) as unknown as (ParcelRow & LogRow)[];
    const more = rows.length > query.limit;
    if (more) rows.pop();
    const last = rows.at(-1);
    const next =
      last &&
      (query.order === 'newest' ? String(last.first_seq) : JSON.stringify([last.store, last.order_id]));
    return { parcels: rows.map(toParcel), ...(more && next !== undefined ? { next } : {}) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.close();
    this.#lock.close();
  }

  // ---- commit ----

  #find(wanted: Wanted): Found {
    const parcels = new Map(wanted.parcels.map((key) => [nameOf(key), this.#stored(key)]));
    return {
      head: this.#head,
      parcel: (key) => parcels.get(nameOf(key)),
      command: (key) => this.#command(key),
    };
  }

  #command({ actor, id }: CommandKey): Row | undefined {
    const known = this.#sql.command.get(id, actor) as { seq: number } | undefined;
    return known && toRow(this.#sql.bySeq.get(known.seq) as unknown as LogRow);
  }

  #append(appends: readonly Append[]): Written {
    const rows: Row[] = [];
    const storeHeads = new Map<string, number>();
    const parcels = new Map<string, StoredParcel & { isNew: boolean }>();
    let { seq, time } = this.#head;
    for (const { record, parcel, board, command } of appends) {
      seq += 1;
      time = record.time;
      const key = keyOf(parcel);
      const { store, orderID } = key;
      const storeSeq = (storeHeads.get(store) ?? this.#storeHead(store)) + 1;
      storeHeads.set(store, storeSeq);
      const place: Place = { seq, storeSeq };
      const name = nameOf(key);
      const written = parcels.get(name);
      const stored = written ?? (record.rev === 1 ? undefined : this.#stored(key));
      const text = JSON.stringify(record).slice(1);
      const { drivers } = parcel;
      const previous = stored?.last.seq ?? 0;
      const row = { ...place, store, orderID, rev: record.rev, board, drivers, text };
      this.#sql.append.run(
        seq,
        store,
        storeSeq,
        orderID,
        record.rev,
        previous,
        board,
        JSON.stringify(drivers),
        text,
      );
      if (command) this.#sql.remember.run(command.id, command.actor, seq);
      rows.push(row);
      const isNew = written?.isNew ?? stored === undefined;
      parcels.set(name, { parcel, first: stored?.first ?? place, last: place, isNew });
    }
    for (const stored of parcels.values()) this.#writeParcel(stored);
    return { rows, head: { seq, time }, storeHeads, parcels };
  }

  #writeParcel({ parcel, first, last, isNew }: StoredParcel & { isNew: boolean }): void {
    const { payload, ...rest } = parcel;
    const state = JSON.stringify(rest);
    const finished = isFinished(parcel.status) ? 1 : 0;
    const holder = parcel.holder?.id ?? null;
    if (!isNew) {
      this.#sql.updateParcel.run(last.seq, last.storeSeq, parcel.status, holder, finished, state, first.seq);
      return;
    }
    const { store, orderID } = payload;
    const places = [first.seq, first.storeSeq, last.seq, last.storeSeq];
    this.#sql.addParcel.run(
      ...places,
      store,
      orderID,
      parcel.status,
      holder,
      finished,
      JSON.stringify(payload),
      state,
    );
  }

  #remember({ head, storeHeads, parcels }: Written): void {
    this.#head = head;
    for (const [store, seq] of storeHeads) this.#storeHeads.set(store, seq);
    for (const [name, { parcel, first, last }] of parcels) this.#parcels.set(name, { parcel, first, last });
  }

  // ---- read ----

  #range(scope: Exclude<Scope, { kind: 'parcel' }>, range: Range, limit: number): LogRow[] {
    const sql = this.#sql;
    const rows =
      scope.kind === 'all'
        ? 'after' in range
          ? sql.after.all(range.after, limit)
          : sql.before.all(range.before, limit)
        : 'after' in range
          ? sql.storeAfter.all(scope.store, range.after, limit)
          : sql.storeBefore.all(scope.store, range.before, limit);
    return rows as unknown as LogRow[];
  }

  /** A parcel's records, by walking from its last one back. */
  #readLife(key: ParcelKey, range: Range): Page {
    const rows: Row[] = [];
    let seq = this.#stored(key)?.last.seq ?? 0;
    while (seq > 0) {
      const row = this.#sql.bySeq.get(seq) as unknown as LogRow;
      rows.push(toRow(row));
      seq = row.previous;
    }
    rows.reverse();
    const head = this.#head.seq;
    if ('after' in range) {
      const found = rows.filter((row) => row.rev > range.after);
      return { rows: found.slice(0, range.limit), head, more: found.length > range.limit };
    }
    const found = rows.filter((row) => row.rev < range.before);
    return { rows: found.slice(-range.limit), head, more: found.length > range.limit };
  }

  #stored(key: ParcelKey): StoredParcel | undefined {
    const name = nameOf(key);
    const cached = this.#parcels.get(name);
    if (cached) return cached;
    const row = this.#sql.parcel.get(key.store, key.orderID) as unknown as ParcelRow | undefined;
    if (!row) return undefined;
    const stored: StoredParcel = {
      parcel: toParcel(row),
      first: { seq: row.first_seq, storeSeq: row.first_store_seq },
      last: { seq: row.last_seq, storeSeq: row.last_store_seq },
    };
    this.#parcels.set(name, stored);
    return stored;
  }

  #storeHead(store: string): number {
    const cached = this.#storeHeads.get(store);
    if (cached !== undefined) return cached;
    const row = this.#sql.storeHead.get(store) as { store_seq: number } | undefined;
    return row?.store_seq ?? 0;
  }

  #meta(name: string): Uint8Array {
    const row = this.#sql.meta.get(name) as { value: Uint8Array } | undefined;
    if (!row) throw new Error(`meta "${name}" is missing`);
    return row.value;
  }
}

interface Written {
  readonly rows: readonly Row[];
  readonly head: Head;
  readonly storeHeads: ReadonlyMap<string, number>;
  readonly parcels: ReadonlyMap<string, StoredParcel>;
}

function statements(
  db: DatabaseSync,
): Record<
  | 'meta'
  | 'lastRow'
  | 'bySeq'
  | 'after'
  | 'before'
  | 'storeAfter'
  | 'storeBefore'
  | 'storeHead'
  | 'parcel'
  | 'command'
  | 'append'
  | 'remember'
  | 'addParcel'
  | 'updateParcel',
  StatementSync
> {
  return {
    meta: db.prepare('SELECT value FROM meta WHERE name = ?'),
    lastRow: db.prepare('SELECT * FROM log ORDER BY seq DESC LIMIT 1'),
    bySeq: db.prepare('SELECT * FROM log WHERE seq = ?'),
    after: db.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?'),
    before: db.prepare('SELECT * FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?'),
    storeAfter: db.prepare('SELECT * FROM log WHERE store = ? AND store_seq > ? ORDER BY store_seq LIMIT ?'),
    storeBefore: db.prepare(
      'SELECT * FROM log WHERE store = ? AND store_seq < ? ORDER BY store_seq DESC LIMIT ?',
    ),
    storeHead: db.prepare('SELECT store_seq FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 1'),
    parcel: db.prepare('SELECT * FROM parcels WHERE store = ? AND order_id = ?'),
    command: db.prepare('SELECT seq FROM commands WHERE id = ? AND actor = ?'),
    append: db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    remember: db.prepare('INSERT INTO commands VALUES (?, ?, ?)'),
    addParcel: db.prepare('INSERT INTO parcels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    updateParcel: db.prepare(
      'UPDATE parcels SET last_seq = ?, last_store_seq = ?, status = ?, holder = ?, finished = ?, state = ? WHERE first_seq = ?',
    ),
  };
}

/** The part of a query that chooses rows. Values never become part of the SQL text. */
function conditions(query: ParcelQuery): { from: string; where: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (part: string, ...more: (string | number)[]) => {
    parts.push(part);
    values.push(...more);
  };
  if (query.store !== undefined) add('store = ?', query.store);
  if (query.holder !== undefined) add('holder = ?', query.holder);
  if (query.statuses) add(`status IN (${query.statuses.map(() => '?').join(', ')})`, ...query.statuses);
  const unfinished = query.unfinished === true || query.boardOf !== undefined;
  if (unfinished) add('finished = 0');
  if (query.boardOf !== undefined) add(`(status = 'ready' OR holder = ?)`, query.boardOf);
  if (query.from !== undefined)
    add(`first_seq ${query.order === 'newest' ? '<' : '>'} ?`, Number(query.from));
  return {
    // Left to itself, SQLite would rather walk over all finished parcels than sort the few others.
    from: unfinished ? 'parcels INDEXED BY parcels_unfinished' : 'parcels',
    where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '',
    values,
  };
}

function toRow(row: LogRow): Row {
  return {
    seq: row.seq,
    storeSeq: row.store_seq,
    store: row.store,
    orderID: row.order_id,
    rev: row.rev,
    board: row.board,
    drivers: row.drivers === '[]' ? [] : (JSON.parse(row.drivers) as string[]),
    text: row.text,
  };
}

function toParcel(row: ParcelRow): Parcel {
  return { payload: JSON.parse(row.payload), ...JSON.parse(row.state) } as Parcel;
}

function timeIn(text: string): string {
  return (JSON.parse(`{${text}`) as { time: string }).time;
}

function nameOf({ store, orderID }: ParcelKey): string {
  return `${store}\n${orderID}`;
}

/** A map that forgets what was set longest ago. */
class Recent<V> {
  readonly #map = new Map<string, V>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size <= this.#max) return;
    for (const oldest of this.#map.keys()) {
      this.#map.delete(oldest);
      break;
    }
  }
}
