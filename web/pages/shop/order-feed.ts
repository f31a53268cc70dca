import type { Client, ClientEvents } from '../../../client/client.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { OrderLoader } from '../../app/order-loader.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { fetchOrders } from './fetch-orders.ts';
import { prepareSearch } from './order-filter.ts';
import { type Orders, ordersMax } from './orders.ts';

interface OrderFeedParts {
  readonly store: string;
  readonly orders: Orders;
  /** The feed has brought so many deliveries. */
  readonly delivered: (count: number) => void;
  readonly changed: () => void;
}

/**
 * Keeps the orders as the hub has them. They come from two sides: pages of the hub's list, and the feed; `rev` decides
 * which is newer. The feed goes on from the cursor that this browser saved, or from the first page of the list, so that no
 * event falls between them. Only the feed brings thank-yous: one for each delivery, including those while the page was
 * closed.
 */
export class OrderFeed {
  /** The cursor to connect with. */
  readonly after: string | Promise<string | undefined>;
  /** This browser has not shown the shop before. */
  readonly isFirstLook: boolean;
  readonly loader: OrderLoader;
  readonly #parts: OrderFeedParts;
  #client: Pick<Client, 'on' | 'cursor'> | undefined;

  constructor(parts: OrderFeedParts) {
    const { store, orders, changed } = parts;
    this.#parts = parts;
    this.loader = new OrderLoader({
      read: (cursor) => fetchOrders(store, cursor),
      take: (views) => this.#addListed(views),
      mayGoOn: () => orders.placed.size < ordersMax,
      changed,
    });
    const saved = safeLocalStorage.read(this.#cursorName);
    this.isFirstLook = saved === undefined;
    if (saved !== undefined) void this.loader.load();
    this.after = saved ?? this.loader.start();
  }

  /** @param client connected with `after` */
  follow(client: Pick<Client, 'on' | 'cursor'>): void {
    const { orders, changed } = this.#parts;
    this.#client = client;
    client.on('parcels', ({ items, more }) => {
      for (const view of items) orders.view(view);
      // The feed brings everything from here on, so a list that is read now leaves no gap.
      if (!more) this.loader.restart();
      changed();
    });
    client.on('events', (events) => this.#addEvents(events));
    client.on('reset', () => {
      safeLocalStorage.forget(this.#cursorName);
      orders.clear();
      this.loader.abandon();
    });
  }

  /** Loads the list again if it could not be loaded. */
  becameLive(): void {
    if (this.loader.state === 'failed') void this.loader.load();
  }

  /** Call it in the task that draws the orders: then no delivery is shown twice or never, whenever the page ends. */
  saveCursor(): void {
    const cursor = this.#client?.cursor;
    if (cursor !== undefined) safeLocalStorage.write(this.#cursorName, cursor);
  }

  get #cursorName(): string {
    return `cursor.store.${this.#parts.store}`;
  }

  #addListed(views: readonly ParcelView[]): void {
    for (const view of views) {
      this.#parts.orders.view(view);
      prepareSearch(view);
    }
  }

  #addEvents({ records }: ClientEvents['events']): void {
    const { orders, delivered, changed } = this.#parts;
    const before = orders.thanked;
    for (const record of records) orders.record(record);
    if (orders.thanked > before) delivered(orders.thanked - before);
    changed();
  }
}
