import { isInCalendar } from '../../app/calendar.ts';
import { dateFormat } from '../../app/numbers.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { partsOf } from './due-time.ts';

const monthName = dateFormat({ month: 'long', timeZone: 'UTC' });

/** @returns why a text is no due time, for a person @param shown the text to quote */
export function dueProblem(text: string, shown: string): string {
  const { row } = words();
  const day = partsOf(text)?.day ?? '';
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (day === '' || isInCalendar(day) || month < 1 || month > 12) return row.noMoment(shown);
  return row.noDay(shown, date, monthName().format(Date.UTC(2000, month - 1)), year);
}
