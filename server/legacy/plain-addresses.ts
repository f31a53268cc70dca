/**
 * What is known of the addresses from which plain clients come. They do not say who they are, so hearing belongs to
 * the address, as speaking does: a program may send on one connection and listen on another. All of it is in memory,
 * and what a hub that was started anew does not know it settles in favour of whoever listens.
 */

import type { Clock } from '../clock.ts';

/** Stores that are known, and addresses of one. */
const storesMax = 10_000;
const addressesMax = 100;
/** A client that comes back after this has been told of nothing for so long is a new one. */
const awayMaxMs = 60_000;
const awayMax = 10_000;

export class PlainAddresses {
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** From where the orders of a store came, or its news were asked for. */
  readonly #stores = new Map<string, Set<string>>();
  /** When those who have left had last been heard of, by address and place. */
  readonly #away: { readonly where: string; readonly seenAt: number; readonly leftAt: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** The store is at home there. */
  claim(store: string, address: string): void {
    const addresses = this.#kept(store);
    if (addresses.size < addressesMax) addresses.add(address);
  }

  /** The store is somebody's, who need not be a plain client. */
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

  /** Whether news of the store belong there, or to nobody that is known. */
  mayHear(store: string, address: string): boolean {
    return this.#stores.get(store)?.has(address) ?? true;
  }

  /** @param seenAt when it was last heard of: what it was sent after that it may not have got */
  left(where: string, seenAt: number): void {
    this.#away.push({ where, seenAt, leftAt: this.#clock.now() });
    if (this.#away.length > awayMax) this.#away.shift();
  }

  /**
   * Somebody has come. @returns the time since when somebody from there may have missed something, if it may be them
   * coming back: after a moment away, or after the hub has been started anew
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
