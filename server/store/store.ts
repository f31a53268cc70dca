import { CapsError } from '../../protocol/errors.ts';
import type { Status } from '../../protocol/events.ts';
import type { ParcelId } from '../../protocol/messages.ts';
import type { Parcel, UnnumberedRecord } from '../../protocol/parcel.ts';
import type { RecordFilter, Term } from '../../protocol/search.ts';
import type { Board, Place, Row } from './row.ts';

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
  /** Names this log. Restoring a backup changes it, so that no cursor continues on something else. */
  readonly epoch: string;
  /** 32 random bytes, made with the log: what links and tokens are signed with. */
  readonly secret: Uint8Array;

  /** The log's last seq and its time; 0 and the empty string while it is empty. */
  head(): Promise<Head>;
  commit<T>(wanted: Wanted, decide: (found: Found) => Decided<T>): Promise<Committed<T>>;
  /** Records of a scope after or before a place of that scope, ascending. @throws nothing for a place out of range */
  read(scope: Scope, range: Range): Promise<Page>;
  /**
   * Looks through a stretch of a scope for records that answer, and comes as far as it can in a moment: whoever wants
   * more goes on from the place.
   * @throws CapsError busy
   */
  sift(wanted: Sifting): Promise<Sifted>;
  /** The last place of a scope; for a store or a parcel that is unknown, 0. */
  headOf(scope: Scope): Promise<number>;
  /** Where records are from before the log's time, by a second or more; ascending. */
  setBacks(): Promise<readonly SetBack[]>;
  parcel(key: ParcelId): Promise<Parcel | undefined>;
  /**
   * Looks for parcels that answer, and comes as far as it can in a moment: a page may be short, or have none, and still
   * have a `next`.
   * @throws CapsError busy
   */
  parcels(query: ParcelQuery): Promise<ParcelPage>;
  /** How many parcels are ready. It may take as long as it takes to count them: for the start. */
  readyCount(): Promise<number>;
  /** Drivers who hold a parcel: those whose ids follow this one, in an order of the store's own. */
  holders(after: string, limit: number): Promise<readonly string[]>;
  /** Remembers that the store of these parcels has heard how they ended. One that is unknown, or known so already, is passed over. */
  acknowledge(keys: readonly ParcelId[]): Promise<void>;
  /**
   * Writes something that is not part of the log, as durably as a commit and with a sync of its own: whoever wonders
   * whether the log can be written may find out without a record. Rejects where it cannot.
   * @param bytes so many at least have to fit; they are given back
   */
  probe(bytes: number): Promise<void>;
  readonly keys: Keys;
  readonly profiles: StoredProfiles;
  readonly damage: Damage;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** What of the store the disk has changed, as far as anybody has met it. */
export interface Damage {
  readonly count: number;
  /** E.g. `record 42`; the first of them where there are many. */
  readonly names: readonly string[];
  /** Somebody has met it elsewhere, in a thread of their own for one. */
  found(name: string): void;
  /** Told of each once, those that are known already at once. */
  onFound(tell: (name: string) => void): void;
}

/** What was asked for is not on disk any more as it was written. */
export class DamagedError extends CapsError {
  /** @param what the sentence's subject, e.g. `record 42` */
  constructor(what: string) {
    super('internal', `The disk has damaged ${what}. Restore a backup to have it again.`, {
      details: { damaged: what },
    });
  }
}

/**
 * What stores say of themselves, as JSON. It is no part of the log: it is as it is now, for whatever parcel. What `put`
 * resolves with is on disk, as durably as a commit.
 */
export interface StoredProfiles {
  /** Undefined where the store has none. */
  find(store: string): Promise<string | undefined>;
  /** In the place of what there was; undefined: from now on it has none. */
  put(store: string, profile: string | undefined): Promise<void>;
  /** How many stores have one. */
  count(): Promise<number>;
}

/**
 * The access keys that were issued. They are no part of the log, and only their hashes are here: whoever has a copy of
 * the store has nobody's key. What `add` and `revoke` resolve with is on disk, as durably as a commit, and every `find`
 * that begins afterwards knows of it.
 */
export interface Keys {
  /** @throws nothing that a caller could have foreseen: ids and hashes are random, and never there yet */
  add(key: StoredKey): Promise<void>;
  /** All of them, those that are revoked as well, the newest first. */
  list(): Promise<readonly StoredKey[]>;
  /** The key with this hash, whether it is revoked or not. */
  find(hash: Uint8Array): Promise<StoredKey | undefined>;
  /** From now on it is revoked; one that is so already stays as it was. False where there is none of this id. */
  revoke(id: string, time: string): Promise<boolean>;
  /** Forgets one that is revoked. One that is not, or not there, is passed over. */
  forget(id: string): Promise<void>;
}

export interface StoredKey {
  readonly id: string;
  /** SHA-256 of the key's text. */
  readonly hash: Uint8Array;
  readonly role: 'vendor' | 'driver' | 'admin';
  /** The store's or the driver's id; empty for an admin. */
  readonly owner: string;
  /** What the admin who issued it calls it; empty if nothing. */
  readonly name: string;
  /** The key's beginning and end, by which people know it again. */
  readonly hint: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

export interface Head {
  readonly seq: number;
  readonly time: string;
}

/** What a reader may see whole, and so what its seq counts. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'store'; readonly store: string }
  | { readonly kind: 'parcel'; readonly parcel: ParcelId };

/** A remembered command: known again by who sent it and the id it had. */
export interface CommandId {
  /** `role:id` of the sender. */
  readonly actor: string;
  readonly id: string;
}

/** A stretch of the log in which the records' own times do not run backwards. Seqs, both included. */
export interface SetBack {
  readonly first: number;
  /** Null: it goes on. */
  readonly last: number | null;
}

/** What a commit needs to know before it decides. */
export interface Wanted {
  readonly parcels: readonly ParcelId[];
  readonly commands: readonly CommandId[];
}

export interface Found {
  readonly head: Head;
  parcel(key: ParcelId): StoredParcel | undefined;
  /** The record that this command became, if it did. */
  command(key: CommandId): Row | undefined;
}

export interface StoredParcel {
  readonly parcel: Parcel;
  readonly first: Place;
  readonly last: Place;
}

/** A record to be appended, and the parcel after it. Of one parcel, a later append holds the later parcel. */
export interface Append {
  readonly record: UnnumberedRecord;
  readonly parcel: Parcel;
  readonly board: Board;
  readonly command?: CommandId | undefined;
}

export interface Decided<T> {
  readonly appends: readonly Append[];
  /** Given back with the commit. */
  readonly result: T;
}

export interface Committed<T> {
  readonly rows: readonly Row[];
  readonly result: T;
}

/**
 * What one page may hold: no more than `limit`, and nothing behind what makes it `sizeMax` characters or more, counted in
 * the records' stored text. So there is always one, however large.
 */
export interface PageBounds {
  readonly limit: number;
  readonly sizeMax?: number | undefined;
}

/** `after` a place upwards, or `before` it downwards (the page itself is always ascending). */
export type Range = ({ readonly after: number } & PageBounds) | ({ readonly before: number } & PageBounds);

export interface Page {
  readonly rows: readonly Row[];
  /** The log's head when the page was read. */
  readonly head: number;
  /** Whether there is more beyond the page's far end. */
  readonly more: boolean;
  /** The places between and beside the rows whose records are damaged, ascending; absent where there are none. */
  readonly damaged?: readonly number[];
}

/** Records of a scope, at places after `low` and up to `high`, that answer to all of this. */
export interface Sifting {
  readonly scope: Scope;
  readonly low: number;
  readonly high: number;
  readonly forwards: boolean;
  readonly limit: number;
  readonly filter: RecordFilter;
  /** Nothing behind what makes it so many bytes; undefined: `answerSizeMax`. */
  readonly bytes?: number | undefined;
  /** Only of parcels that this driver holds or held as of the record. */
  readonly driver?: string | undefined;
  /** Only what happened from this moment on, each by its own time; milliseconds since 1970. */
  readonly from?: number | undefined;
  /** Only what happened up to this moment. */
  readonly to?: number | undefined;
  /** Who waits for it: all who wait take turns. */
  readonly caller: string;
}

/** Of one answer, in bytes of its records; it goes past it by the last of them. */
export const answerSizeMax = 1024 * 1024;

export interface Sifted {
  /** In the order in which they were looked for. */
  readonly rows: readonly Row[];
  /** The last that was looked at; undefined: all were. */
  readonly place: number | undefined;
  /** Places that were looked at and whose records are damaged, in the same order; absent where there are none. */
  readonly damaged?: readonly number[];
}

/** Of a parcel, its size is that of its pickup's text and of what has become of it. */
export interface ParcelQuery extends PageBounds {
  readonly store?: string | undefined;
  /** Of parcels that are held: the holder. Of others: who held it last. */
  readonly holder?: string | undefined;
  readonly statuses?: readonly Status[] | undefined;
  /** Only parcels that are not delivered, returned or cancelled. */
  readonly unfinished?: boolean | undefined;
  /** Only parcels that `acknowledge` was not told of. */
  readonly unacknowledged?: boolean | undefined;
  /** Drivers' view: what is ready, and what this driver holds. */
  readonly boardOf?: string | undefined;
  /** Only parcels that answer to all of these as they are now. */
  readonly terms?: readonly Term[] | undefined;
  /** Only parcels that the records at these seqs of the log are of. */
  readonly among?: readonly number[] | undefined;
  /** By the seq of their pickup, downwards or upwards. */
  readonly order: 'newest' | 'oldest';
  /** The page goes on after this: the `next` of the page before. */
  readonly from?: string | undefined;
  /** Who waits for it: all who wait take turns. Undefined: the hub itself, which waits for nobody. */
  readonly caller?: string | undefined;
  /** A first look, which is likely to be enough: it is quicker than to wait for a turn. */
  readonly isBrief?: boolean | undefined;
}

export interface ParcelPage {
  readonly parcels: readonly Parcel[];
  /** Of each parcel: the `from` that goes on after it. */
  readonly places: readonly string[];
  /** Of these parcels, in characters of their records. */
  readonly size: number;
  /** Where it goes on; undefined where there are no more. */
  readonly next?: string | undefined;
  /** Parcels of this page that are damaged, and not in it; absent where there are none. */
  readonly damaged?: number;
}

/** A store that cannot be opened or is not ours, in one sentence that says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * An index beside the log, which says where the records stand that answer to a search. It follows behind the commits
 * and never holds one up.
 *
 * - Up to `upTo` it leaves no record out that answers. What is past that, whoever asks looks through themselves.
 * - It names what `seenBy` may see and nothing else, and counts nothing else.
 * - Where it does not work, or not yet, it answers `undefined`, and whoever asks looks through the log.
 */
export interface SearchIndex {
  /** The log has grown to this seq. Takes no time of whoever says it. */
  grew(seq: number): void;
  find(asked: Asked): Promise<Sought | undefined>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** What looks at all of a store once after the start, whoever reads it otherwise. */
export interface Patrol {
  /** Safe to call twice. */
  close(): Promise<void>;
}

export interface Asked {
  readonly filter: RecordFilter;
  /** Who may see nothing but the records of their store, or of parcels that they hold or held. Undefined: who sees all. */
  readonly seenBy?: Seeing | undefined;
  /** Only if no driver is called by a word of the filter; else, and where that is not known, the answer is undefined. */
  readonly ofOrders?: boolean | undefined;
  /** Seqs after `low` and up to `high`, upwards or downwards. */
  readonly low: number;
  readonly high: number;
  readonly forwards: boolean;
  readonly limit: number;
  /** Also how many there are of these: after `low` and up to `high`. */
  readonly counted?: { readonly low: number; readonly high: number } | undefined;
}

export type Seeing = { readonly store: string } | { readonly driver: string };

export interface Sought {
  /** Of the records that answer, in the order in which they were looked for. */
  readonly seqs: readonly number[];
  /** The last that was looked at; undefined where all that is indexed was, between the bounds. */
  readonly place: number | undefined;
  /** The last seq that is indexed. */
  readonly upTo: number;
  readonly count?: Count | undefined;
}

export interface Count {
  readonly count: number;
  /** False: there may be more. */
  readonly exact: boolean;
}
