import { cursorOf } from '../../../protocol/ids.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { readEvents } from './history.ts';
import type { LogWindow } from './log-window.ts';
import { PageReader } from './page-reader.ts';
import { messageOf } from './parcel-watch.ts';
import type { Direction } from './search-results.ts';
import { pageSize, type SeqPage } from './seq-pages.ts';

/** What a page that has just been opened reads of history: enough for its rows and its chart. */
const openingSize = 500;
/** More of what was found is read when fewer rows than this are left to scroll through. */
const fewLeft = 20;
/** Rows are read so far before they come into sight. */
const ahead = 40;

interface WindowReaderParts {
  readonly window: LogWindow;
  /** More of what was searched for has been found. */
  readonly found: () => void;
  readonly changed: () => void;
}

/**
 * Reads from the hub's history what the window lacks: rows that come into sight, more of what a search finds, and how
 * many there are. A new wish of the reader calls off what the one before was waiting for.
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

  /** Why history could not be read, in words for a person. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  forgetTrouble(): void {
    this.#trouble = undefined;
  }

  /** Calls off everything. Safe to call twice. */
  stop(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#pages.stop();
  }

  /** Asks the hub something for the reader, and says so where that fails. */
  async ask(question: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#reading;
    try {
      await question(signal);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    this.#parts.changed();
  }

  /** Reads the latest of history, for the first rows. @param came gets them as well */
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

  /** Rows from index `first` to `last`, which is not among them, are seen. Reads what is missing there. */
  see(first: number, last: number): void {
    if (!this.#isOpening) this.#pages.want(this.#window.missing(first - ahead, last + ahead));
    const { rows, older, newer, mode } = this.#window.snapshot();
    const isFollowing = mode.kind === 'following';
    if (older === 'more' && (isFollowing ? first <= 0 : first < fewLeft)) this.need('older');
    if (newer === 'more' && rows.count - last < fewLeft) this.need('newer');
  }

  /** More rows beyond one end are about to be seen. Asking again while they are on their way is harmless. */
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

  /** Where matches are marked and not gathered, how many there are is asked for by itself. */
  count(): void {
    const { search, range, found } = this.#window.snapshot();
    if (!this.#window.isWhole || search.trim() === '' || found !== undefined || !this.#window.epoch) return;
    void this.ask(async (signal) => {
      const page = await readEvents(
        { q: search, from: range?.from, to: range?.to, limit: 1, total: '1' },
        signal,
      );
      const { items, total } = page;
      if (!signal.aborted && total?.exact) this.#window.counted(total.count, items.at(-1)?.seq ?? 0);
    });
  }

  /** Tries again what could not be read. */
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
