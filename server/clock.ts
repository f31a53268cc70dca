import { nextTick } from 'node:process';

/** Time and turns as an argument, so that a simulation can run the real hub at its own pace. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after this turn. */
  soon(run: () => void): void;
  /** Runs once after `ms`. @returns cancel */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  soon: (run) => {
    setImmediate(run);
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Whether less than `ms` has passed. A clock that was set back counts as no. */
export function isWithin(ms: number, then: number, now: number): boolean {
  return now >= then && now - then < ms;
}

/** Runs once after this turn's promises, before the next turn: what they wrote can leave as one. */
export function atTurnEnd(run: () => void): void {
  nextTick(run);
}
