import { expect, test } from 'vitest';
import { localText, momentOf, windowOf } from './due-time.ts';

test.each(['2026-02-30T14:30', '2026-11-30T25:00', '2026-11-30', '2026-11-30 14:30', '14:30', ''])(
  'no time of a field: %s',
  (text) => expect(momentOf(text)).toBeUndefined(),
);

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
