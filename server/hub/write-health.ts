/**
 * Knows whether the log can be written. Commits show it while there are any. A hub that gets none, because it was not
 * ready a moment ago, writes a probe.
 */

import { type Clock, isWithin } from '../clock.ts';
import type { Store } from '../store/store.ts';

export type Readiness = 'ready' | 'not-writable' | 'stopping';

/** A successful write counts for this long. */
const believedMs = 5_000;
/** Minimum time between two probes, however many ask. */
const triedEveryMs = 1_000;
/** Time limit of an answer: a hanging disk may not answer at all. */
const answeredMs = 2_000;

/** Name of the fault in the hub's output. */
export const commitFailed = 'a commit failed';
/**
 * Bytes that must fit before a disk that was full counts as writable again. A hub that is ready as soon as one small
 * order fits fails at the next, and flaps for whoever monitors it.
 */
const roomBytes = 1024 * 1024;
const tryBytes = 8;

export interface WriteHealthOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Called for bugs and machine faults. Clients' mistakes are answered instead. */
  readonly onFault: (error: unknown, what: string) => void;
  /** Called when such a fault is over. */
  readonly onMended?: (what: string) => void;
}

export class WriteHealth {
  readonly #options: WriteHealthOptions;
  readonly #onWrote: (tookMs: number) => void;
  readonly #onChange: (isWritable: boolean) => void;
  #writable = true;
  /** A write failed, and there has not been ample room since. */
  #needsRoom = false;
  /** Time of the last write; -Infinity before the first. */
  #wroteAt = -Infinity;
  #triedAt = -Infinity;
  /** The probe under way. */
  #trial: Promise<void> | undefined;

  /**
   * @param onWrote called after each successful probe with its duration
   * @param onChange called when `writable` has changed
   */
  constructor(
    options: WriteHealthOptions,
    onWrote: (tookMs: number) => void,
    onChange: (isWritable: boolean) => void = () => {},
  ) {
    this.#options = options;
    this.#onWrote = onWrote;
    this.#onChange = onChange;
  }

  get writable(): boolean {
    return this.#writable;
  }

  /** The database did not answer a look: a probe finds out. */
  doubted(): void {
    if (this.#writable) void this.#tried();
  }

  #turned(isWritable: boolean): void {
    if (this.#writable === isWritable) return;
    this.#writable = isWritable;
    this.#onChange(isWritable);
  }

  /** A commit is on disk. */
  wrote(): void {
    // A small commit may fit where the next does not.
    if (this.#needsRoom) void this.#tried();
    else this.#trusted();
  }

  /** Commits are refused. */
  failed(): void {
    this.#needsRoom = true;
    this.#turned(false);
  }

  #trusted(): void {
    const { clock, onMended } = this.#options;
    const wasWritable = this.#writable;
    this.#needsRoom = false;
    this.#wroteAt = clock.now();
    this.#turned(true);
    if (!wasWritable) onMended?.(commitFailed);
  }

  async ready(): Promise<Readiness> {
    const isKnown = this.#writable && isWithin(believedMs, this.#wroteAt, this.#options.clock.now());
    if (!isKnown) await this.#tried();
    return this.#writable ? 'ready' : 'not-writable';
  }

  /** Resolves when the disk has answered a probe, or at once if one was made a moment ago. */
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
      // A commit may have failed meanwhile.
      if (bytes === roomBytes || !this.#needsRoom) this.#trusted();
    } catch (error) {
      onFault(error, commitFailed);
      this.failed();
    }
  }

  /** Resolves when no probe is under way, or the disk takes too long. */
  async settled(): Promise<void> {
    if (this.#trial !== undefined) await this.#inTime(this.#trial);
  }

  #inTime(trial: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(answeredMs, () => {
        this.#turned(false);
        resolve();
      });
      void trial.then(() => {
        cancel();
        resolve();
      });
    });
  }
}
