/**
 * Publishes the log in its order, whoever appended a record: own commits come with their rows, those of other hubs are
 * read from the log.
 *
 *     own commit ──next in line──▶ publish
 *         └──something is missing before it──▶ waits while the log is read ──▶ publish
 */

import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Store } from '../store/store.ts';

const pageBounds = { limit: 500, sizeMax: 1024 * 1024 } as const;
/** Delay before a failed read is retried. */
const againMs = 100;

export interface LogTailOptions {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  /** The last seq that is published already. */
  readonly head: number;
  /** Called with rows that follow each other without a gap. */
  readonly publish: (rows: readonly Row[]) => void;
  /** Called for records that the disk has damaged: readers read around them. */
  readonly skip: (upTo: number) => void;
  /** Called with rows that were read, most of which another hub has appended, before they are published. */
  readonly onForeign: (rows: readonly Row[]) => void;
  readonly onFault: (error: unknown, what: string) => void;
  readonly onMended?: ((what: string) => void) | undefined;
}

const readFailed = 'the log could not be read on';

export class LogTail {
  readonly #options: LogTailOptions;
  #head: number;
  /** Own rows that wait for those before them, in order. */
  #own: Row[] = [];
  #isReading = false;
  /** The log has perhaps grown since the last page was read. */
  #isStale = false;
  #isClosed = false;
  #cancelAgain: (() => void) | undefined;
  /** Callbacks of those who wait for a seq. */
  #waiting: { readonly seq: number; readonly resolve: () => void }[] = [];

  constructor(options: LogTailOptions) {
    this.#options = options;
    this.#head = options.head;
  }

  /** Takes the rows of an own commit. */
  committed(rows: readonly Row[]): void {
    const [first] = rows;
    if (!first) return;
    // Commands that were recorded one by one may have those of other hubs between them.
    const isDense = rows.at(-1)?.seq === first.seq + rows.length - 1;
    if (!this.#isReading && isDense && first.seq === this.#head + 1) {
      this.#publish(rows);
      return;
    }
    this.#own.push(...rows);
    this.grown();
  }

  /** The log has perhaps grown. */
  grown(): void {
    this.#isStale = true;
    if (!this.#isReading && !this.#isClosed) void this.#readOn();
  }

  /** Resolves when the log is published up to this seq. */
  until(seq: number): Promise<void> {
    if (seq <= this.#head || this.#isClosed) return Promise.resolve();
    this.grown();
    return new Promise((resolve) => this.#waiting.push({ seq, resolve }));
  }

  /** Resolves when more than up to this seq is published. Unlike `until` it reads nothing. */
  beyond(seq: number): Promise<void> {
    if (seq < this.#head || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ seq: seq + 1, resolve }));
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    this.#cancelAgain?.();
    try {
      while (this.#isStale && !this.#isClosed) {
        if (this.#publishOwn()) continue;
        this.#isStale = false;
        const page = await this.#options.store.read({ kind: 'all' }, { after: this.#head, ...pageBounds });
        this.#options.onMended?.(readFailed);
        this.#take(page.rows, page.damaged ?? []);
        this.#isStale ||= page.more || this.#own.length > 0;
      }
    } catch (error) {
      // The store may be closed by now.
      if (this.#isClosed) return;
      this.#options.onFault(error, readFailed);
      this.#cancelAgain = this.#options.clock.after(againMs, () => this.grown());
    } finally {
      this.#isReading = false;
    }
  }

  /** Publishes own rows that are next in line. @returns whether there were any */
  #publishOwn(): boolean {
    const rest = this.#own.filter(({ seq }) => seq > this.#head);
    const gap = rest.findIndex(({ seq }, i) => seq !== this.#head + 1 + i);
    const next = gap < 0 ? rest : rest.slice(0, gap);
    this.#own = rest.slice(next.length);
    if (next.length > 0) this.#publish(next);
    return next.length > 0;
  }

  #take(rows: readonly Row[], damaged: readonly number[]): void {
    this.#options.onForeign(rows);
    let from = 0;
    for (const lost of damaged) {
      const upTo = rows.findIndex(({ seq }) => seq > lost);
      const before = rows.slice(from, upTo < 0 ? undefined : upTo);
      from += before.length;
      this.#publish(before);
      this.#options.skip(lost);
      this.#moved(lost);
    }
    this.#publish(rows.slice(from));
  }

  #publish(rows: readonly Row[]): void {
    const last = rows.at(-1);
    if (!last) return;
    this.#options.publish(rows);
    this.#moved(last.seq);
  }

  #moved(head: number): void {
    this.#head = head;
    const due = this.#waiting.filter(({ seq }) => seq <= head);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ seq }) => seq > head);
    for (const { resolve } of due) resolve();
  }

  /** Nobody waits any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancelAgain?.();
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }
}
