/**
 * Indexes the log and answers searches. Long work pauses every few milliseconds.
 *
 * Commands come first: while the log grows, indexing takes a tenth of a core. It idles only as long as it works after a
 * search that found it behind, when the log does not grow, and when a scan of the rest would take long.
 */

import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { CapsError } from '../../../protocol/errors.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { passes, type RecordFilter, valuesOf } from '../../../protocol/search.ts';
import type { Row } from '../row.ts';
import { type LogRow, soundRow } from '../rows/rows.ts';
import type { IndexHits, IndexQuery } from '../search-index.ts';
import { DriverNames } from './driver-names.ts';
import { openSearchFile, type SearchFile, type SeqRange } from './file.ts';
import type { LogRecords } from './records.ts';
import { count, type Quest, type SearchSteps, seek } from './seeking.ts';
import { fieldsOf, indexedText, wantedBy } from './terms.ts';

/** The log to index, which is closed with the searcher, and the index's file. */
export interface SearchTask {
  readonly log: LogRecords;
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
/** Idle time per working time, while the log grows. */
const restFactor = 9;
/** A log that has not grown for so long is at rest. */
const growingMs = 300;
/** Indexing hurries when it is so many characters of records behind: a search scans them, in a tenth of a second. */
const behindSizeMax = 32 * 1024 * 1024;
/** Records over which their size is averaged. */
const averaged = 64;
/** A search answers after this time with what it has. */
const seekMs = 50;
const countMs = 50;
/** Counts up to this many if each record needs a check. */
const countMax = 10_000;
/** Unindexed records tolerated before a search. */
const unknownMax = 500;
/** Delay before a log that could not be read is tried again. */
const againMs = 1_000;

export class Searcher {
  readonly #log: LogRecords;
  readonly #file: SearchFile;
  /** Characters indexed but not written. */
  #unwritten = 0;
  readonly #drivers = new DriverNames();
  readonly #onDamaged: (seq: number) => void;
  readonly #rests: Rests;
  readonly #limits: SearchLimits;
  #isIndexing = false;
  /** Whether indexing takes no long rests until it has caught up. */
  #isHurried = false;
  /** The log's last seq, as far as known, and when it grew. */
  #head: number;
  #grewAt = 0;
  /** Of a record, in characters: that of the latest, on average. */
  #size = 0;
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
    this.#log = log;
    this.#head = log.head;
    this.#file = openSearchFile(index, { epoch, head: log.head }, fresh);
    for (const name of this.#file.drivers()) this.#drivers.add(name);
  }

  /** Indexes until everything is indexed. @param head the log's last seq */
  async index(head: number): Promise<void> {
    if (head > this.#head) this.#grewAt = performance.now();
    this.#head = Math.max(this.#head, head);
    if (this.#isIndexing) return;
    this.#isIndexing = true;
    let target = this.#head;
    let work = this.#work();
    while (!this.#isClosed) {
      const begin = performance.now();
      try {
        if (await goOn(work, begin + turnMs)) {
          if (target === this.#head) break;
          // The log grew while its end was being read.
          target = this.#head;
          work = this.#work();
        }
        await this.#rests.pause((performance.now() - begin) * (this.#mayTakeTime() ? restFactor : 1));
      } catch (error) {
        if (!(error instanceof CapsError)) throw error;
        work = this.#work();
        await this.#rests.pause(againMs);
      }
    }
    this.#isIndexing = false;
    this.#isHurried = false;
  }

  /** Whether commands need the processor more. */
  #mayTakeTime(): boolean {
    const isGrowing = performance.now() - this.#grewAt < growingMs;
    return isGrowing && !this.#isHurried && (this.#head - this.#file.upTo) * this.#size <= behindSizeMax;
  }

  async *#work(): AsyncGenerator<void, void> {
    const { atOnce, unwrittenMax } = this.#limits;
    for (;;) {
      const rows = await this.#log.batch(this.#file.upTo, atOnce);
      if (rows.length === 0 || this.#isClosed) return;
      for (let from = 0; from < rows.length; from += atOnce) {
        for (const row of rows.slice(from, from + atOnce)) this.#add(row);
        if (this.#unwritten >= unwrittenMax) {
          this.#unwritten = 0;
          yield* this.#file.write();
        }
        yield;
      }
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
    this.#size += (sound.text.length - this.#size) / averaged;
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

  /** @returns undefined if the log cannot be read */
  async find(asked: IndexQuery): Promise<IndexHits | undefined> {
    this.#isHurried ||= this.#file.upTo < this.#head;
    try {
      return await this.#find(asked);
    } catch (error) {
      if (error instanceof CapsError) return undefined;
      throw error;
    }
  }

  async #find({
    filter,
    seenBy,
    days,
    ofOrders,
    counted,
    ...asked
  }: IndexQuery): Promise<IndexHits | undefined> {
    const words = filter.terms.filter(({ field, exclude }) => field === undefined && !exclude);
    if (
      ofOrders &&
      !((await this.#knowsDrivers()) && !words.some(({ value }) => this.#drivers.mayHave(value)))
    ) {
      return undefined;
    }
    const upTo = this.#file.upTo;
    // The index may grow meanwhile.
    const within = <S extends SeqRange>(stretch: S) => ({ ...stretch, high: Math.min(stretch.high, upTo) });
    const wanted = wantedBy(filter, { seenBy, days });
    const quest: Omit<Quest, 'isLate'> = {
      ...{ file: this.#file, match: this.#file.matchOf(wanted), isExact: wanted.exact },
      examinedAtOnce: this.#log.examinedAtOnce,
    };
    const seeking = seek({ ...quest, isLate: lateAfter(seekMs) }, within(asked));
    const found = await this.#inTurns(seeking, filter);
    if (!counted) return { ...found, upTo };
    const isAll = found.place === undefined && asked.low === counted.low && asked.high === counted.high;
    if (isAll) return { ...found, upTo, count: { count: found.seqs.length, exact: true } };
    const limits = { max: countMax, atOnce: this.#limits.countedAtOnce };
    const counting = count({ ...quest, isLate: lateAfter(countMs) }, within(counted), limits);
    return { ...found, upTo, count: await this.#inTurns(counting, filter) };
  }

  /** Includes unindexed records, if they are few. */
  async #knowsDrivers(): Promise<boolean> {
    const rows = await this.#log.after(this.#file.upTo, unknownMax);
    for (const row of rows) {
      const sound = this.#sound(row);
      if (sound) this.#learn(recordIn(sound));
    }
    return rows.length < unknownMax;
  }

  /** Those that answer, in the same order. */
  async #answering(seqs: readonly number[], filter: RecordFilter): Promise<readonly number[]> {
    const found = new Set<number>();
    for (const row of await this.#log.at(seqs)) {
      const sound = this.#sound(row);
      if (sound && passes(recordIn(sound), filter)) found.add(row.seq);
    }
    return seqs.filter((seq) => found.has(seq));
  }

  async #inTurns<T>(work: SearchSteps<T>, filter: RecordFilter): Promise<T> {
    let answer: readonly number[] | undefined;
    for (let until = performance.now() + turnMs; ; ) {
      const step = work.next(answer);
      if (step.done) return step.value;
      answer = step.value && (await this.#answering(step.value, filter));
      if (performance.now() < until) continue;
      await this.#rests.turn();
      until = performance.now() + turnMs;
    }
  }

  close(): void | Promise<void> {
    this.#isClosed = true;
    this.#file.close();
    return this.#log.close();
  }
}

function recordIn(row: Row): CapsRecord {
  return row.recordAs(row.seq);
}

/** @returns whether the work is finished */
async function goOn(work: AsyncIterator<void, unknown>, untilMs: number): Promise<boolean> {
  while (performance.now() < untilMs) if ((await work.next()).done) return true;
  return false;
}

function lateAfter(ms: number): () => boolean {
  const late = performance.now() + ms;
  return () => performance.now() > late;
}
