/** When a parcel is due, and whether it is late. */

import type { Status } from './events.ts';
import type { ParcelView } from './messages.ts';

type DueParcel = Pick<ParcelView, 'status' | 'payload'>;

/** The statuses of parcels that are still to be delivered. */
export const toCome: readonly Status[] = ['ready', 'claimed', 'in-transit', 'failed'];

export function isToCome(status: Status): boolean {
  return toCome.includes(status);
}

/** Whether a parcel is still to be delivered and past its due time. @param now milliseconds since 1970 */
export function isLate(parcel: DueParcel, now: number): boolean {
  return isToCome(parcel.status) && dueOf(parcel) < now;
}

/** @returns milliseconds since 1970; `Infinity` if the shop gave no time */
export function dueOf({ payload }: Pick<DueParcel, 'payload'>): number {
  if (payload.dueAt === undefined) return Number.POSITIVE_INFINITY;
  let due = dues.get(payload);
  if (due === undefined) {
    due = Date.parse(payload.dueAt);
    dues.set(payload, due);
  }
  return due;
}

// Cached, because ten thousand orders are checked every second.
const dues = new WeakMap<object, number>();
