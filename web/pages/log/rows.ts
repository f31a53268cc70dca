import type { CapsRecord } from '../../../protocol/messages.ts';

/** The rows of the list, ascending by seq. Immutable: a change makes another object. */
export interface Rows {
  /** `whole`: a range of the log without gaps. `results`: the loaded matches of a search. */
  readonly kind: 'whole' | 'results';
  readonly count: number;
  /** Undefined for a row that is not loaded yet. */
  at(index: number): CapsRecord | undefined;
  /** Whether the hub's disk has damaged this record, so that nobody can read it. */
  isDamaged(index: number): boolean;
  seqAt(index: number): number | undefined;
  /** Index of the record with this seq, or of the next one. */
  indexOf(seq: number): number;
}

/** The records from `first` to `last`. Seq has no gaps, so it gives the index. */
export function wholeRows(
  first: number,
  last: number,
  recordOf: (seq: number) => CapsRecord | undefined,
  isDamaged: (seq: number) => boolean,
): Rows {
  const count = Math.max(0, last - first + 1);
  return {
    kind: 'whole',
    count,
    at: (index) => (index >= 0 && index < count ? recordOf(first + index) : undefined),
    isDamaged: (index) => isDamaged(first + index),
    seqAt: (index) => (index >= 0 && index < count ? first + index : undefined),
    indexOf: (seq) => Math.min(count, Math.max(0, seq - first)),
  };
}

export function resultRows(records: readonly CapsRecord[]): Rows {
  return {
    kind: 'results',
    count: records.length,
    at: (index) => records[index],
    isDamaged: () => false,
    seqAt: (index) => records[index]?.seq,
    indexOf: (seq) => indexFor(records, seq),
  };
}

function indexFor(records: readonly CapsRecord[], seq: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
