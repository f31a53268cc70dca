/**
 * The readers of the hub, from the moment they come until they go.
 *
 *     start ──▶ joining: welcome, what is open ──▶ in the feeds: catching up, live, lagging ──▶ closed
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
  /** Says welcome, and what is open. */
  readonly joins: Pick<Joins, 'start'>;
  /** Where readers go on from there. */
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

  /** Those who are neither live nor lagging are still joining, or are read what they missed. */
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
          // A reader who has gone misses nothing, for instance because the hub and its store have been closed.
          if (isClosed) return;
          onFault(error, 'a subscription could not start');
          sink.fail();
        },
      );
    return subscription;
  }

  /** Closes all of them. Safe to call twice. */
  close(): void {
    for (const subscription of [...this.#open]) subscription.close();
  }
}
