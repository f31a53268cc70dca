/**
 * Lists parcels that the actor may see, the newest first. A search that finds too little among the first parcels asks
 * the index for candidates.
 *
 * A word may stand in a parcel's order, its status or its holder's name. Orders stand in pickups, which are in list
 * order, and in their changes, which are few. So for a word that is in no driver's name the index gives pickups page by
 * page, and with each page all changes. Otherwise it gives all records with the word, if they are few: among them is the
 * one that named the holder. The index is not asked for words of a status. Each candidate is checked against the parcel
 * as it is now.
 *
 * The orders of a day are those whose pickups name the day, and those of which a change does.
 */

import { isFinished, type Status, statuses } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { ParcelView } from '../../protocol/messages.ts';
import { type Actor, authorOf, maySee } from '../../protocol/parcel.ts';
import { viewOf as parcelViewOf } from '../../protocol/parcel-view.ts';
import { utcDaysOf } from '../../protocol/planned.ts';
import { statusesLeft, type Term } from '../../protocol/search.ts';
import type { Clock } from '../clock.ts';
import type { IndexQuery, IndexScope, SearchIndex } from '../store/search-index.ts';
import { answerSizeMax, type ParcelQuery, type Store } from '../store/store.ts';
import { patienceMs } from './history.ts';
import { placeUpTo, seqUpTo } from './time-lookup.ts';
import type { Turns } from './turns.ts';

export type ParcelsQuery = Pick<
  ParcelQuery,
  'store' | 'holder' | 'statuses' | 'unacknowledged' | 'limit' | 'from' | 'terms' | 'planned'
> & {
  /** Maximum bytes of JSON; the last parcel may exceed it. 1 MiB by default. */
  readonly bytes?: number | undefined;
};

/** Parcels that are read on the hub's own thread in one turn. */
const turnMax = 100;
/** Candidates per page. A word with more is common, and scanning finds it as fast. */
const candidatesMax = 2_000;

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
   * A page may be short; it is empty only at the end.
   * @param signal stops the search when the client is gone
   * @throws CapsError busy
   */
  async page(
    actor: Actor,
    { from, limit, bytes = answerSizeMax, ...asked }: ParcelsQuery,
    signal?: AbortSignal,
  ): Promise<ParcelsPage> {
    const { role, id } = authorOf(actor);
    const now = this.#clock.now();
    const query = { ...narrowed(actor, asked), now, order: 'newest', caller: `${role}:${id}` } as const;
    const until = now + patienceMs;
    const items: ParcelView[] = [];
    let [next, size, damaged, candidates] = [from, 0, 0, undefined as Candidates | undefined];
    // Undefined once the index cannot help. One that is behind is asked again, ever more rarely.
    let [slices, askAt] = [0, 1 as number | undefined];
    // Without terms, a database index answers at once.
    let isBrief = !query.terms?.length && !query.planned;
    // A large page is several turns: commands of others come in between.
    if (isBrief && limit > turnMax) await this.#turns.next();
    for (;;) {
      const { among } = candidates ?? {};
      const left = limit - items.length;
      const bounds = { limit: isBrief ? Math.min(left, turnMax) : left, sizeMax: bytes - size };
      const page = await this.#store.parcels({ ...query, ...bounds, from: next, among, isBrief });
      isBrief = isBrief && page.parcels.length === bounds.limit;
      items.push(
        ...page.parcels
          .filter(({ payload }) => maySee(payload, actor))
          .map((parcel) => parcelViewOf(parcel, actor)),
      );
      slices += 1;
      next = page.next ?? candidates?.next;
      size += page.size;
      damaged += page.damaged ?? 0;
      if (next === undefined || items.length >= limit || size >= bytes || signal?.aborted) break;
      if (items.length > 0 && this.#clock.now() >= until) break;
      if (askAt !== undefined && slices >= askAt && (!candidates || page.next === undefined)) {
        const answer = await this.#candidates(query, next);
        candidates = answer === 'behind' ? undefined : answer;
        askAt = answer === 'behind' ? slices * 2 : answer && slices;
      }
      await this.#turns.next();
    }
    return { items, next: next ?? null, ...(damaged > 0 ? { damaged } : {}) };
  }

  /** Candidates for the rest of the list; undefined if unknown, or so many that scanning is as good. */
  async #candidates(
    query: Pick<ParcelQuery, 'store' | 'terms' | 'statuses' | 'planned'>,
    from: string,
  ): Promise<Candidates | 'behind' | undefined> {
    const index = this.#index;
    if (!index) return undefined;
    if (query.planned) {
      const days = utcDaysOf(query.planned);
      // No day is touched by a stretch that ends before it begins; the index would take that for any day.
      if (days?.length === 0) return { among: { of: 'pickups', seqs: [] }, next: undefined };
      return days && this.#orders(index, query, { terms: [], days }, from);
    }
    const { ofAll, words, drivers } = indexTermsOf(query.terms ?? []);
    const [word] = words;
    const terms = [...ofAll, ...words];
    const ofOrders =
      terms.length > 0 ? await this.#orders(index, query, { terms, ofOrders: true }, from) : undefined;
    if (ofOrders === 'behind') return ofOrders;
    // Open parcels are fewer than all that a word ever stood in.
    const isOpenOnly = query.statuses?.every((status) => !isFinished(status)) ?? false;
    if (ofOrders) return isOpenOnly && ofOrders.next !== undefined ? undefined : ofOrders;
    const one = word ?? drivers[0];
    return one && this.#records(index, query, { filter: { terms: [...ofAll, one] } });
  }

  /** All records that answer. */
  async #records(
    index: SearchIndex,
    { store }: Pick<ParcelQuery, 'store'>,
    wanted: Pick<IndexQuery, 'filter' | 'days' | 'ofOrders'>,
  ): Promise<Candidates | 'behind' | undefined> {
    const high = await this.#store.headOf({ kind: 'all' });
    const sought = await index.find({
      ...{ ...wanted, seenBy: seeing(store) },
      ...{ low: 0, high, forwards: false, limit: candidatesMax },
    });
    if (!sought || sought.place !== undefined) return undefined;
    if (high - sought.upTo > limits.page) return 'behind';
    const unknown = Array.from({ length: Math.max(0, high - sought.upTo) }, (_, i) => sought.upTo + 1 + i);
    return { among: { of: 'records', seqs: [...sought.seqs, ...unknown] }, next: undefined };
  }

  /** The next orders that answer as they were placed, or as a change left them. */
  async #orders(
    index: SearchIndex,
    { store }: Pick<ParcelQuery, 'store'>,
    { terms, ...wanted }: Pick<IndexQuery, 'days' | 'ofOrders'> & { readonly terms: readonly Term[] },
    from: string,
  ): Promise<Candidates | 'behind' | undefined> {
    const high = (await this.#seqOf(store, Number(from))) - 1;
    const sought = await index.find({
      ...{ ...wanted, filter: { event: 'pickup', terms }, seenBy: seeing(store) },
      ...{ low: 0, high, forwards: false, limit: candidatesMax },
    });
    if (!sought) return undefined;
    if (sought.upTo < high) return 'behind';
    const amended = { ...wanted, filter: { event: 'amended', terms } } as const;
    const changes = await this.#records(index, { store }, amended);
    if (changes === 'behind' || !changes) return changes;
    const { seqs, place } = sought;
    const next = place === undefined ? undefined : await this.#placeOf(store, place);
    if (changes.among.seqs.length === 0) return { among: { of: 'pickups', seqs }, next };
    // Orders before that place come on the next pages, also those that were changed.
    return {
      among: { of: 'records', seqs: [...new Set([...seqs, ...changes.among.seqs])], from: place },
      next,
    };
  }

  /** Converts a place in the list into a seq of the log: one store's list counts in its own seqs. */
  async #seqOf(store: string | undefined, place: number): Promise<number> {
    if (store === undefined) return place;
    return (await seqUpTo(this.#store, { kind: 'store', store }, place - 1)) + 1;
  }

  async #placeOf(store: string | undefined, seq: number): Promise<string> {
    if (store === undefined) return String(seq);
    return String((await placeUpTo(this.#store, { kind: 'store', store }, seq - 1)) + 1);
  }
}

interface ParcelsPage {
  readonly items: ParcelView[];
  readonly next: string | null;
  /** Parcels missing because the disk has damaged them; absent if none. */
  readonly damaged?: number;
}

/** Whose parcels may match, and where the list goes on after them. */
interface Candidates {
  readonly among: NonNullable<ParcelQuery['among']>;
  readonly next: string | undefined;
}

interface IndexTerms {
  /** Terms that all records of a matching parcel contain. */
  readonly ofAll: readonly Term[];
  /** Terms that some record of it contains, the longest first. */
  readonly words: readonly Term[];
  readonly drivers: readonly Term[];
}

function indexTermsOf(terms: readonly Term[]): IndexTerms {
  const wanted = terms.filter(({ exclude, value }) => !exclude && !value.includes('\0'));
  const words = wanted.filter(({ field, value }) => field === undefined && isOfNoStatus(value));
  return {
    ofAll: wanted.filter(({ field }) => field === 'store' || field === 'order'),
    words: words.sort((a, b) => b.value.length - a.value.length),
    drivers: wanted.filter(({ field }) => field === 'driver'),
  };
}

/** The index would take half a surrogate pair for another character. */
function seeing(store: string | undefined): IndexScope | undefined {
  return store?.isWellFormed() ? { store } : undefined;
}

function isOfNoStatus(word: string): boolean {
  return !statuses.some((status) => status.includes(word));
}

/** Narrows a query to parcels that the actor may list, and to statuses that its terms allow. */
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
  const left = statusesLeft(given ?? statuses, terms);
  return given === undefined && left.length === statuses.length ? undefined : left;
}
