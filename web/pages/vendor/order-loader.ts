import type { ParcelView } from '../../../protocol/messages.ts';
import { fetchOrders } from './fetch-orders.ts';

interface LoaderParts {
  readonly store: string;
  readonly take: (views: readonly ParcelView[]) => void;
  /** Whether the page keeps still older ones. */
  readonly mayGoOn: () => boolean;
  readonly changed: () => void;
}

/** Reads a store's orders page by page, the newest first, so that the first screenful is there at once. */
export class OrderLoader {
  readonly #parts: LoaderParts;
  #state: 'loading' | 'done' | 'failed' = 'loading';
  #next: string | undefined;
  /** What an earlier run brings is of no use after a fresh start. */
  #run = 0;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  get state(): 'loading' | 'done' | 'failed' {
    return this.#state;
  }

  /** Whether there are older ones that were not read. */
  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /** From the newest on. */
  restart(): void {
    this.#next = undefined;
    void this.load();
  }

  /** No further pages. Safe to call twice. */
  close(): void {
    this.#run += 1;
  }

  /** From where the last try came to. Never rejects. */
  async load(): Promise<void> {
    const { store, take, mayGoOn, changed } = this.#parts;
    this.#run += 1;
    const run = this.#run;
    this.#state = 'loading';
    changed();
    try {
      do {
        const { items, next } = await fetchOrders(store, this.#next);
        if (run !== this.#run) return;
        take(items);
        this.#next = next ?? undefined;
        changed();
      } while (this.#next !== undefined && mayGoOn());
      this.#state = 'done';
    } catch {
      // No network, or a hub that is starting: the page says so, and tries again when it is live.
      if (run !== this.#run) return;
      this.#state = 'failed';
    }
    changed();
  }
}
