import { limits } from '../../../protocol/limits.ts';

/** In characters of records, read and checked within a few milliseconds. */
const littleSizeMax = 256 * 1024;

/** Limits how much is examined for one answer. */
export interface Budget {
  /** Polled with the number examined and their size in characters. */
  isSpent(looked: number, size: number): boolean;
}

/** For a thread that others wait for. */
export const littleBudget: Budget = {
  isSpent: (looked, size) => looked >= limits.page || size >= littleSizeMax,
};

export const noBudget: Budget = { isSpent: () => false };

/** How long a slice of a long read works before others have their turn. */
const sliceMs = 15;
/** What a slice looks at in any case, a few milliseconds of work: on a busy machine the time is over with next to nothing done. */
const sliceRowsMin = 1_000;
const sliceSizeMin = 512 * 1024;

/** For a thread or a connection of its own, where each slice waits for its turn. @param now in milliseconds */
export function sliceBudget(now: () => number = () => performance.now()): Budget {
  const until = now() + sliceMs;
  return {
    isSpent: (looked, size) => (looked >= sliceRowsMin || size >= sliceSizeMin) && now() >= until,
  };
}
