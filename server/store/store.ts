import { CapsError, type WireError } from '../../protocol/errors.ts';
import type { Status } from '../../protocol/events.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { Parcel, UnnumberedRecord } from '../../protocol/parcel.ts';
import type { PlannedRange } from '../../protocol/planned.ts';
import type { RecordFilter, Term } from '../../protocol/search.ts';
import type { Among } from './among.ts';
import type { Blobs } from './blobs.ts';
import type { LogGrowth } from './growth.ts';
import type { Leases, StoredOutbound } from './outbound.ts';
import type { Peers } from './peers.ts';
import type { Board, Position, Row } from './row.ts';

/**
 * Where the log lives. What every store promises, and the contract suite proves:
 *
 * - The log is append-only. Its seq runs 1, 2, 3 … without holes, and so does each store's own.
 * - `commit` is one transaction: either all that it appends is on disk when it resolves, or nothing is there
 *   when it rejects. It resolves only after the sync.
 * - Commits take place one after the other, also between processes that share one log. What `decide` is given is the
 *   state just before its own appends, and nobody else's write comes in between.
 * - Parcel rows and remembered command ids are written in the transaction of their record.
 * - Reads see whole commits only. A page says up to which place it is complete.
 * - What the disk has changed since it was written is never given back as if it were true. A page goes on around it and
 *   says where; whatever needs it is refused with `DamagedError`.
 */
export interface Store {
  /** Names this log. A restored backup has another, so that no cursor continues in a different log. */
  readonly epoch: string;
  /** 32 random bytes, made with the log, that sign links and tokens. */
  readonly secret: Uint8Array;

  /** The log's last seq and its time; 0 and the empty string while it is empty. */
  head(): Promise<Head>;
  /** @param more called if the commit had to wait for another hub's: what else to look up, because it came meanwhile */
  commit<T>(
    wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
    more?: () => CommitLookup,
  ): Promise<CommitResult<T>>;
  /** Records of a scope after or before a place of that scope, ascending. @throws nothing for a place out of range */
  read(scope: Scope, range: Range): Promise<Page>;
  /** Records at these seqs, ascending. Names damaged and missing ones. */
  rowsAt(seqs: readonly number[]): Promise<Pick<Page, 'rows' | 'damaged'>>;
  /**
   * Filters a range of a scope as far as it gets in a moment; to continue, start from `place`.
   * @throws CapsError busy
   */
  sift(wanted: SiftQuery): Promise<SiftPage>;
  /** The last place of a scope; 0 for an unknown store or parcel. */
  headOf(scope: Scope): Promise<number>;
  /** Ranges whose records are older than the log's time by a second or more; ascending. */
  setBacks(): Promise<readonly SetBack[]>;
  parcel(key: ParcelId): Promise<Parcel | undefined>;
  /**
   * Lists parcels as far as it gets in a moment: a page may be short or even empty and still have a `next`.
   * @throws CapsError busy
   */
  parcels(query: ParcelQuery): Promise<ParcelPage>;
  /** Ready parcels at one moment. It may take as long as counting them: for the start. */
  readyCount(): Promise<ReadyCount>;
  /** The next drivers who hold a parcel, in an order of the store's own. */
  holders(after: string, limit: number): Promise<readonly string[]>;
  /** The store of these parcels has heard how they ended. Unknown and acknowledged parcels are ignored. */
  acknowledge(keys: readonly ParcelId[]): Promise<void>;
  /**
   * Checks whether the log can be written: writes something outside of it, as durably as a commit and with its own
   * sync. Rejects if that fails.
   * @param bytes minimum to write; they are freed again
   */
  probe(bytes: number): Promise<void>;
  readonly keys: Keys;
  readonly profiles: StoredProfiles;
  readonly repeats: StoredRepeats;
  readonly outbound: StoredOutbound;
  readonly blobs: Blobs;
  readonly damage: Damage;
  /** Absent if only this process appends to the log. */
  readonly growth?: LogGrowth | undefined;
  /** The other hubs on this log; absent like `growth`. */
  readonly peers?: Peers | undefined;
  /** Absent like `growth`: what only one hub may do is this one's. */
  readonly leases?: Leases | undefined;
  /** Where the log is, for the operator; absent if it is in the data folder. */
  readonly place?: string | undefined;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Known damage of the store. */
export interface Damage {
  readonly count: number;
  /** E.g. `record 42`; only the first ones if there are many. */
  readonly names: readonly string[];
  /** Reports damage found elsewhere, e.g. in another thread. */
  found(name: string): void;
  /** Called once per damage, at once for known ones. */
  onFound(tell: (name: string) => void): void;
}

/** The requested data is damaged on disk. */
export class DamagedError extends CapsError {
  /** @param what the sentence's subject, e.g. `record 42` */
  constructor(what: string) {
    super('internal', `The disk has damaged ${what}. Restore a backup to have it again.`, {
      details: { damaged: what },
    });
  }
}

/** Stores' profiles, as JSON, outside of the log and without a history. `put` is as durable as a commit. */
export interface StoredProfiles {
  /** Undefined if the store has none. */
  find(store: string): Promise<string | undefined>;
  /** Replaces the profile; undefined removes it. */
  put(store: string, profile: string | undefined): Promise<void>;
  /** Number of stores with a profile. */
  count(): Promise<number>;
}

/** Orders that repeat, as JSON, outside of the log and without a history. `put` is as durable as a commit. */
export interface StoredRepeats {
  /** The next ones by store and id, of one store if it is given. */
  list(query: RepeatQuery): Promise<readonly StoredRepeat[]>;
  find(store: string, id: string): Promise<string | undefined>;
  /**
   * Adds a repeat unless there are so many, in one step: also hubs that share the log never make more.
   * @returns false if there were
   */
  add(repeat: StoredRepeat, most: RepeatRoom): Promise<boolean>;
  /** Replaces a repeat; undefined removes it. */
  put(store: string, id: string, text: string | undefined): Promise<void>;
  /**
   * Replaces the text of a repeat if it is still `before`.
   * @returns false if it is not: another hub, or its store, has changed or removed it
   */
  replace(repeat: StoredRepeat, text: string): Promise<boolean>;
  /** Number of repeats, of one store if it is given. */
  count(store?: string): Promise<number>;
}

export interface RepeatQuery {
  readonly store?: string | undefined;
  readonly after?: { readonly store: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** How many repeats there may be. */
export interface RepeatRoom {
  readonly perStore: number;
  readonly all: number;
}

export interface StoredRepeat {
  readonly store: string;
  readonly id: string;
  readonly text: string;
}

/**
 * Issued access keys, not part of the log. The store holds only their hashes, so a copy of it reveals nobody's key.
 * `add` and `revoke` resolve when the change is on disk, as durably as a commit; every later `find` sees it.
 */
export interface Keys {
  /** Ids and hashes are random, and so never taken. */
  add(key: StoredKey): Promise<void>;
  /** All keys, revoked ones included, the newest first. */
  list(): Promise<readonly StoredKey[]>;
  /** The key with this hash, even if revoked. */
  find(hash: Uint8Array): Promise<StoredKey | undefined>;
  /** Revokes a key; the first time counts. False if there is no such key. */
  revoke(id: string, time: string): Promise<boolean>;
  /** Which of these are revoked. */
  revokedAmong(ids: readonly string[]): Promise<readonly string[]>;
  /** Deletes a revoked key. Ignores any other. */
  forget(id: string): Promise<void>;
}

export interface StoredKey {
  readonly id: string;
  /** SHA-256 of the key's text. */
  readonly hash: Uint8Array;
  readonly role: 'vendor' | 'driver' | 'admin';
  /** The store's or the driver's id; empty for an admin. */
  readonly owner: string;
  /** The name that the issuing admin gave it; may be empty. */
  readonly name: string;
  /** The key's beginning and end, for people to recognize it. */
  readonly hint: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

export interface Head {
  readonly seq: number;
  readonly time: string;
}

/** The number of ready parcels after the log's last record. */
export interface ReadyCount extends Head {
  readonly count: number;
}

/** What a reader may see whole, and what its seqs count. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'store'; readonly store: string }
  | { readonly kind: 'parcel'; readonly parcel: ParcelId };

/** Identifies a command for good: its sender and its id. */
export interface CommandId {
  /** `role:id` of the sender. */
  readonly actor: string;
  readonly id: string;
}

/** A range of the log, both ends included, in which the records' own times do not run backwards. */
export interface SetBack {
  readonly first: number;
  /** Null if it is still open. */
  readonly last: number | null;
}

/** What a commit looks up before it decides: also every parcel that it may append to. */
export interface CommitLookup {
  readonly parcels: readonly ParcelId[];
  readonly commands: readonly CommandId[];
}

export interface LookupResult {
  readonly head: Head;
  parcel(key: ParcelId): StoredParcel | undefined;
  /** The record that this command has become, if any. */
  command(key: CommandId): Row | undefined;
  /** The latest refusal of this command by any hub; absent where one hub owns the log. */
  refusal?(key: CommandId): StoredRefusal | undefined;
}

export interface StoredParcel {
  readonly parcel: Parcel;
  readonly first: Position;
  readonly last: Position;
}

/** A record to append, and the parcel after it. The last append of a parcel has its final state. */
export interface Append {
  readonly record: UnnumberedRecord;
  readonly parcel: Parcel;
  readonly board: Board;
  readonly command?: CommandId | undefined;
}

/** A final refusal, which stays one for a minute at every hub on the log. */
export interface StoredRefusal {
  readonly command: CommandId;
  /** A hash of the command without its id. */
  readonly content: string;
  readonly error: WireError;
}

export interface CommitPlan<T> {
  readonly appends: readonly Append[];
  /** Only for a store that finds refusals. */
  readonly refusals?: readonly StoredRefusal[];
  /** Returned with the commit. */
  readonly result: T;
}

export interface CommitResult<T> {
  readonly rows: readonly Row[];
  readonly result: T;
}

/**
 * Bounds of one page: at most `limit` items, and none after the one that brings it to `sizeMax` characters of stored
 * text. So it holds at least one, however large.
 */
export interface PageBounds {
  readonly limit: number;
  readonly sizeMax?: number | undefined;
}

/** Upwards from `after`, or downwards from `before`. The page itself is always ascending. */
export type Range = ({ readonly after: number } & PageBounds) | ({ readonly before: number } & PageBounds);

export interface Page {
  readonly rows: readonly Row[];
  /** The log's head when the page was read. */
  readonly head: number;
  /** Whether there is more beyond the page's far end. */
  readonly more: boolean;
  /** Places in or beside the page whose records are damaged, ascending; absent if none. */
  readonly damaged?: readonly number[];
}

/** Filters a scope's records at places after `low` and up to `high`. */
export interface SiftQuery {
  readonly scope: Scope;
  readonly low: number;
  readonly high: number;
  readonly forwards: boolean;
  readonly limit: number;
  readonly filter: RecordFilter;
  /** Stops after the record that reaches this many bytes; `answerSizeMax` by default. */
  readonly bytes?: number | undefined;
  /** Only records of parcels that this driver held or has held by then. */
  readonly driver?: string | undefined;
  /** Only records from this moment on, by their own times; milliseconds since 1970. */
  readonly from?: number | undefined;
  /** Only records up to this moment. */
  readonly to?: number | undefined;
  /** Identifies the client: clients take turns. */
  readonly caller: string;
}

/** Bytes of records per answer; the last record may exceed it. */
export const answerSizeMax = 1024 * 1024;

export interface SiftPage {
  /** In search order. */
  readonly rows: readonly Row[];
  /** The last place examined; undefined if all were. */
  readonly place: number | undefined;
  /** Examined places with damaged records, in search order; absent if none. */
  readonly damaged?: readonly number[];
}

/** A parcel's size is the text of its pickup plus what has become of it. */
export interface ParcelQuery extends PageBounds {
  readonly store?: string | undefined;
  /** The holder; for parcels that are not held, the last one. */
  readonly holder?: string | undefined;
  readonly statuses?: readonly Status[] | undefined;
  /** Only parcels that are not delivered, returned or cancelled. */
  readonly unfinished?: boolean | undefined;
  /** Only parcels not acknowledged yet. */
  readonly unacknowledged?: boolean | undefined;
  /** Drivers' view: ready parcels, and what this driver holds. */
  readonly boardOf?: string | undefined;
  /** Only parcels that match all terms as they are now. */
  readonly terms?: readonly Term[] | undefined;
  /** For terms: milliseconds since 1970. */
  readonly now?: number | undefined;
  /** Only parcels that are meant for this time (`plannedAt`). */
  readonly planned?: PlannedRange | undefined;
  readonly among?: Among | undefined;
  /** By the pickups' seqs, downwards or upwards. */
  readonly order: 'newest' | 'oldest';
  /** The `next` of the page before. */
  readonly from?: string | undefined;
  /** Identifies the client: clients take turns. Undefined for the hub itself, which never waits. */
  readonly caller?: string | undefined;
  /** A first, short attempt, which skips the queue and is usually enough. */
  readonly isBrief?: boolean | undefined;
}

export interface ParcelPage {
  readonly parcels: readonly Parcel[];
  /** For each parcel, the `from` that continues after it. */
  readonly places: readonly string[];
  /** Size of these parcels, in characters of their records. */
  readonly size: number;
  /** Continues the list; undefined at its end. */
  readonly next?: string | undefined;
  /** Parcels missing on this page because they are damaged; absent if none. */
  readonly damaged?: number;
}

/** Whether a commit took effect could not be found out: repeating it could record it twice. */
export class UnknownOutcomeError extends CapsError {
  constructor(cause: unknown) {
    super('unavailable', 'Whether this was recorded is unknown. Look, or try again with the same id.');
    this.cause = cause;
  }
}

/** The store cannot be opened or is not ours. One sentence says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Checks a whole store once after the start, in the background. */
export interface Patrol {
  /** Safe to call twice. */
  close(): Promise<void>;
}
