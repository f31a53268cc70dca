/**
 * Time, chance and turns of a simulated world: the same seed gives the same run, as fast as the machine can.
 * Not a `SimulatedClock`: clients and libraries take their timers from the process, not from a clock that they are given,
 * so here the process's own are faked. That shuts out everything else in it, which one part's test need not bear.
 */

import { vi } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { type Chance, seeded } from '../chance.ts';

// Taken before anything is faked: a real turn, at whose end every promise that can go on has gone on.
const afterThisTurn = globalThis.setImmediate;

const begin = Date.parse('2026-11-20T18:00:00.000Z');
const faked = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
  'performance',
] as const;
/** Where nothing is planned at all, time goes on by this. */
const idleMs = 10;

/** Everything in this process lives by it until it is disposed of. */
export class SimulatedTime implements Disposable {
  /** The hub's; others look at the date. */
  readonly clock: Clock & { wait(ms: number): Promise<void> };
  #setBy = 0;
  readonly #random: Disposable;

  constructor(seed: number) {
    vi.useFakeTimers({ toFake: [...faked], now: begin });
    const chance = seeded(seed);
    this.#random = vi.spyOn(Math, 'random').mockImplementation(() => chance.int(0, 2 ** 30 - 1) / 2 ** 30);
    this.clock = {
      now: () => Date.now() + this.#setBy,
      soon: (run) => void setImmediate(run),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    };
  }

  [Symbol.dispose](): void {
    this.#random[Symbol.dispose]();
    vi.useRealTimers();
  }

  /** Milliseconds since the world began. */
  get passed(): number {
    return Date.now() - begin;
  }

  /** Somebody sets the hub's clock. Timers do not look at it. */
  setClock(chance: Chance): void {
    this.#setBy += chance.int(-3_600_000, 3_600_000);
  }

  /** Lets things happen until this holds, or so much time has passed. @returns whether it holds */
  async until(holds: () => boolean, maxMs: number): Promise<boolean> {
    const deadline = this.passed + maxMs;
    await turn();
    while (!holds()) {
      if (this.passed >= deadline) return false;
      if (vi.getTimerCount() === 0) vi.advanceTimersByTime(idleMs);
      else vi.advanceTimersToNextTimer();
      await turn();
    }
    return true;
  }

  /** What a promise comes to, in the time that it takes. */
  async resolved<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = promise.finally(() => {
      isDone = true;
    });
    done.catch(() => {});
    await this.until(() => isDone, Number.POSITIVE_INFINITY);
    return done;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => afterThisTurn(resolve));
}
