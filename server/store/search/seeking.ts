/** Looking for records, and counting them, with turns for others in between. */

import type { Count } from '../store.ts';
import type { SearchFile, Stretch } from './file.ts';

/** What is looked for, and where. */
export interface Quest {
  readonly file: Pick<SearchFile, 'matching' | 'count'>;
  /** Of the file's `matchOf`; undefined: no record has it. */
  readonly match: string | undefined;
  /** Undefined: every record that matches answers. Else says whether the one at this seq does. */
  readonly confirm: ((seq: number) => boolean) | undefined;
  /** Asked in between; once it is true, what was found is all. */
  readonly isLate: () => boolean;
}

/**
 * Gives way again and again.
 * @returns the seqs in the order of the search, and the last place that was looked at; undefined for all of them
 */
export function* seek(
  { file, match, confirm, isLate }: Quest,
  { forwards, limit, ...stretch }: Stretch & { readonly forwards: boolean; readonly limit: number },
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
 * How many there are; of those that have to be confirmed, no more than `max`.
 * @param atOnce records of the log that are counted between two looks at the clock
 */
export function* count(
  { file, match, confirm, isLate }: Quest,
  { low, high }: Stretch,
  { max, atOnce }: { readonly max: number; readonly atOnce: number },
): Generator<void, Count> {
  let counted = 0;
  if (match === undefined) return { count: counted, exact: true };
  if (confirm) {
    // The newest first, as they are looked for.
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
