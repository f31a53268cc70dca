import { localDayAt, localTimeAt, momentsAt } from '../../protocol/zoned-time.ts';
import { isInCalendar } from './calendar.ts';
import { deviceZone } from './device-zone.ts';

/**
 * The moments that a field of the form may mean: none if it is no time, or one that the clocks leave out that night; two if
 * they show it twice.
 * @param text `2026-11-30T14:30` in the zone, as a field has it
 */
export function momentsOf(text: string, zone: string = deviceZone()): readonly number[] {
  return isTimeText(text) ? momentsAt(text, zone) : [];
}

/** Whether it is a day of the calendar and a time of day, whatever the clocks do that night. */
export function isTimeText(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text) && isInCalendar(text);
}

/** @returns the moment that a field means, the first one if the clocks show it twice; undefined if there is none */
export function momentOf(text: string, zone?: string): string | undefined {
  const [first] = momentsOf(text, zone);
  return first === undefined ? undefined : new Date(first).toISOString();
}

/** @returns a time in the zone, as a field of the form has it: `2026-11-30T14:30`. Empty if there is none */
export function localText(moment: string | number | undefined, zone: string = deviceZone()): string {
  const time = new Date(moment ?? Number.NaN).getTime();
  return Number.isNaN(time) ? '' : localTimeAt(time, zone).slice(0, 16);
}

const [opensAt, closesAt] = ['09:00', '18:00'];
/** Within less time nothing is delivered. */
const leastMs = 2 * 3_600_000;
const halfHourMs = 1_800_000;
const dayMs = 86_400_000;

/**
 * @returns the usual window of a day in the zone: until the evening, or two hours from now if the evening is near. It does
 *   not reach into the next day
 * @param now milliseconds since 1970
 */
export function windowOf(
  day: 'today' | 'tomorrow',
  now: number,
  zone: string = deviceZone(),
): { notBefore: string; dueAt: string } {
  const today = localDayAt(now, zone);
  if (day === 'tomorrow') {
    const next = new Date(Date.parse(`${today}T00:00Z`) + dayMs).toISOString().slice(0, 10);
    return { notBefore: `${next}T${opensAt}`, dueAt: `${next}T${closesAt}` };
  }
  const soonest = localText(Math.ceil((now + leastMs) / halfHourMs) * halfHourMs, zone);
  const evening = `${today}T${closesAt}`;
  const due = soonest > evening ? soonest : evening;
  const night = `${today}T23:59`;
  return { notBefore: '', dueAt: due > night ? night : due };
}
