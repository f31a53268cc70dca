/**
 * Reads the past: pages of the log, lists of parcels, one parcel's life. Each is narrowed to what the actor may see.
 */

import { assert, CapsError } from '../../protocol/errors.ts';
import { isHeld } from '../../protocol/events.ts';
import { cursorOf } from '../../protocol/ids.ts';
import type { CapsRecord, ParcelView } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { type Actor, maySee, type Parcel } from '../../protocol/parcel.ts';
import { viewOf as parcelViewOf } from '../../protocol/parcel-view.ts';
import { viewOf } from '../access/access.ts';
import { createPins, type Pins } from '../access/pins.ts';
import { createTracking, type Tracking } from '../access/tracking.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { DamagedError, type Page, type Scope, type Store } from '../store/store.ts';
import {
  type AllEventsOptions,
  type AllEventsQuery,
  type EventsPage,
  type EventsQuery,
  History,
  recordOf,
} from './history.ts';
import { ParcelSearch, type ParcelsQuery } from './parcel-search.ts';
import type { Turns } from './turns.ts';

export interface Reads {
  /**
   * A page of records. It may be short; it is empty only at the end.
   * @param signal stops the search when the client is gone
   * @throws CapsError bad-cursor, busy
   */
  events(actor: Actor, query: EventsQuery, signal?: AbortSignal): Promise<EventsPage>;
  /** All records, in pages. @throws CapsError bad-cursor before the first page; busy */
  allEvents(
    actor: Actor,
    query: AllEventsQuery,
    options?: AllEventsOptions,
  ): AsyncGenerator<readonly CapsRecord[], void>;
  /**
   * A page of parcels. It may be short; it is empty only at the end.
   * @throws CapsError bad-cursor, bad-message, busy
   */
  parcels(actor: Actor, query: ParcelsQuery, signal?: AbortSignal): Promise<ListedParcels>;
  /** One parcel and its whole life. @throws CapsError unknown-parcel; taken, for a driver, if another one holds it */
  life(actor: Actor, key: ParcelId): Promise<Life>;
  /** One parcel as it is now. @throws CapsError unknown-parcel */
  parcel(actor: Actor, key: ParcelId): Promise<ParcelView>;
  /**
   * The token in the customer's `/track/` link, for the parcel's store and admins. @throws CapsError unknown-parcel,
   * not-allowed
   */
  trackingToken(actor: Actor, key: ParcelId): Promise<string>;
  /** What a customer tells the courier at the door. For the customer's own page alone. */
  pinOf(customer: Customer): string;
  /** The customer with this token; undefined for any other text. */
  customerOf(token: string): Promise<Customer | undefined>;
}

export interface ListedParcels {
  readonly items: ParcelView[];
  readonly next: string | null;
  /** The actor's cursor: the list contains everything up to it, perhaps more; a higher `rev` is newer. */
  readonly asOf: string;
  /** Parcels missing on this page because the disk has damaged them; absent if none. */
  readonly damaged?: number | undefined;
}

export interface Life {
  readonly parcel: ParcelView;
  /** All records, ascending, read as they are consumed: a long life does not fit into memory. */
  readonly records: AsyncGenerator<CapsRecord, void>;
  /** The `rev`s of damaged records; absent if none. */
  readonly damaged?: readonly number[] | undefined;
}

export type Customer = Extract<Actor, { role: 'customer' }>;

/** Characters of one life read per turn. */
const turnSizeMax = 128 * 1024;

export class LogReads implements Reads {
  readonly #store: Store;
  readonly #tracking: Tracking;
  readonly #pins: Pins;
  readonly #history: History;
  readonly #turns: Turns;
  readonly #parcels: ParcelSearch;

  constructor(store: Store, turns: Turns, clock: Clock, index?: SearchIndex) {
    this.#store = store;
    this.#history = new History(store, turns, clock, index);
    this.#parcels = new ParcelSearch(store, turns, clock, index);
    this.#turns = turns;
    this.#tracking = createTracking(store.secret);
    this.#pins = createPins(store.secret);
  }

  events(actor: Actor, query: EventsQuery, signal?: AbortSignal): Promise<EventsPage> {
    return this.#history.page(actor, query, signal);
  }

  allEvents(
    actor: Actor,
    query: AllEventsQuery,
    options?: AllEventsOptions,
  ): AsyncGenerator<readonly CapsRecord[], void> {
    return this.#history.all(actor, query, options);
  }

  async parcels(actor: Actor, query: ParcelsQuery, signal?: AbortSignal): Promise<ListedParcels> {
    if (query.terms?.some(({ field }) => field === 'via')) {
      throw new CapsError('bad-message', 'q: Parcels have no "via:", only their events do.', {
        details: { field: 'q' },
      });
    }
    // Read first: a place too early costs nothing, one too late would lose a record.
    const asOf = cursorOf(this.#store.epoch, await this.#store.headOf(viewOf(actor).scope));
    return { ...(await this.#parcels.page(actor, query, signal)), asOf };
  }

  async life(actor: Actor, key: ParcelId): Promise<Life> {
    const parcel = await this.#seen(actor, key, true);
    const { scope } = viewOf(actor);
    const damaged: number[] = [];
    let short: readonly Row[] | undefined;
    for await (const page of this.#lifeOf(key, parcel.rev)) {
      damaged.push(...(page.damaged ?? []));
      short = page.isFirst && !page.more ? page.rows : undefined;
    }
    // A long life is read again as it is sent; the first pass only finds damage.
    const records = short
      ? eachOf(short.map((row) => recordOf(scope, row)))
      : this.#recordsOf(scope, key, parcel.rev, damaged);
    return { parcel: parcelViewOf(parcel, actor), records, ...(damaged.length > 0 ? { damaged } : {}) };
  }

  /** @param known damaged revs that the reader already knows of */
  async *#recordsOf(
    scope: Scope,
    key: ParcelId,
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

  /** A parcel's records in pages, a turn each, and no further than `rev`: the parcel was read at that moment. */
  async *#lifeOf(key: ParcelId, rev: number): AsyncGenerator<Page & { isFirst: boolean }, void> {
    for (let after = 0; after < rev; ) {
      if (after > 0) await this.#turns.next();
      const range = { after, limit: rev - after, sizeMax: turnSizeMax };
      const page = await this.#store.read({ kind: 'parcel', parcel: key }, range);
      yield { ...page, isFirst: after === 0 };
      if (!page.more) return;
      after = Math.max(page.rows.at(-1)?.rev ?? 0, page.damaged?.at(-1) ?? 0);
    }
  }

  async parcel(actor: Actor, key: ParcelId): Promise<ParcelView> {
    return parcelViewOf(await this.#seen(actor, key), actor);
  }

  async trackingToken(actor: Actor, key: ParcelId): Promise<string> {
    await this.#seen(actor, key);
    if (actor.role !== 'vendor' && actor.role !== 'admin') throw new CapsError('not-allowed');
    const { rows } = await this.#store.read({ kind: 'parcel', parcel: key }, { after: 0, limit: 1 });
    const [pickup] = rows;
    assert(pickup, 'a parcel has a pickup');
    return this.#tracking.tokenOf(pickup.seq);
  }

  pinOf({ parcel }: Customer): string {
    return this.#pins.pinOf(parcel);
  }

  async customerOf(token: string): Promise<Customer | undefined> {
    const seq = this.#tracking.seqIn(token);
    if (seq === undefined) return undefined;
    const { rows, damaged } = await this.#store.read({ kind: 'all' }, { after: seq - 1, limit: 1 });
    const [pickup] = rows;
    if (damaged) throw new DamagedError('the order behind this link');
    // A restored log may have lost its end, and another record may stand there now.
    if (pickup?.seq !== seq || pickup.rev !== 1) return undefined;
    return { role: 'customer', parcel: { store: pickup.store, orderID: pickup.orderID } };
  }

  /** @param tellsHolder whether a driver learns who has taken it, as from a claim that comes too late */
  async #seen(actor: Actor, key: ParcelId, tellsHolder = false): Promise<Parcel> {
    const parcel = maySee(key, actor) ? await this.#store.parcel(key) : undefined;
    if (!parcel) throw new CapsError('unknown-parcel');
    const { status, drivers, holder, changedAt } = parcel;
    if (actor.role === 'driver' && !(status === 'ready' || drivers.includes(actor.driver))) {
      if (!tellsHolder || !holder || !isHeld(status)) throw new CapsError('unknown-parcel');
      throw new CapsError('taken', undefined, { details: { by: holder.name ?? holder.id, time: changedAt } });
    }
    return parcel;
  }
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}
