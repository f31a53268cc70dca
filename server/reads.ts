/** Reading what was: pages of the log, lists of parcels, one parcel's life. Each narrowed to what the actor may see. */

import { assert, CapsError } from '../protocol/errors.ts';
import { cursorOf, readCursor } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import type { CapsRecord, ParcelKey, ParcelView } from '../protocol/messages.ts';
import { type Actor, maySee, type Parcel, viewOf as parcelViewOf } from '../protocol/parcel.ts';
import { matches, type Term } from '../protocol/search.ts';
import { seqIn, viewOf } from './access.ts';
import type { Clock } from './clock.ts';
import type { Page, ParcelQuery, Row, Scope, Store } from './store/store.ts';
import { createTracking, type Tracking } from './tracking.ts';

export interface Reads {
  /** A page of the records that the actor may see. @throws CapsError bad-cursor */
  events(actor: Actor, query: EventsQuery): Promise<EventsPage>;
  /** A page of the parcels that the actor may see. @throws CapsError bad-cursor */
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

export interface EventsQuery {
  /** Cursor or seq; neither: the newest page. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  readonly terms: readonly Term[];
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
>;

/** Records that one search looks at before it answers with what it has and a cursor to go on from. */
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
    const forwards = query.after !== undefined;
    const first = this.#firstPlace(query, await this.#store.headOf(scope));
    const wanted = query.limit;
    const found: CapsRecord[] = [];
    let place = first;
    let more = true;
    for (let looked = 0; more && found.length < wanted && looked < searchedMax; ) {
      const page: Page = await this.#store.read(
        scope,
        forwards ? { after: place, limit: limits.page } : { before: place, limit: limits.page },
      );
      looked += page.rows.length;
      more = page.more;
      for (const row of forwards ? page.rows : page.rows.toReversed()) {
        place = seqIn(scope.kind, row);
        const record = sees(row) ? recordOf(scope, row) : undefined;
        if (record && matches(record, query.terms)) found.push(record);
        if (found.length === wanted) break;
      }
      await this.#turn();
    }
    const items = forwards ? found : found.reverse();
    const low = forwards ? (items[0]?.seq ?? first + 1) : place;
    const high = forwards ? place : (items.at(-1)?.seq ?? first - 1);
    return { items, next: this.#cursor(Math.max(0, high)), prev: low > 1 ? this.#cursor(low) : null };
  }

  async parcels(actor: Actor, query: ParcelsQuery): Promise<{ items: ParcelView[]; next: string | null }> {
    if (query.from !== undefined && !/^\d{1,15}$/.test(query.from)) throw new CapsError('bad-cursor');
    const page = await this.#store.parcels({ ...seenBy(actor, query), order: 'newest' });
    const items = page.parcels.filter((parcel) => maySee(parcel.payload, actor)).map(parcelViewOf);
    return { items, next: page.next ?? null };
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

  /** Never past the end, because the page's own `next` would then skip what comes. */
  #firstPlace({ after, before }: EventsQuery, head: number): number {
    const given = after ?? before;
    const end = after === undefined ? head + 1 : head;
    if (given === undefined) return end;
    if (/^\d{1,15}$/.test(given)) return Math.min(Number(given), end);
    const cursor = readCursor(given);
    if (cursor?.epoch !== this.#store.epoch || cursor.seq > end) throw new CapsError('bad-cursor');
    return cursor.seq;
  }

  #cursor(seq: number): string {
    return cursorOf(this.#store.epoch, seq);
  }

  /** Lets commits go first between the pages of a long search. */
  #turn(): Promise<void> {
    return new Promise((resolve) => this.#clock.soon(resolve));
  }
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
