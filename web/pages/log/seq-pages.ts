import type { CapsRecord } from '../../../protocol/messages.ts';

/** Records per page: page 3 has the records 601 to 800. */
export const pageSize = 200;
const pagesMax = 40;

export function pageOf(seq: number): number {
  return Math.floor((seq - 1) / pageSize);
}

export interface SeqPage {
  /** Ascending. If some are damaged, the items go on beyond the page's end. */
  readonly items: readonly CapsRecord[];
  /** Seqs of damaged records. */
  readonly damaged?: readonly number[] | undefined;
}

/** A least-recently-used cache of pages of history. */
export class SeqPages {
  readonly #pages = new Map<number, SeqPage>();

  /** @returns undefined if the record is not loaded */
  at(seq: number): CapsRecord | undefined {
    const page = pageOf(seq);
    const known = this.#pages.get(page);
    if (!known) return undefined;
    this.#pages.delete(page);
    this.#pages.set(page, known);
    const { items } = known;
    const likely = items[seq - 1 - page * pageSize];
    // After a damaged record, the following ones have a lower index.
    return likely?.seq === seq ? likely : items.find((item) => item.seq === seq);
  }

  /** A damaged record is not missing: nobody can read it. */
  isDamaged(seq: number): boolean {
    return this.#pages.get(pageOf(seq))?.damaged?.includes(seq) ?? false;
  }

  /** Stores a page; the last page of the log may be incomplete. */
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
