/**
 * Starts a subscription: `welcome`, then on a fresh start a snapshot, page by page, each in a turn of its own. A
 * driver gets all that they hold and the oldest offers; a client requests further offers.
 */

import { CapsError, unreachable } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/limits.ts';
import type { Offers, Parcels, Welcome } from '../../protocol/messages.ts';
import { type Actor, authorOf, maySee } from '../../protocol/parcel.ts';
import { viewOf as parcelViewOf } from '../../protocol/parcel-view.ts';
import { viewOf } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { PageBounds, ParcelQuery, Store } from '../store/store.ts';
import type { Cursors } from './cursors.ts';
import type { Sink } from './feed.ts';
import type { Turns } from './turns.ts';

export interface JoinLimits {
  /** Bounds of one page. */
  readonly page: PageBounds;
  /** Offers that a driver gets unasked, and per requested page. */
  readonly offers: PageBounds;
}

export const joinLimits: JoinLimits = {
  // A few milliseconds of work.
  page: { limit: 250, sizeMax: 128 * 1024 },
  // More than a driver looks through.
  offers: { limit: 300, sizeMax: 192 * 1024 },
};

export interface JoinsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly cursors: Cursors;
  /** Parcels on offer now. */
  readonly ready: () => number;
  readonly limits?: JoinLimits;
}

export class Joins {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #cursors: Cursors;
  readonly #ready: () => number;
  readonly #limits: JoinLimits;

  constructor({ store, clock, turns, cursors, ready, limits = joinLimits }: JoinsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#turns = turns;
    this.#cursors = cursors;
    this.#ready = ready;
    this.#limits = limits;
  }

  /** Sends `welcome` and, on a fresh start, the snapshot. @returns the place from which the feed goes on */
  async start(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    isClosed: () => boolean,
  ): Promise<number> {
    const head = await this.#store.headOf(viewOf(actor).scope);
    const place = after === undefined ? undefined : this.#cursors.placeOf(actor, after, head);
    const welcome: Welcome = {
      protocol: PROTOCOL_VERSION,
      epoch: this.#cursors.epochOf(actor),
      head,
      time: new Date(this.#clock.now()).toISOString(),
      actor: authorOf(actor),
      ...(after !== undefined && place === undefined ? { reset: 'bad-cursor' as const } : {}),
    };
    if (isClosed()) return head;
    sink.send({ name: 'welcome', json: JSON.stringify(welcome), welcome });
    if (place !== undefined) return place;
    for await (const page of this.#open(actor)) {
      if (isClosed()) break;
      const parcels: Parcels = { upTo: head, ...page };
      sink.send({ name: 'parcels', json: JSON.stringify(parcels) });
      if (page.more) await sink.drained();
    }
    return head;
  }

  /** The page of offers that follows `from`. @throws CapsError not-allowed, bad-cursor */
  async offers(actor: Actor, from: string | undefined): Promise<Offers> {
    if (actor.role !== 'driver') throw new CapsError('not-allowed', 'Only drivers are offered parcels.');
    const list = { kind: 'offers' } as const;
    const place = this.#cursors.placeIn(actor, list, 'from', from);
    await this.#turns.next();
    const page = await this.#store.parcels({
      ...{ statuses: ['ready'], order: 'oldest', from: place },
      ...this.#limits.offers,
    });
    return {
      items: page.parcels.map((parcel) => parcelViewOf(parcel, actor)),
      ready: this.#ready(),
      ...(page.next === undefined ? {} : { next: this.#cursors.ofPlace(actor, list, page.next) }),
    };
  }

  /** The snapshot. Empty for dispatch, whose page reads history itself: all open parcels may be many. */
  async *#open(actor: Actor): AsyncGenerator<Omit<Parcels, 'upTo'>, void> {
    switch (actor.role) {
      case 'customer': {
        const parcel = await this.#store.parcel(actor.parcel);
        yield { items: parcel ? [parcelViewOf(parcel, actor)] : [], more: false };
        return;
      }
      case 'vendor':
        yield* this.#pages(actor, { store: actor.store, unfinished: true });
        return;
      case 'driver':
        for await (const page of this.#pages(actor, { holder: actor.driver, unfinished: true })) {
          if (page.items.length > 0 || page.damaged) yield { ...page, more: true };
        }
        yield { ...(await this.offers(actor, undefined)), more: false };
        return;
      case 'admin':
      case 'hub':
        return;
      default:
        unreachable(actor);
    }
  }

  async *#pages(
    actor: Actor,
    query: Pick<ParcelQuery, 'store' | 'holder' | 'unfinished'>,
  ): AsyncGenerator<Omit<Parcels, 'upTo'>, void> {
    for (let from: string | undefined, more = true; more; ) {
      await this.#turns.next();
      const page = await this.#store.parcels({ ...query, ...this.#limits.page, order: 'oldest', from });
      from = page.next;
      more = from !== undefined;
      const items = page.parcels
        .filter(({ payload }) => maySee(payload, actor))
        .map((parcel) => parcelViewOf(parcel, actor));
      yield { items, more, damaged: page.damaged };
    }
  }
}
