/** When a parcel is due, and whether it is late. */

import type { Status } from '../../protocol/events.ts';
import type { ParcelView } from '../../protocol/messages.ts';

/** Whether a parcel is still to be delivered and past its due time. @param now milliseconds since 1970 */
export function isLate(view: ParcelView, now: number): boolean {
  return isToCome(view.status) && dueOf(view) < now;
}

/** @returns milliseconds since 1970; `Infinity` if the shop gave no time */
export function dueOf({ payload }: ParcelView): number {
  if (payload.dueAt === undefined) return Number.POSITIVE_INFINITY;
  let due = dues.get(payload);
  if (due === undefined) {
    due = Date.parse(payload.dueAt);
    dues.set(payload, due);
  }
  return due;
}

/** How long before `notBefore` an order counts as one for now. */
export const leadMs = 3_600_000;

/** When an order that is for later becomes one for now. @returns milliseconds since 1970; `-Infinity` if it always was */
export function wantedFrom({ payload: { notBefore } }: Pick<ParcelView, 'payload'>): number {
  const from = notBefore === undefined ? Number.NaN : Date.parse(notBefore);
  return Number.isNaN(from) ? Number.NEGATIVE_INFINITY : from - leadMs;
}

/** Whether a due time is a thing of the past: the parcel is finished, and the time is over. @param now as of `isLate` */
export function wasDue(view: ParcelView, now: number): boolean {
  return !isToCome(view.status) && dueOf(view) <= now;
}

export function isToCome(status: Status): boolean {
  return status === 'ready' || status === 'claimed' || status === 'in-transit' || status === 'failed';
}

// Cached, because ten thousand orders are checked every second.
const dues = new WeakMap<object, number>();
