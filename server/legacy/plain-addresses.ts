/**
 * What the hub knows about plain clients' addresses. Plain clients do not identify themselves, so what they hear
 * depends on the address: a program may send on one connection and listen on another. All of it is in memory; after a
 * restart, unknown stores are heard by everybody.
 */

import type { Clock } from '../clock.ts';

/** Maximum number of stores, and of addresses per store. */
const storesMax = 10_000;
const addressesMax = 100;
/** A client that stays away longer counts as a new one. */
const awayMaxMs = 60_000;
const awayMax = 10_000;

export class PlainAddresses {
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** Addresses that sent a store's orders, or asked for its news. */
  readonly #stores = new Map<string, Set<string>>();
  /** When clients that left were last heard of, by address and namespace. */
  readonly #away: { readonly where: string; readonly seenAt: number; readonly leftAt: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** The store belongs to this address. */
  claim(store: string, address: string): void {
    const addresses = this.#kept(store);
    if (addresses.size < addressesMax) addresses.add(address);
  }

  /** The store belongs to somebody, perhaps not a plain client. */
  know(store: string): void {
    this.#kept(store);
  }

  #kept(store: string): Set<string> {
    const addresses = this.#stores.get(store) ?? new Set();
    this.#stores.delete(store);
    for (const oldest of this.#stores.keys()) {
      if (this.#stores.size < storesMax) break;
      this.#stores.delete(oldest);
    }
    this.#stores.set(store, addresses);
    return addresses;
  }

  /** Whether this address may hear the store: it owns it, or nobody known does. */
  mayHear(store: string, address: string): boolean {
    return this.#stores.get(store)?.has(address) ?? true;
  }

  /** @param seenAt the last sign of life: later messages may not have arrived */
  left(where: string, seenAt: number): void {
    this.#away.push({ where, seenAt, leftAt: this.#clock.now() });
    if (this.#away.length > awayMax) this.#away.shift();
  }

  /**
   * A client has come. @returns since when it may have missed something, if it may be a returning one: after a moment
   * away, or after a restart of the hub
   */
  came(where: string): number | undefined {
    const now = this.#clock.now();
    const firstKept = this.#away.findIndex(({ leftAt }) => now - leftAt < awayMaxMs);
    this.#away.splice(0, firstKept < 0 ? this.#away.length : firstKept);
    const index = this.#away.findIndex((one) => one.where === where);
    const [away] = index < 0 ? [] : this.#away.splice(index, 1);
    if (away) return away.seenAt;
    return now - this.#startedAt < awayMaxMs ? this.#startedAt : undefined;
  }
}
