/**
 * Who may hold the hub's one thread next, of those who read a lot: a page of one reader in each turn of the event loop,
 * and whoever has had one stands behind all the others again. What comes in, commits and answers go in between, so that
 * nobody waits for longer than a page, however many are catching up.
 */

import type { Clock } from '../clock.ts';

export class Turns {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #waiting: (() => void)[] = [];
  #isComing = false;

  constructor(clock: Pick<Clock, 'soon'>) {
    this.#clock = clock;
  }

  /** Resolves when it is the caller's turn, which is one page long: whoever wants another asks again. */
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
