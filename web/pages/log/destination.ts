/** Parses what a reader types into “Go to”. */

import { isInCalendar } from '../../app/calendar.ts';

export type Destination =
  /** `orderID`: the text as written, because some shops use such order ids. */
  | { readonly kind: 'seq'; readonly seq: number; readonly orderID: string }
  | { readonly kind: 'time'; readonly moment: number }
  | { readonly kind: 'order'; readonly orderID: string };

/**
 * Reads `#1,284` as a number. Reads a time of day, a day or both, in either order, as a time on this device: `18:03`,
 * `9:30 pm`, `yesterday 14:00`, `monday`, `20 Nov 18:03:11`, `2026-11-20`; or `10 min ago`. Anything else is an order.
 * Digits may be Arabic or Persian: `١٨:٠٣`.
 * @param now a time without a day or a year means the latest such time before `now`
 */
export function parseDestination(text: string, now: Date): Destination | undefined {
  const given = text.trim();
  if (given === '') return undefined;
  const latin = withLatinDigits(given);
  const number = /^#([\d,. ٬]+)$/.exec(latin)?.[1]?.replace(/\D/g, '');
  if (number) return { kind: 'seq', seq: Number(number), orderID: given };
  const moment = readMoment(latin.toLowerCase(), now);
  return moment === undefined ? { kind: 'order', orderID: given } : { kind: 'time', moment };
}

/** Keyboards of Arabic and Persian have digits of their own: ٠-٩ and ۰-۹. */
function withLatinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) % 16));
}

const agoMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** Parts of a moment. Each may be given at most once. */
interface MomentParts {
  clock?: readonly [hours: number, minutes: number, seconds: number];
  daysAgo?: number;
  weekday?: number;
  day?: number;
  month?: number;
  year?: number;
}

/** @returns milliseconds since 1970; undefined if the text is no moment */
function readMoment(text: string, now: Date): number | undefined {
  const [, many, unit = ''] = /^(\d+) ?([smhd])[a-z]* ago$/.exec(text) ?? [];
  if (many !== undefined) return now.getTime() - Number(many) * (agoMs[unit] ?? 0);
  // ISO 8601 with a time zone or milliseconds.
  if (/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}.*[z.+-]/.test(text)) {
    const moment = Date.parse(text.replace(' ', 't'));
    return Number.isNaN(moment) || !isInCalendar(text) ? undefined : moment;
  }
  const words = text
    .replace(/^(\d{4}-\d{2}-\d{2})t/, '$1 ')
    .replace(/(\d) (am|pm)\b/, '$1$2')
    .split(/[\s,]+/);
  const parts: MomentParts = {};
  for (const word of words) {
    const part = readPart(word);
    if (!part || Object.keys(part).some((name) => name in parts)) return undefined;
    Object.assign(parts, part);
  }
  return momentOf(parts, now);
}

function readPart(word: string): MomentParts | undefined {
  if (word === 'today') return { daysAgo: 0 };
  if (word === 'yesterday') return { daysAgo: 1 };
  const [, hour, minutes, seconds, half] = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?(am|pm)?$/.exec(word) ?? [];
  if (hour !== undefined && (minutes !== undefined || half !== undefined)) {
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
    const isClock = hours <= 23 && Number(minutes ?? 0) <= 59 && Number(seconds ?? 0) <= 59;
    return isClock ? { clock: [hours, Number(minutes ?? 0), Number(seconds ?? 0)] } : undefined;
  }
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word) ?? [];
  if (isoYear !== undefined) {
    return { year: Number(isoYear), month: Number(isoMonth) - 1, day: Number(isoDay) };
  }
  if (/^\d{4}$/.test(word)) return { year: Number(word) };
  const day = /^(\d{1,2})(?:st|nd|rd|th|\.)?$/.exec(word)?.[1];
  if (day !== undefined) return { day: Number(day) };
  if (word.length < 3) return undefined;
  const weekday = weekdays.findIndex((name) => name.startsWith(word));
  if (weekday >= 0) return { weekday };
  const month = months.findIndex((name) => name.startsWith(word.replace(/\.$/, '')));
  return month >= 0 ? { month } : undefined;
}

function momentOf({ clock, daysAgo, weekday, day, month, year }: MomentParts, now: Date): number | undefined {
  const [hours, minutes, seconds] = clock ?? [0, 0, 0];
  const isDated = day !== undefined && month !== undefined;
  const kinds = [daysAgo !== undefined, weekday !== undefined, day !== undefined || month !== undefined];
  if (kinds.filter(Boolean).length > 1 || isDated !== kinds[2] || (year !== undefined && !isDated))
    return undefined;
  if (!kinds.includes(true) && !clock) return undefined;
  const back = daysAgo ?? (weekday === undefined ? 0 : (now.getDay() - weekday + 7) % 7);
  const [thisYear, thisMonth] = [now.getFullYear(), now.getMonth()];
  const at = (years: number, days: number) =>
    isDated
      ? new Date((year ?? thisYear) - years, month, day, hours, minutes, seconds)
      : new Date(thisYear, thisMonth, now.getDate() - days, hours, minutes, seconds);
  const moment = at(0, back);
  // `Date` takes 31 February for 3 March.
  if (isDated && moment.getDate() !== day) return undefined;
  if (moment <= now || daysAgo !== undefined || year !== undefined) return moment.getTime();
  return at(1, back + (weekday === undefined ? 1 : 7)).getTime();
}
