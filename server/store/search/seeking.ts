/** Looking for records, and counting them, a part of the log at a time. */

import type { Count } from '../store.ts';
import type { SearchFile, Stretch } from './file.ts';

/** What is looked for, and where. */
export interface Sought {
  readonly file: Pick<SearchFile, 'matching' | 'count'>;
  /** Of the file's `matchOf`; undefined: no record has it. */
  readonly match: string | undefined;
  /** Undefined: every record that matches answers. Else says whether the one at this seq does. */
  readonly confirm: ((seq: number) => boolean) | undefined;
  /** Asked in between; once it is true, what was found is all. */
  readonly isLate: () => boolean;
  /** Seqs, the most of a part. */
  readonly partMax: number;
}

export interface Way extends Stretch {
  readonly forwards: boolean;
  readonly limit: number;
}

/** The first is short, because the answer may be in it. */
const firstPart = 8_192;

/**
 * Gives way again and again.
 * @returns the seqs in the order of the search, and the last place that was looked at; undefined for all of them
 */
export function* seek(
  { file, match, confirm, isLate, partMax }: Sought,
  { forwards, limit, ...stretch }: Way,
): Generator<void, { seqs: number[]; place: number | undefined }> {
  const seqs: number[] = [];
  if (match === undefined) return { seqs, place: undefined };
  for (const part of parts(stretch, forwards, partMax)) {
    for (const seq of file.matching(match, part, forwards)) {
      if (!confirm || confirm(seq)) seqs.push(seq);
      if (seqs.length === limit || isLate()) return { seqs, place: seq };
      if (confirm) yield;
    }
    const isLast = forwards ? part.high === stretch.high : part.low === stretch.low;
    if (!isLast && isLate()) return { seqs, place: forwards ? part.high : part.low + 1 };
    yield;
  }
  return { seqs, place: undefined };
}

/** How many there are; of those that have to be confirmed, no more than `max`. */
export function* count(
  { file, match, confirm, isLate, partMax }: Sought,
  stretch: Stretch,
  max: number,
): Generator<void, Count> {
  let counted = 0;
  if (match === undefined) return { count: counted, exact: true };
  // The newest first, as they are looked for.
  for (const part of parts(stretch, false, partMax)) {
    if (!confirm) counted += file.count(match, part);
    else {
      for (const seq of file.matching(match, part, false)) {
        if (confirm(seq)) counted += 1;
        if (counted > max) return { count: max, exact: false };
        if (isLate()) return { count: counted, exact: false };
        yield;
      }
    }
    if (part.low > stretch.low && isLate()) return { count: counted, exact: false };
    yield;
  }
  return { count: counted, exact: true };
}

function* parts({ low, high }: Stretch, forwards: boolean, partMax: number): Generator<Stretch, void> {
  for (let [rest, size] = [{ low, high }, Math.min(firstPart, partMax)]; rest.low < rest.high; ) {
    if (forwards) {
      const end = Math.min(rest.high, rest.low + size);
      yield { low: rest.low, high: end };
      rest = { low: end, high };
    } else {
      const end = Math.max(rest.low, rest.high - size);
      yield { low: end, high: rest.high };
      rest = { low, high: end };
    }
    size = Math.min(partMax, 2 * size);
  }
}
