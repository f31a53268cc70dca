/**
 * The log in one SQLite file. WAL with `synchronous=FULL`: a commit is synced when it returns.
 *
 * All statements run on the hub's own thread and take microseconds; promises are the port's choice. One process owns
 * the file, so it can cache the parcels that it last wrote.
 */

import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isFinished } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { blobsFolder, FolderBlobs } from '../files/folder-blobs.ts';
import { type Position, Row, storedText } from '../row.ts';
import { littleBudget, noBudget } from '../rows/budget.ts';
import { Damages } from '../rows/damage.ts';
import { rowsAmong } from '../rows/pages.ts';
import {
  anonymousName,
  endOf,
  type LogRow,
  logSum,
  type ParcelRow,
  soundParcel,
  soundRow,
  sumOf,
} from '../rows/rows.ts';
import { followed, noSetBacks, type SetBacks } from '../rows/set-backs.ts';
import { sift } from '../rows/sifting.ts';
import {
  type Append,
  type CommandId,
  type CommitLookup,
  type CommitPlan,
  type CommitResult,
  DamagedError,
  type Head,
  type LookupResult,
  type Page,
  type ParcelPage,
  type ParcelQuery,
  type Range,
  type ReadyCount,
  type Scope,
  type SetBack,
  type SiftPage,
  type SiftQuery,
  type Store,
  type StoredParcel,
  StoreError,
} from '../store.ts';
import { openSqliteFile, type SqliteFile, unreadable } from './file.ts';
import { SqliteKeys } from './keys.ts';
import { type StoreLimits, storeLimits } from './limits.ts';
import { SqliteLog } from './log.ts';
import { Lookups } from './lookups.ts';
import { SqliteMeta } from './meta.ts';
import { SqliteOutbound } from './outbound.ts';
import { ParcelRows, type WrittenParcel } from './parcel-rows.ts';
import { SqliteParcels } from './parcels.ts';
import { SqliteProfiles } from './profiles.ts';
import { Recent } from './recent.ts';
import { SqliteRepeats } from './repeats.ts';
import { statements } from './statements.ts';

/** Bytes that stay of a probe; the rest is freed. */
const probeBytes = 8;

/**
 * @param folder created if missing
 * @param tell called with a sentence about slow steps
 * @param limits defaults to the usual ones
 * @throws StoreError if the folder is not writable, another hub has it, or the file is not a log of ours
 */
export function openSqliteStore(
  folder: string,
  tell: (words: string) => void = () => {},
  limits: StoreLimits = storeLimits,
): Store {
  const file = openSqliteFile(folder, tell, limits.checkedMax);
  try {
    return new SqliteStore(file, limits);
  } catch (error) {
    file.close();
    throw error instanceof StoreError ? error : unreadable(file.path, error);
  }
}

class SqliteStore implements Store {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly keys: SqliteKeys;
  readonly profiles: SqliteProfiles;
  readonly repeats: SqliteRepeats;
  readonly outbound: SqliteOutbound;
  readonly blobs: FolderBlobs;
  readonly damage = new Damages();
  readonly #file: SqliteFile;
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;
  readonly #parcelRows: ParcelRows;
  readonly #meta: SqliteMeta;
  readonly #log: SqliteLog;
  readonly #lists: SqliteParcels;
  readonly #parcels: Recent<StoredParcel>;
  readonly #storeHeads: Recent<number>;
  #head: Head;
  #setBacks: SetBacks;

  constructor(file: SqliteFile, { parcelsMax, storesMax, sizeMax }: StoreLimits) {
    this.#parcels = new Recent(parcelsMax, sizeMax);
    this.#storeHeads = new Recent(storesMax, sizeMax);
    this.#file = file;
    this.#db = file.db;
    this.#sql = statements(file.db);
    this.#parcelRows = new ParcelRows(file.db);
    this.keys = new SqliteKeys(file.db, this.damage);
    this.profiles = new SqliteProfiles(file.db, this.damage);
    this.repeats = new SqliteRepeats(file.db, this.damage);
    this.outbound = new SqliteOutbound(file.db, this.damage);
    this.blobs = new FolderBlobs({
      folder: join(dirname(file.path), blobsFolder),
      onDamaged: (name) => this.damage.found(name),
    });
    this.#meta = new SqliteMeta(file.db);
    this.#log = new SqliteLog(this.#sql, this.damage);
    this.#lists = new SqliteParcels(file.db, this.damage);
    this.epoch = Buffer.from(this.#meta.value('epoch')).toString();
    this.secret = this.#meta.value('secret');
    const end = endOf(this.#sql.lastRows.iterate() as Iterable<unknown> as Iterable<LogRow>);
    this.#head = end.head;
    const list = this.#meta.setBacks();
    this.#setBacks = list ? { list, ownMs: end.ownMs } : this.#setBacksAgain();
  }

  async setBacks(): Promise<readonly SetBack[]> {
    return this.#setBacks.list;
  }

  async head(): Promise<Head> {
    return this.#head;
  }

  async commit<T>(
    _wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
  ): Promise<CommitResult<T>> {
    const { written, result } = this.#transaction(() => {
      const lookups = new Lookups(this.#head, this.#source);
      const { appends, result } = decide(lookups);
      lookups.check();
      return { written: appends.length > 0 ? this.#append(appends) : undefined, result };
    });
    // Only what is on disk may be cached.
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
    const end = scope.kind === 'store' ? this.#storeHead(scope.store) : this.#head.seq;
    return { ...this.#page(scope, range, end), head: this.#head.seq };
  }

  async rowsAt(seqs: readonly number[]): Promise<Pick<Page, 'rows' | 'damaged'>> {
    return rowsAmong(seqs, (seq) => this.#log.bySeq(seq));
  }

  async sift(wanted: SiftQuery): Promise<SiftPage> {
    const { scope, high } = wanted;
    return sift(wanted, (range) => this.#page(scope, range, high), littleBudget);
  }

  async headOf(scope: Scope): Promise<number> {
    if (scope.kind === 'all') return this.#head.seq;
    if (scope.kind === 'store') return this.#storeHead(scope.store);
    return this.#stored(scope.parcel)?.parcel.rev ?? 0;
  }

  async parcel(key: ParcelId): Promise<Parcel | undefined> {
    return this.#stored(key)?.parcel;
  }

  async parcels(query: ParcelQuery): Promise<ParcelPage> {
    // The hub's own queries are bounded by its limits.
    return this.#lists.page(query, query.caller === undefined ? noBudget : littleBudget);
  }

  async readyCount(): Promise<ReadyCount> {
    return { ...this.#head, ...(this.#sql.readyCount.get() as { count: number }) };
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

  async acknowledge(keys: readonly ParcelId[]): Promise<void> {
    this.#transaction(() => {
      for (const key of keys) {
        const first = this.#stored(key)?.first.seq;
        if (first !== undefined) this.#sql.acknowledge.run(first, sumOf(first));
      }
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

  readonly #source = {
    parcel: (key: ParcelId) => this.#stored(key),
    command: (key: CommandId) => this.#command(key),
  };

  #command({ actor, id }: CommandId): Row | undefined {
    const known = this.#sql.command.get(id, actor) as { seq: number; crc: number | null } | undefined;
    if (!known) return undefined;
    if (sumOf(id, actor, known.seq) !== known.crc) {
      throw this.#damaged('what became of a command');
    }
    const row = this.#log.bySeq(known.seq);
    if (!row) throw new DamagedError(`record ${known.seq}`);
    return row;
  }

  #append(appends: readonly Append[]): CommitWrites {
    const rows: Row[] = [];
    const storeHeads = new Map<string, number>();
    const parcels = new Map<string, WrittenParcel>();
    let { seq, time } = this.#head;
    let setBacks = this.#setBacks;
    for (const { record, parcel, board, command } of appends) {
      seq += 1;
      time = record.time;
      setBacks = followed(setBacks, seq, record);
      const { payload, drivers } = parcel;
      const { store, orderID } = payload;
      const storeSeq = (storeHeads.get(store) ?? this.#storeHead(store)) + 1;
      storeHeads.set(store, storeSeq);
      const place: Position = { seq, storeSeq };
      const name = parcelName(payload);
      const written = parcels.get(name);
      const stored = written ?? (record.rev === 1 ? undefined : this.#stored(payload, name));
      const { rev } = record;
      const text = storedText(record);
      const previous = stored?.last.seq ?? 0;
      this.#addRow({
        seq,
        store,
        store_seq: storeSeq,
        order_id: orderID,
        rev,
        previous,
        board,
        drivers: drivers.length === 0 ? '[]' : JSON.stringify(drivers),
        text,
      });
      if (command) {
        const { id, actor } = command;
        this.#sql.remember.run(id, actor, seq, sumOf(id, actor, seq));
      }
      rows.push(new Row({ seq, storeSeq, store, orderID, rev, board, drivers, text }, record));
      const before = written ? written.before : stored?.parcel;
      parcels.set(name, { parcel, first: stored?.first ?? place, last: place, before, size: text.length });
    }
    for (const written of parcels.values()) this.#parcelRows.write(written);
    if (setBacks.list !== this.#setBacks.list) {
      this.#meta.putSetBacks(setBacks.list);
    }
    return { rows, head: { seq, time }, storeHeads, parcels, setBacks };
  }

  #addRow(row: Omit<LogRow, 'crc'>): void {
    const { seq, store, store_seq, order_id, rev, previous, board, drivers, text } = row;
    const crc = logSum(row);
    this.#sql.append.run(seq, store, store_seq, order_id, rev, previous, board, drivers, text, crc);
  }

  #remember({ head, storeHeads, parcels, setBacks }: CommitWrites): void {
    this.#head = head;
    this.#setBacks = setBacks;
    for (const [store, seq] of storeHeads) this.#storeHeads.set(store, seq, store.length);
    for (const [name, { parcel, first, last, size }] of parcels) {
      // Nobody asks for most finished ones again, and what is kept costs collections of garbage.
      if (isFinished(parcel.status)) this.#parcels.forget(name);
      else this.#parcels.set(name, { parcel, first, last }, size);
    }
  }

  // ---- read ----

  /** @param end the last place of the log or of the store; a parcel has its own */
  #page(scope: Scope, range: Range, end: number): Omit<Page, 'head'> {
    if (scope.kind !== 'parcel') return this.#log.page(scope, range, end);
    const stored = this.#stored(scope.parcel);
    return stored ? this.#log.life(stored, range) : { rows: [], more: false };
  }

  #damaged(what: string): DamagedError {
    this.damage.found(what);
    return new DamagedError(what);
  }

  #stored(key: ParcelId, name = parcelName(key)): StoredParcel | undefined {
    const cached = this.#parcels.get(name);
    if (cached) return cached;
    const row = this.#sql.parcel.get(key.store, key.orderID) as unknown as ParcelRow | undefined;
    if (!row) return undefined;
    const stored = soundParcel(row);
    if (!stored) throw this.#damaged(anonymousName(row));
    this.#parcels.set(name, stored, row.p_text?.length ?? 0);
    return stored;
  }

  /** Derives them from the log. */
  #setBacksAgain(): SetBacks {
    let setBacks = noSetBacks;
    for (let seq = 1; seq <= this.#head.seq; seq += 1) {
      const row = this.#log.bySeq(seq);
      if (row) setBacks = followed(setBacks, seq, row.record);
    }
    this.#meta.putSetBacks(setBacks.list);
    return setBacks;
  }

  #storeHead(store: string): number {
    const cached = this.#storeHeads.get(store);
    if (cached !== undefined) return cached;
    const [last, before] = this.#sql.storeHead.all(store) as unknown as LogRow[];
    if (!last) return 0;
    // A leap means a damaged seq; the next record would continue from it.
    if (!soundRow(last) && before?.store_seq !== last.store_seq - 1) {
      throw this.#damaged('the last record of a store');
    }
    return last.store_seq;
  }
}

interface CommitWrites {
  readonly rows: readonly Row[];
  readonly head: Head;
  readonly storeHeads: ReadonlyMap<string, number>;
  readonly parcels: ReadonlyMap<string, WrittenParcel>;
  readonly setBacks: SetBacks;
}
