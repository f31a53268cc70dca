import { cursorOf } from '../../../protocol/ids.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { areOfParcels, parseSearch } from '../../../protocol/search.ts';
import { readEvents } from '../../dispatch/history.ts';
import { messageOf } from '../../dispatch/parcel-watch.ts';
import type { LogWindow } from './log-window.ts';
import { PageReader } from './page-reader.ts';
import type { Direction } from './search-results.ts';
import { pageSize, type SeqPage } from './seq-pages.ts';

/** Records to read when the page opens: enough for the rows and the chart. */
const openingSize = 500;
/** More results are read when fewer rows than this are left to scroll. */
const fewLeft = 20;
/** Rows are read this far before they become visible. */
const ahead = 40;

interface WindowReaderParts {
  readonly window: LogWindow;
  /** More results have been loaded. */
  readonly found: () => void;
  readonly changed: () => void;
}

/**
 * Reads history for the window: rows that become visible, further results of a search, and the number of matches. A new
 * command of the reader aborts the requests of the previous one.
 */
export class WindowReader {
  readonly #window: LogWindow;
  readonly #parts: WindowReaderParts;
  readonly #pages: PageReader<SeqPage>;
  #reading = new AbortController();
  #trouble: string | undefined;
  #isOpening = false;

  constructor(parts: WindowReaderParts) {
    this.#parts = parts;
    this.#window = parts.window;
    this.#pages = new PageReader({
      read: (page, signal) => this.#readPage(page, signal),
      came: (page, items) => {
        this.#trouble = undefined;
        this.#window.pageCame(page, items);
        parts.changed();
      },
      failed: (error) => this.#failed(error),
    });
  }

  /** Why history could not be read, for a person. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  forgetTrouble(): void {
    this.#trouble = undefined;
  }

  /** Aborts all requests. Safe to call twice. */
  stop(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#pages.stop();
  }

  /** Asks the hub something for the reader, and reports a failure. */
  async ask(question: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#reading;
    try {
      await question(signal);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    this.#parts.changed();
  }

  /** Reads the latest history for the first rows. @param came gets the records as well */
  async open(came: (items: EventPage['items']) => void): Promise<void> {
    this.#isOpening = true;
    await this.ask(async (signal) => {
      const { items } = await readEvents({ before: this.#window.opening, limit: openingSize }, signal);
      if (signal.aborted) return;
      this.#window.prepend(items);
      came(items);
    });
    this.#isOpening = false;
  }

  /** Rows from index `first` to `last`, exclusive, are visible. Reads what is missing there. */
  see(first: number, last: number): void {
    if (!this.#isOpening) this.#pages.want(this.#window.missing(first - ahead, last + ahead));
    const { rows, older, newer, mode } = this.#window.snapshot();
    const isFollowing = mode.kind === 'following';
    if (older === 'more' && (isFollowing ? first <= 0 : first < fewLeft)) this.need('older');
    if (newer === 'more' && rows.count - last < fewLeft) this.need('newer');
  }

  /** Reads more results in one direction. Calling it again while they are loading is harmless. */
  need(direction: Direction): void {
    const ask = this.#window.ask(direction);
    if (!ask) return;
    this.#parts.changed();
    const { signal } = this.#reading;
    const { search: q, from, to, cursor } = ask;
    readEvents(
      { [direction === 'older' ? 'before' : 'after']: cursor, q, from, to, limit: ask.limit },
      signal,
    )
      .then(
        (page) => {
          if (signal.aborted) return;
          this.#trouble = undefined;
          this.#window.answered(ask, page);
          this.#parts.found();
        },
        (error: unknown) => {
          this.#window.failed(ask);
          if (!signal.aborted) this.#failed(error);
        },
      )
      .finally(() => this.#parts.changed());
  }

  /** While highlighting, asks the hub for the number of matches. */
  count(): void {
    const { search, range, found } = this.#window.snapshot();
    if (!this.#window.isWhole || search.trim() === '' || found !== undefined || !this.#window.epoch) return;
    if (areOfParcels(parseSearch(search))) return;
    void this.ask(async (signal) => {
      const page = await readEvents(
        { q: search, from: range?.from, to: range?.to, limit: 1, total: '1' },
        signal,
      );
      const { items, total } = page;
      if (!signal.aborted && total?.exact) this.#window.counted(total.count, items.at(-1)?.seq ?? 0);
    });
  }

  /** Retries a failed read. */
  retry(): void {
    this.#trouble = undefined;
    const { older, newer } = this.#window.snapshot();
    if (older === 'failed') this.need('older');
    if (newer === 'failed') this.need('newer');
    this.#pages.retry();
    this.#parts.changed();
  }

  #readPage(page: number, signal: AbortSignal): Promise<SeqPage> {
    const after = cursorOf(this.#window.epoch ?? '', page * pageSize);
    return readEvents({ after, limit: pageSize }, signal);
  }

  #failed(error: unknown): void {
    this.#trouble = messageOf(error);
    this.#parts.changed();
  }
}
