/**
 * A store whose lists and searches run in a thread, for logs that are large enough. Until the thread is ready, and
 * after it fails, the store itself scans a little at a time; answers are the same.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import type { Blobs } from '../blobs.ts';
import { threadLimits } from '../memory.ts';
import type { StoredOutbound } from '../outbound.ts';
import { Row } from '../row.ts';
import { CallerQueue } from '../rows/caller-queue.ts';
import type {
  CommitLookup,
  CommitPlan,
  CommitResult,
  Damage,
  Head,
  Keys,
  LookupResult,
  Page,
  ParcelPage,
  ParcelQuery,
  Range,
  ReadyCount,
  Scope,
  SetBack,
  SiftPage,
  SiftQuery,
  Store,
  StoredProfiles,
  StoredRepeats,
} from '../store.ts';
import type { Answer, FromReader, Question, ReaderTask, ToReader } from './reader-worker.ts';
import { stopThread } from './thread-end.ts';

/** A log of this size is scanned quickly enough. */
const plainMax = 5_000;
/** A range of this size, even in a long log. */
const fewMax = 100;
/** Requests given to the thread at once: one in work, and one so that it need not wait. */
const askedMax = 2;
/** A thread silent for this long is terminated. */
const silenceMaxMs = 5_000;
/** Delay before a failed thread is restarted. */
const restMs = 1_000;

export interface SqliteReaderOptions {
  /** Folder of the log. */
  readonly folder: string;
  /** Called for each failed thread. */
  readonly onFault: (error: unknown, what: string) => void;
  /** Smaller logs have no thread. */
  readonly recordsMin?: number;
}

/** @param store closed together with it */
export function withReader(store: Store, options: SqliteReaderOptions): Store {
  return new StoreWithReader(store, options);
}

class StoreWithReader implements Store {
  readonly #store: Store;
  readonly #thread: ReaderThread;

  constructor(store: Store, options: SqliteReaderOptions) {
    this.#store = store;
    this.#thread = new ReaderThread(options, (name) => store.damage.found(name));
  }

  async sift(wanted: SiftQuery): Promise<SiftPage> {
    const isFew = wanted.scope.kind === 'parcel' || wanted.high - wanted.low <= fewMax;
    const answer = isFew ? undefined : await this.#ask(wanted.caller, { kind: 'sift', wanted });
    if (answer?.kind !== 'sifted') return this.#store.sift(wanted);
    const { rows, ...rest } = answer.sifted;
    return { ...rest, rows: rows.map((fields) => new Row(fields)) };
  }

  async parcels(query: ParcelQuery): Promise<ParcelPage> {
    const { caller, isBrief } = query;
    const answer =
      caller === undefined || isBrief ? undefined : await this.#ask(caller, { kind: 'parcels', query });
    return answer?.kind === 'listed' ? answer.page : this.#store.parcels(query);
  }

  async #ask(caller: string, question: Question): Promise<Answer | undefined> {
    const { seq } = await this.#store.head();
    return this.#thread.ask(seq, caller, question);
  }

  async close(): Promise<void> {
    await this.#thread.close();
    await this.#store.close();
  }

  // ---- what the store does itself ----

  get epoch(): string {
    return this.#store.epoch;
  }

  get secret(): Uint8Array {
    return this.#store.secret;
  }

  get keys(): Keys {
    return this.#store.keys;
  }

  get profiles(): StoredProfiles {
    return this.#store.profiles;
  }

  get repeats(): StoredRepeats {
    return this.#store.repeats;
  }

  get outbound(): StoredOutbound {
    return this.#store.outbound;
  }

  get blobs(): Blobs {
    return this.#store.blobs;
  }

  get damage(): Damage {
    return this.#store.damage;
  }

  head(): Promise<Head> {
    return this.#store.head();
  }

  commit<T>(wanted: CommitLookup, decide: (found: LookupResult) => CommitPlan<T>): Promise<CommitResult<T>> {
    return this.#store.commit(wanted, decide);
  }

  read(scope: Scope, range: Range): Promise<Page> {
    return this.#store.read(scope, range);
  }

  rowsAt(seqs: readonly number[]): Promise<Pick<Page, 'rows' | 'damaged'>> {
    return this.#store.rowsAt(seqs);
  }

  headOf(scope: Scope): Promise<number> {
    return this.#store.headOf(scope);
  }

  setBacks(): Promise<readonly SetBack[]> {
    return this.#store.setBacks();
  }

  parcel(key: ParcelId): Promise<Parcel | undefined> {
    return this.#store.parcel(key);
  }

  readyCount(): Promise<ReadyCount> {
    return this.#store.readyCount();
  }

  holders(after: string, limit: number): Promise<readonly string[]> {
    return this.#store.holders(after, limit);
  }

  acknowledge(keys: readonly ParcelId[]): Promise<void> {
    return this.#store.acknowledge(keys);
  }

  probe(bytes: number): Promise<void> {
    return this.#store.probe(bytes);
  }
}

interface Job {
  readonly question: Question;
  readonly shareKey: string | undefined;
  /** Undefined makes the store itself scan. */
  readonly settle: (answer: Answer | undefined) => void;
}

class ReaderThread {
  readonly #options: SqliteReaderOptions;
  readonly #onDamaged: (name: string) => void;
  readonly #waiting = new CallerQueue<Job>();
  readonly #asked = new Map<number, Job>();
  /** Answers to come, as long as their jobs wait: a job that has begun may not know what was committed since. */
  readonly #shared = new Map<string, Promise<Answer | undefined>>();
  #worker: Worker | undefined;
  #isReady = false;
  #lastId = 0;
  #silence: NodeJS.Timeout | undefined;
  #restUntil = 0;
  #isClosed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: SqliteReaderOptions, onDamaged: (name: string) => void) {
    this.#options = options;
    this.#onDamaged = onDamaged;
  }

  /**
   * @param head the log's, which decides whether the thread is worth it
   * @returns undefined without a thread
   * @throws CapsError busy
   */
  ask(head: number, caller: string, question: Question): Promise<Answer | undefined> {
    const isWorth = head >= (this.#options.recordsMin ?? plainMax) && !this.#isClosed;
    if (isWorth && !this.#worker && performance.now() >= this.#restUntil) this.#start();
    if (!this.#isReady || this.#isClosed) return Promise.resolve(undefined);
    const shareKey = shareKeyOf(question);
    const shared = shareKey && this.#shared.get(shareKey);
    if (shared) return shared;
    const { promise, resolve: settle } = Promise.withResolvers<Answer | undefined>();
    this.#waiting.push(caller, { question, shareKey, settle });
    if (shareKey) this.#shared.set(shareKey, promise);
    this.#next();
    return promise;
  }

  #start(): void {
    const task: ReaderTask = { log: join(this.#options.folder, 'caps.sqlite') };
    const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), {
      name: 'reader',
      workerData: task,
      resourceLimits: threadLimits,
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromReader) => {
      if (worker !== this.#worker) return;
      if (message.kind === 'ready') this.#isReady = true;
      else if (message.kind === 'damaged') this.#onDamaged(message.name);
      else this.#settle(message.id, message.answer);
    });
    worker.on('error', (error) => this.#failed(worker, error));
  }

  #next(): void {
    while (this.#asked.size < askedMax) {
      const job = this.#waiting.next();
      if (!job) break;
      if (job.shareKey) this.#shared.delete(job.shareKey);
      this.#lastId += 1;
      this.#asked.set(this.#lastId, job);
      this.#send({ kind: 'ask', id: this.#lastId, question: job.question });
    }
    clearTimeout(this.#silence);
    if (this.#asked.size === 0) return;
    this.#silence = setTimeout(() => {
      const worker = this.#worker;
      void worker?.terminate();
      if (worker) this.#failed(worker, new Error(`it has said nothing for ${silenceMaxMs} ms`));
    }, silenceMaxMs);
    this.#silence.unref();
  }

  #settle(id: number, answer: Answer): void {
    const job = this.#asked.get(id);
    this.#asked.delete(id);
    job?.settle(answer);
    this.#next();
  }

  /** The store answers the open requests; the next one starts a new thread. */
  #failed(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#isReady = false;
    this.#restUntil = performance.now() + restMs;
    this.#giveUp();
    if (!this.#isClosed) this.#options.onFault(error, 'the thread that reads for lists and searches failed');
  }

  #giveUp(): void {
    clearTimeout(this.#silence);
    this.#shared.clear();
    for (const job of this.#asked.values()) job.settle(undefined);
    this.#asked.clear();
    for (let job = this.#waiting.next(); job; job = this.#waiting.next()) job.settle(undefined);
  }

  #send(message: ToReader): void {
    this.#worker?.postMessage(message);
  }

  /** Safe to call twice. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#giveUp();
    if (!worker) return;
    await stopThread(worker, () => this.#send({ kind: 'stop' }));
  }
}

/**
 * The same for those who ask the same of the same parcels, as several desks that look for what is late; the moment
 * counts to the second.
 */
function shareKeyOf(question: Question): string | undefined {
  if (question.kind !== 'parcels' || question.query.among) return undefined;
  const { caller: _, now = 0, ...query } = question.query;
  return JSON.stringify({ ...query, now: Math.floor(now / 1_000) });
}
