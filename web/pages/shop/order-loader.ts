import type { ParcelView } from '../../../protocol/messages.ts';
import { fetchOrders } from './fetch-orders.ts';

interface LoaderParts {
  readonly store: string;
  readonly take: (views: readonly ParcelView[]) => void;
  /** Whether the page keeps still older ones. */
  readonly mayGoOn: () => boolean;
  readonly changed: () => void;
}

/** A connection does not wait longer than this for a list that is slow. */
const patienceMs = 3_000;

/**
 * Reads a store's orders page by page, the newest first, so that the first screenful is there at once.
 *
 * List and feed have to be of one moment, or what happens in between is in neither. So a feed begins where the first
 * page ends: at its `asOf`. Where that cannot be known in time nothing is taken from the list, the feed begins at the
 * hub's present, and only then the list is read.
 */
export class OrderLoader {
  readonly #parts: LoaderParts;
  #state: 'loading' | 'done' | 'failed' = 'loading';
  #next: string | undefined;
  /** What an earlier run brings is of no use after a fresh start. */
  #run = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

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

  /**
   * Begins to load. Never rejects.
   * @returns the cursor from which the feed goes on; undefined where the list did not come in time: then `restart` is
   *   to be called once the feed has begun
   */
  start(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#patience = setTimeout(() => {
        this.abandon();
        resolve(undefined);
      }, patienceMs);
      void this.load((asOf) => {
        clearTimeout(this.#patience);
        resolve(asOf);
      });
    });
  }

  /** What is on its way is of another moment than what follows: nothing is taken until `restart`. */
  abandon(): void {
    this.#run += 1;
    this.#next = undefined;
    this.#state = 'loading';
  }

  /** From the newest on. */
  restart(): void {
    this.#next = undefined;
    void this.load();
  }

  /** No further pages. Safe to call twice. */
  close(): void {
    clearTimeout(this.#patience);
    this.#run += 1;
  }

  /**
   * From where the last try came to. Never rejects.
   * @param begun is told what the first page that comes is as of; undefined if none does
   */
  async load(begun: (asOf: string | undefined) => void = () => {}): Promise<void> {
    const { store, take, mayGoOn, changed } = this.#parts;
    this.#run += 1;
    const run = this.#run;
    this.#state = 'loading';
    changed();
    try {
      do {
        const { items, next, asOf } = await fetchOrders(store, this.#next);
        if (run !== this.#run) return;
        begun(asOf);
        take(items);
        this.#next = next ?? undefined;
        changed();
      } while (this.#next !== undefined && mayGoOn());
      this.#state = 'done';
    } catch {
      // No network, or a hub that is starting: the page says so, and tries again when it is live.
      if (run !== this.#run) return;
      begun(undefined);
      this.#state = 'failed';
    }
    changed();
  }
}
