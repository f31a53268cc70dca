/**
 * Reports when the log's time is ahead of the machine's clock: the clock was ahead when something was recorded, or is
 * behind now. Nothing is lost, but the operator has to know.
 */

import type { Clock } from '../clock.ts';

/** How far the log's time is ahead of the machine's clock. */
interface ClockLead {
  readonly aheadMs: number;
}

/** Network time corrects clocks by less than this. */
const aheadMaxMs = 60_000;
const lookEveryMs = 10_000;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Describes what is wrong with the machine's clock; undefined if nothing is. */
export function clockFault({ aheadMs }: ClockLead): string | undefined {
  if (aheadMs <= aheadMaxMs) return undefined;
  const [unit, ms] = units.find(([, ms]) => aheadMs >= ms) ?? units[2];
  const count = Math.floor(aheadMs / ms);
  const span = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return `The log’s last record lies ${span} in the future: the machine’s clock was ahead then, or is behind now. Until the clock gets there, records keep that time, with the machine’s own beside it.`;
}

export interface ClockWatchOptions {
  readonly hub: ClockLead;
  readonly clock: Clock;
  /** Called when the fault begins. */
  readonly onFault: (words: string) => void;
  readonly onRight: () => void;
}

/** Checks now and then regularly. @returns stop, safe to call twice */
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
