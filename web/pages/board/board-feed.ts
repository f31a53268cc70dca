import type { Client, ClientEvents } from '../../../client/client.ts';
import type { OrderPage } from '../../../protocol/rest.ts';
import { readAs } from '../../app/access-key.ts';
import { OrderLoader } from '../../app/order-loader.ts';
import { readParcel } from '../../dispatch/history.ts';
import type { BoardRows } from './board-rows.ts';

/** The first page is small, so that it arrives soon; the others are larger, to need few requests, but none keeps others waiting. */
const firstPage = 100;
const furtherPages = 250;

interface BoardFeedParts {
  readonly rows: BoardRows;
  readonly changed: () => void;
  /** By default the hub's list, and its parcels one by one. */
  readonly read?: (cursor: string | undefined) => Promise<OrderPage>;
  readonly readOne?: typeof readParcel;
}

/**
 * Keeps the board as the hub has it. A hub sends admins no snapshot, so the page reads the list of open orders, and
 * follows the feed from a cursor that is no newer than the list's first page. So nothing falls between the two.
 */
export class BoardFeed {
  /** The cursor to connect with. */
  readonly after: Promise<string | undefined>;
  readonly #parts: BoardFeedParts;
  readonly #loader: OrderLoader;
  readonly #closing = new AbortController();
  /** The feed starts at the hub's present, and the list has to be read after that. */
  #needsList = false;

  constructor(parts: BoardFeedParts) {
    const { rows, read = fetchOpen } = parts;
    this.#parts = parts;
    this.#loader = new OrderLoader({
      read,
      take: (views) => {
        for (const view of views) rows.addView(view);
      },
      mayGoOn: () => !rows.isFull,
      changed: () => this.#listChanged(),
    });
    this.after = this.#loader.start().then((cursor) => {
      this.#needsList = cursor === undefined;
      return cursor;
    });
  }

  get state(): OrderLoader['state'] {
    return this.#loader.state;
  }

  /** @param client connected with `after` */
  follow(client: Pick<Client, 'on'>): void {
    client.on('events', (events) => this.#addEvents(events));
    client.on('reset', () => {
      this.#parts.rows.clear();
      this.#loader.abandon();
      this.#needsList = true;
    });
    client.on('welcome', () => {
      if (!this.#needsList) return;
      this.#needsList = false;
      this.#loader.restart();
    });
  }

  /** Goes on with the list if it could not be read. */
  retry(): void {
    if (this.#loader.state === 'failed') void this.#loader.load();
  }

  /** Safe to call twice. */
  close(): void {
    this.#closing.abort();
    this.#loader.close();
  }

  #listChanged(): void {
    if (this.#loader.state === 'done') this.#parts.rows.endList();
    this.#complete();
    this.#parts.changed();
  }

  #addEvents({ records }: ClientEvents['events']): void {
    const { rows, changed } = this.#parts;
    for (const record of records) rows.addRecord(record);
    this.#complete();
    changed();
  }

  /** Reads parcels that came back to the board, such as one whose delivery was taken back. */
  #complete(): void {
    const { rows, changed, readOne = readParcel } = this.#parts;
    for (const id of rows.takePartial()) {
      readOne(id, this.#closing.signal).then(
        ({ parcel }) => {
          rows.addView(parcel);
          changed();
        },
        () => {
          // The row shows what its records say; opening it reads the parcel again.
        },
      );
    }
  }
}

function fetchOpen(cursor: string | undefined): Promise<OrderPage> {
  const limit = cursor === undefined ? firstPage : furtherPages;
  return readAs('admin', 'GET /api/orders', { query: { status: 'open', limit: String(limit), cursor } });
}
