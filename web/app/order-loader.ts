import type { ParcelView } from '../../protocol/messages.ts';
import type { OrderPage } from '../../protocol/rest.ts';

interface LoaderParts {
  /** Reads a page. @param cursor undefined for the first one */
  readonly read: (cursor: string | undefined) => Promise<OrderPage>;
  readonly take: (views: readonly ParcelView[]) => void;
  /** Whether the page has room for more orders. */
  readonly mayGoOn: () => boolean;
  readonly changed: () => void;
}

/** The connection waits no longer than this for the list. */
const patienceMs = 3_000;

/**
 * Reads a list of orders page by page.
 *
 * No event may be missed between list and feed, so the feed starts at the first page's `asOf`. If the page does not arrive
 * in time, the feed starts at the hub's present, and the list is read after that.
 */
export class OrderLoader {
  readonly #parts: LoaderParts;
  #state: 'loading' | 'done' | 'failed' = 'loading';
  #next: string | undefined;
  /** Number of the current run; answers of earlier runs are ignored. */
  #run = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  get state(): 'loading' | 'done' | 'failed' {
    return this.#state;
  }

  /** Whether the hub has more orders than were read. */
  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  /**
   * Begins to load. Never rejects.
   * @returns the cursor for the feed; undefined if the list did not arrive in time. Then call `restart` once the feed has
   *   started
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

  /** Ignores answers that are on their way, until `restart`. */
  abandon(): void {
    this.#run += 1;
    this.#next = undefined;
    this.#state = 'loading';
  }

  /** Starts again with the first page. */
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
   * Goes on where the last attempt stopped. Never rejects.
   * @param begun gets the `asOf` of the first page, or undefined if none arrives
   */
  async load(begun: (asOf: string | undefined) => void = () => {}): Promise<void> {
    const { read, take, mayGoOn, changed } = this.#parts;
    this.#run += 1;
    const run = this.#run;
    if (this.#state !== 'loading') {
      this.#state = 'loading';
      changed();
    }
    try {
      do {
        const { items, next, asOf } = await read(this.#next);
        if (run !== this.#run) return;
        begun(asOf);
        take(items);
        this.#next = next ?? undefined;
        changed();
      } while (this.#next !== undefined && mayGoOn());
      this.#state = 'done';
    } catch {
      // Offline, or the hub is starting. The page says so and retries when it is live.
      if (run !== this.#run) return;
      begun(undefined);
      this.#state = 'failed';
    }
    changed();
  }
}
