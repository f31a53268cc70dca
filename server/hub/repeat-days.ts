/** The days of a rule, and when a day's order may be delivered in the zone of its store. */

import { createRequire } from 'node:module';
import type { NewRepeat, toldKinds } from '../../protocol/repeats.ts';
import { type LocalDay, localTimeAt, momentsAt } from '../../protocol/zoned-time.ts';

const dayMs = 86_400_000;

/** Loaded with the first rule, because a start would pay for it, and most hubs have none. */
const load = createRequire(import.meta.url);
const library = (): typeof import('rrule-temporal') => load('rrule-temporal');

/** @returns the rule's days after one and up to another, both `2026-11-30`, the first ones */
export function daysOf(
  { rule, from }: Pick<NewRepeat, 'rule' | 'from'>,
  after: LocalDay,
  upTo: LocalDay,
  most: number,
): readonly LocalDay[] {
  const [first, last] = [nextDay(after), upTo];
  if (first > last || from > last) return [];
  // Days have no zone: midnights of UTC stand for them.
  const start = from.replaceAll('-', '');
  // The same days; without the date, a month takes the library a hundred times as long.
  const isBare = rule.includes('FREQ=MONTHLY') && !rule.includes('BY');
  const date = isBare ? `;BYMONTHDAY=${Number(from.slice(8))}` : '';
  const { RRuleTemporal } = library();
  const rules = new RRuleTemporal({
    rruleString: `DTSTART:${start}T000000Z\nRRULE:${rule.replace(/^RRULE:/, '')}${date}`,
  });
  const [begin, end] = [first, last].map((day) => new Date(`${day}T00:00:00Z`));
  if (!begin || !end) return [];
  return rules
    .between(begin, end, true)
    .slice(0, most)
    .map((moment) => moment.toString().slice(0, 10));
}

export function nextDay(day: LocalDay, by = 1): LocalDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * dayMs).toISOString().slice(0, 10);
}

export interface RepeatWindow {
  readonly notBefore?: number | undefined;
  readonly dueAt?: number | undefined;
  /** What the clocks have made of its times, if that is not what the rule says. */
  readonly told?: Extract<(typeof toldKinds)[number], 'moved' | 'first'> | undefined;
}

/**
 * A time that the clocks leave out that day is as long after midnight as ever, and of two the first counts: so RFC 5545
 * has it. Both are told.
 */
export function windowOn(
  day: LocalDay,
  { start, end }: Pick<NewRepeat, 'start' | 'end'>,
  zone: string,
): RepeatWindow {
  const [from, to] = [start, end].map((time) => (time === undefined ? undefined : momentOf(day, time, zone)));
  const notBefore = from?.moment;
  // An hour that is left out may turn them around.
  const dueAt = to && notBefore !== undefined ? Math.max(notBefore, to.moment) : to?.moment;
  return { notBefore, dueAt, told: from?.told ?? to?.told };
}

function momentOf(day: LocalDay, time: string, zone: string): { moment: number; told?: 'moved' | 'first' } {
  const local = `${day}T${time}`;
  const [first, second] = momentsAt(local, zone);
  if (first !== undefined) return { moment: first, ...(second === undefined ? {} : { told: 'first' }) };
  const asUtc = Date.parse(`${local}:00Z`);
  const before = asUtc - dayMs;
  const offset = Date.parse(`${localTimeAt(before, zone)}Z`) - before;
  return { moment: asUtc - offset, told: 'moved' };
}
