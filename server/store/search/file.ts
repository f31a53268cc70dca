/**
 * The index's own file. All in it comes from the log and can be made again, so whatever is wrong with it ends in a new
 * one. A chunk is there whole or not at all, also after the power was lost: it is in order, though it may be old.
 */

import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { searchCacheKib } from '../memory.ts';
import { makeOwnFile } from '../sqlite/own-files.ts';
import type { Chunk, OpenChunk } from './chunks.ts';
import { type Bits, packed, unpacked } from './postings.ts';
import { gramsMax } from './terms.ts';

/** To be changed with whatever a record is indexed by, and with `fold`. */
const format = 3;

/** The log that is indexed. */
export interface Indexed {
  readonly epoch: string;
  readonly head: number;
}

/** @param fresh whatever is there is thrown away */
export function openSearchFile(path: string, log: Indexed, fresh: boolean): SearchFile {
  if (!fresh) {
    try {
      return new SearchFile(path, log);
    } catch {
      // It is damaged, of another log, of another format, or the last that was tried.
    }
  }
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(path + part, { force: true });
  return new SearchFile(path, log);
}

type Row = ReturnType<StatementSync['get']>;

export class SearchFile {
  readonly #db: DatabaseSync;
  readonly #sql: Record<'gram' | 'field' | 'drivers' | 'addGram' | 'addField' | 'addChunk', StatementSync>;
  /** Ascending, without a gap. */
  readonly chunks: Chunk[] = [];

  constructor(path: string, log: Indexed) {
    makeOwnFile(path);
    this.#db = new DatabaseSync(path);
    try {
      // Synced before the file itself is written to, so that it is never half of one state and half of another.
      this.#db.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${searchCacheKib}`,
      );
      this.#db.exec(schema);
      this.#sql = {
        gram: this.#db.prepare('SELECT places FROM grams WHERE id = ?'),
        field: this.#db.prepare('SELECT places FROM fields WHERE chunk = ? AND term = ?'),
        // Up to the character after the colon.
        drivers: this.#db.prepare(
          `SELECT term FROM fields WHERE chunk = ? AND term >= 'driver:' AND term < 'driver;'`,
        ),
        addGram: this.#db.prepare('INSERT INTO grams VALUES (?, ?)'),
        addField: this.#db.prepare('INSERT INTO fields VALUES (?, ?, ?)'),
        addChunk: this.#db.prepare('INSERT INTO chunks VALUES (?, ?, ?)'),
      };
      this.#claim(log.epoch);
      this.#load(log.head);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get upTo(): number {
    return this.chunks.at(-1)?.last ?? 0;
  }

  #claim(epoch: string): void {
    const known = this.#db.prepare('SELECT epoch, format FROM log').get();
    if (!known) this.#db.prepare('INSERT INTO log VALUES (?, ?)').run(epoch, format);
    else if (known['epoch'] !== epoch || known['format'] !== format) throw new Error('it is of another log');
  }

  #load(head: number): void {
    const rows = this.#db.prepare('SELECT * FROM chunks ORDER BY id').all();
    for (const { id, first, last } of rows as { id: number; first: number; last: number }[]) {
      if (first !== this.upTo + 1 || last > head) throw new Error('it does not fit the log');
      this.#found(id, first, last);
    }
  }

  #found(id: number, first: number, last: number): void {
    const { gram, field } = this.#sql;
    const bitsOf = (row: Row): Bits | undefined => row && unpacked(row['places'] as Uint8Array);
    this.chunks.push({
      first,
      last,
      gram: (one) => bitsOf(gram.get(id * gramsMax + one)),
      field: (term) => bitsOf(field.get(id, term)),
    });
  }

  /** What drivers are called by, as it is folded; with repetitions. */
  *drivers(): Generator<string, void> {
    for (const id of this.chunks.keys()) {
      for (const row of this.#sql.drivers.iterate(id)) yield String(row['term']).slice('driver:'.length);
    }
  }

  /** Writes a chunk, and gives way again and again; it is in the file when this ends. */
  *write(chunk: OpenChunk): Generator<void, void> {
    const id = this.chunks.length;
    const { addGram, addField, addChunk } = this.#sql;
    this.#db.exec('BEGIN');
    // In the order of the file: each goes to its end.
    for (const gram of [...chunk.grams.keys()].sort((a, b) => a - b)) {
      addGram.run(id * gramsMax + gram, packed(chunk.grams.get(gram) ?? []));
      yield;
    }
    for (const term of [...chunk.fields.keys()].sort()) {
      addField.run(id, term, packed(chunk.fields.get(term) ?? []));
      yield;
    }
    addChunk.run(id, chunk.first, chunk.last);
    this.#db.exec('COMMIT');
    this.#found(id, chunk.first, chunk.last);
  }

  /** What was not written to its end is not there. */
  close(): void {
    this.#db.close();
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS log (epoch TEXT NOT NULL, format INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS grams (id INTEGER PRIMARY KEY, places BLOB NOT NULL) STRICT;  -- chunk and gram in one
  CREATE TABLE IF NOT EXISTS fields (
    chunk INTEGER NOT NULL, term TEXT NOT NULL, places BLOB NOT NULL, PRIMARY KEY (chunk, term)
  ) STRICT, WITHOUT ROWID;
`;
