/**
 * The log in one SQLite file. WAL with `synchronous=FULL`: a commit has been synced when it returns.
 *
 * Every statement runs on the hub's own thread and takes microseconds; the promises are the interface's, not
 * this store's need. Since one process owns the file, what it last wrote of a parcel can be kept in memory.
 */

import type { DatabaseSync } from 'node:sqlite';
import type { CapsRecord, ParcelKey } from '../../protocol/messages.ts';
import { ownTimeOf } from '../../protocol/own-time.ts';
import { isFinished, keyOf, type Parcel } from '../../protocol/parcel.ts';
import { paged } from './pages.ts';
import { Recent } from './recent.ts';
import { followed, type SetBacks } from './set-backs.ts';
import { openSqliteFile, type SqliteFile, unreadable } from './sqlite-file.ts';
import { SqliteKeys } from './sqlite-keys.ts';
import { SqliteProfiles } from './sqlite-profiles.ts';
import { indexedColumns, parcelsQuery, parcelUpdates, placeColumn, statements } from './sqlite-statements.ts';
import type {
  Append,
  Board,
  CommandKey,
  Committed,
  Decided,
  Found,
  Head,
  Page,
  ParcelPage,
  ParcelQuery,
  Place,
  Range,
  Row,
  Scope,
  SetBack,
  Store,
  StoredParcel,
  Wanted,
} from './store.ts';

const cachedParcelsMax = 10_000;
/** Of the parcels in memory, in characters of their records. */
const cachedSizeMax = 16 * 1024 * 1024;
const cachedStoresMax = 10_000;
/** In `meta`. */
const setBacksName = 'set-backs';
/** What stays of a probe; the rest is free again for what comes next. */
const probeBytes = 8;

/**
 * @param folder is made if it is missing
 * @throws StoreError the folder cannot be written, another hub has it, or the file is not a log of ours
 */
export function openSqliteStore(folder: string): Store {
  const file = openSqliteFile(folder);
  try {
    return new SqliteStore(file);
  } catch (error) {
    file.close();
    throw unreadable(file.path, error);
  }
}

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
  /** Of the pickup. */
  text: string;
  state: string;
}

class SqliteStore implements Store {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly keys: SqliteKeys;
  readonly profiles: SqliteProfiles;
  readonly #file: SqliteFile;
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  readonly #updateOf: ReturnType<typeof parcelUpdates>;
  readonly #parcels = new Recent<StoredParcel>(cachedParcelsMax, cachedSizeMax);
  readonly #storeHeads = new Recent<number>(cachedStoresMax, cachedSizeMax);
  #head: Head;
  #setBacks: SetBacks;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#db = file.db;
    this.#sql = statements(file.db);
    this.#updateOf = parcelUpdates(file.db);
    this.keys = new SqliteKeys(file.db);
    this.profiles = new SqliteProfiles(file.db);
    this.epoch = Buffer.from(this.#meta('epoch')).toString();
    this.secret = this.#meta('secret');
    const last = this.#sql.lastRow.get() as LogRow | undefined;
    this.#head = last ? { seq: last.seq, time: recordIn(last).time } : { seq: 0, time: '' };
    const list = JSON.parse(Buffer.from(this.#found(setBacksName) ?? '[]').toString()) as SetBack[];
    this.#setBacks = { list, ownMs: last ? ownTimeOf(recordIn(last)) : 0 };
  }

  async setBacks(): Promise<readonly SetBack[]> {
    return this.#setBacks.list;
  }

  async head(): Promise<Head> {
    return this.#head;
  }

  async commit<T>(wanted: Wanted, decide: (found: Found) => Decided<T>): Promise<Committed<T>> {
    const { written, result } = this.#transaction(() => {
      const { appends, result } = decide(this.#find(wanted));
      return { written: appends.length > 0 ? this.#append(appends) : undefined, result };
    });
    // Only what is on disk may be remembered.
    if (written) this.#remember(written);
    return { rows: written?.rows ?? [], result };
  }

  #transaction<T>(run: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  async read(scope: Scope, range: Range): Promise<Page> {
    const found = scope.kind === 'parcel' ? this.#life(scope.parcel, range) : this.#range(scope, range);
    const { page, more } = paged(found, range, sizeOf);
    if ('before' in range) page.reverse();
    return { rows: page.map(toRow), head: this.#head.seq, more };
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
    const { sql, values } = parcelsQuery(query);
    const rows: Iterable<unknown> = this.#db.prepare(sql).iterate(...values);
    const { page, more } = paged(rows as Iterable<ParcelRow>, query, sizeOf);
    const places = page.map((row) => String(row[placeColumn(query)]));
    const next = more ? places.at(-1) : undefined;
    return { parcels: page.map(toParcel), places, ...(next === undefined ? {} : { next }) };
  }

  async readyCount(): Promise<number> {
    return (this.#sql.readyCount.get() as { count: number }).count;
  }

  async holders(after: string, limit: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (let next: string | undefined = after; found.length < limit; found.push(next)) {
      const row = this.#sql.nextHolder.get(next) as { holder: string } | undefined;
      if (!row) break;
      next = row.holder;
    }
    return found;
  }

  async acknowledge(keys: readonly ParcelKey[]): Promise<void> {
    this.#transaction(() => {
      for (const { store, orderID } of keys) this.#sql.acknowledge.run(store, orderID);
    });
  }

  async probe(bytes: number): Promise<void> {
    this.#transaction(() => this.#sql.probe.run(bytes));
    if (bytes > probeBytes) this.#transaction(() => this.#sql.probe.run(probeBytes));
  }

  async close(): Promise<void> {
    this.#file.close();
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
    const parcels = new Map<string, WrittenParcel>();
    let { seq, time } = this.#head;
    let setBacks = this.#setBacks;
    for (const { record, parcel, board, command } of appends) {
      seq += 1;
      time = record.time;
      setBacks = followed(setBacks, seq, record);
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
      const before = written ? written.before : stored?.parcel;
      parcels.set(name, { parcel, first: stored?.first ?? place, last: place, before, size: text.length });
    }
    for (const stored of parcels.values()) this.#writeParcel(stored);
    if (setBacks.list !== this.#setBacks.list) {
      this.#sql.put.run(setBacksName, Buffer.from(JSON.stringify(setBacks.list)));
    }
    return { rows, head: { seq, time }, storeHeads, parcels, setBacks };
  }

  #writeParcel({ parcel, first, last, before }: WrittenParcel): void {
    const { payload, ...rest } = parcel;
    const state = JSON.stringify(rest);
    const now = indexedOf(parcel);
    if (before) {
      const was = indexedOf(before);
      const changed = indexedColumns.filter((column) => was[column] !== now[column]);
      const values = changed.map((column) => now[column]);
      this.#updateOf(changed).run(last.seq, last.storeSeq, state, ...values, first.seq);
      return;
    }
    const { store, orderID } = payload;
    const places = [first.seq, first.storeSeq, last.seq, last.storeSeq];
    this.#sql.addParcel.run(...places, store, orderID, now.status, now.holder, now.finished, state);
  }

  #remember({ head, storeHeads, parcels, setBacks }: Written): void {
    this.#head = head;
    this.#setBacks = setBacks;
    for (const [store, seq] of storeHeads) this.#storeHeads.set(store, seq, store.length);
    for (const [name, { parcel, first, last, size }] of parcels) {
      this.#parcels.set(name, { parcel, first, last }, size);
    }
  }

  // ---- read ----

  #range(scope: Exclude<Scope, { kind: 'parcel' }>, range: Range): Iterable<LogRow> {
    const sql = this.#sql;
    const limit = range.limit + 1;
    const rows: Iterable<unknown> =
      scope.kind === 'all'
        ? 'after' in range
          ? sql.after.iterate(range.after, limit)
          : sql.before.iterate(range.before, limit)
        : 'after' in range
          ? sql.storeAfter.iterate(scope.store, range.after, limit)
          : sql.storeBefore.iterate(scope.store, range.before, limit);
    return rows as Iterable<LogRow>;
  }

  /** A parcel's records: found by walking from its last one back, which does not read them, and then read. */
  *#life(key: ParcelKey, range: Range): Generator<LogRow> {
    const seqs: number[] = [];
    let seq = this.#stored(key)?.last.seq ?? 0;
    while (seq > 0 && ('after' in range || seqs.length <= range.limit)) {
      const { rev, previous } = this.#sql.step.get(seq) as { rev: number; previous: number };
      if ('after' in range && rev <= range.after) break;
      if ('after' in range || rev < range.before) seqs.push(seq);
      seq = previous;
    }
    if ('after' in range) seqs.reverse();
    for (const one of seqs) yield this.#sql.bySeq.get(one) as unknown as LogRow;
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
    this.#parcels.set(name, stored, row.text.length);
    return stored;
  }

  #storeHead(store: string): number {
    const cached = this.#storeHeads.get(store);
    if (cached !== undefined) return cached;
    const row = this.#sql.storeHead.get(store) as { store_seq: number } | undefined;
    return row?.store_seq ?? 0;
  }

  #meta(name: string): Uint8Array {
    const value = this.#found(name);
    if (!value) throw new Error(`meta "${name}" is missing`);
    return value;
  }

  #found(name: string): Uint8Array | undefined {
    const row = this.#sql.meta.get(name) as { value: Uint8Array } | undefined;
    return row?.value;
  }
}

interface Written {
  readonly rows: readonly Row[];
  readonly head: Head;
  readonly storeHeads: ReadonlyMap<string, number>;
  readonly parcels: ReadonlyMap<string, WrittenParcel>;
  readonly setBacks: SetBacks;
}

interface WrittenParcel extends StoredParcel {
  /** As it is on disk; undefined where it is new. */
  readonly before: Parcel | undefined;
  /** Of its latest record, in characters. */
  readonly size: number;
}

function indexedOf({
  status,
  holder,
}: Parcel): Record<(typeof indexedColumns)[number], string | number | null> {
  return { status, holder: holder?.id ?? null, finished: isFinished(status) ? 1 : 0 };
}

/** Of a parcel's, the text is its pickup's, and its state is more. */
function sizeOf({ text, state = '' }: { text: string; state?: string }): number {
  return text.length + state.length;
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
  const { payload } = JSON.parse(`{${row.text}`) as CapsRecord;
  return { payload, ...JSON.parse(row.state) } as Parcel;
}

function recordIn({ text }: LogRow): CapsRecord {
  return JSON.parse(`{${text}`) as CapsRecord;
}

function nameOf({ store, orderID }: ParcelKey): string {
  return `${store}\n${orderID}`;
}
