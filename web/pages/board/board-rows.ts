/**
 * The open parcels, in columns. They come from two sides: pages of the hub's list, and the feed. `rev` decides which is
 * newer, so that a page of the list that comes late overwrites nothing.
 */

import { isFinished } from '../../../protocol/events.ts';
import { dueOf } from '../../../protocol/lateness.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { type KnownParcel, withRecord, withView } from '../../app/parcels.ts';
import { type ColumnName, columnNames, columnOf, concernFrom } from './columns.ts';

/** A parcel on the board. A changed parcel is a new row. */
export interface BoardRow {
  readonly key: string;
  readonly view: ParcelView;
  readonly column: ColumnName;
  /** Milliseconds since 1970; `Infinity` without a due time. */
  readonly due: number;
  /** Since when its status is what it is, in milliseconds since 1970. */
  readonly since: number;
  /** When it is of concern, see `concernFrom`. */
  readonly concernFrom: number;
}

export type Columns = Readonly<Record<ColumnName, readonly BoardRow[]>>;

/** More open parcels than this are not shown. */
export const rowsMax = 50_000;
/** Drivers whose last sign of life is known. */
const signsMax = 5_000;

const noColumns: Columns = { attention: [], ready: [], claimed: [], 'in-transit': [], returning: [] };

export function keyOfParcel({ store, orderID }: ParcelId): string {
  return JSON.stringify([store, orderID]);
}

export class BoardRows {
  readonly #known = new Map<string, KnownParcel>();
  readonly #rows = new Map<string, BoardRow>();
  /** Rows that are in no column yet. */
  readonly #fresh = new Map<string, BoardRow>();
  /** Columns from which a row went. */
  readonly #dirty = new Set<ColumnName>();
  /** Open parcels of which only records from the middle of their life are known. */
  readonly #partial = new Set<string>();
  /** When each driver last did something, in milliseconds since 1970. */
  readonly #signs = new Map<string, number>();
  #columns = noColumns;
  #isListed = false;
  #isFull = false;

  get size(): number {
    return this.#rows.size;
  }

  /** Whether there are more open parcels than the page shows. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get signs(): ReadonlyMap<string, number> {
    return this.#signs;
  }

  get(key: string): BoardRow | undefined {
    return this.#rows.get(key);
  }

  addView(view: ParcelView): void {
    const key = keyOfParcel(view.payload);
    this.#become(key, withView(this.#known.get(key), view));
  }

  addRecord(record: CapsRecord): void {
    const { by, payload, time, status } = record;
    if (by.role === 'driver') this.#hear(by.id, Date.parse(time));
    const key = keyOfParcel(payload);
    const known = this.#known.get(key);
    if (!known && this.#isListed && isFinished(status)) return;
    this.#become(key, withRecord(known, record));
  }

  /** The list was read to its end: no older view of a parcel will come. */
  endList(): void {
    this.#isListed = true;
    for (const [key, { view }] of this.#known) if (isFinished(view.status)) this.#known.delete(key);
  }

  /** The list is read again. */
  clear(): void {
    for (const all of [this.#known, this.#rows, this.#fresh, this.#partial]) all.clear();
    this.#dirty.clear();
    this.#columns = noColumns;
    this.#isListed = false;
    this.#isFull = false;
  }

  /** Takes the parcels that have to be read, because the list did not have them. */
  takePartial(): ParcelId[] {
    if (!this.#isListed || this.#partial.size === 0) return [];
    const ids = Array.from(this.#partial, (key) => this.#known.get(key)?.view.payload);
    this.#partial.clear();
    return ids.flatMap((payload) => (payload ? [{ store: payload.store, orderID: payload.orderID }] : []));
  }

  /**
   * Moves what has become of concern by now. @param now milliseconds since 1970
   * @returns the same object if nothing has changed
   */
  columns(now: number): Columns {
    for (const row of this.#rows.values()) {
      if (row.column !== 'attention' && row.concernFrom <= now && !this.#fresh.has(row.key)) {
        this.#place(row.key, row.view, now);
      }
    }
    if (this.#fresh.size === 0 && this.#dirty.size === 0) return this.#columns;
    const added = new Map<ColumnName, BoardRow[]>();
    for (const row of this.#fresh.values()) {
      const placed = row.concernFrom <= now ? this.#moved(row) : row;
      const all = added.get(placed.column);
      if (all) all.push(placed);
      else added.set(placed.column, [placed]);
    }
    this.#fresh.clear();
    this.#columns = this.#withAdded(added);
    this.#dirty.clear();
    return this.#columns;
  }

  #withAdded(added: ReadonlyMap<ColumnName, readonly BoardRow[]>): Columns {
    const after: Record<ColumnName, readonly BoardRow[]> = { ...this.#columns };
    for (const name of columnNames) {
      const more = added.get(name) ?? [];
      if (more.length === 0 && !this.#dirty.has(name)) continue;
      const stayed = after[name].filter((row) => this.#rows.get(row.key) === row);
      // Nearly sorted already, which sorts fast.
      after[name] = [...stayed, ...more].sort(byUrgency);
    }
    return after;
  }

  #moved(row: BoardRow): BoardRow {
    const column = columnOf(row.view, true) ?? row.column;
    if (column === row.column) return row;
    const moved = { ...row, column };
    this.#rows.set(row.key, moved);
    return moved;
  }

  #become(key: string, known: KnownParcel): void {
    const before = this.#known.get(key);
    if (known === before) return;
    const isOver = isFinished(known.view.status);
    if (!before && !isOver && this.#rows.size >= rowsMax) {
      this.#isFull = true;
      return;
    }
    // While the list is read, an older view of the parcel may still come.
    if (isOver && this.#isListed) this.#known.delete(key);
    else this.#known.set(key, known);
    if (known.heard && !isOver) this.#partial.add(key);
    else this.#partial.delete(key);
    this.#place(key, known.view, Number.NEGATIVE_INFINITY);
  }

  #place(key: string, view: ParcelView, now: number): void {
    const before = this.#rows.get(key);
    if (before && !this.#fresh.has(key)) this.#dirty.add(before.column);
    this.#fresh.delete(key);
    const from = concernFrom(view);
    const column = columnOf(view, from <= now);
    if (column === undefined) {
      this.#rows.delete(key);
      return;
    }
    const since = Date.parse(view.changedAt);
    const row: BoardRow = { key, view, column, due: dueOf(view), since, concernFrom: from };
    this.#rows.set(key, row);
    this.#fresh.set(key, row);
  }

  #hear(driver: string, at: number): void {
    this.#signs.delete(driver);
    this.#signs.set(driver, at);
    const [oldest] = this.#signs.keys();
    if (this.#signs.size > signsMax && oldest !== undefined) this.#signs.delete(oldest);
  }
}

/** What is due first, then what has waited longest. */
export function byUrgency(a: BoardRow, b: BoardRow): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  if (a.since !== b.since) return a.since - b.since;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
