/**
 * Time, chance and turns of a simulated world: the same seed gives the same run, as fast as the machine can.
 * Not a `SimulatedClock`: clients and libraries take their timers from the process, not from a clock that they are given,
 * so here the process's own are faked. That shuts out everything else in it, which one part's test need not bear.
 */

import { vi } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { type Chance, seeded } from '../chance.ts';

// The real one, taken before anything is faked: at the end of a real turn every promise that can go on has done so.
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
/** Without any timer, time advances by this. */
const idleMs = 10;

/** Replaces the process's timers and date until it is disposed of. */
export class SimulatedTime implements Disposable {
  /** The hub's clock; everything else reads the date. */
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

  /** Sets the hub's clock, as a person might. Timers ignore it. */
  setClock(chance: Chance): void {
    this.#setBy += chance.int(-3_600_000, 3_600_000);
  }

  /** Runs until `holds` is true or this much time has passed. @returns whether it holds */
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

  /** Awaits a promise, and lets as much time pass as it needs. */
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
