import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Jump } from './log-state.ts';
import type { Rows } from './rows.ts';

/** The reader's position: the selected row, the visible rows, and the row to scroll to. */
export class RowCursor {
  #selected: CapsRecord | undefined;
  #jump: Jump | undefined;
  /** Index of the first visible row and of the one after the last. */
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

  /** Keeps the selection. */
  goTo(seq: number, where: Jump['where'] = 'middle'): void {
    this.#jump = { seq, where };
  }

  deselect(): void {
    this.#selected = undefined;
  }

  /** @returns the next row; if none is selected, the first or last visible one */
  next(rows: Rows, step: 1 | -1): CapsRecord | undefined {
    const { first, last } = this.#sight;
    const before = step === 1 ? first - 1 : last;
    const index = (this.#selected ? rows.indexOf(this.#selected.seq) : before) + step;
    return rows.at(Math.min(rows.count - 1, Math.max(0, index)));
  }

  /** @returns seq of the selected row, else of the first visible one; undefined if there are no rows */
  seqIn(rows: Rows): number | undefined {
    return this.#selected?.seq ?? rows.seqAt(Math.max(0, this.#sight.first));
  }
}
