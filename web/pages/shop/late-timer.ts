import { hubClock } from '../../app/hub-clock.ts';
import type { Timers } from '../../app/timers.ts';

/** Browsers run a timer of more than 24 days at once, so a longer wait is made of several. */
const delayMaxMs = 3_600_000;

/** Reports the moment at which the next order becomes late. */
export class LateTimer {
  readonly #timers: Pick<Timers, 'after'>;
  readonly #passed: () => void;
  #lateAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(timers: Pick<Timers, 'after'>, passed: () => void) {
    this.#timers = timers;
    this.#passed = passed;
  }

  /** @param lateAt milliseconds since 1970; `Infinity` if no order will be late */
  set(lateAt: number): void {
    if (lateAt === this.#lateAt) return;
    this.#lateAt = lateAt;
    this.#cancel?.();
    if (lateAt === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#timers.after(Math.min(lateAt + 1 - hubClock.now(), delayMaxMs), () => {
      this.#lateAt = Number.POSITIVE_INFINITY;
      this.#passed();
    });
  }
}
