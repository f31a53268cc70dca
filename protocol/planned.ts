/** The moment that an order is meant for, which says to which day it belongs. */

import type { ParcelView } from './messages.ts';

/** A stretch of time, both ends included, in milliseconds since 1970. */
export interface PlannedRange {
  readonly from: number;
  readonly to: number;
}

/** The moment that an order is meant for: when it is due, else from when on it may come, else when it was placed. */
export function plannedAt({ payload, createdAt }: Pick<ParcelView, 'payload' | 'createdAt'>): number {
  return Date.parse(payload.dueAt ?? payload.notBefore ?? createdAt);
}

export function isPlannedIn(
  parcel: Pick<ParcelView, 'payload' | 'createdAt'>,
  { from, to }: PlannedRange,
): boolean {
  const at = plannedAt(parcel);
  return at >= from && at <= to;
}

/** Days of UTC in a stretch that are told one by one. */
const daysMax = 8;
const dayMs = 86_400_000;

/** @returns the days of UTC that a stretch touches, as `2026-11-30`; undefined if they are many */
export function utcDaysOf({ from, to }: PlannedRange): readonly string[] | undefined {
  const [first, last] = [Math.floor(from / dayMs), Math.floor(to / dayMs)];
  if (!(last - first < daysMax)) return undefined;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => utcDayOf((first + i) * dayMs));
}

export function utcDayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
