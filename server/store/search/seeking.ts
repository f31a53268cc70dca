/** Finds and counts records step by step, so that other work can go in between. */

import type { Count } from '../store.ts';
import type { SearchFile, SeqRange } from './file.ts';

/** What to find, and where. */
export interface Quest {
  readonly file: Pick<SearchFile, 'matching' | 'count'>;
  /** The file's `matchOf`; undefined if no record can match. */
  readonly match: string | undefined;
  /** Checks the record at a seq; undefined if every match counts. */
  readonly confirm: ((seq: number) => boolean) | undefined;
  /** Polled; once true, the search ends with what it has. */
  readonly isLate: () => boolean;
}

/** Yields often. @returns the seqs in search order and the last place examined; undefined for all of them */
export function* seek(
  { file, match, confirm, isLate }: Quest,
  { forwards, limit, ...stretch }: SeqRange & { readonly forwards: boolean; readonly limit: number },
): Generator<void, { seqs: number[]; place: number | undefined }> {
  const seqs: number[] = [];
  for (const seq of match === undefined ? [] : file.matching(match, stretch, forwards)) {
    if (!confirm || confirm(seq)) seqs.push(seq);
    if (seqs.length === limit || isLate()) return { seqs, place: seq };
    yield;
  }
  return { seqs, place: undefined };
}

/**
 * Counts the matches; stops at `max` if each needs a check.
 * @param atOnce records counted between two checks of the clock
 */
export function* count(
  { file, match, confirm, isLate }: Quest,
  { low, high }: SeqRange,
  { max, atOnce }: { readonly max: number; readonly atOnce: number },
): Generator<void, Count> {
  let counted = 0;
  if (match === undefined) return { count: counted, exact: true };
  if (confirm) {
    // Newest first, in search order.
    for (const seq of file.matching(match, { low, high }, false)) {
      if (confirm(seq)) counted += 1;
      if (counted > max) return { count: max, exact: false };
      if (isLate()) return { count: counted, exact: false };
      yield;
    }
    return { count: counted, exact: true };
  }
  for (let from = low; from < high; from += atOnce) {
    if (from > low && isLate()) return { count: counted, exact: false };
    counted += file.count(match, { low: from, high: Math.min(high, from + atOnce) });
    yield;
  }
  return { count: counted, exact: true };
}
