/**
 * A clock that a test moves by hand. It drives only what gets it as an argument; nothing of the process is faked. Use
 * it for one part of the hub. A whole world, clients included, needs `SimulatedTime`.
 */

import type { Clock } from '../../server/clock.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class SimulatedClock implements Clock {
  #now = Date.parse('2026-11-20T18:00:00.000Z');
  #setBy = 0;
  #soon: (() => void)[] = [];
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now + this.#setBy;
  }

  /** Sets the wall clock, as a person might. Timers ignore it. */
  set(byMs: number): void {
    this.#setBy += byMs;
  }

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Resolves when this much time has passed. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Number of timers that have not run. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    do {
      for (const run of this.#soon.splice(0)) run();
      // A real turn: when it ends, every promise that can go on has done so.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#soon.length > 0);
  }

  /** Awaits a promise that needs turns but no time. */
  async settling<T>(promise: Promise<T>): Promise<T> {
    const [result] = await Promise.all([promise, this.settle()]);
    return result;
  }

  /** Lets this much time pass, timer by timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  /** The earliest timer; of equal ones, the one that was set first. */
  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    }
    return next;
  }
}
