import { isInCalendar } from '../../app/calendar.ts';

const monthName = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

/**
 * The moment that somebody wrote: `2026-11-30 14:30` or `30.11.2026 14:30` in this device's time, or any ISO 8601
 * moment; undefined where it is none. With strokes one country's day is another's month: those are not guessed at.
 */
export function momentOf(text: string): string | undefined {
  const parts = partsOf(text);
  if (!parts || !isInCalendar(parts.day)) return undefined;
  const { day, time, seconds, zone } = parts;
  const moment = new Date(`${day}T${time.padStart(5, '0')}${seconds}${zone.toUpperCase()}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** What is wrong with a text that is no moment, in words for a person. @param shown the text, as it is to be quoted */
export function dueProblem(text: string, shown: string): string {
  const day = partsOf(text)?.day ?? '';
  const [year, month = 0, date] = day.split('-').map(Number);
  if (day !== '' && !isInCalendar(day) && month >= 1 && month <= 12) {
    const name = monthName.format(Date.UTC(2000, month - 1));
    return `“${shown}” is no due time; ${date} ${name} ${year} does not exist.`;
  }
  return `“${shown}” is no due time; write it as 2026-11-30 14:30.`;
}

function partsOf(text: string) {
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
