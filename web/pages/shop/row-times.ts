/** The window of an order from what a row of a table says: “30.11.2026”, “bis 16 Uhr”. */

import { type LocalDay, momentsAt } from '../../../protocol/zoned-time.ts';
import { isInCalendar } from '../../app/calendar.ts';
import { dateFormat } from '../../app/numbers.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { type DayOrder, eitherDayIn, readTimeText, type TimeText } from './date-text.ts';

export interface TimeReading {
  /** How 03/04/2026 is meant; undefined if nothing tells. */
  readonly order: DayOrder | undefined;
  /** The zone of times without one. */
  readonly zone: string;
  /** The day of times without one. */
  readonly today: LocalDay;
}

export interface RowTimes {
  readonly notBefore?: string | undefined;
  readonly dueAt?: string | undefined;
  readonly problems: readonly string[];
}

/** A time that the hub takes as it is, and an export gives back so. */
const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const monthName = dateFormat({ month: 'long', timeZone: 'UTC' });
/** What a day without a time begins and ends with. */
const [dayStart, dayEnd] = ['00:00', '23:59'];

/** A window may name its day once; without any it is today. A day without a time lasts from its start to its end. */
export function rowTimes(startText: string, dueText: string, reading: TimeReading): RowTimes {
  const [start, due] = [startText, dueText].map((text) => read(text, reading));
  const problems: string[] = [];
  const { noStart, noMoment } = words().row;
  const isStartOnly = start?.until !== undefined && start.from === undefined;
  if (startText !== '' && (!start || isStartOnly)) problems.push(faultOf(startText, reading, noStart));
  if (dueText !== '' && !due) problems.push(faultOf(dueText, reading, noMoment));
  if (problems.length > 0) return { problems };
  const day = due?.day ?? start?.day ?? reading.today;
  const moment = (text: string, { zone, ...at }: TimeText, time: string) => {
    if (whole.test(text) && isInCalendar(text)) return text;
    const found = momentOf(at.day ?? day, time, zone || reading.zone, shortText(text));
    if ('problem' in found) problems.push(found.problem);
    return 'problem' in found ? undefined : found.moment;
  };
  /** “ab 14 Uhr” is no end, whatever its column is called. */
  const end = due && (due.until ?? due.at ?? (due.from === undefined ? dayEnd : undefined));
  const given = start
    ? { text: startText, at: start }
    : due?.from !== undefined && { text: dueText, at: due };
  const dueAt = due && end !== undefined ? moment(dueText, due, end) : undefined;
  const notBefore = given
    ? moment(given.text, given.at, given.at.from ?? given.at.at ?? dayStart)
    : undefined;
  const range = !due && start?.until !== undefined ? moment(startText, start, start.until) : undefined;
  return { notBefore, dueAt: dueAt ?? range, problems };
}

function read(text: string, { order }: TimeReading): TimeText | undefined {
  if (text === '' || (order === undefined && eitherDayIn([text]) !== undefined)) return undefined;
  return readTimeText(text, order ?? 'dmy');
}

function faultOf(text: string, { order }: TimeReading, usual: (text: string) => string): string {
  const isEither = order === undefined && readTimeText(text, 'dmy') !== undefined;
  return isEither ? words().row.eitherDay(shortText(text)) : usual(shortText(text));
}

function momentOf(
  day: LocalDay,
  time: string,
  zone: string,
  shown: string,
): { moment: string } | { problem: string } {
  const { row } = words();
  if (!isInCalendar(day)) {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
    if (month < 1 || month > 12) return { problem: row.noMoment(shown) };
    return { problem: row.noDay(shown, date, monthName().format(Date.UTC(2000, month - 1)), year) };
  }
  const local = `${day}T${time}`;
  const moments = isOffset(zone) ? [Date.parse(`${local}${zone}`)] : momentsAt(local, zone);
  const [first, second] = moments.map((moment) => new Date(moment).toISOString());
  if (first === undefined) return { problem: row.noHour(shown) };
  return second === undefined ? { moment: first } : { problem: row.twice(shown, first, second) };
}

function isOffset(zone: string): boolean {
  return /^(Z|[+-]\d)/.test(zone);
}

export function shortText(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
