/** Reading what was: pages of the log, lists of parcels, one parcel's life. Each narrowed to what the actor may see. */

import { assert, CapsError } from '../protocol/errors.ts';
import { cursorOf, readCursor } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import type { CapsRecord, EventName, ParcelKey, ParcelView } from '../protocol/messages.ts';
import { type Actor, maySee, type Parcel, viewOf as parcelViewOf } from '../protocol/parcel.ts';
import { matches, matchesParcel, type Term } from '../protocol/search.ts';
import { seqIn, viewOf } from './access.ts';
import type { Clock } from './clock.ts';
import { placeBefore } from './moments.ts';
import type { Page, ParcelPage, ParcelQuery, Row, Scope, Store } from './store/store.ts';
import { createTracking, type Tracking } from './tracking.ts';

export interface Reads {
  /** A page of the records that the actor may see. @throws CapsError bad-cursor */
  events(actor: Actor, query: EventsQuery): Promise<EventsPage>;
  /** A page of the parcels that the actor may see. @throws CapsError bad-cursor, bad-message */
  parcels(actor: Actor, query: ParcelsQuery): Promise<{ items: ParcelView[]; next: string | null }>;
  /** One parcel and its whole life. @throws CapsError unknown-parcel */
  life(actor: Actor, key: ParcelKey): Promise<{ parcel: ParcelView; records: CapsRecord[] }>;
  /** One parcel as it is now. @throws CapsError unknown-parcel */
  parcel(actor: Actor, key: ParcelKey): Promise<ParcelView>;
  /** What stands behind `/track/` in the customer's link. For the parcel's store and admins. @throws CapsError unknown-parcel, not-allowed */
  trackingToken(actor: Actor, key: ParcelKey): Promise<string>;
  /** The customer whom this token makes somebody; undefined for any other text. */
  customerOf(token: string): Promise<Customer | undefined>;
}

export type Customer = Extract<Actor, { role: 'customer' }>;

/** One place at most: `after` upwards, `before` or `at` downwards; none: the newest page. */
export interface EventsQuery extends RecordFilter {
  /** Cursor or seq. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  /** The log as it stood at this moment. */
  readonly at?: string | undefined;
  /** Only what happened from this moment on. */
  readonly from?: string | undefined;
  /** Only what happened up to this moment. */
  readonly to?: string | undefined;
  readonly limit: number;
}

/** What a record must answer to. */
export interface RecordFilter {
  /** The record's event, exactly: the grammar's `event:` would also take a status of this name. */
  readonly event?: EventName | undefined;
  readonly terms: readonly Term[];
}

export function passes(record: CapsRecord, { event, terms }: RecordFilter): boolean {
  return (event === undefined || record.event === event) && matches(record, terms);
}

export interface EventsPage {
  /** Ascending. */
  readonly items: CapsRecord[];
  /** Where to go on forwards (`after`); there may be nothing there yet. */
  readonly next: string;
  /** Where to go on backwards (`before`); null at the beginning of the log. */
  readonly prev: string | null;
}

export type ParcelsQuery = Pick<
  ParcelQuery,
  'store' | 'holder' | 'statuses' | 'unacknowledged' | 'limit' | 'from'
> & { readonly terms?: readonly Term[] };

/** Records or parcels that one search looks at before it answers with what it has and a cursor to go on from. */
const searchedMax = 50_000;

export class LogReads implements Reads {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #tracking: Tracking;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#tracking = createTracking(store.secret);
  }

  async events(actor: Actor, query: EventsQuery): Promise<EventsPage> {
    const { scope, sees } = viewOf(actor);
    const stretch = await this.#stretch(scope, query);
    const { forwards, first, low, high } = stretch;
    const wanted = query.limit;
    const found: CapsRecord[] = [];
    let place = first;
    const isThrough = () => (forwards ? place >= high : place <= low + 1);
    for (
      let looked = 0, more = true;
      more && found.length < wanted && looked < searchedMax && !isThrough();
    ) {
      const page: Page = await this.#store.read(
        scope,
        forwards ? { after: place, limit: limits.page } : { before: place, limit: limits.page },
      );
      looked += page.rows.length;
      more = page.more;
      for (const row of forwards ? page.rows : page.rows.toReversed()) {
        if (isThrough()) break;
        place = seqIn(scope.kind, row);
        const record = sees(row) ? recordOf(scope, row) : undefined;
        if (record && passes(record, query)) found.push(record);
        if (found.length === wanted) break;
      }
      await this.#turn();
    }
    const items = forwards ? found : found.reverse();
    const oldest = forwards ? (items[0]?.seq ?? first + 1) : place;
    const newest = forwards ? place : (items.at(-1)?.seq ?? first - 1);
    return {
      items,
      next: this.#cursor(Math.max(0, newest)),
      prev: oldest > low + 1 ? this.#cursor(oldest) : null,
    };
  }

  async parcels(actor: Actor, query: ParcelsQuery): Promise<{ items: ParcelView[]; next: string | null }> {
    const { terms = [], limit, ...rest } = query;
    if (query.from !== undefined && !/^\d{1,15}$/.test(query.from)) throw badCursor('cursor');
    if (terms.some(({ field }) => field === 'via')) {
      throw new CapsError('bad-message', 'q: Parcels have no "via:", only their events do.', {
        details: { field: 'q' },
      });
    }
    const items: ParcelView[] = [];
    let next = query.from;
    for (let looked = 0; looked < searchedMax; ) {
      const size = terms.length === 0 ? limit : limits.page;
      const narrowed = { ...seenBy(actor, { ...rest, limit: size }), from: next, order: 'newest' } as const;
      const page: ParcelPage = await this.#store.parcels(narrowed);
      looked += page.parcels.length;
      for (const [index, parcel] of page.parcels.entries()) {
        if (items.length === limit) return { items, next: page.places[index - 1] ?? next ?? null };
        const view = parcelViewOf(parcel);
        if (maySee(parcel.payload, actor) && matchesParcel(view, terms)) items.push(view);
      }
      next = page.next;
      if (next === undefined || items.length === limit) break;
      await this.#turn();
    }
    return { items, next: next ?? null };
  }

  async life(actor: Actor, key: ParcelKey): Promise<{ parcel: ParcelView; records: CapsRecord[] }> {
    const parcel = await this.#seen(actor, key);
    const { scope } = viewOf(actor);
    // In one go: a store walks a life from its end, for every page anew. And no further than the parcel says.
    const { rows } = await this.#store.read({ kind: 'parcel', parcel: key }, { after: 0, limit: parcel.rev });
    return { parcel: parcelViewOf(parcel), records: rows.map((row) => recordOf(scope, row)) };
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
    const { rows } = await this.#store.read({ kind: 'all' }, { after: seq - 1, limit: 1 });
    const [pickup] = rows;
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

  /** Where a page of the log begins, in which direction it goes, and how far it may go. */
  async #stretch(scope: Scope, query: EventsQuery): Promise<Stretch> {
    const head = await this.#store.headOf(scope);
    const low = query.from === undefined ? 0 : await this.#placeBefore(scope, query.from);
    const high = query.to === undefined ? head : await this.#placeAt(scope, query.to);
    if (query.after !== undefined) {
      return { forwards: true, first: Math.max(this.#placeIn('after', query.after, head), low), low, high };
    }
    const end = query.at === undefined ? high : Math.min(high, await this.#placeAt(scope, query.at));
    const first = query.before === undefined ? end + 1 : this.#placeIn('before', query.before, head + 1);
    return { forwards: false, first: Math.min(first, end + 1), low, high };
  }

  /** Never past the end, because the page's own `next` would then skip what comes. */
  #placeIn(name: 'after' | 'before', given: string, end: number): number {
    if (/^\d{1,15}$/.test(given)) return Math.min(Number(given), end);
    const cursor = readCursor(given);
    if (cursor?.epoch !== this.#store.epoch || cursor.seq > end) throw badCursor(name);
    return cursor.seq;
  }

  #placeBefore(scope: Scope, moment: string): Promise<number> {
    return placeBefore(this.#store, scope, Date.parse(moment));
  }

  /** The last place that is no younger than this moment. */
  #placeAt(scope: Scope, moment: string): Promise<number> {
    return placeBefore(this.#store, scope, Date.parse(moment) + 1);
  }

  #cursor(seq: number): string {
    return cursorOf(this.#store.epoch, seq);
  }

  /** Lets commits go first between the pages of a long search. */
  #turn(): Promise<void> {
    return new Promise((resolve) => this.#clock.soon(resolve));
  }
}

interface Stretch {
  readonly forwards: boolean;
  readonly first: number;
  /** Records after `low` and up to `high` are asked for. */
  readonly low: number;
  readonly high: number;
}

function badCursor(field: string): CapsError {
  return new CapsError('bad-cursor', undefined, { details: { field } });
}

/** A query narrowed to what the actor may list. */
function seenBy(actor: Actor, query: ParcelsQuery): Omit<ParcelQuery, 'order'> {
  if (actor.role === 'vendor') return { ...query, store: actor.store };
  if (actor.role === 'driver') return { ...query, boardOf: actor.driver };
  return query;
}

function recordOf(scope: Scope, row: Row): CapsRecord {
  return JSON.parse(`{"seq":${seqIn(scope.kind, row)},${row.text}`) as CapsRecord;
}
