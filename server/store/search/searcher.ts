/**
 * Indexes the log and answers searches over its own connections. Long work pauses every few milliseconds, and
 * indexing idles as long as it works.
 */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { passes, type RecordFilter, valuesOf } from '../../../protocol/search.ts';
import { searchLogCacheKib } from '../memory.ts';
import type { Row } from '../row.ts';
import { type LogRow, soundRow } from '../rows/rows.ts';
import type { IndexHits, IndexQuery } from '../store.ts';
import { DriverNames } from './driver-names.ts';
import { openSearchFile, type SearchFile, type SeqRange } from './file.ts';
import { count, seek } from './seeking.ts';
import { fieldsOf, indexedText, wantedBy } from './terms.ts';

/** The log to index, and the index's file. */
export interface SearchTask {
  readonly log: string;
  readonly epoch: string;
  readonly index: string;
  readonly fresh: boolean;
}

export interface SearchLimits {
  /** Records indexed between two checks of the clock. */
  readonly atOnce: number;
  /** Characters indexed before they are written; unwritten ones must be indexed again after a crash. */
  readonly unwrittenMax: number;
  /** Records counted between two checks of the clock. */
  readonly countedAtOnce: number;
}

export const searchLimits: SearchLimits = { atOnce: 32, unwrittenMax: 1024 * 1024, countedAtOnce: 65_536 };

/** Pauses in which others have their turn. */
export interface Rests {
  /** Milliseconds. */
  pause(ms: number): Promise<unknown>;
  turn(): Promise<unknown>;
}

/** Work between two pauses. */
const turnMs = 8;
/** A search answers after this time with what it has. */
const seekMs = 50;
const countMs = 50;
/** Counts up to this many if each record needs a check. */
const countMax = 10_000;
/** Unindexed records tolerated before a search. */
const unknownMax = 500;

export class Searcher {
  readonly #log: DatabaseSync;
  readonly #file: SearchFile;
  readonly #rows: ReturnType<DatabaseSync['prepare']>;
  readonly #row: ReturnType<DatabaseSync['prepare']>;
  /** Characters indexed but not written. */
  #unwritten = 0;
  readonly #drivers = new DriverNames();
  readonly #onDamaged: (seq: number) => void;
  readonly #rests: Rests;
  readonly #limits: SearchLimits;
  #isIndexing = false;
  #isClosed = false;

  /** @param onDamaged called for damaged records, perhaps repeatedly */
  constructor(
    { log, epoch, index, fresh }: SearchTask,
    onDamaged: (seq: number) => void,
    rests: Rests = { pause, turn },
    limits: SearchLimits = searchLimits,
  ) {
    this.#onDamaged = onDamaged;
    this.#rests = rests;
    this.#limits = limits;
    this.#log = new DatabaseSync(log, { readOnly: true });
    this.#log.exec(`PRAGMA cache_size = -${searchLogCacheKib}`);
    this.#rows = this.#log.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#row = this.#log.prepare('SELECT * FROM log WHERE seq = ?');
    const { head } = this.#log.prepare('SELECT coalesce(max(seq), 0) AS head FROM log').get() as {
      head: number;
    };
    this.#file = openSearchFile(index, { epoch, head }, fresh);
    for (const name of this.#file.drivers()) this.#drivers.add(name);
  }

  /** Indexes until everything is indexed. */
  async index(): Promise<void> {
    if (this.#isIndexing) return;
    this.#isIndexing = true;
    const work = this.#work();
    while (!this.#isClosed) {
      const begin = performance.now();
      if (goOn(work, begin + turnMs)) break;
      await this.#rests.pause(performance.now() - begin);
    }
    this.#isIndexing = false;
  }

  *#work(): Generator<void, void> {
    for (;;) {
      const rows = this.#rows.all(this.#file.upTo, this.#limits.atOnce) as unknown as LogRow[];
      for (const row of rows) this.#add(row);
      if (this.#unwritten >= this.#limits.unwrittenMax) {
        this.#unwritten = 0;
        yield* this.#file.write();
      }
      if (rows.length < this.#limits.atOnce) return;
      yield;
    }
  }

  /** A missing seq leaves its own row empty. */
  #add(row: LogRow): void {
    while (this.#file.upTo < row.seq - 1) {
      this.#onDamaged(this.#file.upTo + 1);
      this.#file.skip();
    }
    const sound = this.#sound(row);
    if (!sound) {
      this.#file.skip();
      return;
    }
    const record = recordIn(sound);
    this.#unwritten += sound.text.length;
    this.#learn(record);
    this.#file.add(indexedText(record), fieldsOf(record, sound.drivers));
  }

  #learn(record: CapsRecord): void {
    for (const name of valuesOf(record, 'driver')) if (this.#drivers.add(name)) this.#file.addDriver(name);
  }

  #sound(row: LogRow): Row | undefined {
    const sound = soundRow(row);
    if (!sound) this.#onDamaged(row.seq);
    return sound;
  }

  async find({ filter, seenBy, ofOrders, counted, ...asked }: IndexQuery): Promise<IndexHits | undefined> {
    const words = filter.terms.filter(({ field, exclude }) => field === undefined && !exclude);
    if (ofOrders && !(this.#knowsDrivers() && !words.some(({ value }) => this.#drivers.mayHave(value)))) {
      return undefined;
    }
    const upTo = this.#file.upTo;
    // The index may grow meanwhile.
    const within = <S extends SeqRange>(stretch: S) => ({ ...stretch, high: Math.min(stretch.high, upTo) });
    const wanted = wantedBy(filter, seenBy);
    const quest = {
      ...{ file: this.#file, match: this.#file.matchOf(wanted) },
      confirm: wanted.exact ? undefined : (seq: number) => this.#answers(seq, filter),
    };
    const found = await this.#inTurns(seek({ ...quest, isLate: lateAfter(seekMs) }, within(asked)));
    if (!counted) return { ...found, upTo };
    const isAll = found.place === undefined && asked.low === counted.low && asked.high === counted.high;
    if (isAll) return { ...found, upTo, count: { count: found.seqs.length, exact: true } };
    const limits = { max: countMax, atOnce: this.#limits.countedAtOnce };
    const counting = count({ ...quest, isLate: lateAfter(countMs) }, within(counted), limits);
    return { ...found, upTo, count: await this.#inTurns(counting) };
  }

  /** Includes unindexed records, if they are few. */
  #knowsDrivers(): boolean {
    const rows = this.#rows.all(this.#file.upTo, unknownMax) as unknown as LogRow[];
    for (const row of rows) {
      const sound = this.#sound(row);
      if (sound) this.#learn(recordIn(sound));
    }
    return rows.length < unknownMax;
  }

  #answers(seq: number, filter: RecordFilter): boolean {
    const row = this.#row.get(seq) as unknown as LogRow | undefined;
    const sound = row && this.#sound(row);
    return sound !== undefined && passes(recordIn(sound), filter);
  }

  async #inTurns<T>(work: Generator<void, T>): Promise<T> {
    for (let until = performance.now() + turnMs; ; ) {
      const { done, value } = work.next();
      if (done) return value;
      if (performance.now() < until) continue;
      await this.#rests.turn();
      until = performance.now() + turnMs;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#file.close();
    this.#log.close();
  }
}

function recordIn(row: Row): CapsRecord {
  return row.recordAs(row.seq);
}

/** @returns whether the work is finished */
function goOn(work: Iterator<void, unknown>, untilMs: number): boolean {
  while (performance.now() < untilMs) if (work.next().done) return true;
  return false;
}

function lateAfter(ms: number): () => boolean {
  const late = performance.now() + ms;
  return () => performance.now() > late;
}
