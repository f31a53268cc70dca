import { expect, test } from 'vitest';
import { localText, momentOf, windowOf } from './due-time.ts';

test.each([
  ['2026-11-30T14:30:00+01:00', '2026-11-30T13:30:00.000Z'],
  ['2026-11-30 9:05Z', '2026-11-30T09:05:00.000Z'],
  ['2028-02-29 9:05Z', '2028-02-29T09:05:00.000Z'],
])('a due time: %s', (text, moment) => expect(momentOf(text)).toBe(moment));

test.each(['2026-11-30 14:30', '30.11.2026 14:30', ' 30.11.2026  14:30 '])(
  'a due time without a zone is in this device’s: %s',
  (text) => expect(momentOf(text)).toBe(new Date(2026, 10, 30, 14, 30).toISOString()),
);

test.each([
  '2026-02-30 14:30',
  '2026-04-31 14:30',
  '2026-02-29T14:30Z',
  '30.2.2026 9:00',
  '2026-13-30 14:30',
  '2026-11-30',
  '30/11/2026 14:30',
  '30/11/2026 2:30 PM',
  '14:30',
  'bis 16 Uhr',
  '2026-11-30 25:00',
  '',
])('no due time: %s', (text) => expect(momentOf(text)).toBeUndefined());

const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

test('a time is shown in this device’s zone, and read from it again', () => {
  const moment = new Date(local(30, 14, 30)).toISOString();
  expect(localText(moment)).toBe('2026-11-30T14:30');
  expect(momentOf(localText(moment))).toBe(moment);
  expect([localText(undefined), localText('soon')]).toEqual(['', '']);
});

test.each([
  ['in the morning', local(30, 8, 10), '2026-11-30T18:00'],
  ['when the evening is near', local(30, 17, 10), '2026-11-30T19:30'],
  ['at night', local(30, 23, 10), '2026-11-30T23:59'],
])('“Today” means by the evening: %s', (_, now, dueAt) =>
  expect(windowOf('today', now)).toEqual({ notBefore: '', dueAt }),
);

test('“Tomorrow” means in its business hours', () => {
  expect(windowOf('tomorrow', local(30, 23, 10))).toEqual({
    notBefore: '2026-12-01T09:00',
    dueAt: '2026-12-01T18:00',
  });
});
