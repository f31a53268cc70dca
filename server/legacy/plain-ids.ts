/**
 * Reused order ids. Some programs draw ids from a small range. If the id's parcel is finished, the next order becomes
 * a new parcel, recorded with a number: `42`, `42~2`, `42~3` …
 */

import { isFinished } from '../../protocol/events.ts';
import { parcelName, reusedOrderId } from '../../protocol/ids.ts';
import type { ParcelView } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { isReused } from './plain-orders.ts';

/** Cached ids; the log knows all. Other hubs on the same log may have used an id since. */
const knownMax = 10_000;

type View = (key: ParcelId) => Promise<ParcelView | undefined>;

export class ReusedIds {
  readonly #view: View;
  /** Number of uses by store and id. */
  readonly #uses = new Map<string, number>();

  readonly #isShared: boolean;

  /**
   * @param view reads a parcel as it is now; undefined if there is none
   * @param isShared whether other hubs use ids, too
   */
  constructor(view: View, isShared: boolean) {
    this.#view = view;
    this.#isShared = isShared;
  }

  /** The id under which to record an order: a new one if the id's parcel is finished. */
  async toPlace(named: ParcelId): Promise<ParcelId> {
    // Most orders have an id of their own: one look tells.
    const first = await this.#view(named);
    if (!first) {
      this.#remember(named, 1);
      return named;
    }
    const uses = await this.#usesOf(named);
    const current = nthOf(named, uses);
    const view = uses === 1 ? first : await this.#view(current);
    if (!view || !isFinished(view.status)) return current;
    let next = uses + 1;
    // Older logs contain ids of this form that somebody typed.
    while (await this.#view(nthOf(named, next))) next += 1;
    this.#remember(named, next);
    return nthOf(named, next);
  }

  /** The id under which its latest order is recorded. */
  async current(named: ParcelId): Promise<ParcelId> {
    return nthOf(named, await this.#usesOf(named));
  }

  /**
   * At least 1. Generated numbers have no gaps, so a binary search finds the last one; typed ids in older logs belong
   * to other orders and are skipped.
   */
  async #usesOf(named: ParcelId): Promise<number> {
    const known = this.#uses.get(parcelName(named));
    if (known !== undefined && !this.#isShared) return known;
    const isUsed = async (n: number) => (await this.#view(nthOf(named, n))) !== undefined;
    let used = known ?? 1;
    let unused = used + 1;
    while (await isUsed(unused)) {
      used = unused;
      unused *= 2;
    }
    while (unused - used > 1) {
      const middle = Math.floor((used + unused) / 2);
      if (await isUsed(middle)) used = middle;
      else unused = middle;
    }
    while (used > 1 && !(await this.#isOfReuse(nthOf(named, used)))) used -= 1;
    this.#remember(named, used);
    return used;
  }

  async #isOfReuse(key: ParcelId): Promise<boolean> {
    const view = await this.#view(key);
    return view !== undefined && isReused(view.payload);
  }

  #remember(named: ParcelId, uses: number): void {
    for (const oldest of this.#uses.keys()) {
      if (this.#uses.size < knownMax) break;
      this.#uses.delete(oldest);
    }
    this.#uses.set(parcelName(named), uses);
  }
}

function nthOf({ store, orderID }: ParcelId, n: number): ParcelId {
  return { store, orderID: reusedOrderId(orderID, n) };
}
