/**
 * The search index of this hub: a thread with its own file, for logs that are large enough. A damaged file is rebuilt once;
 * if that fails too, the hub scans the log instead.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { threadLimits } from '../memory.ts';
import type { IndexHits, IndexQuery, SearchIndex } from '../search-index.ts';
import { stopThread } from '../sqlite/thread-end.ts';
import type { FromSearch, SearchedLog, SearchThreadTask, ToSearch } from './worker.ts';

/** Logs up to this size are scanned quickly enough. */
export const plainMax = 5_000;
/** Records within this time are indexed together. */
const nudgeMs = 100;

export interface SearchOptions {
  /** Where the index's file is, and the SQLite log. */
  readonly folder: string;
  /** Of a log in PostgreSQL. */
  readonly databaseUrl?: string | undefined;
  readonly epoch: string;
  /** Called when the index had to be rebuilt, and when it was given up. */
  readonly onFault: (error: unknown, what: string) => void;
  /** Called for damaged records, perhaps repeatedly. */
  readonly onDamaged?: (seq: number) => void;
  /** Smaller logs have no index. */
  readonly recordsMin?: number;
}

export function openSearch(options: SearchOptions): SearchIndex {
  return new HubSearch(options);
}

class HubSearch implements SearchIndex {
  readonly #options: SearchOptions;
  readonly #asked = new Map<number, (sought: IndexHits | undefined) => void>();
  #worker: Worker | undefined;
  #isReady = false;
  #lastId = 0;
  /** Errors that ended earlier threads. */
  readonly #errors: unknown[] = [];
  #nudge: NodeJS.Timeout | undefined;
  /** The last seq of the log. */
  #head = 0;
  #isClosed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  grew(seq: number): void {
    this.#head = seq;
    if (this.#isClosed || this.#nudge || this.#errors.length > 1) return;
    if (!this.#worker) {
      if (seq >= (this.#options.recordsMin ?? plainMax)) this.#start();
      return;
    }
    this.#nudge = setTimeout(() => {
      this.#nudge = undefined;
      this.#send({ kind: 'grew', seq: this.#head });
    }, nudgeMs);
    this.#nudge.unref();
  }

  #start(): void {
    const { folder, databaseUrl: url, epoch } = this.#options;
    const log: SearchedLog =
      url === undefined
        ? { kind: 'sqlite', path: join(folder, 'caps.sqlite') }
        : { kind: 'postgres', url, head: this.#head };
    const index = join(folder, 'caps-search.sqlite');
    const task: SearchThreadTask = { log, epoch, index, fresh: this.#errors.length > 0 };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'search',
      workerData: task,
      resourceLimits: threadLimits,
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromSearch) => {
      if (message.kind === 'ready') this.#ready();
      else if (message.kind === 'damaged') this.#options.onDamaged?.(message.seq);
      else this.#settle(message.id, message.sought);
    });
    worker.on('error', (error) => this.#failed(error));
  }

  #ready(): void {
    this.#isReady = true;
    const [error] = this.#errors;
    if (error !== undefined) this.#options.onFault(error, 'the search index is made again');
  }

  #failed(error: unknown): void {
    this.#worker = undefined;
    this.#isReady = false;
    this.#errors.push(error);
    for (const id of this.#asked.keys()) this.#settle(id, undefined);
    if (this.#isClosed) return;
    if (this.#errors.length === 1) this.#start();
    else this.#options.onFault(error, 'there is no search index; searches look through the log');
  }

  find(asked: IndexQuery): Promise<IndexHits | undefined> {
    if (!this.#isReady || this.#isClosed) return Promise.resolve(undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#send({ kind: 'find', id, asked });
    });
  }

  #settle(id: number, sought: IndexHits | undefined): void {
    this.#asked.get(id)?.(sought);
    this.#asked.delete(id);
  }

  #send(message: ToSearch): void {
    this.#worker?.postMessage(message);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#nudge);
    const worker = this.#worker;
    if (!worker) return;
    await stopThread(worker, () => this.#send({ kind: 'stop' }));
    for (const id of this.#asked.keys()) this.#settle(id, undefined);
  }
}
