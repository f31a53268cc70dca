import { expect, test } from 'vitest';
import { isRepeatRule } from '../../../protocol/repeats.ts';
import { choiceOf, comesOn, type RuleChoice, ruleOf, windowFor } from './repeat-rule.ts';

const tuesday = '2026-12-01';

test.each<[RuleChoice, string]>([
  [{ rhythm: 'daily', days: [] }, 'FREQ=DAILY'],
  [{ rhythm: 'weekly', days: ['TU'] }, 'FREQ=WEEKLY;BYDAY=TU'],
  [{ rhythm: 'fortnightly', days: ['MO', 'FR'] }, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR'],
  [{ rhythm: 'monthly', days: [] }, 'FREQ=MONTHLY;BYMONTHDAY=1'],
])('what a person chooses is a rule, and back: %j', (choice, rule) => {
  expect(ruleOf(choice, tuesday)).toBe(rule);
  expect(isRepeatRule(rule)).toBe(true);
  expect(choiceOf(rule, tuesday)).toEqual(choice);
});

test('without a weekday it is that of the first day', () =>
  expect(ruleOf({ rhythm: 'weekly', days: [] }, tuesday)).toBe('FREQ=WEEKLY;BYDAY=TU'));

test.each(['FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=DAILY;COUNT=3', 'FREQ=MONTHLY;BYMONTHDAY=15'])(
  'a rule of another program has no words: %s',
  (rule) => expect(choiceOf(rule, tuesday)).toBeUndefined(),
);

test.each([
  ['', '', '09:00', '12:00'],
  ['15:00', '', '15:00', '18:00'],
  ['22:30', '', '22:30', '23:59'],
  ['', '08:00', '05:00', '08:00'],
  ['', '02:00', '00:00', '02:00'],
  ['13:00', '13:30', '13:00', '13:30'],
])('what begins at “%s” and ends at “%s” is offered from %s to %s', (start, end, first, last) =>
  expect(windowFor({ start, end })).toEqual({ start: first, end: last }),
);

/** Two weeks from the Tuesday on, and the first days of the next two months. */
const someDays = [
  ...Array.from({ length: 14 }, (_, i) => `2026-12-${String(i + 1).padStart(2, '0')}`),
  ...['2027-01-01', '2027-02-01', '2027-02-02'],
];

test.each<[string, string, readonly string[]]>([
  ['FREQ=DAILY', '2026-12-12', ['2026-12-12', '2026-12-13', '2026-12-14', ...someDays.slice(14)]],
  ['FREQ=WEEKLY;BYDAY=TU,SA', '2026-12-05', ['2026-12-05', '2026-12-08', '2026-12-12', '2027-02-02']],
  // The week of the first day counts, and every second one from it.
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR', '2026-12-04', ['2026-12-04', '2026-12-14', '2027-01-01']],
  ['FREQ=MONTHLY;BYMONTHDAY=1', '2027-01-01', ['2027-01-01', '2027-02-01']],
  // Nobody here knows more of it than its next day.
  ['FREQ=DAILY;COUNT=30', '2026-12-03', ['2026-12-03']],
])('the days on which %s is still to come', (rule, next, days) => {
  expect(someDays.filter((day) => comesOn({ rule, from: tuesday, next }, day))).toEqual(days);
});

test('a rule without a further day comes no more', () =>
  expect(someDays.filter((day) => comesOn({ rule: 'FREQ=DAILY', from: tuesday }, day))).toEqual([]));
