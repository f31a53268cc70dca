/** A shop's orders that are meant for one day, and what has become of them. */

import type { Status } from '../../../protocol/events.ts';
import { dueOf, isLate } from '../../../protocol/lateness.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { isPlannedIn, type PlannedRange, plannedAt } from '../../../protocol/planned.ts';
import { type KnownParcel, withRecord, withView } from '../../app/parcels.ts';
import type { DayRange } from '../../app/zoned-day.ts';
import { happenedAt, offlineMs } from './order-facts.ts';

export const dayOutcomes = ['open', 'delivered', 'failed', 'returned', 'cancelled'] as const;
export type DayOutcome = (typeof dayOutcomes)[number];

interface DayDriver {
  readonly id: string;
  readonly name: string;
}

export interface DayOrder {
  readonly view: ParcelView;
  readonly outcome: DayOutcome;
  /** Of a delivery that had a due time. */
  readonly isOnTime: boolean | undefined;
  /** Delivered late, or still to come and past its time. */
  readonly isLate: boolean;
  /** Who has it, or had it last. */
  readonly driver: DayDriver | undefined;
  /** When its outcome came, in milliseconds since 1970; undefined while it is open. */
  readonly at: number | undefined;
}

export interface DayCounts extends Readonly<Record<DayOutcome, number>> {
  readonly all: number;
  /** Of the delivered ones that had a due time. */
  readonly onTime: number;
  readonly late: number;
}

export interface DriverDay extends DayCounts {
  /** Undefined: those that no courier has. */
  readonly driver: DayDriver | undefined;
}

export interface DaySummary {
  readonly counts: DayCounts;
  /** Whoever did most comes first. */
  readonly drivers: readonly DriverDay[];
  /** By the time that they are meant for. */
  readonly orders: readonly DayOrder[];
}

interface Delivery {
  readonly rev: number;
  readonly at: number;
}

/**
 * Folds the hub's list of a day and the records of the feed, in whatever order they come. What was changed to be for another day
 * is not counted any more, and what was changed to be for this one is.
 */
export class DayTally {
  readonly #range: PlannedRange;
  readonly #known = new Map<string, KnownParcel>();
  readonly #deliveries = new Map<string, Delivery>();
  #isWhole = false;

  constructor({ from, to }: DayRange) {
    this.#range = { from, to: to - 1 };
  }

  addViews(views: readonly ParcelView[]): void {
    for (const view of views) {
      const { orderID } = view.payload;
      this.#known.set(orderID, withView(this.#known.get(orderID), view));
    }
  }

  /** @returns ids of orders that may be for this day now, and of which the records do not say enough */
  addRecords(records: readonly CapsRecord[]): readonly string[] {
    const unsure: string[] = [];
    this.tell(records);
    for (const record of records) {
      const { orderID } = record.payload;
      const known = this.#known.get(orderID);
      if (known || this.#mayBeOfDay(record)) this.#known.set(orderID, withRecord(known, record));
      else if (record.event === 'amended' && !hasWindow(record)) unsure.push(orderID);
    }
    return unsure;
  }

  /** The list has come whole: an order without a window that is not on it is of another day. */
  complete(): void {
    this.#isWhole = true;
    for (const [orderID, { heard, view }] of this.#known)
      if (heard && !hasWindow(view)) this.#known.delete(orderID);
  }

  /** Takes from records when deliveries happened, and nothing else. */
  tell(records: readonly CapsRecord[]): void {
    for (const record of records) {
      const { rev, event, payload } = record;
      if (event !== 'delivered' || rev < (this.#deliveries.get(payload.orderID)?.rev ?? 0)) continue;
      this.#deliveries.set(payload.orderID, { rev, at: happenedAt(record) });
    }
  }

  /** Deliveries that the hub heard of after they were due: a phone without network may have made them before. */
  lateSeeming(): readonly ParcelView[] {
    return Array.from(this.#known.values(), ({ view }) => view).filter((view) => {
      const behind = Date.parse(view.changedAt) - dueOf(view);
      const isKnown = this.#deliveries.has(view.payload.orderID);
      return view.status === 'delivered' && !isKnown && behind > 0 && behind <= offlineMs;
    });
  }

  /** @param now milliseconds since 1970 */
  summary(now: number): DaySummary {
    const orders = Array.from(this.#known.values(), ({ view }) => view)
      .filter((view) => isPlannedIn(view, this.#range))
      .map((view) => ({ view, time: plannedAt(view) }))
      .sort((a, b) => a.time - b.time || (a.view.payload.orderID < b.view.payload.orderID ? -1 : 1))
      .map(({ view }) => this.#orderOf(view, now));
    const byDriver = Map.groupBy(orders, ({ driver }) => driver?.id);
    const drivers = Array.from(byDriver.values(), (own) => ({
      driver: own[0]?.driver,
      ...countsOf(own),
    })).sort((a, b) => Number(!a.driver) - Number(!b.driver) || b.delivered - a.delivered || b.all - a.all);
    return { counts: countsOf(orders), drivers, orders };
  }

  #orderOf(view: ParcelView, now: number): DayOrder {
    const { holder, status, payload, changedAt } = view;
    const outcome = outcomeOf(status);
    const at = this.#deliveries.get(payload.orderID)?.at;
    const ended = outcome === 'delivered' ? (at ?? Date.parse(changedAt)) : Date.parse(changedAt);
    const isOnTime =
      outcome === 'delivered' && payload.dueAt !== undefined ? ended <= dueOf(view) : undefined;
    return {
      view,
      outcome,
      isOnTime,
      isLate: isOnTime === false || isLate(view, now),
      driver: holder && { id: holder.id, name: holder.name ?? holder.id },
      at: outcome === 'open' ? undefined : ended,
    };
  }

  #mayBeOfDay({ event, payload, time }: CapsRecord): boolean {
    if (!hasWindow({ payload }) && event !== 'pickup') return !this.#isWhole;
    return isPlannedIn({ payload, createdAt: time }, this.#range);
  }
}

function hasWindow({ payload }: Pick<ParcelView, 'payload'>): boolean {
  return payload.dueAt !== undefined || payload.notBefore !== undefined;
}

function outcomeOf(status: Status): DayOutcome {
  return dayOutcomes.find((outcome) => outcome === status) ?? 'open';
}

function countsOf(orders: readonly DayOrder[]): DayCounts {
  const number = (isOne: (order: DayOrder) => boolean) => orders.filter(isOne).length;
  const ended = (name: DayOutcome) => number(({ outcome }) => outcome === name);
  return {
    all: orders.length,
    open: ended('open'),
    delivered: ended('delivered'),
    onTime: number(({ isOnTime }) => isOnTime === true),
    late: number((order) => order.isLate),
    failed: ended('failed'),
    returned: ended('returned'),
    cancelled: ended('cancelled'),
  };
}

// ---- a part of the day ----

export const dayParts = ['open', 'delivered', 'on-time', 'late', 'failed', 'returned', 'cancelled'] as const;
export type DayPart = (typeof dayParts)[number];

export interface DayFilter {
  /** Undefined: all of the day. */
  readonly part: DayPart | undefined;
  /** The id of a driver; empty: no driver. */
  readonly driver: string | undefined;
}

export function isOfPart(
  { outcome, isOnTime, isLate: isPast, driver }: DayOrder,
  filter: DayFilter,
): boolean {
  if (filter.driver !== undefined && (driver?.id ?? '') !== filter.driver) return false;
  switch (filter.part) {
    case undefined:
      return true;
    case 'on-time':
      return isOnTime === true;
    case 'late':
      return isPast;
    default:
      return outcome === filter.part;
  }
}

/** @returns the number of orders in a part of a day */
export function countIn(counts: DayCounts, part: DayPart): number {
  return part === 'on-time' ? counts.onTime : counts[part];
}
