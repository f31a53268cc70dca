/**
 * Finds and counts records step by step, so that other work can go in between. A step may ask for a look at some records,
 * and is resumed with those of them that answer to the search.
 */

import type { Count } from '../search-index.ts';
import type { SearchFile, SeqRange } from './file.ts';

/** What to find, and where. */
export interface Quest {
  readonly file: Pick<SearchFile, 'matching' | 'count'>;
  /** The file's `matchOf`; undefined if no record can match. */
  readonly match: string | undefined;
  /** Whether every match counts; otherwise each record is examined. */
  readonly isExact: boolean;
  readonly examinedAtOnce: number;
  /** Polled; once true, the search ends with what it has. */
  readonly isLate: () => boolean;
}

/** Yields often: seqs to examine, or undefined. */
export type SearchSteps<T> = Generator<readonly number[] | undefined, T, readonly number[] | undefined>;

/** @returns the seqs in search order and the last place examined; undefined for all of them */
export function* seek(
  quest: Quest,
  { forwards, limit, ...range }: SeqRange & { readonly forwards: boolean; readonly limit: number },
): SearchSteps<{ seqs: number[]; place: number | undefined }> {
  const seqs: number[] = [];
  for (const some of matchesOf(quest, range, forwards)) {
    seqs.push(...(yield* answering(quest, some)));
    if (seqs.length >= limit) return { seqs: seqs.slice(0, limit), place: seqs[limit - 1] };
    if (quest.isLate()) return { seqs, place: some.at(-1) };
  }
  return { seqs, place: undefined };
}

/**
 * Counts the matches; stops at `max` if each is examined.
 * @param atOnce records counted between two checks of the clock
 */
export function* count(
  quest: Quest,
  { low, high }: SeqRange,
  { max, atOnce }: { readonly max: number; readonly atOnce: number },
): SearchSteps<Count> {
  const { file, match, isExact, isLate } = quest;
  let counted = 0;
  if (match === undefined) return { count: counted, exact: true };
  if (!isExact) {
    // Newest first, in search order.
    for (const some of matchesOf(quest, { low, high }, false)) {
      counted += (yield* answering(quest, some)).length;
      if (counted > max) return { count: max, exact: false };
      if (isLate()) return { count: counted, exact: false };
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

/** Seqs of matching records in search order, some at a time. */
function* matchesOf(
  { file, match, examinedAtOnce }: Quest,
  range: SeqRange,
  forwards: boolean,
): Generator<readonly number[], void> {
  let some: number[] = [];
  for (const seq of match === undefined ? [] : file.matching(match, range, forwards)) {
    some.push(seq);
    if (some.length < examinedAtOnce) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** Those that answer, in the same order. */
function* answering({ isExact }: Quest, some: readonly number[]): SearchSteps<readonly number[]> {
  const answer = yield isExact ? undefined : some;
  return isExact ? some : (answer ?? []);
}
