/**
 * Pages of the log, each narrowed to what the actor may see. A search asks the index where there is one, and looks
 * through what the index does not know of; whatever the index names is looked at again before anybody gets it.
 */

import { CapsError } from '../protocol/errors.ts';
import { cursorOf, readCursor } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import type { Actor } from '../protocol/parcel.ts';
import { passes, type RecordFilter } from '../protocol/search.ts';
import { seqIn, type View, viewOf } from './access.ts';
import { type Between, between, isBetween } from './moments.ts';
import type { Count, Page, Row, Scope, SearchIndex, Store } from './store/store.ts';
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
  /** A page of so many bytes of JSON, or more, takes no further record. Undefined: the limit alone ends it. */
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

/** Records that one search looks at on the hub's own thread, before it answers with what it has and a place to go on from. */
const searchedMax = 50_000;
/** Of the newest records, those that are looked at on top of what the index has counted. */
const countedMax = limits.page;
/** Records between two turns, and their size in characters. */
const turnRecords = 100;
const turnSizeMax = 128 * 1024;
/** What is read of the log between two turns. */
const readBounds = { limit: limits.page, sizeMax: turnSizeMax } as const;

export class History {
  readonly #store: Store;
  readonly #turns: Turns;
  readonly #index: SearchIndex | undefined;

  constructor(store: Store, turns: Turns, index: SearchIndex | undefined) {
    this.#store = store;
    this.#turns = turns;
    this.#index = index;
  }

  /** @throws CapsError bad-cursor */
  async page(actor: Actor, query: EventsQuery): Promise<EventsPage> {
    const view = viewOf(actor);
    const stretch = await this.#stretch(view.scope, query);
    const { found, damaged, place, total } = await this.#look(actor, view, stretch, query);
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

  /** @throws CapsError bad-cursor */
  async *all(
    actor: Actor,
    query: AllEventsQuery,
    onDamaged: (seq: number) => void = () => {},
  ): AsyncGenerator<readonly CapsRecord[], void> {
    const view = viewOf(actor);
    const { low, high, isSure } = await this.#bounds(view.scope, query);
    const { event, terms, from, to, bytes } = query;
    const wanted: EventsQuery = { event, terms, from, to, bytes, limit: limits.page };
    for (let first = low; first < high; ) {
      const stretch: Stretch = { forwards: true, first, low, high, isSure };
      const { found, damaged, place } = await this.#look(actor, view, stretch, wanted);
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

  async #look(actor: Actor, view: View, stretch: Stretch, query: EventsQuery): Promise<Looked> {
    const { low, high, isSure } = stretch;
    if (query.event === undefined && query.terms.length === 0) {
      const looked = await this.#scan(view, stretch, query, new Found(query));
      // What passes through a driver's hands stands all over the log.
      const isKnown = query.total === true && actor.role !== 'driver' && isSure;
      return isKnown ? { ...looked, total: { count: Math.max(0, high - low), exact: true } } : looked;
    }
    // The index is for those who see the whole log.
    const index = actor.role === 'admin' ? this.#index : undefined;
    return (
      (index && (await this.#seek(index, view, stretch, query))) ??
      this.#scan(view, stretch, query, new Found(query))
    );
  }

  /** By the index, and past its end by looking. Undefined where there is none. */
  async #seek(
    index: SearchIndex,
    view: View,
    stretch: Stretch,
    query: EventsQuery,
  ): Promise<Looked | undefined> {
    const { forwards, first, low, high } = stretch;
    const { event, terms, limit } = query;
    const counted = query.total && stretch.isSure ? { low, high } : undefined;
    const between = forwards ? { low: first, high } : { low, high: first - 1 };
    const sought = await index.find({ filter: { event, terms }, ...between, forwards, limit, counted });
    if (!sought) return undefined;
    const { upTo, count } = sought;
    const total = count && (await this.#total(view, count, { low: Math.max(low, upTo), high }, query));
    const counting = total ? { total } : {};
    const found = new Found(query);
    const indexed = async (): Promise<Looked> => {
      const looked = await this.#read(view, sought.seqs, stretch, query, found);
      const last = looked < sought.seqs.length ? sought.seqs[looked - 1] : sought.place;
      return {
        ...{ found: found.records, damaged: found.damaged },
        place: last ?? (forwards ? Math.max(first, Math.min(high, upTo)) : Math.min(first, low + 1)),
      };
    };
    if (forwards) {
      const begun = await indexed();
      const isThrough = sought.place === undefined && !found.isFull;
      if (!isThrough) return { ...begun, ...counting };
      const rest = await this.#scan(view, { ...stretch, first: begun.place }, query, found);
      return { ...rest, ...counting };
    }
    const begun = await this.#scan(view, { ...stretch, low: Math.max(low, upTo) }, query, found);
    const isThrough = begun.place <= Math.max(low, upTo) + 1 && !found.isFull;
    return { ...(isThrough ? await indexed() : begun), ...counting };
  }

  /** What the index has counted and what it does not know of yet. */
  async #total(
    view: View,
    { count, exact }: Count,
    { low, high }: { low: number; high: number },
    filter: RecordFilter,
  ): Promise<Count> {
    if (!exact || low >= high) return { count, exact };
    const stretch = { forwards: true, first: low, low, high: Math.min(high, low + countedMax), isSure: true };
    const { event, terms } = filter;
    const found = new Found({ limit: countedMax }, false);
    await this.#scan(view, stretch, { event, terms, limit: countedMax }, found);
    return { count: count + found.count, exact: stretch.high === high };
  }

  /** Takes the records at these seqs, as far as they are the actor's to see. @returns how many were looked at */
  async #read(
    { scope, sees }: View,
    seqs: readonly number[],
    { isSure }: Stretch,
    query: EventsQuery,
    found: Found,
  ): Promise<number> {
    let size = 0;
    for (const [i, seq] of seqs.entries()) {
      if (found.isFull) return i;
      const { rows, damaged = [] } = await this.#store.read(scope, { after: seq - 1, limit: 1 });
      found.damaged.push(...damaged);
      const row = rows[0];
      size += row?.text.length ?? 0;
      const record = row && sees(row) ? recordOf(scope, row) : undefined;
      if (row && record?.seq === seq && passes(record, query) && (isSure || isThen(record, query)))
        found.take(record, row.text);
      if (i % turnRecords !== turnRecords - 1 && size < turnSizeMax) continue;
      size = 0;
      await this.#turns.next();
    }
    return seqs.length;
  }

  /** Record by record, until enough is found. */
  async #scan(
    { scope, sees }: View,
    { forwards, first, low, high, isSure }: Stretch,
    query: EventsQuery,
    found: Found,
  ): Promise<Looked> {
    let place = first;
    const isThrough = () => (forwards ? place >= high : place <= low + 1);
    for (let looked = 0, more = true; more && !found.isFull && looked < searchedMax && !isThrough(); ) {
      const page: Page = await this.#store.read(
        scope,
        forwards ? { after: place, ...readBounds } : { before: place, ...readBounds },
      );
      const stand = standing(scope, page);
      looked += stand.length;
      more = page.more;
      for (const { seq, row } of forwards ? stand : stand.reverse()) {
        if (isThrough()) break;
        place = seq;
        if (!row) found.damaged.push(seq);
        const record = row && sees(row) ? recordOf(scope, row) : undefined;
        if (row && record && passes(record, query) && (isSure || isThen(record, query)))
          found.take(record, row.text);
        if (found.isFull) break;
      }
      await this.#turns.next();
    }
    return { found: found.records, damaged: found.damaged, place };
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

/** What a search has found so far, up to as much as its page takes. */
class Found {
  /** In the order of the search. */
  readonly records: CapsRecord[] = [];
  /** Seqs that were looked at and whose records nobody can have. */
  readonly damaged: number[] = [];
  readonly #limit: number;
  readonly #bytes: number;
  readonly #keeps: boolean;
  #count = 0;
  #size = 0;

  /** @param keeps false: they are only counted */
  constructor(
    { limit, bytes = Number.POSITIVE_INFINITY }: Pick<EventsQuery, 'limit' | 'bytes'>,
    keeps = true,
  ) {
    this.#limit = limit;
    this.#bytes = bytes;
    this.#keeps = keeps;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= this.#limit || this.#size >= this.#bytes;
  }

  /** @param text the record's, without its seq */
  take(record: CapsRecord, text: string): void {
    this.#count += 1;
    this.#size += Buffer.byteLength(text);
    if (this.#keeps) this.records.push(record);
  }
}

interface Looked {
  /** In the order of the search. */
  readonly found: CapsRecord[];
  /** Seqs whose records nobody can have. */
  readonly damaged: readonly number[];
  /** The last that was looked at; where that is none, `first`. */
  readonly place: number;
  readonly total?: Count;
}

/** What stands at each place of a page, ascending; no row where it is damaged. */
function standing(scope: Scope, { rows, damaged = [] }: Page): { seq: number; row?: Row }[] {
  const sound = rows.map((row) => ({ seq: seqIn(scope.kind, row), row }));
  if (damaged.length === 0) return sound;
  return [...sound, ...damaged.map((seq) => ({ seq }))].sort((a, b) => a.seq - b.seq);
}

function isThen(record: CapsRecord, { from, to }: EventsQuery): boolean {
  return isBetween(record, msOf(from), msOf(to));
}

function msOf(moment: string | undefined): number | undefined {
  return moment === undefined ? undefined : Date.parse(moment);
}

function badCursor(field: string): CapsError {
  return new CapsError('bad-cursor', undefined, { details: { field } });
}

export function recordOf(scope: Scope, row: Row): CapsRecord {
  return JSON.parse(`{"seq":${seqIn(scope.kind, row)},${row.text}`) as CapsRecord;
}
