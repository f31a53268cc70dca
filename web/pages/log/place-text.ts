/** Where somebody wants to go, as they write it. */

import { isInCalendar } from '../../calendar.ts';

export type Wanted =
  | { readonly kind: 'seq'; readonly seq: number }
  | { readonly kind: 'time'; readonly moment: number }
  | { readonly kind: 'order'; readonly orderID: string };

/**
 * `#1,284` is a number, `18:03`, `18:03:11` or `2026-11-20 18:03` a time on this device, anything else an order.
 * @param now a time of day alone is the latest one before it
 */
export function readPlace(text: string, now: Date): Wanted | undefined {
  const given = text.trim();
  if (given === '') return undefined;
  const number = /^#([\d,. ]+)$/.exec(given)?.[1]?.replace(/\D/g, '');
  if (number) return { kind: 'seq', seq: Number(number) };
  const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(given);
  if (timeOfDay) {
    const [hours = 0, minutes = 0, seconds = 0] = timeOfDay.slice(1).map((part) => Number(part ?? 0));
    if (hours > 23 || minutes > 59 || seconds > 59) return { kind: 'order', orderID: given };
    const moment = new Date(now);
    moment.setHours(hours, minutes, seconds, 0);
    if (moment > now) moment.setDate(moment.getDate() - 1);
    return { kind: 'time', moment: moment.getTime() };
  }
  const isDate = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$/.test(given) && isInCalendar(given);
  // A day alone would be read as midnight in Greenwich.
  const moment = isDate
    ? Date.parse(given.length === 10 ? `${given}T00:00` : given.replace(' ', 'T'))
    : Number.NaN;
  return Number.isNaN(moment) ? { kind: 'order', orderID: given } : { kind: 'time', moment };
}
