import { isInCalendar } from './calendar.ts';

/**
 * Parses `2026-11-30 14:30` or `30.11.2026 14:30` in this device's time zone, or any ISO 8601 time. Dates with slashes are
 * refused, because countries differ in the order of day and month.
 * @returns undefined if the text is no time
 */
export function momentOf(text: string): string | undefined {
  const parts = partsOf(text);
  if (!parts || !isInCalendar(parts.day)) return undefined;
  const { day, time, seconds, zone } = parts;
  const moment = new Date(`${day}T${time.padStart(5, '0')}${seconds}${zone.toUpperCase()}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** Splits a text in the form of a time; the day need not exist. */
export function partsOf(text: string) {
  const iso = text
    .trim()
    .replace(/^(\d\d?)\.(\d\d?)\.(\d{4})(?=\s)/, (_whole, date, month, year) =>
      [year, month.padStart(2, '0'), date.padStart(2, '0')].join('-'),
    );
  const parts = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d?:\d\d)(:\d\d(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(iso);
  if (!parts) return undefined;
  const [, day = '', time = '', seconds = ':00', zone = ''] = parts;
  return { day, time, seconds, zone };
}

/** @returns a time in this device's zone, as a field of the form has it: `2026-11-30T14:30`. Empty if there is none */
export function localText(moment: string | number | undefined): string {
  const date = new Date(moment ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  const day = `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

const [opensAt, closesAt] = [9, 18];
/** Within less time nothing is delivered. */
const leastMs = 2 * 3_600_000;
const halfHourMs = 1_800_000;

/**
 * @returns the usual window of a day, in this device's zone: until the evening, or two hours from now if the evening is
 *   near. It does not reach into the next day
 * @param now milliseconds since 1970
 */
export function windowOf(day: 'today' | 'tomorrow', now: number): { notBefore: string; dueAt: string } {
  const date = new Date(now);
  const at = (days: number, hour: number, minute = 0) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour, minute).getTime();
  if (day === 'tomorrow') return { notBefore: localText(at(1, opensAt)), dueAt: localText(at(1, closesAt)) };
  const soonest = Math.ceil((now + leastMs) / halfHourMs) * halfHourMs;
  const due = Math.min(Math.max(at(0, closesAt), soonest), at(0, 23, 59));
  return { notBefore: '', dueAt: localText(due) };
}
