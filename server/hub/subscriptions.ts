/**
 * The hub's readers, from their join to their end.
 *
 *     start ──▶ joining: welcome, snapshot ──▶ in the feeds: catching up, live, lagging ──▶ closed
 *                  ├── cannot be read: its sink fails
 *                  └── closed meanwhile: never enters the feeds
 */

import type { Actor } from '../../protocol/parcel.ts';
import { type View, viewOf } from '../access/access.ts';
import type { ReaderCounts, Sink } from './feed.ts';
import type { Joins } from './joins.ts';

export interface Subscription {
  /** Safe to call twice. */
  close(): void;
}

export interface SubscriptionsOptions {
  /** Sends `welcome` and the snapshot. */
  readonly joins: Pick<Joins, 'start'>;
  /** Serves readers from there on. */
  readonly feeds: {
    readonly counts: Pick<ReaderCounts, 'live' | 'lagging'>;
    subscribe(view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void): Subscription;
  };
  readonly onFault: (error: unknown, what: string) => void;
}

export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #open = new Set<Subscription>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Readers that are neither live nor lagging are joining or catching up. */
  get counts(): ReaderCounts {
    const { live, lagging } = this.#options.feeds.counts;
    return { live, lagging, 'catching-up': this.#open.size - live - lagging };
  }

  /** See `Hub.subscribe`. */
  start(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription {
    const { joins, feeds, onFault } = this.#options;
    let isClosed = false;
    let inFeeds: Subscription | undefined;
    const subscription: Subscription = {
      close: () => {
        isClosed = true;
        inFeeds?.close();
        this.#open.delete(subscription);
      },
    };
    this.#open.add(subscription);
    joins
      .start(actor, after, sink, () => isClosed)
      .then(
        (place) => {
          if (!isClosed) inFeeds = feeds.subscribe(viewOf(actor), place, sink, onLag);
        },
        (error: unknown) => {
          // Failing a closed subscription tells nobody anything: the hub and its store may be closed.
          if (isClosed) return;
          onFault(error, 'a subscription could not start');
          sink.fail();
        },
      );
    return subscription;
  }

  /** Closes all subscriptions. Safe to call twice. */
  close(): void {
    for (const subscription of [...this.#open]) subscription.close();
  }
}
