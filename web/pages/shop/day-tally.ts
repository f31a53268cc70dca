/** What became of a shop's orders on one day, counted from the records of that day. */

import type { EventName } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import type { DayRange } from '../../app/zoned-day.ts';
import { happenedAt, standingRecords } from './order-facts.ts';

/** The events that a day is counted from. */
export const countedEvents = [
  'pickup',
  'delivered',
  'attempt-failed',
  'returned',
  'cancelled',
  'corrected',
] as const satisfies readonly EventName[];

/** The last thing of that day that became of an order. */
export const dayOutcomes = ['delivered', 'failed', 'returned', 'cancelled'] as const;
export type DayOutcome = (typeof dayOutcomes)[number];

const outcomeOf: Partial<Record<EventName, DayOutcome>> = {
  delivered: 'delivered',
  'attempt-failed': 'failed',
  returned: 'returned',
  cancelled: 'cancelled',
};

interface DayDriver {
  readonly id: string;
  readonly name: string;
}

export interface DayOrder {
  readonly order: Order;
  /** Undefined: it was placed on that day, and nothing else became of it. */
  readonly outcome: DayOutcome | undefined;
  readonly wasPlaced: boolean;
  /** Of a delivery that had a due time. */
  readonly isOnTime: boolean | undefined;
  readonly driver: DayDriver | undefined;
  /** When it had its outcome or was placed, in milliseconds since 1970. */
  readonly at: number;
}

export interface DayCounts extends Readonly<Record<DayOutcome, number>> {
  readonly placed: number;
  /** Of the delivered ones that had a due time. */
  readonly onTime: number;
  readonly late: number;
}

export interface DriverDay extends DayCounts {
  /** Undefined: those that no courier had to do with. */
  readonly driver: DayDriver | undefined;
}

export interface DaySummary {
  readonly counts: DayCounts;
  /** Whoever did most comes first. */
  readonly drivers: readonly DriverDay[];
  /** The latest first. */
  readonly orders: readonly DayOrder[];
}

/** Counts each order once, by what became of it last on that day. A record may be added any number of times. */
export class DayTally {
  readonly #range: DayRange;
  readonly #byOrder = new Map<string, Map<number, CapsRecord>>();

  constructor(range: DayRange) {
    this.#range = range;
  }

  add(records: readonly CapsRecord[]): void {
    for (const record of records) {
      if (!countedEvents.some((event) => event === record.event)) continue;
      const { orderID } = record.payload;
      const known = this.#byOrder.get(orderID) ?? new Map<number, CapsRecord>();
      known.set(record.rev, record);
      this.#byOrder.set(orderID, known);
    }
  }

  summary(): DaySummary {
    const orders = Array.from(this.#byOrder.values(), (records) => this.#orderOf(records.values()))
      .filter((order) => order !== undefined)
      .sort((a, b) => b.at - a.at || (a.order.orderID < b.order.orderID ? -1 : 1));
    const byDriver = Map.groupBy(orders, ({ driver }) => driver?.id);
    const drivers = Array.from(byDriver.values(), (own) => ({ driver: own[0]?.driver, ...countsOf(own) }))
      .filter(({ driver, cancelled, delivered, failed, returned }) => {
        return driver !== undefined || cancelled + delivered + failed + returned > 0;
      })
      .sort(
        (a, b) => Number(!a.driver) - Number(!b.driver) || b.delivered - a.delivered || b.failed - a.failed,
      );
    return { counts: countsOf(orders), drivers, orders };
  }

  #orderOf(records: Iterable<CapsRecord>): DayOrder | undefined {
    const ofDay = standingRecords(records).filter((record) => this.#isOfDay(record));
    const last = ofDay.at(-1);
    if (!last) return undefined;
    const outcome = outcomeOf[last.event];
    const { dueAt } = last.payload;
    const at = happenedAt(last);
    return {
      order: last.payload,
      outcome,
      wasPlaced: ofDay.some(({ event }) => event === 'pickup'),
      isOnTime: outcome === 'delivered' && dueAt !== undefined ? at <= Date.parse(dueAt) : undefined,
      driver: driverOf(last),
      at,
    };
  }

  #isOfDay(record: CapsRecord): boolean {
    const at = happenedAt(record);
    return at >= this.#range.from && at < this.#range.to;
  }
}

/** Who had it, also where dispatch or the shop wrote it down. */
function driverOf({ by, holder }: CapsRecord): DayDriver | undefined {
  const who = by.role === 'driver' ? by : (holder ?? undefined);
  return who && { id: who.id, name: who.name ?? who.id };
}

function countsOf(orders: readonly DayOrder[]): DayCounts {
  const number = (isOne: (order: DayOrder) => boolean) => orders.filter(isOne).length;
  const ended = (name: DayOutcome) => number(({ outcome }) => outcome === name);
  return {
    placed: number(({ wasPlaced }) => wasPlaced),
    delivered: ended('delivered'),
    onTime: number(({ isOnTime }) => isOnTime === true),
    late: number(({ isOnTime }) => isOnTime === false),
    failed: ended('failed'),
    returned: ended('returned'),
    cancelled: ended('cancelled'),
  };
}

// ---- a part of the day ----

export const dayParts = [
  'placed',
  'delivered',
  'on-time',
  'late',
  'failed',
  'returned',
  'cancelled',
] as const;
export type DayPart = (typeof dayParts)[number];

export interface DayFilter {
  /** Undefined: all of the day. */
  readonly part: DayPart | undefined;
  /** The id of a driver; empty: no driver. */
  readonly driver: string | undefined;
}

export function isOfPart({ outcome, wasPlaced, isOnTime, driver }: DayOrder, filter: DayFilter): boolean {
  if (filter.driver !== undefined && (driver?.id ?? '') !== filter.driver) return false;
  switch (filter.part) {
    case undefined:
      return true;
    case 'placed':
      return wasPlaced;
    case 'on-time':
      return isOnTime === true;
    case 'late':
      return isOnTime === false;
    default:
      return outcome === filter.part;
  }
}

/** @returns the number of orders in a part of a day */
export function countIn(counts: DayCounts, part: DayPart): number {
  return part === 'on-time' ? counts.onTime : counts[part];
}
