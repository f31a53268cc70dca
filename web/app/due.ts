/** Times of orders that are for later, or over. */

import { dueOf, isToCome } from '../../protocol/lateness.ts';
import type { ParcelView } from '../../protocol/messages.ts';

/** How long before `notBefore` an order counts as one for now, if its shop does not say. */
export const leadMs = 3_600_000;

/** When an order that is for later becomes one for now. @param lead of its shop, in milliseconds @returns milliseconds since 1970; `-Infinity` if it always was */
export function wantedFrom({ payload: { notBefore } }: Pick<ParcelView, 'payload'>, lead = leadMs): number {
  const from = notBefore === undefined ? Number.NaN : Date.parse(notBefore);
  return Number.isNaN(from) ? Number.NEGATIVE_INFINITY : from - lead;
}

/** Whether a due time is a thing of the past: the parcel is finished, and the time is over. @param now as of `isLate` */
export function wasDue(view: ParcelView, now: number): boolean {
  return !isToCome(view.status) && dueOf(view) <= now;
}
