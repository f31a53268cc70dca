/**
 * Whether the log can be written. Commits say so as long as there are any; a hub that is sent nothing, because it
 * was not ready a moment ago, has to find out by itself.
 */

import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

export type Readiness = 'ready' | 'not-writable' | 'stopping';

/** What was written so short a time ago is believed to go on. */
const believedMs = 5_000;
/** However many ask, the disk is tried at most so often. */
const triedEveryMs = 1_000;
/** Who asks is answered by then, though the disk may not answer at all. */
const answeredMs = 2_000;

export class Trust {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown, what: string) => void;
  readonly #onWrote: (tookMs: number) => void;
  #writable = true;
  /** When something was last written; long ago until then. */
  #wroteAt = -Infinity;
  #triedAt = -Infinity;
  /** The one try that is under way. */
  #trial: Promise<void> | undefined;

  /** @param onWrote a try to write was well, and took so long */
  constructor(
    store: Store,
    clock: Clock,
    onFault: (error: unknown, what: string) => void,
    onWrote: (tookMs: number) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#onWrote = onWrote;
  }

  /** As far as is known. */
  get writable(): boolean {
    return this.#writable;
  }

  wrote(): void {
    this.#writable = true;
    this.#wroteAt = this.#clock.now();
  }

  failed(): void {
    this.#writable = false;
  }

  /** Never rejects. */
  async ready(): Promise<Readiness> {
    const isKnown = this.#writable && isWithin(believedMs, this.#wroteAt, this.#clock.now());
    if (!isKnown) await this.#tried();
    return this.#writable ? 'ready' : 'not-writable';
  }

  /** Resolves when the disk has been tried, or where that was done a moment ago. */
  #tried(): Promise<void> {
    if (!this.#trial && !isWithin(triedEveryMs, this.#triedAt, this.#clock.now())) {
      this.#triedAt = this.#clock.now();
      this.#trial = this.#try().finally(() => {
        this.#trial = undefined;
      });
    }
    return this.#trial === undefined ? Promise.resolve() : this.#inTime(this.#trial);
  }

  async #try(): Promise<void> {
    const began = this.#clock.now();
    try {
      await this.#store.probe();
      this.#onWrote(Math.max(0, this.#clock.now() - began));
      this.wrote();
    } catch (error) {
      // Said once, and not for as long as somebody asks.
      if (this.#writable) this.#onFault(error, 'the log cannot be written');
      this.failed();
    }
  }

  #inTime(trial: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(answeredMs, () => {
        this.failed();
        resolve();
      });
      void trial.then(() => {
        cancel();
        resolve();
      });
    });
  }
}

/** A clock that was set back is no reason to wait. */
function isWithin(ms: number, then: number, now: number): boolean {
  return now >= then && now - then < ms;
}
