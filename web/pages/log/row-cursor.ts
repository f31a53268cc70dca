import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Jump } from './log-state.ts';
import type { Rows } from './rows.ts';

/** Where the reader is: the selected row, the rows in sight, and the row that the list is to bring into sight. */
export class RowCursor {
  #selected: CapsRecord | undefined;
  #jump: Jump | undefined;
  /** Index of the first row in sight and of the one after the last. */
  #sight = { first: 0, last: 0 };

  get selected(): CapsRecord | undefined {
    return this.#selected;
  }

  get jump(): Jump | undefined {
    return this.#jump;
  }

  see(first: number, last: number): void {
    this.#sight = { first, last };
  }

  select(record: CapsRecord, where: Jump['where']): void {
    this.#selected = record;
    this.goTo(record.seq, where);
  }

  /** What is selected stays. */
  goTo(seq: number, where: Jump['where'] = 'middle'): void {
    this.#jump = { seq, where };
  }

  deselect(): void {
    this.#selected = undefined;
  }

  /** @returns the row that is so many rows on; where none is selected, the first or the last in sight */
  next(rows: Rows, step: 1 | -1): CapsRecord | undefined {
    const { first, last } = this.#sight;
    const before = step === 1 ? first - 1 : last;
    const index = (this.#selected ? rows.indexOf(this.#selected.seq) : before) + step;
    return rows.at(Math.min(rows.count - 1, Math.max(0, index)));
  }

  /** @returns the seq of the selected row, else of the first in sight; undefined where there are no rows */
  seqIn(rows: Rows): number | undefined {
    return this.#selected?.seq ?? rows.seqAt(Math.max(0, this.#sight.first));
  }
}
