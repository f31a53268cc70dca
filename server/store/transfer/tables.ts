/**
 * A whole log, apart from any database: its tables with their rows. An export writes them, an import reads them, and
 * every store can be read and filled in this way.
 */

import type { BlobRow } from '../blobs.ts';
import type { KeyRow, LogRow, ParcelColumns } from '../rows/rows.ts';
import type { Head, SetBack, StoredRepeat } from '../store.ts';

export interface LogIdentity {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly setBacks: readonly SetBack[];
}

/** What became of a command. */
export interface CommandRow {
  readonly id: string;
  readonly actor: string;
  readonly seq: number;
}

export type ParcelTableRow = ParcelColumns & { readonly crc: number | null };

export interface TableRows {
  /** By seq. */
  readonly records: LogRow;
  /** By the seqs of their pickups. */
  readonly parcels: ParcelTableRow;
  /** By id and actor. */
  readonly commands: CommandRow;
  /** Parcels whose store has heard how they ended, by the seqs of their pickups. */
  readonly acknowledged: { readonly first_seq: number };
  /** In the order of their issue. */
  readonly keys: KeyRow;
  /** By store. */
  readonly profiles: { readonly store: string; readonly profile: string };
  /** By store and id. */
  readonly repeats: StoredRepeat;
  /** By topic and id. */
  readonly outbound: { readonly topic: string; readonly id: string; readonly text: string };
  /** By store, order id and hash. */
  readonly blobs: BlobRow;
}

export type TableName = keyof TableRows;

/** In the order of an export. */
export const tableNames = [
  ...(['records', 'parcels', 'commands', 'acknowledged', 'keys', 'profiles', 'repeats'] as const),
  ...(['outbound', 'blobs'] as const),
] satisfies readonly TableName[];

/** Rows of one table, few enough to be held in memory. */
export type Batch = {
  readonly [T in TableName]: { readonly table: T; readonly rows: readonly TableRows[T][] };
}[TableName];

/** Rows of one batch; a record has at most tens of KiB. */
export const batchRows = 500;
/** Images of one batch. */
export const batchImages = 4;

/** A log as of one moment, whatever is written to it meanwhile. */
export interface LogTables {
  identity(): Promise<LogIdentity>;
  /**
   * All rows of a table, in the order above.
   * @throws StoreError if a row is damaged, or cannot be read
   */
  rows(table: TableName): AsyncIterable<Batch>;
  /** All records, parcel by parcel: by store, order id and rev. */
  lives(): AsyncIterable<readonly LogRow[]>;
  /** The parcels of these pickups, in any order. */
  parcelsAt(firstSeqs: readonly number[]): Promise<readonly ParcelTableRow[]>;
}

/** An open log to export from. */
export interface LogSource extends LogTables {
  /** For people, without a password. */
  readonly place: string;
  /** Hashes of images that the disk has damaged: they are not among the rows read so far. */
  readonly damagedImages: readonly string[];
  /** Whether a hub may have written to it since it was opened. Called at the end. */
  isLive(): Promise<boolean>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** An empty place for a log. Until `settle` nobody sees any of it. */
export interface LogTarget extends LogTables {
  /** For people, without a password. */
  readonly place: string;
  /** Batches come in the order of an export. */
  write(batch: Batch): Promise<void>;
  /**
   * All rows are written: from now on they are read.
   * @param ownMs of the last record; milliseconds since 1970
   */
  complete(identity: LogIdentity, head: Head, ownMs: number): Promise<void>;
  /** Makes it the log, on disk. */
  settle(): Promise<void>;
  /** Leaves nothing behind that was not settled. Safe to call twice. */
  close(): Promise<void>;
}
