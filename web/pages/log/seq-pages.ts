import type { CapsRecord } from '../../../protocol/messages.ts';

/** Records in one page. A page's place is arithmetic too: page 3 has the records 601 to 800. */
export const pageSize = 200;
const pagesMax = 40;

export function pageOf(seq: number): number {
  return Math.floor((seq - 1) / pageSize);
}

/** Pages of history around what is read; those that were looked at longest ago are let go. */
export class SeqPages {
  readonly #pages = new Map<number, readonly CapsRecord[]>();

  /** Undefined where it is not here. */
  at(seq: number): CapsRecord | undefined {
    const page = pageOf(seq);
    const items = this.#pages.get(page);
    if (!items) return undefined;
    this.#pages.delete(page);
    this.#pages.set(page, items);
    return items[seq - 1 - page * pageSize];
  }

  /** @param items the records from the page's first on; fewer than a page at the end of the log */
  put(page: number, items: readonly CapsRecord[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, items);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > pagesMax && oldest !== undefined) this.#pages.delete(oldest);
  }

  clear(): void {
    this.#pages.clear();
  }
}
