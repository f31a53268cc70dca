import type { CapsRecord } from '../../../protocol/messages.ts';

/** Records in one page. A page's place is arithmetic too: page 3 has the records 601 to 800. */
export const pageSize = 200;
const pagesMax = 40;

export function pageOf(seq: number): number {
  return Math.floor((seq - 1) / pageSize);
}

export interface SeqPage {
  /** Ascending; where some are damaged, they may go on behind the page's end. */
  readonly items: readonly CapsRecord[];
  /** Seqs that the hub's disk has damaged. */
  readonly damaged?: readonly number[] | undefined;
}

/** Pages of history around what is read; those that were looked at longest ago are let go. */
export class SeqPages {
  readonly #pages = new Map<number, SeqPage>();

  /** Undefined where it is not here. */
  at(seq: number): CapsRecord | undefined {
    const page = pageOf(seq);
    const known = this.#pages.get(page);
    if (!known) return undefined;
    this.#pages.delete(page);
    this.#pages.set(page, known);
    const { items } = known;
    const likely = items[seq - 1 - page * pageSize];
    // Behind one that is damaged, those after it stand earlier.
    return likely?.seq === seq ? likely : items.find((item) => item.seq === seq);
  }

  /** Nobody can read it: it is not missing here. */
  isDamaged(seq: number): boolean {
    return this.#pages.get(pageOf(seq))?.damaged?.includes(seq) ?? false;
  }

  /** The records from the page's first on; fewer than a page at the end of the log. */
  put(page: number, read: SeqPage): void {
    this.#pages.delete(page);
    this.#pages.set(page, read);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > pagesMax && oldest !== undefined) this.#pages.delete(oldest);
  }

  clear(): void {
    this.#pages.clear();
  }
}
