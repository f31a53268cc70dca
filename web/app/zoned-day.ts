/** Days and moments in a time zone, such as a shop's. A day on which the clocks change has 23 or 25 hours. */

import { isTimeZone } from '../../protocol/time-window.ts';
import { isInCalendar } from './calendar.ts';

/** From its first moment to the first one after it, in milliseconds since 1970. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** The zones' clocks are at most 14 hours ahead of UTC and 12 behind it. */
const zoneMs = 15 * 3_600_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** @returns the zone if this browser knows it, else the browser's own */
export function zoneOr(zone: string | undefined): string {
  return zone !== undefined && isTimeZone(zone) ? zone : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @returns the day of a moment, as in `2026-11-30` */
export function dayIn(zone: string, moment: number): string {
  return wallClock(zone, moment).slice(0, 10);
}

/**
 * The day's beginning is the first moment at which the zone's calendar shows it, because some zones put their clocks
 * forward at midnight. A day that the calendar leaves out is empty.
 */
export function dayRange(zone: string, day: string): DayRange {
  return { from: startOf(zone, day), to: startOf(zone, nextDay(day, 1)) };
}

/** @returns the day so many days later */
export function nextDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** @returns the text if it is a day of the calendar, as in `2026-11-30` */
export function asDay(text: string | null | undefined): string | undefined {
  return text && /^\d{4}-\d\d-\d\d$/.test(text) && isInCalendar(text) ? text : undefined;
}

/** @returns the moment by the zone's clocks, with their offset: `2026-11-30T14:30:00+01:00` */
export function zonedText(zone: string, time: string): string {
  const moment = Math.floor(Date.parse(time) / 1_000) * 1_000;
  if (Number.isNaN(moment)) return time;
  const wall = wallClock(zone, moment);
  const minutes = Math.round((Date.parse(`${wall}Z`) - moment) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  const ahead = Math.abs(minutes);
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

function startOf(zone: string, day: string): number {
  const middle = Date.parse(`${day}T00:00:00Z`);
  let [before, after] = [middle - zoneMs, middle + zoneMs];
  while (after - before > 1) {
    const between = Math.floor((before + after) / 2);
    if (dayIn(zone, between) < day) before = between;
    else after = between;
  }
  return after;
}

/** What the zone's clocks show: `2026-11-30T14:30:00`. */
function wallClock(zone: string, moment: number): string {
  let clock = clocks.get(zone);
  if (!clock) {
    const two = '2-digit';
    clock = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: two, day: two },
      ...{ hour: two, minute: two, second: two },
    });
    clocks.set(zone, clock);
  }
  const parts = new Map(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return `${day}T${part('hour')}:${part('minute')}:${part('second')}`;
}
