/** Where the index reads the log. */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { searchLogCacheKib } from '../memory.ts';
import type { LogRow } from '../rows/rows.ts';

/** Its answers may come at once or later. @throws CapsError while the log cannot be read */
export interface LogRecords {
  /** The last seq when it was opened. */
  readonly head: number;
  /** Records that a search examines with one question. */
  readonly examinedAtOnce: number;
  /** Records to index after a seq, ascending: `atOnce` of them, more where each question takes its time, none at the end. */
  batch(seq: number, atOnce: number): readonly LogRow[] | Promise<readonly LogRow[]>;
  /** The records after a seq, ascending. */
  after(seq: number, limit: number): readonly LogRow[] | Promise<readonly LogRow[]>;
  /** Those of these records that are there, in any order. */
  at(seqs: readonly number[]): readonly LogRow[] | Promise<readonly LogRow[]>;
  close(): void | Promise<void>;
}

/** By a read-only connection to the log's file, which sees every answered commit. */
export class SqliteRecords implements LogRecords {
  readonly head: number;
  /** A look costs microseconds, so a search ends with the record that fills it. */
  readonly examinedAtOnce = 1;
  readonly #db: DatabaseSync;
  readonly #after: StatementSync;
  readonly #at: StatementSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
    this.#db.exec(`PRAGMA cache_size = -${searchLogCacheKib}`);
    this.#after = this.#db.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#at = this.#db.prepare('SELECT * FROM log WHERE seq = ?');
    this.head = Number(this.#db.prepare('SELECT coalesce(max(seq), 0) AS head FROM log').get()?.['head']);
  }

  batch(seq: number, atOnce: number): readonly LogRow[] {
    return this.after(seq, atOnce);
  }

  after(seq: number, limit: number): readonly LogRow[] {
    return this.#after.all(seq, limit) as unknown as LogRow[];
  }

  at(seqs: readonly number[]): readonly LogRow[] {
    return seqs.flatMap((seq) => this.#at.all(seq) as unknown as LogRow[]);
  }

  close(): void {
    this.#db.close();
  }
}
