import { isInCalendar } from '../../app/calendar.ts';

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
