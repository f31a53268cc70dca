/** Pages of the log as the actor may see it: found by the index where possible, else by scanning the log. */

import { CapsError } from '../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { passes, type RecordFilter } from '../../protocol/search.ts';
import { seqIn } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Count, IndexHits, SearchIndex } from '../store/search-index.ts';
import { answerSizeMax, type Scope, type Store } from '../store/store.ts';
import { customerRow } from './customer-rows.ts';
import { type LogReader, readerOf, rowsAt } from './log-reader.ts';
import { type Bounds, isBetween, msOf, placeUpTo, rangeOf, seqUpTo, type TimeRange } from './time-lookup.ts';
import type { Turns } from './turns.ts';

/** At most one start: `after` reads upwards, `before` or `at` downwards; none means the newest page. */
export interface EventsQuery extends RecordFilter {
  /** Cursor or seq. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  /** The log as of this moment. */
  readonly at?: string | undefined;
  /** Only records from this moment on. */
  readonly from?: string | undefined;
  /** Only records up to this moment. */
  readonly to?: string | undefined;
  readonly limit: number;
  /** Maximum bytes of JSON; the last record may exceed it. 1 MiB by default. */
  readonly bytes?: number | undefined;
  /** Also counts the records on all pages. */
  readonly total?: boolean | undefined;
}

/** Starts become bounds, and `bytes` applies to each page. */
export type AllEventsQuery = Omit<EventsQuery, 'limit' | 'total'>;

export interface EventsPage {
  /** Ascending. */
  readonly items: CapsRecord[];
  /** Continues forwards as `after`; there may be nothing yet. */
  readonly next: string;
  /** Continues backwards as `before`; null at the beginning of the log. */
  readonly prev: string | null;
  /** Present if requested and known. */
  readonly total?: Count;
  /** Seqs on this page whose records the disk has damaged, ascending; absent if none. */
  readonly damaged?: readonly number[];
}

export interface AllEventsOptions {
  /** Stops the search when the client is gone. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each damaged seq before the page that lacks it. */
  readonly onDamaged?: ((seq: number) => void) | undefined;
}

/** A search that has found something is answered after this time. */
export const patienceMs = 50;
/** Newest records, not indexed yet, that are scanned to complete a total. */
const countedMax = limits.page;
/** Records per turn, and their size in characters. */
const turnRecords = 100;
const turnSizeMax = 128 * 1024;

export class History {
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

  /** @param signal stops the search when the client is gone @throws CapsError bad-cursor, busy */
  async page(actor: Actor, query: EventsQuery, signal?: AbortSignal): Promise<EventsPage> {
    const reader = readerOf(actor);
    const range = await this.#rangeOf(reader.scope, query);
    const { found, damaged, place, total } = await this.#collect(reader, range, query, signal);
    const { forwards, first, low } = range;
    const items = forwards ? found : found.reverse();
    const oldest = forwards ? (items[0]?.seq ?? first + 1) : place;
    const newest = forwards ? place : (items.at(-1)?.seq ?? first - 1);
    return {
      items,
      next: this.#cursor(Math.max(0, newest)),
      prev: oldest > low + 1 ? this.#cursor(oldest) : null,
      ...(total ? { total } : {}),
      ...(damaged.length > 0 ? { damaged: [...damaged].sort((a, b) => a - b) } : {}),
    };
  }

  /** @throws CapsError bad-cursor, busy */
  async *all(
    actor: Actor,
    query: AllEventsQuery,
    { signal, onDamaged = () => {} }: AllEventsOptions = {},
  ): AsyncGenerator<readonly CapsRecord[], void> {
    const reader = readerOf(actor);
    const { low, high, isSure } = await this.#bounds(reader.scope, query);
    const { event, terms, from, to, bytes } = query;
    const wanted: EventsQuery = { event, terms, from, to, bytes, limit: limits.page };
    for (let first = low; first < high; ) {
      const range: SearchRange = { forwards: true, first, low, high, isSure };
      const { found, damaged, place } = await this.#collect(reader, range, wanted, signal);
      damaged.forEach(onDamaged);
      yield found;
      await this.#turns.next();
      if (place === first) return;
      first = place;
    }
  }

  /** Intersects all starts of a query. */
  async #bounds(scope: Scope, query: AllEventsQuery): Promise<TimeRange> {
    const { after, from, to, ...rest } = query;
    const upwards = await this.#rangeOf(scope, { after: after ?? '0', from, to, ...unlimited });
    const downwards = await this.#rangeOf(scope, { ...rest, from, to, ...unlimited });
    return { low: upwards.first, high: downwards.first - 1, isSure: upwards.isSure };
  }

  /**
   * Collects until there is something or nothing is left: an empty page with more behind it answers nothing. A slow
   * search returns what it has so far.
   */
  async #collect(
    reader: LogReader,
    range: SearchRange,
    query: EventsQuery,
    signal?: AbortSignal,
  ): Promise<PartialPage> {
    const until = this.#clock.now() + patienceMs;
    const first = await this.#collectOnce(reader, range, query);
    let page = first;
    while (!isThrough(range, page.place) && !isFull(query, page) && !signal?.aborted) {
      const isLate = this.#clock.now() >= until;
      if (isLate && page.found.length > 0) break;
      await this.#turns.next();
      const { place } = page;
      const rest = { ...query, ...leftOf(query, page), total: false };
      const more = await this.#collectOnce(reader, { ...range, first: place }, rest);
      page = joined(page, more);
      if (more.place === place) break;
    }
    return { ...page, total: first.total };
  }

  async #collectOnce(reader: LogReader, range: SearchRange, query: EventsQuery): Promise<PartialPage> {
    const { low, high, isSure } = range;
    const isPlain = query.event === undefined && query.terms.length === 0;
    if (isPlain && isSure && !reader.isSparse) {
      const page = await this.#page(reader, range, query);
      return query.total ? { ...page, total: { count: Math.max(0, high - low), exact: true } } : page;
    }
    const index = isPlain && !reader.isSparse ? undefined : reader.seenBy && this.#index;
    return (index && (await this.#seek(index, reader, range, query))) ?? this.#scan(reader, range, query);
  }

  /** Reads the range without filtering. */
  async #page({ scope, sees }: LogReader, range: SearchRange, query: EventsQuery): Promise<PartialPage> {
    const { limit } = query;
    const { forwards, first, low, high } = range;
    const most = Math.min(limit, forwards ? high - first : first - 1 - low);
    if (most <= 0) return nothingIn(range);
    const bounds = { limit: most, sizeMax: Math.min(turnSizeMax, query.bytes ?? turnSizeMax) };
    const at = forwards ? { after: first, ...bounds } : { before: first, ...bounds };
    const { rows, damaged = [] } = await this.#store.read(scope, at);
    const places = [...rows.map((row) => seqIn(scope.kind, row)), ...damaged];
    const place = forwards ? Math.max(...places) : Math.min(...places);
    const inOrder = forwards ? rows : rows.toReversed();
    return {
      ...{ ...recordsOf(scope, inOrder.filter(sees)), damaged },
      place: places.length > 0 ? place : nothingIn(range).place,
    };
  }

  /** Searches by the index, and scans what is not indexed yet. Undefined without a usable index. */
  async #seek(
    index: SearchIndex,
    reader: LogReader,
    range: SearchRange,
    query: EventsQuery,
  ): Promise<PartialPage | undefined> {
    const { forwards, first, low, high } = range;
    const { event, terms, limit } = query;
    const seqs = (between: Bounds) => this.#seqsOf(reader.scope, between);
    const sought = await index.find({
      ...{ filter: { event, terms }, seenBy: reader.seenBy === 'all' ? undefined : reader.seenBy },
      ...(await seqs(forwards ? { low: first, high } : { low, high: first - 1 })),
      ...{ forwards, limit },
      counted: query.total && range.isSure ? await seqs({ low, high }) : undefined,
    });
    if (!sought) return undefined;
    const upTo = Math.max(low, await placeUpTo(this.#store, reader.scope, sought.upTo));
    const total = sought.count && (await this.#total(reader, sought.count, { low: upTo, high }, query));
    if (forwards) {
      const begun = await this.#read(reader, sought, range, upTo, query);
      if (sought.place !== undefined || isFull(query, begun)) return { ...begun, total };
      const left = { ...query, ...leftOf(query, begun) };
      return { ...joined(begun, await this.#scan(reader, { ...range, first: begun.place }, left)), total };
    }
    const begun = await this.#scan(reader, { ...range, low: upTo }, query);
    if (begun.place > upTo + 1 || isFull(query, begun)) return { ...begun, total };
    const left = { ...query, ...leftOf(query, begun) };
    return { ...joined(begun, await this.#read(reader, sought, range, upTo, left)), total };
  }

  /** Converts places of the scope into seqs of the log, in which the index counts. */
  async #seqsOf(scope: Scope, { low, high }: Bounds): Promise<Bounds> {
    const seqOf = async (place: number) =>
      scope.kind === 'all' ? Math.max(0, place) : seqUpTo(this.#store, scope, place);
    return { low: await seqOf(low), high: await seqOf(high) };
  }

  /** Adds the records that are not indexed yet to the index's count. */
  async #total(
    reader: LogReader,
    { count, exact }: Count,
    { low, high }: Bounds,
    { event, terms }: EventsQuery,
  ): Promise<Count> {
    if (!exact || low >= high) return { count, exact };
    const range = { forwards: true, first: low, low, high: Math.min(high, low + countedMax), isSure: true };
    const { found, place } = await this.#scan(reader, range, { event, terms, limit: countedMax });
    return { count: count + found.length, exact: place >= high };
  }

  /** Reads the records that the index found, and keeps those that the reader may see. */
  async #read(
    { scope, sees }: LogReader,
    { seqs, place }: IndexHits,
    { forwards, first, low, high, isSure }: SearchRange,
    upTo: number,
    query: EventsQuery,
  ): Promise<PartialPage> {
    const damaged: number[] = [];
    const wanted = seqs.slice(0, query.limit);
    const found: CapsRecord[] = [];
    let last: Row | undefined;
    let [size, count, turnSize] = [0, 0, 0];
    for await (const [seq, row] of rowsAt(this.#store, wanted)) {
      count += 1;
      // It was indexed while it was sound.
      if (!row) damaged.push((await placeUpTo(this.#store, scope, seq - 1)) + 1);
      if (!row || !sees(row)) continue;
      last = row;
      const record = recordOf(scope, row);
      size += Buffer.byteLength(row.text);
      if (passes(record, query) && (isSure || isBetween(record, msOf(query.from), msOf(query.to))))
        found.push(record);
      if (size >= (query.bytes ?? answerSizeMax)) break;
      if (count % turnRecords > 0 && size - turnSize < turnSizeMax) continue;
      turnSize = size;
      await this.#turns.next();
    }
    const end = forwards ? Math.max(first, Math.min(high, upTo)) : Math.min(first, low + 1);
    const reached = count < seqs.length ? seqs[count - 1] : place;
    const at = reached === undefined ? end : await this.#placeOf(scope, reached, forwards, last);
    return { found, damaged, size, place: at };
  }

  /**
   * The scope's place for a seq that the index has reached. Between the scope's records it is the next one in search
   * direction.
   */
  async #placeOf(scope: Scope, seq: number, forwards: boolean, known: Row | undefined): Promise<number> {
    if (known?.seq === seq) return seqIn(scope.kind, known);
    if (forwards) return placeUpTo(this.#store, scope, seq);
    return (await placeUpTo(this.#store, scope, seq - 1)) + 1;
  }

  /** Filters the log record by record. */
  async #scan(reader: LogReader, range: SearchRange, query: EventsQuery): Promise<PartialPage> {
    const { scope, sees, driver, caller } = reader;
    const { forwards, first, isSure } = range;
    const [low, high] = forwards ? [first, range.high] : [range.low, first - 1];
    const { event, terms, limit, bytes } = query;
    if (low >= high) return nothingIn(range);
    const when = isSure ? {} : { from: msOf(query.from), to: msOf(query.to) };
    const filter = { event, terms };
    const wanted = { scope, low, high, forwards, limit, bytes, filter, driver, ...when, caller };
    const { rows, place, damaged = [] } = await this.#store.sift(wanted);
    const { found, size } = recordsOf(scope, rows.filter(sees));
    return {
      // What a customer is not told is not to be found out by searching for it.
      found: scope.kind === 'parcel' ? found.filter((record) => passes(record, filter)) : found,
      ...{ size, damaged },
      place: place ?? (forwards ? Math.max(first, high) : Math.min(first, low + 1)),
    };
  }

  /** Where a page begins, its direction and its bounds. */
  async #rangeOf(scope: Scope, query: EventsQuery): Promise<SearchRange> {
    const head = await this.#store.headOf(scope);
    const then = await rangeOf(this.#store, scope, msOf(query.from), msOf(query.to));
    const { low, high } = then;
    if (query.after !== undefined) {
      return { ...then, forwards: true, first: Math.max(this.#placeIn('after', query.after, head), low) };
    }
    const end = query.at === undefined ? high : Math.min(high, await this.#placeAt(scope, query.at));
    const first = query.before === undefined ? end + 1 : this.#placeIn('before', query.before, head + 1);
    return { ...then, forwards: false, first: Math.min(first, end + 1) };
  }

  /**
   * What comes before a seq ahead of the log is its newest page. What comes after one is nothing, as it is for whoever has all:
   * a reader of a log that was replaced by a shorter one would wait for ever.
   */
  #placeIn(name: 'after' | 'before', given: string, end: number): number {
    if (/^\d{1,15}$/.test(given)) {
      if (name === 'after' && Number(given) > end) throw badCursor(name);
      return Math.min(Number(given), end);
    }
    const cursor = readCursor(given);
    if (cursor?.epoch !== this.#store.epoch || cursor.seq > end) throw badCursor(name);
    return cursor.seq;
  }

  /** The last place at or before this moment. */
  async #placeAt(scope: Scope, moment: string): Promise<number> {
    return (await rangeOf(this.#store, scope, undefined, msOf(moment))).high;
  }

  #cursor(seq: number): string {
    return cursorOf(this.#store.epoch, seq);
  }
}

const unlimited = { terms: [], limit: limits.page } as const;

/** The bounds of a search, its direction and its start. */
interface SearchRange extends TimeRange {
  readonly forwards: boolean;
  readonly first: number;
}

interface PartialPage {
  /** In search order. */
  readonly found: CapsRecord[];
  /** Seqs of damaged records. */
  readonly damaged: readonly number[];
  /** Size of the records found, in bytes. */
  readonly size: number;
  /** The last place examined; `first` if none was. */
  readonly place: number;
  readonly total?: Count | undefined;
}

function isFull({ limit, bytes = answerSizeMax }: EventsQuery, { found, size }: PartialPage): boolean {
  return found.length >= limit || size >= bytes;
}

function leftOf(
  { limit, bytes = answerSizeMax }: EventsQuery,
  { found, size }: PartialPage,
): Pick<EventsQuery, 'limit' | 'bytes'> {
  return { limit: limit - found.length, bytes: bytes - size };
}

function isThrough({ forwards, low, high }: SearchRange, place: number): boolean {
  return forwards ? place >= high : place <= low + 1;
}

function nothingIn({ forwards, first, low }: SearchRange): PartialPage {
  return { found: [], damaged: [], size: 0, place: forwards ? first : Math.min(first, low + 1) };
}

function joined(one: PartialPage, other: PartialPage): PartialPage {
  return {
    found: [...one.found, ...other.found],
    damaged: [...one.damaged, ...other.damaged],
    size: one.size + other.size,
    place: other.place,
  };
}

function recordsOf(scope: Scope, rows: readonly Row[]): { found: CapsRecord[]; size: number } {
  const size = rows.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return { found: rows.map((row) => recordOf(scope, row)), size };
}

function badCursor(field: string): CapsError {
  return new CapsError('bad-cursor', undefined, { details: { field } });
}

export function recordOf(scope: Scope, row: Row): CapsRecord {
  const shown = scope.kind === 'parcel' ? customerRow(row) : row;
  return shown.recordAs(seqIn(scope.kind, row));
}
