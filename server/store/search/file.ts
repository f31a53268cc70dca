/**
 * The index's own file: a full-text table (SQLite's FTS5) with a row per record, which holds what a record contains
 * but not its text. It can always be rebuilt from the log, so any fault ends in a new file. Written in transactions:
 * after a power loss it is consistent, though perhaps old.
 */

import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makeOwnFile } from '../files/own-files.ts';
import { searchCacheKib, searchPendingKib } from '../memory.ts';
import type { SearchParts } from './terms.ts';

/** Increment it when the indexed data or `fold` changes. */
const format = 5;

/** Identifies the indexed log. */
export interface LogIdentity {
  readonly epoch: string;
  readonly head: number;
}

/** Seqs after `low` and up to `high`. */
export interface SeqRange {
  readonly low: number;
  readonly high: number;
}

/** @param fresh discards an existing file */
export function openSearchFile(path: string, log: LogIdentity, fresh: boolean): SearchFile {
  if (!fresh) {
    try {
      return new SearchFile(path, log);
    } catch {
      // Damaged, of another log, of another format, or the last attempt.
    }
  }
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(path + part, { force: true });
  return new SearchFile(path, log);
}

/** One column per field; the last one takes all that are too many. */
const columns = Array.from({ length: 12 }, (_, i) => `field${i}`);
/** A field that every record has. */
const everyRecord = '';
/** Fields with remembered codes, and their maximum length. */
const codesMax = 10_000;
const codedLengthMax = 64;
/** Trigrams per search, the rarest ones: more take longer to look up than they narrow. */
const gramsAsked = 4;
/** Trigrams compared to find the rarest: the one whose n-th newest record is the oldest. */
const gramsCompared = 24;
const placeCompared = 16;
/** Pieces of one or two characters per search, and the trigrams that each may begin. */
const shortAsked = 2;
const beginningMax = 1_000;
/** Rows read at once: at first, and the factor by which that grows. */
const firstRows = 64;
const moreRows = 4;
/** Pages merged at once. */
const pagesAtOnce = 16;

const schema = `
  CREATE TABLE IF NOT EXISTS log (
    epoch TEXT NOT NULL, format INTEGER NOT NULL, up_to INTEGER NOT NULL, salt BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS drivers (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE IF NOT EXISTS records USING fts5(
    text, ${columns.join(', ')}, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
  );
  CREATE VIRTUAL TABLE temp.grams USING fts5vocab(main, records, row);
`;

// Numbers are bound as REAL, which FTS5 does not treat as a bound: it would scan all rows.
const between = 'records MATCH ? AND rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)';
const statements = {
  add: `INSERT INTO records (rowid, text, ${columns.join(', ')}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
  addDriver: 'INSERT OR IGNORE INTO drivers VALUES (?)',
  reached: 'UPDATE log SET up_to = ?',
  merge: `INSERT INTO records (records, rank) VALUES ('merge', ${pagesAtOnce})`,
  changes: 'SELECT total_changes() AS changes',
  drivers: 'SELECT name FROM drivers',
  upwards: `SELECT rowid FROM records WHERE ${between} ORDER BY rowid LIMIT ?`,
  downwards: `SELECT rowid FROM records WHERE ${between} ORDER BY rowid DESC LIMIT ?`,
  nth: `SELECT rowid FROM records WHERE records MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ${placeCompared - 1}`,
  count: `SELECT count(*) AS count FROM records WHERE ${between}`,
  beginning: 'SELECT term, doc FROM temp.grams WHERE term >= ? AND term <= ?',
} as const;

export class SearchFile {
  readonly #db: DatabaseSync;
  readonly #sql: Record<keyof typeof statements, StatementSync>;
  #salt: Uint8Array = new Uint8Array();
  readonly #codes = new Map<string, string>();
  #upTo = 0;
  #isWriting = false;

  constructor(path: string, log: LogIdentity) {
    makeOwnFile(path);
    this.#db = new DatabaseSync(path);
    try {
      // Synced before the file itself is written, so that it is never half old and half new.
      this.#db.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${searchCacheKib}`,
      );
      this.#db.exec(schema);
      this.#claim(log);
      const prepared = Object.entries(statements).map(([name, sql]) => [name, this.#db.prepare(sql)]);
      this.#sql = Object.fromEntries(prepared) as Record<keyof typeof statements, StatementSync>;
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #claim({ epoch, head }: LogIdentity): void {
    const known = this.#db.prepare('SELECT epoch, format, up_to, salt FROM log').get();
    if (known) {
      if (known['epoch'] !== epoch || known['format'] !== format) throw new Error('it is of another log');
      this.#upTo = Number(known['up_to']);
      this.#salt = known['salt'] as Uint8Array;
      if (this.#upTo > head) throw new Error('it does not fit the log');
    } else {
      // `write` merges, a little at a time.
      this.#db.exec(`
        INSERT INTO records (records, rank) VALUES ('automerge', 0);
        INSERT INTO records (records, rank) VALUES ('hashsize', ${searchPendingKib * 1024});
      `);
      this.#salt = randomBytes(16);
      this.#db.prepare('INSERT INTO log VALUES (?, ?, 0, ?)').run(epoch, format, this.#salt);
    }
  }

  /** The last indexed seq, including rows not written yet. */
  get upTo(): number {
    return this.#upTo;
  }

  /** The drivers' names, folded. */
  *drivers(): Generator<string, void> {
    for (const row of this.#sql.drivers.iterate()) yield String(row['name']);
  }

  addDriver(name: string): void {
    this.#begin();
    this.#sql.addDriver.run(name);
  }

  /** Indexes the record after `upTo`. */
  add(text: string, fields: Iterable<string>): void {
    this.#begin();
    const codes = [everyRecord, ...fields].map((field) => this.#codeOf(field));
    const own = columns.slice(1).map((_, i) => codes[i] ?? '');
    this.#upTo += 1;
    this.#sql.add.run(this.#upTo, text, ...own, codes.slice(own.length).join(''));
  }

  /** Skips a damaged record, which no search finds. */
  skip(): void {
    this.#begin();
    this.#upTo += 1;
  }

  #begin(): void {
    if (!this.#isWriting) this.#db.exec('BEGIN');
    this.#isWriting = true;
  }

  /** Writes what was added, then merges in small steps. Everything is in the file at the first yield. */
  *write(): Generator<void, void> {
    if (!this.#isWriting) return;
    this.#sql.reached.run(this.#upTo);
    this.#db.exec('COMMIT');
    this.#isWriting = false;
    for (let before = -1; ; ) {
      yield;
      // The command changes one row even if there is nothing to merge.
      const changes = Number(this.#sql.changes.get()?.['changes']);
      if (before >= 0 && changes - before < 2) return;
      before = changes;
      this.#sql.merge.run();
    }
  }

  /** The FTS5 query for `matching` and `count`; undefined if no record can match. */
  matchOf({ fields, anyOf, not, pieces }: SearchParts): string | undefined {
    const threes = new Set<string>();
    const short = new Set<string>();
    for (const piece of pieces) {
      const letters = [...piece];
      if (letters.length < 3) short.add(piece);
      for (let i = 3; i <= letters.length; i += 1) threes.add(quoted(letters.slice(i - 3, i).join('')));
    }
    const wanted = this.#rarest(spread([...threes], gramsCompared));
    for (const piece of [...short].slice(0, shortAsked)) {
      const any = this.#beginning(piece);
      if (any?.length === 0) return undefined;
      if (any) wanted.push(`(${any.join(' OR ')})`);
    }
    wanted.push(...fields.map((field) => quoted(this.#codeOf(field))));
    if (anyOf.length > 0) wanted.push(`(${anyOf.map((field) => quoted(this.#codeOf(field))).join(' OR ')})`);
    if (wanted.length === 0) wanted.push(quoted(this.#codeOf(everyRecord)));
    const without = not.map((field) => quoted(this.#codeOf(field)));
    return `(${wanted.join(' AND ')})${without.length > 0 ? ` NOT (${without.join(' OR ')})` : ''}`;
  }

  /** Each further trigram costs as much as it has records. */
  #rarest(grams: readonly string[]): string[] {
    if (grams.length <= gramsAsked) return [...grams];
    const compared = grams.map((gram) => ({ gram, nth: Number(this.#sql.nth.get(gram)?.['rowid'] ?? 0) }));
    return compared
      .sort((a, b) => a.nth - b.nth)
      .slice(0, gramsAsked)
      .map(({ gram }) => gram);
  }

  /** Trigrams with this beginning; undefined if so many records have them that a scan is as good. */
  #beginning(piece: string): string[] | undefined {
    const commonMin = 1_000 + this.#upTo / 16;
    const found: string[] = [];
    let records = 0;
    for (const { term, doc } of this.#sql.beginning.iterate(piece, `${piece}\u{10ffff}\u{10ffff}`)) {
      found.push(quoted(String(term)));
      records += Number(doc);
      if (records > commonMin || found.length > beginningMax) return undefined;
    }
    return found;
  }

  /**
   * Seqs of matching records in a range, upwards or downwards. Without a match it takes as long as reading the lists
   * of all wanted parts.
   */
  *matching(match: string, stretch: SeqRange, forwards: boolean): Generator<number, void> {
    const statement = forwards ? this.#sql.upwards : this.#sql.downwards;
    let { low, high } = stretch;
    for (let limit = firstRows; low < high; limit *= moreRows) {
      const rows = statement.all(match, low, high, limit);
      for (const { rowid } of rows) {
        const seq = Number(rowid);
        if (forwards) low = seq;
        else high = seq - 1;
        yield seq;
      }
      if (rows.length < limit) return;
    }
  }

  count(match: string, { low, high }: SeqRange): number {
    return Number(this.#sql.count.get(match, low, high)?.['count']);
  }

  /** An unpredictable code of three characters for a field, which occurs in no text. */
  #codeOf(field: string): string {
    const known = this.#codes.get(field);
    if (known !== undefined) return known;
    const sum = createHash('sha1').update(this.#salt).update(field).digest();
    const code = String.fromCodePoint(...[0, 2, 4].map((at) => 0xf0000 + (sum.readUInt16LE(at) % 0xfffe)));
    if (field.length > codedLengthMax) return code;
    if (this.#codes.size >= codesMax) this.#codes.clear();
    this.#codes.set(field, code);
    return code;
  }

  /** Discards what was not written. */
  close(): void {
    this.#db.close();
  }
}

function quoted(gram: string): string {
  return `"${gram.replaceAll('"', '""')}"`;
}

/** An even sample of at most `max`. */
function spread(grams: readonly string[], max: number): readonly string[] {
  const step = Math.max(1, grams.length / max);
  return grams.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
