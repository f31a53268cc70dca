export interface PageReaderOptions<T> {
  read(page: number, signal: AbortSignal): Promise<T>;
  came(page: number, items: T): void;
  failed(error: unknown): void;
}

/** Debounces a drag of the scrollbar, which passes thousands of pages. */
const everyMs = 80;

/** Reads the visible pages. Aborts the request of a page that is no longer visible. */
export class PageReader<T> {
  readonly #options: PageReaderOptions<T>;
  readonly #reading = new Map<number, AbortController>();
  /** Failed pages are not read again until `retry`. */
  readonly #failed = new Set<number>();
  #wanted: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = Number.NEGATIVE_INFINITY;

  constructor(options: PageReaderOptions<T>) {
    this.#options = options;
  }

  /** Reads these pages and no others. */
  want(pages: readonly number[]): void {
    this.#wanted = pages;
    for (const [page, reading] of this.#reading) {
      if (!pages.includes(page)) this.#drop(page, reading);
    }
    if (this.#timer !== undefined || !pages.some((page) => this.#isOpen(page))) return;
    const waitMs = this.#started + everyMs - performance.now();
    this.#timer = setTimeout(() => this.#start(), Math.max(0, waitMs));
  }

  retry(): void {
    this.#failed.clear();
    this.want(this.#wanted);
  }

  /** Aborts all requests. Safe to call twice. */
  stop(): void {
    this.#failed.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.want([]);
  }

  #start(): void {
    this.#timer = undefined;
    this.#started = performance.now();
    for (const page of this.#wanted) if (this.#isOpen(page)) this.#read(page);
  }

  #read(page: number): void {
    const reading = new AbortController();
    this.#reading.set(page, reading);
    this.#options.read(page, reading.signal).then(
      (items) => {
        if (reading.signal.aborted) return;
        this.#reading.delete(page);
        this.#options.came(page, items);
      },
      (error: unknown) => {
        if (reading.signal.aborted) return;
        this.#reading.delete(page);
        this.#failed.add(page);
        this.#options.failed(error);
      },
    );
  }

  #isOpen(page: number): boolean {
    return !this.#reading.has(page) && !this.#failed.has(page);
  }

  #drop(page: number, reading: AbortController): void {
    reading.abort();
    this.#reading.delete(page);
  }
}
