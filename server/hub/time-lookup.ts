/**
 * Finds moments in the log. The log's time never runs backwards, so a binary search finds them. Where the machine's
 * clock was behind the log's time, records are also searched by their own times.
 */

import type { CapsRecord } from '../../protocol/messages.ts';
import { ownTimeOf } from '../../protocol/own-time.ts';
import type { Row } from '../store/row.ts';
import type { Scope, SetBack, Store } from '../store/store.ts';

/** Places after `low` and up to `high`. */
export interface TimeRange {
  readonly low: number;
  readonly high: number;
  /** Whether all records in the range happened then; otherwise each needs a check. */
  readonly isSure: boolean;
}

/**
 * The range of the scope's records from one moment to another, both included, by each record's own time.
 * @param from milliseconds since 1970, as `to`
 */
export async function rangeOf(
  store: Store,
  scope: Scope,
  from = -Infinity,
  to = Infinity,
): Promise<TimeRange> {
  const head = await store.headOf(scope);
  const at = new TimeLookup(store, scope);
  const all = { low: 0, high: head };
  const time = (record: Pick<CapsRecord, 'time'>) => Date.parse(record.time);
  const logged = await at.rangeOf(all, time, from, to);
  const setBacks = await store.setBacks();
  if (setBacks.length === 0) return { ...logged, isSure: true };
  const ranges: Bounds[] = [];
  let found = logged;
  for (const setBack of setBacks) {
    const range = await at.placesOf(all, setBack);
    ranges.push(range);
    found = joined(found, await at.rangeOf(range, ownTimeOf, from, to));
  }
  const isSure = ranges.every(({ low, high }) => high <= found.low || low >= found.high);
  return { ...found, isSure };
}

/** The smallest range that contains both. */
function joined(a: Bounds, b: Bounds): Bounds {
  if (a.high <= a.low) return b;
  return b.high <= b.low ? a : { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** Milliseconds since 1970. */
export function msOf(moment: string | undefined): number | undefined {
  return moment === undefined ? undefined : Date.parse(moment);
}

/** Whether a record happened in this time. */
export function isBetween(record: CapsRecord, from = -Infinity, to = Infinity): boolean {
  const own = ownTimeOf(record);
  return own >= from && own <= to;
}

/** The scope's last place at or before this seq of the log. */
export async function placeUpTo(store: Store, scope: Scope, seq: number): Promise<number> {
  if (scope.kind === 'all') return seq;
  return new TimeLookup(store, scope).placeUpTo({ low: 0, high: await store.headOf(scope) }, seq);
}

/** The seq in the log of the scope's last sound record up to this place; 0 if there is none. */
export async function seqUpTo(store: Store, scope: Scope, place: number): Promise<number> {
  for (let before = place + 1; before > 1; ) {
    const { rows, damaged = [] } = await store.read(scope, { before, limit: 1 });
    const [row] = rows;
    if (row) return row.seq;
    before = damaged[0] ?? 0;
  }
  return 0;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

class TimeLookup {
  readonly #store: Store;
  readonly #scope: Scope;

  constructor(store: Store, scope: Scope) {
    this.#store = store;
    this.#scope = scope;
  }

  /** Searches a range in which these times do not run backwards. */
  async rangeOf(
    within: Bounds,
    time: (record: Row['record']) => number,
    from: number,
    to: number,
  ): Promise<Bounds> {
    const isAt = ({ record }: Row) => time(record);
    const low = from === -Infinity ? within.low : await this.#before(within, (row) => isAt(row) < from);
    const high =
      to === Infinity ? within.high : await this.#before({ ...within, low }, (row) => isAt(row) <= to);
    return { low, high };
  }

  /** Looks near the end first, because an index follows the log closely. */
  async placeUpTo({ low, high }: Bounds, upTo: number): Promise<number> {
    const holds = ({ seq }: Row) => seq <= upTo;
    let most = high;
    for (let back = 0; high - back > low; back = Math.max(1, 4 * back)) {
      const found = await this.#from(high - back, most);
      if (found && holds(found.row)) return this.#before({ low: found.place, high: most }, holds);
      most = high - back - 1;
    }
    return this.#before({ low, high: most }, holds);
  }

  /** The scope's places within a range of the log. */
  async placesOf(within: Bounds, { first, last }: SetBack): Promise<Bounds> {
    const low = await this.#before(within, ({ seq }) => seq < first);
    const high =
      last === null ? within.high : await this.#before({ ...within, low }, ({ seq }) => seq <= last);
    return { low, high };
  }

  /** Binary search: the last place for which `holds` is true; it is false for all later ones. */
  async #before({ low, high }: Bounds, holds: (row: Row) => boolean): Promise<number> {
    let [least, most] = [low, Math.max(low, high)];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      const found = await this.#from(middle, most);
      if (found && holds(found.row)) least = found.place;
      else most = middle - 1;
    }
    return least;
  }

  /** The first place in this range with a sound record. */
  async #from(first: number, last: number): Promise<{ place: number; row: Row } | undefined> {
    for (let place = first; place <= last; place += 1) {
      const { rows } = await this.#store.read(this.#scope, { after: place - 1, limit: 1 });
      if (rows[0]) return { place, row: rows[0] };
    }
    return undefined;
  }
}
