import { assert } from '../../../protocol/errors.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';

/**
 * The newest records of the log, without holes. Because seq has none, a record's slot is arithmetic: nothing is
 * ever moved, however many come. Past `max` the oldest gives its slot to the newest.
 */
export class Tail {
  readonly #slots: (CapsRecord | undefined)[];
  readonly #max: number;
  #first: number;
  #last: number;

  /** @param last the seq after which the first record is expected */
  constructor(max: number, last: number) {
    this.#slots = new Array(max);
    this.#max = max;
    this.#first = last + 1;
    this.#last = last;
  }

  /** Seq of the oldest record here; one past `last` while there is none. */
  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  append(record: CapsRecord): void {
    assert(record.seq === this.#last + 1, `record ${record.seq} follows ${this.#last}`);
    this.#last = record.seq;
    this.#slots[record.seq % this.#max] = record;
    if (this.#last - this.#first >= this.#max) this.#first += 1;
  }

  /** Takes as many of these older records as there is room for. Ascending; whatever does not join on is left. */
  prepend(records: readonly CapsRecord[]): void {
    for (const record of records.toReversed()) {
      if (record.seq !== this.#first - 1 || this.#last - this.#first + 1 >= this.#max) return;
      this.#first = record.seq;
      this.#slots[record.seq % this.#max] = record;
    }
  }

  /** The records from `from` to `to`, both included, as far as they are here. */
  between(from: number, to: number): CapsRecord[] {
    const records: CapsRecord[] = [];
    for (let seq = Math.max(from, this.#first); seq <= Math.min(to, this.#last); seq += 1) {
      const record = this.#slots[seq % this.#max];
      assert(record?.seq === seq, `record ${seq} is in its slot`);
      records.push(record);
    }
    return records;
  }
}
