/** Reading what was: pages of the log, lists of parcels, one parcel's life. Each narrowed to what the actor may see. */

import { assert, CapsError } from '../protocol/errors.ts';
import { cursorOf } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import type { CapsRecord, ParcelKey, ParcelView } from '../protocol/messages.ts';
import { type Actor, maySee, type Parcel, viewOf as parcelViewOf } from '../protocol/parcel.ts';
import { matchesParcel, type Term } from '../protocol/search.ts';
import { viewOf } from './access.ts';
import { type AllEventsQuery, type EventsPage, type EventsQuery, History, recordOf } from './history.ts';
import {
  DamagedError,
  type Page,
  type ParcelPage,
  type ParcelQuery,
  type Row,
  type Scope,
  type SearchIndex,
  type Store,
} from './store/store.ts';
import { createTracking, type Tracking } from './tracking.ts';
import type { Turns } from './turns.ts';

export interface Reads {
  /** A page of the records that the actor may see. @throws CapsError bad-cursor */
  events(actor: Actor, query: EventsQuery): Promise<EventsPage>;
  /**
   * All the records that the actor may see, in pages; a page may be empty.
   * @param onDamaged told of each place whose record the disk has damaged, before the page that it is missing in
   * @throws CapsError bad-cursor, before the first page
   */
  allEvents(
    actor: Actor,
    query: AllEventsQuery,
    onDamaged?: (seq: number) => void,
  ): AsyncGenerator<readonly CapsRecord[], void>;
  /** A page of the parcels that the actor may see. @throws CapsError bad-cursor, bad-message */
  parcels(actor: Actor, query: ParcelsQuery): Promise<ListedParcels>;
  /** One parcel and its whole life. @throws CapsError unknown-parcel */
  life(actor: Actor, key: ParcelKey): Promise<Life>;
  /** One parcel as it is now. @throws CapsError unknown-parcel */
  parcel(actor: Actor, key: ParcelKey): Promise<ParcelView>;
  /** What stands behind `/track/` in the customer's link. For the parcel's store and admins. @throws CapsError unknown-parcel, not-allowed */
  trackingToken(actor: Actor, key: ParcelKey): Promise<string>;
  /** The customer whom this token makes somebody; undefined for any other text. */
  customerOf(token: string): Promise<Customer | undefined>;
}

export interface ListedParcels {
  readonly items: ParcelView[];
  readonly next: string | null;
  /** A cursor of the actor's: everything up to it is in the list. What follows may be, too; `rev` says which is newer. */
  readonly asOf: string;
  /** How many more there would be on this page, had the disk not damaged them; absent where there are none. */
  readonly damaged?: number | undefined;
}

export interface Life {
  readonly parcel: ParcelView;
  /** All of them, ascending, one read after the other: a long life is more than should be in memory. */
  readonly records: AsyncGenerator<CapsRecord, void>;
  /** The `rev`s of its records that the disk has damaged; absent where there are none. */
  readonly damaged?: readonly number[] | undefined;
}

export type Customer = Extract<Actor, { role: 'customer' }>;

export type ParcelsQuery = Pick<
  ParcelQuery,
  'store' | 'holder' | 'statuses' | 'unacknowledged' | 'limit' | 'from'
> & {
  readonly terms?: readonly Term[];
  /** A page of so many bytes of JSON, or more, takes no further parcel. Undefined: the limit alone ends it. */
  readonly bytes?: number | undefined;
};

/** Parcels that one search looks at before it answers with what it has and a cursor to go on from. */
const searchedMax = 50_000;
/** Characters of parcels that a search reads between two turns. */
const searchedSize = 256 * 1024;
/** Of one life, what is read between two turns, in characters. */
const turnSizeMax = 128 * 1024;

export class LogReads implements Reads {
  readonly #store: Store;
  readonly #turns: Turns;
  readonly #tracking: Tracking;
  readonly #history: History;

  constructor(store: Store, turns: Turns, index?: SearchIndex) {
    this.#store = store;
    this.#history = new History(store, turns, index);
    this.#turns = turns;
    this.#tracking = createTracking(store.secret);
  }

  events(actor: Actor, query: EventsQuery): Promise<EventsPage> {
    return this.#history.page(actor, query);
  }

  allEvents(
    actor: Actor,
    query: AllEventsQuery,
    onDamaged?: (seq: number) => void,
  ): AsyncGenerator<readonly CapsRecord[], void> {
    return this.#history.all(actor, query, onDamaged);
  }

  async parcels(actor: Actor, query: ParcelsQuery): Promise<ListedParcels> {
    const { terms = [], limit, bytes = Number.POSITIVE_INFINITY, ...rest } = query;
    if (query.from !== undefined && !/^\d{1,15}$/.test(query.from)) {
      throw new CapsError('bad-cursor', undefined, { details: { field: 'cursor' } });
    }
    if (terms.some(({ field }) => field === 'via')) {
      throw new CapsError('bad-message', 'q: Parcels have no "via:", only their events do.', {
        details: { field: 'q' },
      });
    }
    // Before anything is read: a place that is too early costs a reader nothing, one that is too late a record.
    const asOf = cursorOf(this.#store.epoch, await this.#store.headOf(viewOf(actor).scope));
    const items: ParcelView[] = [];
    let next = query.from;
    let damaged = 0;
    const listed = (on: string | undefined): ListedParcels => ({
      ...{ items, next: on ?? null, asOf },
      ...(damaged > 0 ? { damaged } : {}),
    });
    let size = 0;
    const isBounded = bytes !== Number.POSITIVE_INFINITY;
    for (let looked = 0; looked < searchedMax; ) {
      const bounds =
        terms.length === 0
          ? { limit: limit - items.length, sizeMax: bytes - size }
          : { limit: limits.page, sizeMax: searchedSize };
      const narrowed = { ...seenBy(actor, { ...rest, ...bounds }), from: next, order: 'newest' } as const;
      const page: ParcelPage = await this.#store.parcels(narrowed);
      looked += page.parcels.length + (page.damaged ?? 0);
      damaged += page.damaged ?? 0;
      for (const [index, parcel] of page.parcels.entries()) {
        if (items.length === limit || size >= bytes) return listed(page.places[index - 1] ?? next);
        const view = parcelViewOf(parcel);
        if (!maySee(parcel.payload, actor) || !matchesParcel(view, terms)) continue;
        items.push(view);
        if (isBounded) size += Buffer.byteLength(JSON.stringify(view));
      }
      next = page.next;
      if (next === undefined || items.length === limit || size >= bytes) break;
      await this.#turns.next();
    }
    return listed(next);
  }

  async life(actor: Actor, key: ParcelKey): Promise<Life> {
    const parcel = await this.#seen(actor, key);
    const { scope } = viewOf(actor);
    const damaged: number[] = [];
    let short: readonly Row[] | undefined;
    for await (const page of this.#lifeOf(key, parcel.rev)) {
      damaged.push(...(page.damaged ?? []));
      short = page.isFirst && !page.more ? page.rows : undefined;
    }
    // A long one is read once more as it is told: only what is damaged is known by now.
    const records = short
      ? eachOf(short.map((row) => recordOf(scope, row)))
      : this.#recordsOf(scope, key, parcel.rev, damaged);
    return { parcel: parcelViewOf(parcel), records, ...(damaged.length > 0 ? { damaged } : {}) };
  }

  /** @param known the revs that are damaged, which whoever reads has been told of */
  async *#recordsOf(
    scope: Scope,
    key: ParcelKey,
    rev: number,
    known: readonly number[],
  ): AsyncGenerator<CapsRecord, void> {
    await this.#turns.next();
    for await (const { rows, damaged = [] } of this.#lifeOf(key, rev)) {
      for (const row of rows) yield recordOf(scope, row);
      const lost = damaged.find((place) => !known.includes(place));
      if (lost !== undefined) throw new DamagedError(`record ${lost} of a parcel`);
    }
  }

  /** A parcel's records in pages, a turn each, and no further than the parcel says: the two would be of two moments. */
  async *#lifeOf(key: ParcelKey, rev: number): AsyncGenerator<Page & { isFirst: boolean }, void> {
    for (let after = 0; after < rev; ) {
      if (after > 0) await this.#turns.next();
      const range = { after, limit: rev - after, sizeMax: turnSizeMax };
      const page = await this.#store.read({ kind: 'parcel', parcel: key }, range);
      yield { ...page, isFirst: after === 0 };
      if (!page.more) return;
      after = Math.max(page.rows.at(-1)?.rev ?? 0, page.damaged?.at(-1) ?? 0);
    }
  }

  async parcel(actor: Actor, key: ParcelKey): Promise<ParcelView> {
    return parcelViewOf(await this.#seen(actor, key));
  }

  async trackingToken(actor: Actor, key: ParcelKey): Promise<string> {
    await this.#seen(actor, key);
    if (actor.role !== 'vendor' && actor.role !== 'admin') throw new CapsError('not-allowed');
    const { rows } = await this.#store.read({ kind: 'parcel', parcel: key }, { after: 0, limit: 1 });
    const [pickup] = rows;
    assert(pickup, 'a parcel has a pickup');
    return this.#tracking.tokenOf(pickup.seq);
  }

  async customerOf(token: string): Promise<Customer | undefined> {
    const seq = this.#tracking.seqIn(token);
    if (seq === undefined) return undefined;
    const { rows, damaged } = await this.#store.read({ kind: 'all' }, { after: seq - 1, limit: 1 });
    const [pickup] = rows;
    if (damaged) throw new DamagedError('the order behind this link');
    // A log that was restored may have lost its end, and something else may stand there now.
    if (pickup?.seq !== seq || pickup.rev !== 1) return undefined;
    return { role: 'customer', parcel: { store: pickup.store, orderID: pickup.orderID } };
  }

  async #seen(actor: Actor, key: ParcelKey): Promise<Parcel> {
    const parcel = maySee(key, actor) ? await this.#store.parcel(key) : undefined;
    if (!parcel) throw new CapsError('unknown-parcel');
    if (actor.role === 'driver' && !(parcel.status === 'ready' || parcel.drivers.includes(actor.driver))) {
      throw new CapsError('unknown-parcel');
    }
    return parcel;
  }
}

/** A query narrowed to what the actor may list. */
function seenBy(actor: Actor, query: ParcelsQuery): Omit<ParcelQuery, 'order'> {
  if (actor.role === 'vendor') return { ...query, store: actor.store };
  if (actor.role === 'driver') return { ...query, boardOf: actor.driver };
  return query;
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}
