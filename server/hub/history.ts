/** Pages of the log, as the actor may see it: by the index, and by a look at what it does not know of or has named. */

import { CapsError } from '../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { passes, type RecordFilter } from '../../protocol/search.ts';
import { seqIn } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import {
  answerSizeMax,
  type Count,
  type Scope,
  type SearchIndex,
  type Sought,
  type Store,
} from '../store/store.ts';
import { type LogReader, readerOf } from './log-reader.ts';
import { type Between, between, isBetween, msOf, placeUpTo, seqUpTo } from './time-lookup.ts';
import type { Turns } from './turns.ts';

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
  /** A page of so many bytes of JSON, or more, takes no further record. Undefined: 1 MiB. */
  readonly bytes?: number | undefined;
  /** Also how many there are, on all pages. */
  readonly total?: boolean | undefined;
}

/** The places are bounds, and `bytes` is of each page. */
export type AllEventsQuery = Omit<EventsQuery, 'limit' | 'total'>;

export interface EventsPage {
  /** Ascending. */
  readonly items: CapsRecord[];
  /** Where to go on forwards (`after`); there may be nothing there yet. */
  readonly next: string;
  /** Where to go on backwards (`before`); null at the beginning of the log. */
  readonly prev: string | null;
  /** If it was asked for and is known. */
  readonly total?: Count;
  /** Seqs that were looked at and whose records the disk has damaged, ascending; absent where there are none. */
  readonly damaged?: readonly number[];
}

export interface AllEventsOptions {
  /** Of whoever waits: nothing is looked for any more for somebody who has gone. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each place whose record the disk has damaged, before the page that it is missing in. */
  readonly onDamaged?: ((seq: number) => void) | undefined;
}

/** After which a page is answered with what there is, once there is anything. */
export const patienceMs = 50;
/** Of the newest records, those that are looked at on top of what the index has counted. */
const countedMax = limits.page;
/** Records between two turns, and their size in characters. */
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

  /**
   * @param signal of whoever waits: nothing is looked for any more for somebody who has gone
   * @throws CapsError bad-cursor, busy
   */
  async page(actor: Actor, query: EventsQuery, signal?: AbortSignal): Promise<EventsPage> {
    const reader = readerOf(actor);
    const stretch = await this.#stretch(reader.scope, query);
    const { found, damaged, place, total } = await this.#look(reader, stretch, query, signal);
    const { forwards, first, low } = stretch;
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
      const stretch: Stretch = { forwards: true, first, low, high, isSure };
      const { found, damaged, place } = await this.#look(reader, stretch, wanted, signal);
      damaged.forEach(onDamaged);
      yield found;
      await this.#turns.next();
      if (place === first) return;
      first = place;
    }
  }

  /** What all of a query's places leave. */
  async #bounds(scope: Scope, query: AllEventsQuery): Promise<Between> {
    const { after, from, to, ...rest } = query;
    const upwards = await this.#stretch(scope, { after: after ?? '0', from, to, ...unlimited });
    const downwards = await this.#stretch(scope, { ...rest, from, to, ...unlimited });
    return { low: upwards.first, high: downwards.first - 1, isSure: upwards.isSure };
  }

  /**
   * Until there is something or nothing more: what has been looked through for nothing is no answer. What takes long is
   * answered with what there is.
   */
  async #look(
    reader: LogReader,
    stretch: Stretch,
    query: EventsQuery,
    signal?: AbortSignal,
  ): Promise<Looked> {
    const until = this.#clock.now() + patienceMs;
    const first = await this.#lookOnce(reader, stretch, query);
    let looked = first;
    while (!isThrough(stretch, looked.place) && !isFull(query, looked) && !signal?.aborted) {
      const isLate = this.#clock.now() >= until;
      if (isLate && looked.found.length > 0) break;
      await this.#turns.next();
      const { place } = looked;
      const rest = { ...query, ...leftOf(query, looked), total: false };
      const more = await this.#lookOnce(reader, { ...stretch, first: place }, rest);
      looked = joined(looked, more);
      if (more.place === place) break;
    }
    return { ...looked, total: first.total };
  }

  async #lookOnce(reader: LogReader, stretch: Stretch, query: EventsQuery): Promise<Looked> {
    const { low, high, isSure } = stretch;
    const isPlain = query.event === undefined && query.terms.length === 0;
    if (isPlain && isSure && !reader.isSparse) {
      const looked = await this.#page(reader, stretch, query);
      return query.total ? { ...looked, total: { count: Math.max(0, high - low), exact: true } } : looked;
    }
    const index = isPlain && !reader.isSparse ? undefined : reader.seenBy && this.#index;
    return (index && (await this.#seek(index, reader, stretch, query))) ?? this.#scan(reader, stretch, query);
  }

  /** All that is there. */
  async #page({ scope, sees }: LogReader, stretch: Stretch, query: EventsQuery): Promise<Looked> {
    const { limit } = query;
    const { forwards, first, low, high } = stretch;
    const most = Math.min(limit, forwards ? high - first : first - 1 - low);
    if (most <= 0) return nothingIn(stretch);
    const bounds = { limit: most, sizeMax: Math.min(turnSizeMax, query.bytes ?? turnSizeMax) };
    const range = forwards ? { after: first, ...bounds } : { before: first, ...bounds };
    const { rows, damaged = [] } = await this.#store.read(scope, range);
    const places = [...rows.map((row) => seqIn(scope.kind, row)), ...damaged];
    const place = forwards ? Math.max(...places) : Math.min(...places);
    const inOrder = forwards ? rows : rows.toReversed();
    return {
      ...{ ...recordsOf(scope, inOrder.filter(sees)), damaged },
      place: places.length > 0 ? place : nothingIn(stretch).place,
    };
  }

  /** By the index, and past its end by looking. Undefined where there is none. */
  async #seek(
    index: SearchIndex,
    reader: LogReader,
    stretch: Stretch,
    query: EventsQuery,
  ): Promise<Looked | undefined> {
    const { forwards, first, low, high } = stretch;
    const { event, terms, limit } = query;
    const seqs = (between: Places) => this.#seqsOf(reader.scope, between);
    const sought = await index.find({
      ...{ filter: { event, terms }, seenBy: reader.seenBy === 'all' ? undefined : reader.seenBy },
      ...(await seqs(forwards ? { low: first, high } : { low, high: first - 1 })),
      ...{ forwards, limit },
      counted: query.total && stretch.isSure ? await seqs({ low, high }) : undefined,
    });
    if (!sought) return undefined;
    const upTo = Math.max(low, await placeUpTo(this.#store, reader.scope, sought.upTo));
    const total = sought.count && (await this.#total(reader, sought.count, { low: upTo, high }, query));
    if (forwards) {
      const begun = await this.#read(reader, sought, stretch, upTo, query);
      if (sought.place !== undefined || isFull(query, begun)) return { ...begun, total };
      const left = { ...query, ...leftOf(query, begun) };
      return { ...joined(begun, await this.#scan(reader, { ...stretch, first: begun.place }, left)), total };
    }
    const begun = await this.#scan(reader, { ...stretch, low: upTo }, query);
    if (begun.place > upTo + 1 || isFull(query, begun)) return { ...begun, total };
    const left = { ...query, ...leftOf(query, begun) };
    return { ...joined(begun, await this.#read(reader, sought, stretch, upTo, left)), total };
  }

  /** The index counts in seqs of the log. */
  async #seqsOf(scope: Scope, { low, high }: Places): Promise<Places> {
    const seqOf = async (place: number) =>
      scope.kind === 'all' ? Math.max(0, place) : seqUpTo(this.#store, scope, place);
    return { low: await seqOf(low), high: await seqOf(high) };
  }

  /** What the index has counted and what it does not know of yet. */
  async #total(
    reader: LogReader,
    { count, exact }: Count,
    { low, high }: Places,
    { event, terms }: EventsQuery,
  ): Promise<Count> {
    if (!exact || low >= high) return { count, exact };
    const stretch = { forwards: true, first: low, low, high: Math.min(high, low + countedMax), isSure: true };
    const { found, place } = await this.#scan(reader, stretch, { event, terms, limit: countedMax });
    return { count: count + found.length, exact: place >= high };
  }

  /** Some of the records that the index named, as far as they are the reader's to see. */
  async #read(
    { scope, sees }: LogReader,
    { seqs, place }: Sought,
    { forwards, first, low, high, isSure }: Stretch,
    upTo: number,
    query: EventsQuery,
  ): Promise<Looked> {
    const damaged: number[] = [];
    const rowAt = async (seq: number): Promise<Row | undefined> => {
      const { rows, ...page } = await this.#store.read({ kind: 'all' }, { after: seq - 1, limit: 1 });
      // The index knows it from when it was sound.
      if (page.damaged) damaged.push((await placeUpTo(this.#store, scope, seq - 1)) + 1);
      return rows[0]?.seq === seq && sees(rows[0]) ? rows[0] : undefined;
    };
    const found: CapsRecord[] = [];
    let last: Row | undefined;
    let [size, count, turnSize] = [0, 0, 0];
    for (const seq of seqs.slice(0, query.limit)) {
      count += 1;
      const row = await rowAt(seq);
      if (!row) continue;
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

  /** Of what the index has looked at; between the scope's own records it is that of the next, as they were looked for. */
  async #placeOf(scope: Scope, seq: number, forwards: boolean, known: Row | undefined): Promise<number> {
    if (known?.seq === seq) return seqIn(scope.kind, known);
    if (forwards) return placeUpTo(this.#store, scope, seq);
    return (await placeUpTo(this.#store, scope, seq - 1)) + 1;
  }

  /** Record by record, where the log is. */
  async #scan(reader: LogReader, stretch: Stretch, query: EventsQuery): Promise<Looked> {
    const { scope, sees, driver, caller } = reader;
    const { forwards, first, isSure } = stretch;
    const [low, high] = forwards ? [first, stretch.high] : [stretch.low, first - 1];
    const { event, terms, limit, bytes } = query;
    if (low >= high) return nothingIn(stretch);
    const when = isSure ? {} : { from: msOf(query.from), to: msOf(query.to) };
    const filter = { event, terms };
    const wanted = { scope, low, high, forwards, limit, bytes, filter, driver, ...when, caller };
    const { rows, place, damaged = [] } = await this.#store.sift(wanted);
    return {
      ...{ ...recordsOf(scope, rows.filter(sees)), damaged },
      place: place ?? (forwards ? Math.max(first, high) : Math.min(first, low + 1)),
    };
  }

  /** Where a page of the log begins, in which direction it goes, and how far it may go. */
  async #stretch(scope: Scope, query: EventsQuery): Promise<Stretch> {
    const head = await this.#store.headOf(scope);
    const then = await between(this.#store, scope, msOf(query.from), msOf(query.to));
    const { low, high } = then;
    if (query.after !== undefined) {
      return { ...then, forwards: true, first: Math.max(this.#placeIn('after', query.after, head), low) };
    }
    const end = query.at === undefined ? high : Math.min(high, await this.#placeAt(scope, query.at));
    const first = query.before === undefined ? end + 1 : this.#placeIn('before', query.before, head + 1);
    return { ...then, forwards: false, first: Math.min(first, end + 1) };
  }

  /** Never past the end, because the page's own `next` would then skip what comes. */
  #placeIn(name: 'after' | 'before', given: string, end: number): number {
    if (/^\d{1,15}$/.test(given)) return Math.min(Number(given), end);
    const cursor = readCursor(given);
    if (cursor?.epoch !== this.#store.epoch || cursor.seq > end) throw badCursor(name);
    return cursor.seq;
  }

  /** The last place that is no younger than this moment. */
  async #placeAt(scope: Scope, moment: string): Promise<number> {
    return (await between(this.#store, scope, undefined, msOf(moment))).high;
  }

  #cursor(seq: number): string {
    return cursorOf(this.#store.epoch, seq);
  }
}

const unlimited = { terms: [], limit: limits.page } as const;

/** What is asked for, where it is begun to be looked at, and in which direction. */
interface Stretch extends Between {
  readonly forwards: boolean;
  readonly first: number;
}

interface Places {
  readonly low: number;
  readonly high: number;
}

interface Looked {
  /** In the order of the search. */
  readonly found: CapsRecord[];
  /** Seqs whose records nobody can have. */
  readonly damaged: readonly number[];
  /** Of what was found, in bytes. */
  readonly size: number;
  /** The last that was looked at; where that is none, `first`. */
  readonly place: number;
  readonly total?: Count | undefined;
}

function isFull({ limit, bytes = answerSizeMax }: EventsQuery, { found, size }: Looked): boolean {
  return found.length >= limit || size >= bytes;
}

function leftOf(
  { limit, bytes = answerSizeMax }: EventsQuery,
  { found, size }: Looked,
): Pick<EventsQuery, 'limit' | 'bytes'> {
  return { limit: limit - found.length, bytes: bytes - size };
}

function isThrough({ forwards, low, high }: Stretch, place: number): boolean {
  return forwards ? place >= high : place <= low + 1;
}

function nothingIn({ forwards, first, low }: Stretch): Looked {
  return { found: [], damaged: [], size: 0, place: forwards ? first : Math.min(first, low + 1) };
}

function joined(one: Looked, other: Looked): Looked {
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
  return row.recordAs(seqIn(scope.kind, row));
}
