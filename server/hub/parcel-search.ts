/**
 * Lists of parcels, narrowed to what the actor may see. They are looked at from the newest on. A search that has not
 * found enough among the first of them asks the index what to look at instead.
 *
 * A parcel has a word in its order, in its status or in the name of whoever holds it. What an order says stands in its
 * pickup for good, and pickups are in the order of the list: so of a word that no driver is called by, the index names the
 * pickups, page by page. Else it names all records that have it, where they are few: the one that gave the parcel to its
 * holder is among them. Words that a status has are not asked for. Whatever is named is looked at as the parcel is now.
 */

import { type Status, statuses } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { ParcelView } from '../../protocol/messages.ts';
import { type Actor, authorOf, maySee, viewOf as parcelViewOf } from '../../protocol/parcel.ts';
import type { Term } from '../../protocol/search.ts';
import type { Clock } from '../clock.ts';
import {
  answerSizeMax,
  type ParcelQuery,
  type SearchIndex,
  type Seeing,
  type Store,
} from '../store/store.ts';
import { patienceMs } from './history.ts';
import { placeUpTo, seqUpTo } from './time-lookup.ts';
import type { Turns } from './turns.ts';

export type ParcelsQuery = Pick<
  ParcelQuery,
  'store' | 'holder' | 'statuses' | 'unacknowledged' | 'limit' | 'from' | 'terms'
> & {
  /** A page of so many bytes of JSON, or more, takes no further parcel. Undefined: 1 MiB. */
  readonly bytes?: number | undefined;
};

/** Records that are looked up for one page; where more have a word, its parcels are not rare. */
const namedMax = 2_000;

export class ParcelSearch {
  readonly #store: Store;
  readonly #turns: Turns;
  readonly #clock: Clock;
  readonly #index: SearchIndex | undefined;

  constructor(store: Store, turns: Turns, clock: Clock, index: SearchIndex | undefined) {
    this.#store = store;
    this.#turns = turns;
    this.#clock = clock;
    this.#index = index;
  }

  /**
   * A page may be short; it has none only where there are no more.
   * @param signal of whoever waits: nothing is looked for any more for somebody who has gone
   * @throws CapsError busy
   */
  async page(
    actor: Actor,
    { from, limit, bytes = answerSizeMax, ...asked }: ParcelsQuery,
    signal?: AbortSignal,
  ): Promise<FoundParcels> {
    const { role, id } = authorOf(actor);
    const query = { ...narrowed(actor, asked), order: 'newest', caller: `${role}:${id}` } as const;
    const until = this.#clock.now() + patienceMs;
    const items: ParcelView[] = [];
    let [next, size, damaged, mayAsk, named] = [from, 0, 0, true, undefined as Named | undefined];
    // What is asked for in the order of an index is there at once.
    let isBrief = !query.terms?.length;
    for (;;) {
      const among = named?.seqs;
      const bounds = { limit: limit - items.length, sizeMax: bytes - size };
      const page = await this.#store.parcels({ ...query, ...bounds, from: next, among, isBrief });
      isBrief = false;
      items.push(...page.parcels.filter(({ payload }) => maySee(payload, actor)).map(parcelViewOf));
      next = page.next ?? named?.next;
      size += page.size;
      damaged += page.damaged ?? 0;
      if (next === undefined || items.length >= limit || size >= bytes || signal?.aborted) break;
      if (items.length > 0 && this.#clock.now() >= until) break;
      if (mayAsk && (!named || page.next === undefined)) {
        named = await this.#named(query, next);
        mayAsk = named !== undefined;
      }
      await this.#turns.next();
    }
    return { items, next: next ?? null, ...(damaged > 0 ? { damaged } : {}) };
  }

  /** Undefined where it is not known, or so many that it is as well to look at all. */
  async #named(query: Pick<ParcelQuery, 'store' | 'terms'>, from: string): Promise<Named | undefined> {
    const index = this.#index;
    if (!index) return undefined;
    const { ofAll, words, drivers } = namedBy(query.terms ?? []);
    const [word] = words;
    const ofOrders =
      word || ofAll.length > 0 ? await this.#pickups(index, query, [...ofAll, ...words], from) : undefined;
    if (ofOrders) return ofOrders;
    const one = word ?? drivers[0];
    return one && this.#records(index, query, [...ofAll, one]);
  }

  /** The next pickups that have what only the order of a parcel can have. */
  async #pickups(
    index: SearchIndex,
    { store }: Pick<ParcelQuery, 'store'>,
    terms: readonly Term[],
    from: string,
  ): Promise<Named | undefined> {
    const high = (await this.#seqOf(store, Number(from))) - 1;
    const sought = await index.find({
      ...{ filter: { event: 'pickup', terms }, ofOrders: true, seenBy: seeing(store) },
      ...{ low: 0, high, forwards: false, limit: namedMax },
    });
    if (!sought || sought.upTo < high) return undefined;
    const { seqs, place } = sought;
    return { seqs, next: place === undefined ? undefined : await this.#placeOf(store, place) };
  }

  /** All records that have this, whatever they are. */
  async #records(
    index: SearchIndex,
    { store }: Pick<ParcelQuery, 'store'>,
    terms: readonly Term[],
  ): Promise<Named | undefined> {
    const high = await this.#store.headOf({ kind: 'all' });
    const sought = await index.find({
      ...{ filter: { terms }, seenBy: seeing(store) },
      ...{ low: 0, high, forwards: false, limit: namedMax },
    });
    if (!sought || sought.place !== undefined || high - sought.upTo > limits.page) return undefined;
    const unknown = Array.from({ length: Math.max(0, high - sought.upTo) }, (_, i) => sought.upTo + 1 + i);
    return { seqs: [...sought.seqs, ...unknown], next: undefined };
  }

  /** Places of one store's list are the store's own. */
  async #seqOf(store: string | undefined, place: number): Promise<number> {
    if (store === undefined) return place;
    return (await seqUpTo(this.#store, { kind: 'store', store }, place - 1)) + 1;
  }

  async #placeOf(store: string | undefined, seq: number): Promise<string> {
    if (store === undefined) return String(seq);
    return String((await placeUpTo(this.#store, { kind: 'store', store }, seq - 1)) + 1);
  }
}

interface FoundParcels {
  readonly items: ParcelView[];
  readonly next: string | null;
  /** How many more there would be, had the disk not damaged them; absent where there are none. */
  readonly damaged?: number;
}

/** Records whose parcels are to be looked at, and none but those up to where it goes on. */
interface Named {
  readonly seqs: readonly number[];
  readonly next: string | undefined;
}

interface NamedBy {
  /** All records of a parcel that answers have these. */
  readonly ofAll: readonly Term[];
  /** At least one record of it has each of these; the longest first. */
  readonly words: readonly Term[];
  readonly drivers: readonly Term[];
}

function namedBy(terms: readonly Term[]): NamedBy {
  const wanted = terms.filter(({ exclude, value }) => !exclude && !value.includes('\0'));
  const words = wanted.filter(({ field, value }) => field === undefined && isOfNoStatus(value));
  return {
    ofAll: wanted.filter(({ field }) => field === 'store' || field === 'order'),
    words: words.sort((a, b) => b.value.length - a.value.length),
    drivers: wanted.filter(({ field }) => field === 'driver'),
  };
}

/** Half of a surrogate pair would be asked for as another character. */
function seeing(store: string | undefined): Seeing | undefined {
  return store?.isWellFormed() ? { store } : undefined;
}

function isOfNoStatus(word: string): boolean {
  return !statuses.some((status) => status.includes(word));
}

/** A query narrowed to what the actor may list, which is nothing of another store, and to the statuses that its terms leave. */
function narrowed(
  actor: Actor,
  query: Omit<ParcelsQuery, 'from' | 'limit' | 'bytes'>,
): Omit<ParcelQuery, 'order' | 'limit'> {
  const found = { ...query, statuses: statusesIn(query) };
  if (actor.role === 'vendor') {
    const isOthers = query.store !== undefined && query.store !== actor.store;
    return { ...found, store: actor.store, ...(isOthers ? { statuses: [] } : {}) };
  }
  if (actor.role === 'driver') return { ...found, boardOf: actor.driver };
  return found;
}

function statusesIn({
  terms = [],
  statuses: given,
}: Pick<ParcelsQuery, 'statuses' | 'terms'>): readonly Status[] | undefined {
  const asked = terms.filter(({ field, exclude }) => field === 'event' && !exclude);
  if (asked.length === 0) return given;
  return (given ?? statuses).filter((status) => asked.every(({ value }) => value === status));
}
