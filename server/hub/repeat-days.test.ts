import { expect, test } from 'vitest';
import { isRepeatRule } from '../../protocol/repeats.ts';
import { daysOf, windowOn } from './repeat-days.ts';

const from = '2026-12-01';
const days = (rule: string, after = '2026-11-30', upTo = '2027-01-31', most = 4) =>
  daysOf({ rule, from }, after, upTo, most);

test.each([
  ['FREQ=WEEKLY;BYDAY=TU', ['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22']],
  ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR', ['2026-12-01', '2026-12-04', '2026-12-15', '2026-12-18']],
  ['FREQ=DAILY;COUNT=2', ['2026-12-01', '2026-12-02']],
  ['FREQ=DAILY;UNTIL=20261203', ['2026-12-01', '2026-12-02', '2026-12-03']],
  ['FREQ=MONTHLY;BYDAY=-1FR', ['2026-12-25', '2027-01-29']],
  ['FREQ=MONTHLY;BYMONTHDAY=31', ['2026-12-31', '2027-01-31']],
])('the days of %s', (rule, expected) => {
  expect(isRepeatRule(rule)).toBe(true);
  expect(days(rule)).toEqual(expected);
});

test('days begin after the one that was decided last, also years later', () => {
  expect(days('FREQ=WEEKLY;BYDAY=TU', '2026-12-08')).toEqual([
    '2026-12-15',
    '2026-12-22',
    '2026-12-29',
    '2027-01-05',
  ]);
  expect(days('FREQ=WEEKLY;BYDAY=TU', '2036-12-01', '2036-12-09')).toEqual(['2036-12-02', '2036-12-09']);
  expect(days('FREQ=WEEKLY;BYDAY=TU', '2026-11-01', '2026-11-30')).toEqual([]);
  expect(days('FREQ=DAILY;COUNT=3', '2026-12-02')).toEqual(['2026-12-03']);
});

test.each([
  'FREQ=HOURLY',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31',
  'FREQ=WEEKLY;BYDAY=2TU',
  'FREQ=WEEKLY;BYMONTHDAY=3',
  'FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31',
  'FREQ=DAILY;INTERVAL=0',
  'FREQ=DAILY;COUNT=1;COUNT=2',
  'FREQ=DAILY;COUNT=2;UNTIL=20261203',
  'FREQ=DAILY;BYSETPOS=1',
  'FREQ=DAILY;UNTIL=20261131',
  'FREQ=DAILY;UNTIL=99999999',
  'FREQ=WEEKLY;BYDAY=-MO',
  'FREQ=MONTHLY;BYDAY=1MO,+TU',
  'freq=daily',
  '',
])('no rule that repeats: %s', (rule) => expect(isRepeatRule(rule)).toBe(false));

test('a month without a date means that of its first day, and is counted as quickly', () => {
  const from = '1900-01-31';
  for (const rule of ['FREQ=MONTHLY;COUNT=999', 'FREQ=MONTHLY;INTERVAL=2'])
    expect(daysOf({ rule, from }, '2026-11-30', '2028-12-31', 9)).toEqual(
      daysOf({ rule: `${rule};BYMONTHDAY=31`, from }, '2026-11-30', '2028-12-31', 9),
    );
  const before = performance.now();
  for (let i = 0; i < 10; i++)
    daysOf({ rule: 'FREQ=MONTHLY;COUNT=999', from }, '2026-11-30', '2029-01-01', 2);
  const dated = performance.now();
  for (let i = 0; i < 10; i++)
    daysOf({ rule: 'FREQ=MONTHLY;COUNT=999;BYMONTHDAY=31', from }, '2026-11-30', '2029-01-01', 2);
  expect((dated - before) / (performance.now() - dated)).toBeLessThan(20);
});

const iso = (moment: number | undefined) => moment && new Date(moment).toISOString();

test.each([
  ['2026-12-01', '09:00', '12:00', '2026-12-01T08:00:00.000Z', '2026-12-01T11:00:00.000Z', undefined],
  ['2027-06-01', '09:00', undefined, '2027-06-01T07:00:00.000Z', undefined, undefined],
  // The clocks are set forward from 2:00 to 3:00.
  ['2027-03-28', '02:30', '03:15', '2027-03-28T01:30:00.000Z', '2027-03-28T01:30:00.000Z', 'moved'],
  // They are set back from 3:00 to 2:00.
  ['2026-10-25', undefined, '02:30', undefined, '2026-10-25T00:30:00.000Z', 'first'],
])('%s from %s to %s in Berlin', (day, start, end, notBefore, dueAt, told) => {
  const window = windowOn(day, { start, end }, 'Europe/Berlin');
  expect([iso(window.notBefore), iso(window.dueAt), window.told]).toEqual([notBefore, dueAt, told]);
});
