/**
 * Watches whether the log's time is ahead of the machine's clock: the clock was ahead when something was recorded, or it
 * is behind now. Nothing is lost, but whoever looks after the machine has to know.
 */

import type { Clock } from '../clock.ts';

/** How far the log's time is ahead of the machine's clock, now. */
interface Ahead {
  readonly aheadMs: number;
}

/** Clocks that are set by the network are put right by less. */
const aheadMaxMs = 60_000;
const lookEveryMs = 10_000;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** What is wrong with the machine's clock, in words; undefined: nothing. */
export function clockFault({ aheadMs }: Ahead): string | undefined {
  if (aheadMs <= aheadMaxMs) return undefined;
  const [unit, ms] = units.find(([, ms]) => aheadMs >= ms) ?? units[2];
  const count = Math.floor(aheadMs / ms);
  const span = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return `The log’s last record lies ${span} in the future: the machine’s clock was ahead then, or is behind now. Until the clock gets there, records keep that time, with the machine’s own beside it.`;
}

export interface ClockWatchOptions {
  readonly hub: Ahead;
  readonly clock: Clock;
  /** Told when it begins. */
  readonly onFault: (words: string) => void;
  readonly onRight: () => void;
}

/** Looks at once, and again and again. @returns what ends it, safe to call twice */
export function watchClock({ hub, clock, onFault, onRight }: ClockWatchOptions): () => void {
  let isWrong = false;
  let cancel = () => {};
  const look = () => {
    const words = clockFault(hub);
    if (words !== undefined && !isWrong) onFault(words);
    if (words === undefined && isWrong) onRight();
    isWrong = words !== undefined;
    cancel = clock.after(lookEveryMs, look);
  };
  look();
  return () => cancel();
}
