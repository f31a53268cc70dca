import type { Status } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';

/** The kinds that the chart stacks, from bottom to top. */
export const rateKinds = ['ready', 'claimed', 'in-transit', 'delivered', 'failed', 'other'] as const;
export type RateKind = (typeof rateKinds)[number];

/** The number of records of each kind in one second, in the order of `rateKinds`. */
export type RateBar = readonly number[];

export interface RateSnapshot {
  /** Oldest second first; the last one is incomplete. */
  readonly bars: readonly RateBar[];
  /** Time of the last bar, in seconds since 1970 by the hub's clock. */
  readonly second: number;
  /** The highest number in one second. */
  readonly peak: number;
  /** Average over the last full seconds. */
  readonly perSecond: number;
  /** Milliseconds since the latest record; undefined while there is none. */
  readonly quietMs: number | undefined;
}

const kindIndex: Readonly<Record<Status, number>> = {
  ready: 0,
  claimed: 1,
  'in-transit': 2,
  delivered: 3,
  failed: 4,
  returning: 5,
  returned: 5,
  cancelled: 5,
};

/** Statuses that this page does not know count as those without a colour. */
function kindOf(status: Status): number {
  return Object.hasOwn(kindIndex, status) ? kindIndex[status] : kindIndex.returning;
}

/** Seconds over which the present rate is averaged. */
const presentSeconds = 5;
/** If a record's time is further ahead, its clock was wrong. */
const aheadMaxMs = 60_000;

/**
 * Counts records per second of the hub's clock, over the last `seconds`. This device's clock may be minutes off, so the
 * hub's clock is derived from the record with the lowest apparent latency.
 */
export class RateBars {
  readonly #seconds: number;
  readonly #counts: Uint32Array;
  /** The newest second that has a slot. */
  #second = 0;
  #latest: number | undefined;
  /** How far the hub's clock is ahead of ours, minus the latency. */
  #aheadMs: number | undefined;
  /** Everything from this seq on has been counted. */
  #from = Number.POSITIVE_INFINITY;

  constructor(seconds = 120) {
    this.#seconds = seconds;
    this.#counts = new Uint32Array(seconds * rateKinds.length);
  }

  /** @param now milliseconds since 1970 on this machine */
  live(records: readonly CapsRecord[], now: number): void {
    for (const record of records) {
      const time = ownTimeOf(record);
      if ((this.#latest ?? time) > time + aheadMaxMs) this.#begin();
      this.#aheadMs = Math.max(this.#aheadMs ?? Number.NEGATIVE_INFINITY, time - now);
      this.#count(record, time);
    }
  }

  /** Counts a page of history, ascending, without records that have been counted. */
  history(records: readonly CapsRecord[]): void {
    for (const record of records.toReversed()) {
      const time = ownTimeOf(record);
      // A record with a time far ahead would push all later ones out of the chart.
      const isAhead = time > (this.#latest ?? time) + aheadMaxMs;
      if (record.seq < this.#from && !isAhead) this.#count(record, time);
    }
  }

  /** Starts again: the hub's clock was set back. */
  #begin(): void {
    this.clear();
    this.#second = 0;
    this.#aheadMs = undefined;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#latest = undefined;
    this.#from = Number.POSITIVE_INFINITY;
  }

  snapshot(now: number): RateSnapshot {
    const hubNow = now + (this.#aheadMs ?? 0);
    this.#turnTo(Math.floor(hubNow / 1_000));
    const bars: RateBar[] = [];
    for (let age = this.#seconds - 1; age >= 0; age -= 1) {
      const at = this.#slot(this.#second - age);
      bars.push(Array.from(this.#counts.subarray(at, at + rateKinds.length)));
    }
    const totals = bars.map((bar) => bar.reduce((sum, count) => sum + count, 0));
    const present = totals.slice(-1 - presentSeconds, -1).reduce((sum, count) => sum + count, 0);
    return {
      bars,
      second: this.#second,
      peak: Math.max(0, ...totals),
      perSecond: present / presentSeconds,
      quietMs: this.#latest === undefined ? undefined : Math.max(0, hubNow - this.#latest),
    };
  }

  #count(record: CapsRecord, time: number): void {
    this.#from = Math.min(this.#from, record.seq);
    this.#latest = Math.max(this.#latest ?? 0, time);
    const second = Math.floor(time / 1_000);
    this.#turnTo(second);
    if (second <= this.#second - this.#seconds) return;
    const at = this.#slot(second) + kindOf(record.status);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Empties the slots of the seconds that begin. */
  #turnTo(second: number): void {
    const from = Math.max(this.#second + 1, second - this.#seconds + 1);
    for (let next = from; next <= second; next += 1) {
      const at = this.#slot(next);
      this.#counts.fill(0, at, at + rateKinds.length);
    }
    this.#second = Math.max(this.#second, second);
  }

  #slot(second: number): number {
    return (second % this.#seconds) * rateKinds.length;
  }
}
