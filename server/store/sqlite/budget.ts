import { limits } from '../../../protocol/limits.ts';

/** In characters of records: read and looked at in a few milliseconds. */
const littleSizeMax = 256 * 1024;

/** How much may be looked at before there is an answer. */
export interface Budget {
  /** Asked again and again with how many were looked at, and their size in characters. */
  isSpent(looked: number, size: number): boolean;
}

/** For a thread that others wait for. */
export const littleBudget: Budget = {
  isSpent: (looked, size) => looked >= limits.page || size >= littleSizeMax,
};

export const noBudget: Budget = { isSpent: () => false };
