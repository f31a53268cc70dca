/** The day that the page shows stands in its address, so that a link or a reload shows the same. */

import { asDay, dayIn, nextDay } from '../../app/zoned-day.ts';
import { type DayFilter, dayParts } from './day-tally.ts';

export interface DayAddress extends DayFilter {
  /** `2026-11-30`; today and its neighbours go on with the clock. */
  readonly day: string;
}

export const namedDays = ['yesterday', 'today', 'tomorrow'] as const;
/** Days after today. */
const away = { yesterday: -1, today: 0, tomorrow: 1 } as const;

/** Today, where the address names no day. */
export function dayInAddress(search: string): DayAddress {
  const query = new URLSearchParams(search);
  const named = namedDays.find((name) => name === query.get('day'));
  const day = named ?? asDay(query.get('day')) ?? 'today';
  const part = dayParts.find((name) => name === query.get('of'));
  return { day, part, driver: query.get('by') ?? undefined };
}

/** @returns a link to a part of a day; to all orders if undefined. Other parameters stay */
export function dayLink(address: DayAddress | undefined, search = location.search): string {
  const query = new URLSearchParams(search);
  const values = { day: address?.day, of: address?.part, by: address?.driver };
  for (const [name, value] of Object.entries(values)) {
    query.delete(name);
    if (value !== undefined) query.append(name, value);
  }
  return `?${query}`;
}

/** @returns the day of the calendar that is meant */
export function dayMeant(day: string, zone: string, now: number): string {
  const named = namedDays.find((name) => name === day);
  return named ? nextDay(dayIn(zone, now), away[named]) : day;
}
