/**
 * Shares the hub's one thread fairly among heavy readers: one page of one reader per turn of the event loop, round
 * robin. Input, commits and answers go in between, so nothing waits for longer than one page, however many readers
 * are catching up.
 */

import type { Clock } from '../clock.ts';

export class Turns {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #waiting: (() => void)[] = [];
  #isComing = false;

  constructor(clock: Pick<Clock, 'soon'>) {
    this.#clock = clock;
  }

  /** Resolves at the caller's turn, which lasts for one page. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#come();
    });
  }

  #come(): void {
    if (this.#isComing || this.#waiting.length === 0) return;
    this.#isComing = true;
    this.#clock.soon(() => {
      this.#isComing = false;
      this.#waiting.shift()?.();
      this.#come();
    });
  }
}
