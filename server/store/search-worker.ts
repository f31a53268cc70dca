/**
 * The thread that indexes the log and answers searches, so that the hub's own thread does neither. It reads the log
 * through a connection of its own. It takes turns: whatever is long gives way to the next message every few
 * milliseconds, and indexing leaves the machine as much time as it takes.
 *
 * Whatever goes wrong ends the thread, and whoever started it hears why.
 */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../protocol/errors.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import { passes, type RecordFilter } from '../../protocol/search.ts';
import { type Chunk, count, OpenChunk, type Stretch, seek } from './search-chunks.ts';
import { openSearchFile, type SearchFile } from './search-file.ts';
import { wantedTerms } from './search-terms.ts';
import { type LogRow, soundRow } from './sqlite-rows.ts';
import type { Asked, Sought } from './store.ts';

/** What the thread is given. */
export interface SearchTask {
  readonly log: string;
  readonly epoch: string;
  readonly index: string;
  readonly fresh: boolean;
}
export type ToSearch =
  | { readonly kind: 'grew' }
  | { readonly kind: 'find'; readonly id: number; readonly asked: Asked }
  | { readonly kind: 'stop' };
export type FromSearch =
  | { readonly kind: 'ready' }
  /** A record that is not as it was written. */
  | { readonly kind: 'damaged'; readonly seq: number }
  | { readonly kind: 'found'; readonly id: number; readonly sought: Sought };

/** Work between two turns. */
const turnMs = 8;
/** After which a search answers with what it has. */
const seekMs = 50;
const countMs = 250;
/** Where each has to be looked at, more are not counted. */
const countMax = 10_000;
const recordsAtOnce = 32;

class Searcher {
  readonly #log: DatabaseSync;
  readonly #file: SearchFile;
  readonly #rows: ReturnType<DatabaseSync['prepare']>;
  readonly #row: ReturnType<DatabaseSync['prepare']>;
  /** Behind those in the file: the ones to be written, and the one to be filled. */
  readonly #full: OpenChunk[] = [];
  #open: OpenChunk;
  #isIndexing = false;
  #isClosed = false;
  readonly #onDamaged: (seq: number) => void;

  constructor({ log, epoch, index, fresh }: SearchTask, onDamaged: (seq: number) => void) {
    this.#onDamaged = onDamaged;
    this.#log = new DatabaseSync(log, { readOnly: true });
    // The way to any record, so that looking at one reads little more than itself.
    this.#log.exec('PRAGMA cache_size = -16384');
    this.#rows = this.#log.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#row = this.#log.prepare('SELECT * FROM log WHERE seq = ?');
    const { head } = this.#log.prepare('SELECT coalesce(max(seq), 0) AS head FROM log').get() as {
      head: number;
    };
    this.#file = openSearchFile(index, { epoch, head }, fresh);
    this.#open = new OpenChunk(this.#file.upTo + 1);
  }

  /** Until there is nothing that is not indexed. */
  async index(): Promise<void> {
    if (this.#isIndexing) return;
    this.#isIndexing = true;
    const work = this.#work();
    while (!this.#isClosed) {
      const begin = performance.now();
      if (goOn(work, begin + turnMs)) break;
      await pause(performance.now() - begin);
    }
    this.#isIndexing = false;
  }

  *#work(): Generator<void, void> {
    for (;;) {
      const rows = this.#rows.all(this.#open.last, recordsAtOnce) as unknown as LogRow[];
      for (const row of rows) this.#add(row);
      for (let chunk = this.#full[0]; chunk; chunk = this.#full[0]) {
        yield* this.#file.write(chunk);
        this.#full.shift();
      }
      if (rows.length < recordsAtOnce) return;
      yield;
    }
  }

  /** Each at its place: one that is missing in between leaves its own empty. */
  #add(row: LogRow): void {
    while (this.#open.last < row.seq - 1) {
      this.#onDamaged(this.#open.last + 1);
      this.#put(undefined);
    }
    this.#put(this.#recordIn(row));
  }

  #put(record: CapsRecord | undefined): void {
    if (record) this.#open.add(record);
    else this.#open.skip();
    if (!this.#open.isFull) return;
    this.#full.push(this.#open);
    this.#open = new OpenChunk(this.#open.last + 1);
  }

  #recordIn(row: LogRow): CapsRecord | undefined {
    const sound = soundRow(row);
    if (sound) return JSON.parse(`{"seq":${sound.seq},${sound.text}`) as CapsRecord;
    this.#onDamaged(row.seq);
    return undefined;
  }

  async find({ filter, counted, ...asked }: Asked): Promise<Sought> {
    const chunks: readonly Chunk[] = [...this.#file.chunks, ...this.#full, this.#open];
    const upTo = this.#open.last;
    // The chunk that is open may grow in the meantime.
    const within = <S extends Stretch>(stretch: S) => ({ ...stretch, high: Math.min(stretch.high, upTo) });
    const wanted = wantedTerms(filter);
    const confirm = (seq: number) => this.#answers(seq, filter);
    const found = await inTurns(seek(chunks, wanted, within(asked), confirm, lateAfter(seekMs)));
    if (!counted) return { ...found, upTo };
    const limits = { confirm, isLate: lateAfter(countMs), max: countMax };
    return { ...found, upTo, count: await inTurns(count(chunks, wanted, within(counted), limits)) };
  }

  #answers(seq: number, filter: RecordFilter): boolean {
    const row = this.#row.get(seq) as unknown as LogRow | undefined;
    const record = row && this.#recordIn(row);
    return record !== undefined && passes(record, filter);
  }

  close(): void {
    this.#isClosed = true;
    this.#file.close();
    this.#log.close();
  }
}

/** @returns whether it has come to its end */
function goOn(work: Iterator<void, unknown>, untilMs: number): boolean {
  while (performance.now() < untilMs) if (work.next().done) return true;
  return false;
}

async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (let until = performance.now() + turnMs; ; ) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await turn();
    until = performance.now() + turnMs;
  }
}

function lateAfter(ms: number): () => boolean {
  const late = performance.now() + ms;
  return () => performance.now() > late;
}

const port = parentPort;
assert(port, 'this runs as a thread');
const tell = (message: FromSearch) => port.postMessage(message);
const searcher = new Searcher(workerData as SearchTask, (seq) => tell({ kind: 'damaged', seq }));
tell({ kind: 'ready' });
port.on('message', async (message: ToSearch) => {
  if (message.kind === 'grew') await searcher.index();
  else if (message.kind === 'find')
    tell({ kind: 'found', id: message.id, sought: await searcher.find(message.asked) });
  else {
    port.close();
    searcher.close();
  }
});
await searcher.index();
