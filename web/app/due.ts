/** By when a parcel is wanted, and whether that is past. */

import type { Status } from '../../protocol/events.ts';
import type { ParcelView } from '../../protocol/messages.ts';

/** A parcel that is still to come and past the time that the shop gave. @param now milliseconds since 1970 */
export function isLate(view: ParcelView, now: number): boolean {
  return isToCome(view.status) && dueOf(view) < now;
}

/** By when, in milliseconds since 1970; never, where the shop gave no time. */
export function dueOf({ payload }: ParcelView): number {
  if (payload.dueAt === undefined) return Number.POSITIVE_INFINITY;
  let due = dues.get(payload);
  if (due === undefined) {
    due = Date.parse(payload.dueAt);
    dues.set(payload, due);
  }
  return due;
}

export function isToCome(status: Status): boolean {
  return status === 'ready' || status === 'claimed' || status === 'in-transit' || status === 'failed';
}

// Read once for each order: ten thousand are looked through every second.
const dues = new WeakMap<object, number>();
