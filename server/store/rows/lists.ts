/**
 * Lists parcels. Rows are read in list order through a suitable index and filtered one by one: no statement sorts,
 * and none reads more than one step of rows.
 *
 * A list is a generator: it yields what it needs to know of the database, and is resumed with the answer. So one that
 * answers at once and one that is asked over a network share it.
 */

import { isFinished, type Status, statuses } from '../../../protocol/events.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { viewOf } from '../../../protocol/parcel-view.ts';
import { isPlannedIn } from '../../../protocol/planned.ts';
import { matchesParcel } from '../../../protocol/search.ts';
import { answerSizeMax, DamagedError, type ParcelPage, type ParcelQuery } from '../store.ts';
import type { Budget } from './budget.ts';
import type { Damages } from './damage.ts';
import { OpenPage } from './open-page.ts';
import { anonymousName, isSound, isSoundParcel, type LogRow, type ParcelRow, toParcel } from './rows.ts';
import { mayAnswer } from './stored-text.ts';

const stepRows = 100;
/** Records per step in a store's log, of which only some are pickups. */
const stepRecords = 1_000;
/** Parcels per step, most of which are skipped. */
const rangeRows = 1_000;

export type ListOrder = ParcelQuery['order'];

/** An index that has a list's rows in order. Several sources are merged. */
export type Source =
  | { readonly kind: 'all' }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'holder'; readonly holder: string }
  /** A driver's parcels in hand: few, even if the driver has held many. */
  | { readonly kind: 'hand'; readonly holder: string; readonly status: Status }
  | { readonly kind: 'open'; readonly store: string };

/** The place of a row in its source, which may lack a sound row. */
export type ListRow = ParcelRow & { readonly place?: number };

/** What a list asks its database, and what it is answered. */
export interface ListAnswers {
  /** The sources' rows beyond a seq, in list order: a list for each source, or one of all. */
  sources: {
    readonly asked: {
      readonly sources: readonly Source[];
      readonly order: ListOrder;
      readonly from: number;
      readonly limit: number;
    };
    readonly answer: readonly ListRow[][];
  };
  /** A store's pickups between two of its own seqs, the first excluded. */
  store: {
    readonly asked: {
      readonly store: string;
      readonly order: ListOrder;
      readonly from: number;
      readonly end: number;
      readonly limit: number;
    };
    readonly answer: readonly ListRow[];
  };
  /** Parcels of some statuses between two seqs, the first excluded. */
  range: {
    readonly asked: {
      readonly statuses: readonly Status[];
      readonly order: ListOrder;
      readonly from: number;
      readonly end: number;
      readonly limit: number;
    };
    readonly answer: readonly ListRow[];
  };
  /** Parcels by the seqs of their pickups, in this order. */
  pickups: { readonly asked: { readonly seqs: readonly number[] }; readonly answer: readonly ListRow[] };
  /** Records, and the pickups of their parcels. */
  records: { readonly asked: { readonly seqs: readonly number[] }; readonly answer: readonly NamedRow[] };
  /** The last pickup's seq; 0 if there is none. */
  last: { readonly asked: object; readonly answer: number };
  storeHead: { readonly asked: { readonly store: string }; readonly answer: number };
  seqOf: {
    readonly asked: { readonly store: string; readonly storeSeq: number };
    readonly answer: number | undefined;
  };
  acknowledged: { readonly asked: { readonly seq: number }; readonly answer: boolean };
}

export type ListQuestion = {
  [K in keyof ListAnswers]: { readonly kind: K } & ListAnswers[K]['asked'];
}[keyof ListAnswers];

export type AnswerTo<Q extends ListQuestion> = ListAnswers[Q['kind']]['answer'];

/** Null columns if the record is missing. */
export type NamedRow = (LogRow | { readonly seq: null }) & {
  readonly value: number;
  readonly first_seq: number | null;
};

type Steps<T> = Generator<ListQuestion, T, ListAnswers[keyof ListAnswers]['answer']>;

function* ask<Q extends ListQuestion>(question: Q): Steps<AnswerTo<Q>> {
  return (yield question) as AnswerTo<Q>;
}

/** The smallest sources that together contain all matches; a store if its own records are the smallest. */
export function sourcesOf(query: ParcelQuery): Source[] | { readonly store: string } {
  const { store, holder, boardOf } = query;
  const isOpen = query.unfinished === true || boardOf !== undefined;
  const wanted = (query.statuses ?? statuses).filter((status) => !(isOpen && isFinished(status)));
  const isOnlyOpen = !wanted.some(isFinished);
  const inHand =
    (driver: string) =>
    (status: Status): Source => ({ kind: 'hand', holder: driver, status });
  if (wanted.length === 0) return [];
  if (holder !== undefined) return isOnlyOpen ? wanted.map(inHand(holder)) : [{ kind: 'holder', holder }];
  if (store !== undefined && isOnlyOpen) return [{ kind: 'open', store }];
  const ofStatus = (status: Status): Source => ({ kind: 'status', status });
  if (boardOf !== undefined) {
    return wanted.map((status) => (status === 'ready' ? ofStatus(status) : inHand(boardOf)(status)));
  }
  if (!wanted.includes('delivered')) return wanted.map(ofStatus);
  return store === undefined ? [{ kind: 'all' }] : { store };
}

/** Rows of one step, and where the next begins; undefined at the end. */
interface Step {
  readonly rows: readonly ListRow[];
  readonly cursor: number | undefined;
  /** Skipped rows, which count as work. */
  readonly passed?: number;
}

/** Reads from a cursor: a seq of the log, or of the store in a list of one store. */
interface Walk {
  readonly counts: 'seq' | 'store';
  next(cursor: number, rows: number): Steps<Step>;
}

/** One page of a list, as far as the budget goes. */
export function* listPage(query: ParcelQuery, budget: Budget, damage: Damages): Steps<ParcelPage> {
  const walk = yield* walkOf(query, damage);
  const { sizeMax = query.caller === undefined ? Number.POSITIVE_INFINITY : answerSizeMax } = query;
  const page = new OpenPage(query, sizeMax);
  const look = lookFor(query, damage);
  let cursor: number | undefined = yield* beginning(query, walk);
  let [looked, size, wasFull] = [0, 0, false];
  while (cursor !== undefined) {
    const step: Step = yield* walk.next(cursor, Math.min(stepRows, query.limit + 1));
    looked += step.passed ?? 0;
    for (const row of step.rows) {
      looked += 1;
      size += sizeOf(row);
      const found = yield* look(row);
      // One row beyond the page shows that there is more.
      if (typeof found === 'object' && page.isFull) return page.upToLast();
      if (found) page.take(row, found);
    }
    if (step.cursor !== undefined && !isPast(step.cursor, cursor, query)) throw disordered(damage);
    cursor = step.cursor;
    if (cursor !== undefined && (wasFull || budget.isSpent(looked, size))) {
      return page.upTo(yield* placeAt(query, walk, cursor));
    }
    wasFull = page.isFull;
  }
  return page.upTo(undefined);
}

// ---- what is asked ----

/** Undefined for rows that do not match. Damaged rows might match. */
function lookFor(
  query: ParcelQuery,
  damage: Damages,
): (row: ParcelRow) => Steps<Parcel | 'damaged' | undefined> {
  const { terms = [], now = 0, planned } = query;
  const mayFit = mayAnswer(terms, now);
  return function* look(row) {
    if (query.store !== undefined && row.store !== query.store) return undefined;
    if (!isSoundParcel(row)) {
      damage.found(anonymousName(row));
      return 'damaged';
    }
    if (!fits(row, query)) return undefined;
    if (query.unacknowledged && (yield* ask({ kind: 'acknowledged', seq: row.first_seq }))) return undefined;
    if (!mayFit(row.state + row.p_text)) return undefined;
    const { parcel } = toParcel(row);
    if (planned && !isPlannedIn(parcel, planned)) return undefined;
    return terms.length === 0 || matchesParcel(viewOf(parcel), terms, now) ? parcel : undefined;
  };
}

function fits({ status, holder, finished }: ParcelRow, query: ParcelQuery): boolean {
  const { boardOf } = query;
  if (query.holder !== undefined && holder !== query.holder) return false;
  if (query.statuses && !query.statuses.includes(status)) return false;
  if (finished === 1 && (query.unfinished === true || boardOf !== undefined)) return false;
  return boardOf === undefined || status === 'ready' || holder === boardOf;
}

function disordered(damage: Damages): DamagedError {
  damage.found('the order of a list');
  return new DamagedError('the order of a list');
}

function* walkOf(query: ParcelQuery, damage: Damages): Steps<Walk> {
  const { order } = query;
  if (query.among) {
    const { of, seqs, from = 0 } = query.among;
    const pickups = of === 'records' ? yield* pickupsOf(seqs, damage) : seqs.toSorted(ascending);
    return walkAmong(
      pickups.filter((seq) => seq >= from),
      order,
    );
  }
  const sources = sourcesOf(query);
  if (!Array.isArray(sources)) return yield* walkStore(sources.store, order);
  if (sources[0]?.kind === 'all' && query.statuses) return yield* walkRanges(query.statuses, order);
  return {
    counts: 'seq',
    *next(from, limit) {
      if (sources.length === 0) return { rows: [], cursor: undefined };
      return merged(yield* ask({ kind: 'sources', sources, order, from, limit }), order, limit);
    },
  };
}

function* walkStore(store: string, order: ListOrder): Steps<Walk> {
  const head = yield* ask({ kind: 'storeHead', store });
  return {
    counts: 'store',
    *next(cursor, limit) {
      const isNewest = order === 'newest';
      const from = isNewest ? Math.min(cursor, head + 1) : cursor;
      const end = isNewest ? from - stepRecords : from + stepRecords;
      const rows = yield* ask({ kind: 'store', store, order, from, end, limit });
      if (rows.length === limit) return { rows, cursor: rows.at(-1)?.place };
      return { rows, cursor: end > 1 && end < head ? end : undefined };
    },
  };
}

/** Without an index on the status, skips rows of other statuses without reading their pickups. */
function* walkRanges(wanted: readonly Status[], order: ListOrder): Steps<Walk> {
  const last = yield* ask({ kind: 'last' });
  return {
    counts: 'seq',
    *next(cursor, limit) {
      const isNewest = order === 'newest';
      const from = isNewest ? Math.min(cursor, last + 1) : cursor;
      const end = isNewest ? from - rangeRows : from + rangeRows;
      const rows = yield* ask({ kind: 'range', statuses: wanted, order, from, end, limit });
      if (rows.length === limit) return { rows, cursor: rows.at(-1)?.first_seq };
      return { rows, cursor: end > 1 && end < last ? end : undefined, passed: stepRows };
    },
  };
}

function walkAmong(pickups: readonly number[], order: ListOrder): Walk {
  const inOrder = order === 'newest' ? pickups.toReversed() : pickups;
  return {
    counts: 'seq',
    *next(cursor, limit) {
      const rest = inOrder.filter((seq) => (order === 'newest' ? seq < cursor : seq > cursor));
      const some = rest.slice(0, limit);
      const rows = yield* ask({ kind: 'pickups', seqs: some });
      return { rows, cursor: rest.length > limit ? some.at(-1) : undefined };
    },
  };
}

/** Seqs of the pickups of these records' parcels, ascending. */
function* pickupsOf(records: readonly number[], damage: Damages): Steps<number[]> {
  const pickups = new Set<number>();
  for (const row of yield* ask({ kind: 'records', seqs: records })) {
    // A damaged row's parcel is examined like any other.
    if (row.seq === null || !isSound(row)) damage.found(`record ${row.value}`);
    if (row.first_seq !== null) pickups.add(row.first_seq);
  }
  return [...pickups].sort(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}

// ---- places ----

function* beginning({ store, from, order }: ParcelQuery, walk: Walk): Steps<number> {
  if (from === undefined) return order === 'newest' ? Number.MAX_SAFE_INTEGER : 0;
  const place = Number(from);
  if (store === undefined || walk.counts === 'store' || place < 1) return place;
  const seq = yield* ask({ kind: 'seqOf', store, storeSeq: place });
  if (seq !== undefined) return seq;
  if (order === 'newest') return Number.MAX_SAFE_INTEGER;
  return place > (yield* ask({ kind: 'storeHead', store })) ? Number.MAX_SAFE_INTEGER : 0;
}

/** In a list of one store, its own seqs: it must not learn the volume of others. */
function* placeAt({ store, order }: ParcelQuery, walk: Walk, cursor: number): Steps<string> {
  if (store === undefined || walk.counts === 'store') return String(cursor);
  let [least, most] = [0, yield* ask({ kind: 'storeHead', store })];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    const seq = (yield* ask({ kind: 'seqOf', store, storeSeq: middle })) ?? 0;
    if (order === 'newest' ? seq < cursor : seq <= cursor) least = middle;
    else most = middle - 1;
  }
  return String(order === 'newest' ? least + 1 : least);
}

/** Keeps a damaged cursor from looping. */
function isPast(next: number, cursor: number, { order }: ParcelQuery): boolean {
  return order === 'newest' ? next < cursor : next > cursor;
}

function sizeOf({ p_text, state }: ParcelRow): number {
  return (p_text?.length ?? 0) + state.length;
}

/** Merges sorted lists, up to the limit. */
function merged(lists: readonly ListRow[][], order: ListOrder, limit: number): Step {
  const sign = order === 'newest' ? -1 : 1;
  const all = lists.flat().sort((a, b) => (a.first_seq - b.first_seq) * sign);
  // Damage can put a parcel into two lists, although a ready one has no holder.
  const rows = all.filter(({ first_seq }, i) => first_seq !== all[i - 1]?.first_seq).slice(0, limit);
  const isMore = lists.some((list) => list.length >= limit) || all.length > limit;
  return { rows, cursor: isMore ? rows.at(-1)?.first_seq : undefined };
}
