/** Orders that repeat: a rule of RFC 5545, times of the day, and the order that the hub makes on each of its days. */

import { z } from 'zod';
import { newIdSchema, newTextSchema } from './texts.ts';
import { isTimeZone } from './time-window.ts';

export const repeatLimits = {
  /** Per store. */
  perStore: 50,
  /** At one hub. */
  all: 10_000,
  /** Of one, as JSON. */
  bytes: 4_096,
  /** What is told of past days, newest first. */
  told: 10,
} as const;

const part = {
  freq: '(?:DAILY|WEEKLY|MONTHLY)',
  interval: '[1-9]\\d?',
  weekday: '(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)',
  date: '-?(?:[1-9]|[12]\\d|3[01])',
} as const;
/** A day of each month at most; larger rules would have to be searched for the days that they do not have. */
const rulePattern = new RegExp(
  `^(?:RRULE:)?FREQ=${part.freq}(?:;(?:INTERVAL=${part.interval}|BYDAY=${part.weekday}(?:,${part.weekday}){0,6}|BYMONTHDAY=${part.date}(?:,${part.date}){0,9}|UNTIL=\\d{8}|COUNT=[1-9]\\d{0,2}|WKST=(?:MO|SU)))*$`,
);

/** Whether it is a rule that repeats make orders of. */
export function isRepeatRule(rule: string): boolean {
  if (!rulePattern.test(rule)) return false;
  const names = rule
    .replace(/^RRULE:/, '')
    .split(';')
    .map((one) => one.split('=')[0]);
  const [isMonthly, hasPlace] = [rule.includes('FREQ=MONTHLY'), /BYDAY=[^;]*\d/.test(rule)];
  return (
    new Set(names).size === names.length &&
    !(names.includes('BYDAY') && names.includes('BYMONTHDAY')) &&
    !(names.includes('UNTIL') && names.includes('COUNT')) &&
    isDay(/UNTIL=(\d{8})/.exec(rule)?.[1] ?? '20000101') &&
    (isMonthly || !(names.includes('BYMONTHDAY') || hasPlace))
  );
}

/** @param digits `20261130` */
function isDay(digits: string): boolean {
  return z.iso.date().safeParse(digits.replace(/^(....)(..)/, '$1-$2-')).success;
}

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day, like 09:00')
  .optional();

export const newRepeatSchema = z
  .strictObject({
    rule: z.string().max(200).refine(isRepeatRule, 'Is no rule that repeats here').meta({
      description:
        'An RRULE of RFC 5545: `FREQ` `DAILY`, `WEEKLY` or `MONTHLY`, with `INTERVAL`, `BYDAY`, `BYMONTHDAY`, `UNTIL`, `COUNT`, `WKST`.',
    }),
    from: z.iso.date().meta({ description: 'The first day on which it may be, in the store’s zone.' }),
    start: timeOfDay.meta({ description: 'Becomes `notBefore` of each order.' }),
    end: timeOfDay.meta({ description: 'Becomes `dueAt` of each order.' }),
    timeZone: z.string().refine(isTimeZone, 'Is not a time zone, like Europe/Berlin').optional().meta({
      description: 'The zone of days and times, if the store’s profile names none.',
    }),
    order: z
      .strictObject({
        customer: newTextSchema,
        address: newTextSchema,
        phone: newTextSchema.optional(),
        email: newTextSchema.optional(),
        note: newTextSchema.optional(),
      })
      .meta({ description: 'What each order says.' }),
  })
  .refine(({ start, end }) => start !== undefined || end !== undefined, {
    path: ['end'],
    message: 'is missing, and so is start: one of them must say when',
  })
  .refine(({ start, end }) => start === undefined || end === undefined || start <= end, {
    path: ['start'],
    message: 'is after end',
  });
/** What a repeat is made of. */
export type NewRepeat = z.output<typeof newRepeatSchema>;

/**
 * What became of a day: `missed` while no hub ran, `refused` by the hub, `moved` as its time does not exist that day, `first`
 * of two times as it comes twice.
 */
export const toldKinds = ['missed', 'refused', 'moved', 'first'] as const;

export const repeatSchema = newRepeatSchema.safeExtend({
  id: newIdSchema,
  next: z.iso
    .date()
    .optional()
    .meta({ description: 'The next day that has no order yet; absent if there is none.' }),
  broken: z.literal(true).optional().meta({
    description:
      'The hub does not understand it any more, so it makes no orders of it. Its other fields are what could be read. It can be replaced or ended.',
  }),
  told: z
    .array(z.object({ day: z.iso.date(), what: z.enum(toldKinds) }))
    .optional()
    .meta({ description: 'Days on which it went otherwise, newest first.' }),
});
export type Repeat = z.output<typeof repeatSchema>;
