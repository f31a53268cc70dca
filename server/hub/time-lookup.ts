/**
 * Where a moment lies in the log. The log's time never runs backwards, so it can be looked up by halving; where the
 * machine's clock was behind it, records are looked up by their own times as well.
 */

import type { CapsRecord } from '../../protocol/messages.ts';
import { ownTimeOf } from '../../protocol/own-time.ts';
import type { Row } from '../store/row.ts';
import type { Scope, SetBack, Store } from '../store/store.ts';

/** Places after `low` and up to `high`. */
export interface Between {
  readonly low: number;
  readonly high: number;
  /** Whether all of them happened then; else each has to be looked at. */
  readonly isSure: boolean;
}

/**
 * The scope's records that happened from one moment to another, both included, each by its own time.
 * @param from milliseconds since 1970, as `to`
 */
export async function between(store: Store, scope: Scope, from = -Infinity, to = Infinity): Promise<Between> {
  const head = await store.headOf(scope);
  const at = new Finder(store, scope);
  const all = { low: 0, high: head };
  const time = (record: Pick<CapsRecord, 'time'>) => Date.parse(record.time);
  const logged = await at.between(all, time, from, to);
  const setBacks = await store.setBacks();
  if (setBacks.length === 0) return { ...logged, isSure: true };
  const stretches: Stretch[] = [];
  let found = logged;
  for (const setBack of setBacks) {
    const stretch = await at.placesOf(all, setBack);
    stretches.push(stretch);
    found = joined(found, await at.between(stretch, ownTimeOf, from, to));
  }
  const isSure = stretches.every(({ low, high }) => high <= found.low || low >= found.high);
  return { ...found, isSure };
}

/** What has both, and may have more between them. */
function joined(a: Stretch, b: Stretch): Stretch {
  if (a.high <= a.low) return b;
  return b.high <= b.low ? a : { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** Milliseconds since 1970. */
export function msOf(moment: string | undefined): number | undefined {
  return moment === undefined ? undefined : Date.parse(moment);
}

/** Whether a record happened then. */
export function isBetween(record: CapsRecord, from = -Infinity, to = Infinity): boolean {
  const own = ownTimeOf(record);
  return own >= from && own <= to;
}

/** The scope's last place whose record stands at this seq of the log or before it. */
export async function placeUpTo(store: Store, scope: Scope, seq: number): Promise<number> {
  if (scope.kind === 'all') return seq;
  return new Finder(store, scope).placeUpTo({ low: 0, high: await store.headOf(scope) }, seq);
}

/** The seq in the log of the scope's last sound record up to this place; 0 where there is none. */
export async function seqUpTo(store: Store, scope: Scope, place: number): Promise<number> {
  for (let before = place + 1; before > 1; ) {
    const { rows, damaged = [] } = await store.read(scope, { before, limit: 1 });
    const [row] = rows;
    if (row) return row.seq;
    before = damaged[0] ?? 0;
  }
  return 0;
}

interface Stretch {
  readonly low: number;
  readonly high: number;
}

class Finder {
  readonly #store: Store;
  readonly #scope: Scope;

  constructor(store: Store, scope: Scope) {
    this.#store = store;
    this.#scope = scope;
  }

  /** Within a stretch in which these times do not run backwards. */
  async between(
    within: Stretch,
    time: (record: Row['record']) => number,
    from: number,
    to: number,
  ): Promise<Stretch> {
    const isAt = ({ record }: Row) => time(record);
    const low = from === -Infinity ? within.low : await this.#before(within, (row) => isAt(row) < from);
    const high =
      to === Infinity ? within.high : await this.#before({ ...within, low }, (row) => isAt(row) <= to);
    return { low, high };
  }

  placeUpTo(within: Stretch, upTo: number): Promise<number> {
    return this.#before(within, ({ seq }) => seq <= upTo);
  }

  /** What of the scope stands in a stretch of the log. */
  async placesOf(within: Stretch, { first, last }: SetBack): Promise<Stretch> {
    const low = await this.#before(within, ({ seq }) => seq < first);
    const high =
      last === null ? within.high : await this.#before({ ...within, low }, ({ seq }) => seq <= last);
    return { low, high };
  }

  /** The last place up to which this holds; it holds for none after. */
  async #before({ low, high }: Stretch, holds: (row: Row) => boolean): Promise<number> {
    let [least, most] = [low, Math.max(low, high)];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      const found = await this.#from(middle, most);
      if (found && holds(found.row)) least = found.place;
      else most = middle - 1;
    }
    return least;
  }

  /** The first place of these whose record is not damaged. */
  async #from(first: number, last: number): Promise<{ place: number; row: Row } | undefined> {
    for (let place = first; place <= last; place += 1) {
      const { rows } = await this.#store.read(this.#scope, { after: place - 1, limit: 1 });
      if (rows[0]) return { place, row: rows[0] };
    }
    return undefined;
  }
}
