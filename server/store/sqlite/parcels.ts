/**
 * Lists parcels. Rows are read in list order through a suitable index and filtered one by one: no statement sorts,
 * and none reads more than one step of rows.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unreachable } from '../../../protocol/errors.ts';
import { isFinished, type Status, statuses } from '../../../protocol/events.ts';
import { type Parcel, viewOf } from '../../../protocol/parcel.ts';
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
const stretchRows = 1_000;

/**
 * A parcel, with the columns of its pickup's log row that its own row lacks. A left join, so that a missing log row
 * is noticed.
 */
export const parcelColumns = `SELECT parcels.*, log.board AS p_board, log.drivers AS p_drivers,
  log.text AS p_text, log.crc AS p_crc`;
const withPickup = 'parcels LEFT JOIN log ON log.seq = first_seq';

/** An index that has a list's rows in order. Several sources are merged. */
export type Source =
  | { readonly kind: 'all' }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'holder'; readonly holder: string }
  /** A driver's parcels in hand: few, even if the driver has held many. */
  | { readonly kind: 'hand'; readonly holder: string; readonly status: Status }
  | { readonly kind: 'open'; readonly store: string }
  /** A store's records; those that are pickups lead to parcels. */
  | { readonly kind: 'store'; readonly store: string };

/** The smallest sources that together contain all matches. */
export function sourcesOf(query: ParcelQuery): Source[] {
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
  return [store === undefined ? { kind: 'all' } : { kind: 'store', store }];
}

/**
 * The SQL of one step. Parameters: the source's own, the cursor, for a store's records also the other end, and the
 * limit.
 */
export function sqlOf({ kind }: Source, order: ParcelQuery['order']): string {
  const [sign, way] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC'];
  const rest = `first_seq ${sign} ? ORDER BY first_seq ${way} LIMIT ?`;
  const from = (index: string) =>
    `${parcelColumns} FROM parcels ${index} LEFT JOIN log ON log.seq = first_seq WHERE`;
  switch (kind) {
    case 'status':
      return `${from('INDEXED BY parcels_by_status')} status = ? AND status <> 'delivered' AND ${rest}`;
    case 'holder':
      return `${from('INDEXED BY parcels_by_holder')} holder = ? AND ${rest}`;
    case 'hand':
      return `${from('INDEXED BY parcels_in_hand')} holder = ? AND status = ? AND finished = 0 AND ${rest}`;
    case 'open':
      return `${from('INDEXED BY parcels_unfinished')} finished = 0 AND parcels.store = ? AND ${rest}`;
    case 'store': {
      const end = order === 'newest' ? '>=' : '<=';
      return `${parcelColumns}, own.store_seq AS place
        FROM log AS own INDEXED BY log_by_store CROSS JOIN parcels ON first_seq = own.seq
        LEFT JOIN log ON log.seq = first_seq
        WHERE own.store = ? AND own.store_seq ${sign} ? AND own.store_seq ${end} ?
        ORDER BY own.store_seq ${way} LIMIT ?`;
    }
    case 'all':
      return `${from('')} ${rest}`;
    default:
      return unreachable(kind);
  }
}

/** The place of a row in its source, which may lack a sound row. */
type StepRow = ParcelRow & { readonly place?: number };

/** Rows of one step, and where the next begins; undefined at the end. */
interface Step {
  readonly rows: readonly StepRow[];
  readonly cursor: number | undefined;
  /** Skipped rows, which count as work. */
  readonly passed?: number;
}

/** Reads from a cursor: a seq of the log, or of the store in a list of one store. */
interface Walk {
  readonly counts: 'seq' | 'store';
  next(cursor: number, rows: number): Step;
}

export class SqliteParcels {
  readonly #db: DatabaseSync;
  readonly #damage: Damages;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, damage: Damages) {
    this.#db = db;
    this.#damage = damage;
  }

  page(query: ParcelQuery, budget: Budget): ParcelPage {
    const walk = this.#walk(query);
    const { sizeMax = query.caller === undefined ? Number.POSITIVE_INFINITY : answerSizeMax } = query;
    const page = new OpenPage(query, sizeMax);
    const look = this.#lookFor(query);
    let cursor: number | undefined = this.#begin(query, walk);
    let [looked, size, wasFull] = [0, 0, false];
    while (cursor !== undefined) {
      const step: Step = walk.next(cursor, Math.min(stepRows, query.limit + 1));
      looked += step.passed ?? 0;
      for (const row of step.rows) {
        looked += 1;
        size += sizeOf(row);
        const found = look(row);
        // One row beyond the page shows that there is more.
        if (typeof found === 'object' && page.isFull) return page.upToLast();
        if (found) page.take(row, found);
      }
      if (step.cursor !== undefined && !isPast(step.cursor, cursor, query)) throw this.#disordered();
      cursor = step.cursor;
      if (cursor !== undefined && (wasFull || budget.isSpent(looked, size))) {
        return page.upTo(this.#placeAt(query, walk, cursor));
      }
      wasFull = page.isFull;
    }
    return page.upTo(undefined);
  }

  // ---- what is asked ----

  /** Undefined for rows that do not match. Damaged rows might match. */
  #lookFor(query: ParcelQuery): (row: ParcelRow) => Parcel | 'damaged' | undefined {
    const { terms = [] } = query;
    const mayFit = mayAnswer(terms);
    return (row) => {
      if (query.store !== undefined && row.store !== query.store) return undefined;
      if (!isSoundParcel(row)) {
        this.#damage.found(anonymousName(row));
        return 'damaged';
      }
      if (!this.#fits(row, query)) return undefined;
      if (!mayFit(row.state + row.p_text)) return undefined;
      const { parcel } = toParcel(row);
      return terms.length === 0 || matchesParcel(viewOf(parcel), terms) ? parcel : undefined;
    };
  }

  #fits({ first_seq, status, holder, finished }: ParcelRow, query: ParcelQuery): boolean {
    const { boardOf, statuses } = query;
    if (query.holder !== undefined && holder !== query.holder) return false;
    if (statuses && !statuses.includes(status)) return false;
    if (finished === 1 && (query.unfinished === true || boardOf !== undefined)) return false;
    if (boardOf !== undefined && status !== 'ready' && holder !== boardOf) return false;
    return !(query.unacknowledged && this.#isAcknowledged(first_seq));
  }

  #disordered(): DamagedError {
    this.#damage.found('the order of a list');
    return new DamagedError('the order of a list');
  }

  #isAcknowledged(seq: number): boolean {
    return this.#prepared('SELECT 1 FROM acknowledged WHERE first_seq = ?').get(seq) !== undefined;
  }

  #walk(query: ParcelQuery): Walk {
    const { order } = query;
    if (query.among) return this.#walkAmong(this.#pickupsOf(query.among), order);
    const sources = sourcesOf(query);
    const [first] = sources;
    if (first?.kind === 'store') return this.#walkStore(first, order);
    if (first?.kind === 'all' && query.statuses) return this.#walkStretches(query.statuses, order);
    return {
      counts: 'seq',
      next: (cursor, rows) => {
        const read = sources.map((source) => this.#read(source, order, [cursor, rows]));
        return merged(read, order, rows);
      },
    };
  }

  #read(source: Source, order: ParcelQuery['order'], values: readonly number[]): StepRow[] {
    return this.#prepared(sqlOf(source, order)).all(...namesIn(source), ...values) as unknown as StepRow[];
  }

  #walkStore(source: Source & { readonly kind: 'store' }, order: ParcelQuery['order']): Walk {
    const head = this.#storeHead(source.store);
    return {
      counts: 'store',
      next: (from, limit) => {
        const isNewest = order === 'newest';
        const cursor = isNewest ? Math.min(from, head + 1) : from;
        const end = isNewest ? cursor - stepRecords : cursor + stepRecords;
        const rows = this.#read(source, order, [cursor, end, limit]);
        if (rows.length === limit) return { rows, cursor: rows.at(-1)?.place };
        return { rows, cursor: end > 1 && end < head ? end : undefined };
      },
    };
  }

  /** Without an index on the status, skips rows of other statuses without reading their pickups. */
  #walkStretches(wanted: readonly Status[], order: ParcelQuery['order']): Walk {
    const isNewest = order === 'newest';
    const [sign, end, way] = isNewest ? ['<', '>=', 'DESC'] : ['>', '<=', 'ASC'];
    const sql = `${parcelColumns} FROM ${withPickup} WHERE status IN (SELECT value FROM json_each(?))
      AND first_seq ${sign} ? AND first_seq ${end} ? ORDER BY first_seq ${way} LIMIT ?`;
    const row = this.#prepared('SELECT max(first_seq) AS last FROM parcels').get();
    const last = Number(row?.['last'] ?? 0);
    return {
      counts: 'seq',
      next: (from, limit) => {
        const cursor = isNewest ? Math.min(from, last + 1) : from;
        const to = isNewest ? cursor - stretchRows : cursor + stretchRows;
        const values = [JSON.stringify(wanted), cursor, to, limit];
        const rows = this.#prepared(sql).all(...values) as unknown as StepRow[];
        if (rows.length === limit) return { rows, cursor: rows.at(-1)?.first_seq };
        return { rows, cursor: to > 1 && to < last ? to : undefined, passed: stepRows };
      },
    };
  }

  #walkAmong(pickups: readonly number[], order: ParcelQuery['order']): Walk {
    const inOrder = order === 'newest' ? pickups.toReversed() : pickups;
    return {
      counts: 'seq',
      next: (cursor, limit) => {
        const rest = inOrder.filter((seq) => (order === 'newest' ? seq < cursor : seq > cursor));
        const some = rest.slice(0, limit);
        const one = this.#prepared(`${parcelColumns} FROM ${withPickup} WHERE first_seq = ?`);
        const rows = some.flatMap((seq) => (one.get(seq) as unknown as ParcelRow | undefined) ?? []);
        return { rows, cursor: rest.length > limit ? some.at(-1) : undefined };
      },
    };
  }

  /** Seqs of the pickups of these records' parcels, ascending. */
  #pickupsOf(records: readonly number[]): number[] {
    const rows = this.#prepared(
      `SELECT value, log.*, first_seq FROM json_each(?) LEFT JOIN log ON log.seq = value
       LEFT JOIN parcels ON parcels.store = log.store AND parcels.order_id = log.order_id`,
    ).all(JSON.stringify(records)) as unknown as NamedRow[];
    const pickups = new Set<number>();
    for (const row of rows) {
      // A damaged row's parcel is examined like any other.
      if (row.seq === null || !isSound(row)) this.#damage.found(`record ${row.value}`);
      if (row.first_seq !== null) pickups.add(row.first_seq);
    }
    return [...pickups].sort((a, b) => a - b);
  }

  // ---- places ----

  #begin(query: ParcelQuery, walk: Walk): number {
    const { store, from, order } = query;
    if (from === undefined) return order === 'newest' ? Number.MAX_SAFE_INTEGER : 0;
    const place = Number(from);
    if (store === undefined || walk.counts === 'store' || place < 1) return place;
    const past = order === 'newest' || place > this.#storeHead(store) ? Number.MAX_SAFE_INTEGER : 0;
    return this.#seqOf(store, place) ?? past;
  }

  /** In a list of one store, its own seqs: it must not learn the volume of others. */
  #placeAt({ store, order }: ParcelQuery, walk: Walk, cursor: number): string {
    if (store === undefined || walk.counts === 'store') return String(cursor);
    let [least, most] = [0, this.#storeHead(store)];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      const seq = this.#seqOf(store, middle) ?? 0;
      if (order === 'newest' ? seq < cursor : seq <= cursor) least = middle;
      else most = middle - 1;
    }
    return String(order === 'newest' ? least + 1 : least);
  }

  #seqOf(store: string, storeSeq: number): number | undefined {
    const row = this.#prepared('SELECT seq FROM log WHERE store = ? AND store_seq = ?').get(store, storeSeq);
    return row === undefined ? undefined : Number(row['seq']);
  }

  #storeHead(store: string): number {
    const sql = 'SELECT store_seq FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 1';
    return Number(this.#prepared(sql).get(store)?.['store_seq'] ?? 0);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

/** Null columns if the record is missing. */
type NamedRow = (LogRow | { readonly seq: null }) & {
  readonly value: number;
  readonly first_seq: number | null;
};

/** Keeps a damaged cursor from looping. */
function isPast(next: number, cursor: number, { order }: ParcelQuery): boolean {
  return order === 'newest' ? next < cursor : next > cursor;
}

function sizeOf({ p_text, state }: ParcelRow): number {
  return (p_text?.length ?? 0) + state.length;
}

function namesIn(source: Source): string[] {
  switch (source.kind) {
    case 'status':
      return [source.status];
    case 'holder':
      return [source.holder];
    case 'hand':
      return [source.holder, source.status];
    case 'all':
      return [];
    default:
      return [source.store];
  }
}

/** Merges sorted lists, up to the limit. */
function merged(lists: readonly ParcelRow[][], order: ParcelQuery['order'], limit: number): Step {
  const sign = order === 'newest' ? -1 : 1;
  const all = lists.flat().sort((a, b) => (a.first_seq - b.first_seq) * sign);
  // Damage can put a parcel into two lists, although a ready one has no holder.
  const rows = all.filter(({ first_seq }, i) => first_seq !== all[i - 1]?.first_seq).slice(0, limit);
  const isMore = lists.some((list) => list.length >= limit) || all.length > limit;
  return { rows, cursor: isMore ? rows.at(-1)?.first_seq : undefined };
}
