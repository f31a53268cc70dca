/** The columns of the board: what has to happen next, and what dispatch itself has to do. */

import { dueOf, isLate, isToCome } from '../../../protocol/lateness.ts';
import type { ParcelView } from '../../../protocol/messages.ts';

/** In the order of the page. */
export const columnNames = ['attention', 'ready', 'claimed', 'in-transit', 'returning'] as const;
export type ColumnName = (typeof columnNames)[number];

/** Why dispatch has to look at a parcel. */
export type Concern =
  /** A driver's urgent note. */
  | 'urgent'
  /** Five PINs were wrong. */
  | 'pin'
  | 'failed'
  | 'late'
  /** On offer for long, and no driver wants it. */
  | 'unclaimed'
  /** Its holder has not confirmed a change of the order. */
  | 'unseen';

const minuteMs = 60_000;
export const unclaimedMs = 15 * minuteMs;
export const unseenMs = 10 * minuteMs;

/** The gravest concern. @param now milliseconds since 1970 */
export function concernOf(view: ParcelView, now: number): Concern | undefined {
  if (view.urgent) return view.urgent.about === 'pin' ? 'pin' : 'urgent';
  if (view.status === 'failed') return 'failed';
  if (isLate(view, now)) return 'late';
  if (now >= unclaimedFrom(view)) return 'unclaimed';
  return now >= unseenFrom(view) ? 'unseen' : undefined;
}

/** @returns when a parcel is of concern, in milliseconds since 1970; 0 if it is by what it is, whatever the time */
export function concernFrom(view: ParcelView): number {
  if (view.urgent || view.status === 'failed') return 0;
  // `isLate` begins after the due time.
  const late = isToCome(view.status) ? dueOf(view) + 1 : Number.POSITIVE_INFINITY;
  return Math.min(late, unclaimedFrom(view), unseenFrom(view));
}

/** A parcel whose store gave a time from which on it is wanted waits from then on. */
function unclaimedFrom({ status, changedAt, payload }: ParcelView): number {
  if (status !== 'ready') return Number.POSITIVE_INFINITY;
  const wanted = payload.notBefore === undefined ? 0 : Date.parse(payload.notBefore);
  return Math.max(Date.parse(changedAt), wanted || 0) + unclaimedMs;
}

function unseenFrom({ unseen }: ParcelView): number {
  return unseen ? Date.parse(unseen.time) + unseenMs : Number.POSITIVE_INFINITY;
}

/** @returns undefined for finished parcels, and for those of a status that this page does not know */
export function columnOf(view: ParcelView, hasConcern: boolean): ColumnName | undefined {
  switch (view.status) {
    case 'ready':
    case 'claimed':
    case 'in-transit':
    case 'returning':
      return hasConcern ? 'attention' : view.status;
    case 'failed':
      return 'attention';
    default:
      return undefined;
  }
}
