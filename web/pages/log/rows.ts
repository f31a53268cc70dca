import type { CapsRecord } from '../../../protocol/messages.ts';

/** The rows of the list, ascending by seq. Another object as soon as what it gives is something else. */
export interface Rows {
  /** `whole`: a stretch of the log without holes. `results`: what answers to a search, as far as it has been read. */
  readonly kind: 'whole' | 'results';
  readonly count: number;
  /** Undefined for a row that has still to be read. */
  at(index: number): CapsRecord | undefined;
  /** The hub's disk has damaged the record of this row: nobody can read it. */
  isDamaged(index: number): boolean;
  seqAt(index: number): number | undefined;
  /** Where the record of this seq stands, or else the next one. */
  indexOf(seq: number): number;
}

/** The records from `first` to `last`. Seq has no holes, so places are arithmetic. */
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
