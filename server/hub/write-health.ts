/**
 * Whether the log can be written. Commits say so as long as there are any; a hub that is sent nothing, because it
 * was not ready a moment ago, has to find out by itself.
 */

import { type Clock, isWithin } from '../clock.ts';
import type { Store } from '../store/store.ts';

export type Readiness = 'ready' | 'not-writable' | 'stopping';

/** What was written so short a time ago is believed to go on. */
const believedMs = 5_000;
/** However many ask, the disk is tried at most so often. */
const triedEveryMs = 1_000;
/** Who asks is answered by then, though the disk may not answer at all. */
const answeredMs = 2_000;

/** What a failed commit is called where faults are told. */
export const commitFailed = 'a commit failed';
/**
 * Bytes that have to fit onto a disk that was full before it is trusted again. A hub that is ready as soon as one small
 * order fits is not ready at the next, and whoever watches it sees it come and go.
 */
const roomBytes = 1024 * 1024;
const tryBytes = 8;

export interface TrustOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Told of what is a bug or a fault of the machine; what clients do wrong is answered to them. */
  readonly onFault: (error: unknown, what: string) => void;
  /** Such a fault is over. */
  readonly onMended?: (what: string) => void;
}

export class Trust {
  readonly #options: TrustOptions;
  readonly #onWrote: (tookMs: number) => void;
  #writable = true;
  /** A write was refused, and there has not been enough room since. */
  #needsRoom = false;
  /** When something was last written; long ago until then. */
  #wroteAt = -Infinity;
  #triedAt = -Infinity;
  /** The one try that is under way. */
  #trial: Promise<void> | undefined;

  /** @param onWrote a try to write was well, and took so long */
  constructor(options: TrustOptions, onWrote: (tookMs: number) => void) {
    this.#options = options;
    this.#onWrote = onWrote;
  }

  /** As far as is known. */
  get writable(): boolean {
    return this.#writable;
  }

  /** A commit is on disk. */
  wrote(): void {
    // One that happened to fit does not say that the next will.
    if (this.#needsRoom) void this.#tried();
    else this.#trusted();
  }

  /** Commits are refused. */
  failed(): void {
    this.#writable = false;
    this.#needsRoom = true;
  }

  #trusted(): void {
    const { clock, onMended } = this.#options;
    const wasWritable = this.#writable;
    this.#writable = true;
    this.#needsRoom = false;
    this.#wroteAt = clock.now();
    if (!wasWritable) onMended?.(commitFailed);
  }

  /** Never rejects. */
  async ready(): Promise<Readiness> {
    const isKnown = this.#writable && isWithin(believedMs, this.#wroteAt, this.#options.clock.now());
    if (!isKnown) await this.#tried();
    return this.#writable ? 'ready' : 'not-writable';
  }

  /** Resolves when the disk has been tried, or where that was done a moment ago. */
  #tried(): Promise<void> {
    if (!this.#trial && !isWithin(triedEveryMs, this.#triedAt, this.#options.clock.now())) {
      this.#triedAt = this.#options.clock.now();
      this.#trial = this.#try().finally(() => {
        this.#trial = undefined;
      });
    }
    return this.#trial === undefined ? Promise.resolve() : this.#inTime(this.#trial);
  }

  async #try(): Promise<void> {
    const { store, clock, onFault } = this.#options;
    const bytes = this.#needsRoom ? roomBytes : tryBytes;
    const began = clock.now();
    try {
      await store.probe(bytes);
      if (bytes === tryBytes) this.#onWrote(Math.max(0, clock.now() - began));
      // A commit may have been refused meanwhile.
      if (bytes === roomBytes || !this.#needsRoom) this.#trusted();
    } catch (error) {
      onFault(error, commitFailed);
      this.failed();
    }
  }

  /** Resolves when no try is under way, or the disk has not answered for long. */
  async settled(): Promise<void> {
    if (this.#trial !== undefined) await this.#inTime(this.#trial);
  }

  #inTime(trial: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(answeredMs, () => {
        this.#writable = false;
        resolve();
      });
      void trial.then(() => {
        cancel();
        resolve();
      });
    });
  }
}
