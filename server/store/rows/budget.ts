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
