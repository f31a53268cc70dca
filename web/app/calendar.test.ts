import { expect, test } from 'vitest';
import { isInCalendar } from './calendar.ts';

test.each(['2026-02-28', '2028-02-29', '2000-02-29', '2026-12-31', '2026-04-30T10:00:00Z', '0099-01-31'])(
  'a day: %s',
  (day) => expect(isInCalendar(day)).toBe(true),
);

test.each([
  '2026-02-29',
  '2026-02-30',
  '2026-04-31',
  '1900-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-1-1',
  'x',
])('no day: %s', (day) => expect(isInCalendar(day)).toBe(false));
