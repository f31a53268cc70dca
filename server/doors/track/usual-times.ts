/**
 * How long a shop's orders usually take from order to delivery, by its latest ones. It is all that a customer learns
 * about other parcels: a rounded number, and only from enough of them.
 */

import { limits } from '../../../protocol/limits.ts';
import { type Clock, isWithin } from '../../clock.ts';
import type { Reads } from '../../hub/reads.ts';

/** Fewer would reveal single parcels. */
const deliveriesMin = 10;
const deliveriesMax = 50;
/** The 80th percentile. */
const share = 0.8;
/** Minutes. */
const roundedTo = 5;
const keptMs = 60_000;
const keptMax = 1_000;

export class UsualTimes {
  readonly #read: Reads;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { at: number; minutes: Promise<number | undefined> }>();

  constructor(read: Reads, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** In minutes; undefined if too little is known. */
  of(store: string): Promise<number | undefined> {
    const known = this.#kept.get(store);
    const now = this.#clock.now();
    if (known && isWithin(keptMs, known.at, now)) return known.minutes;
    const minutes = this.#measure(store);
    this.#kept.delete(store);
    this.#kept.set(store, { at: now, minutes });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    // A failed read must not become the answer of the next minute.
    minutes.catch(() => this.#kept.delete(store));
    return minutes;
  }

  async #measure(store: string): Promise<number | undefined> {
    const shop = { role: 'vendor', store } as const;
    const { items } = await this.#read.events(shop, { limit: limits.page, terms: [] });
    const delivered = new Map(
      items
        .filter(({ event }) => event === 'delivered')
        .map(({ payload, time }) => [payload.orderID, Date.parse(time)]),
    );
    const latest = [...delivered].slice(-deliveriesMax);
    if (latest.length < deliveriesMin) return undefined;
    const parcels = await Promise.all(
      latest.map(async ([orderID, at]) => {
        const { createdAt, status } = await this.#read.parcel(shop, { store, orderID });
        return status === 'delivered' ? [at - Date.parse(createdAt)] : [];
      }),
    );
    const tooks = parcels.flat().sort((a, b) => a - b);
    const took = tooks[Math.ceil(tooks.length * share) - 1];
    if (took === undefined || tooks.length < deliveriesMin) return undefined;
    return Math.max(1, Math.ceil(took / 60_000 / roundedTo)) * roundedTo;
  }
}
