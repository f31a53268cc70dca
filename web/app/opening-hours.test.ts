import { expect, test } from 'vitest';
import { hoursOn, tomorrowIn } from './opening-hours.ts';

/** Hours from Monday to Sunday, as `9:00-18:00`; `-` where it is closed. */
const weekOf = (text: string) =>
  [30, 31, 32, 33, 34, 35, 36].map((date) => {
    const day = new Date(Date.UTC(2026, 10, date)).toISOString().slice(0, 10);
    const hours = hoursOn(text, day);
    return hours === undefined ? undefined : hours === 'closed' ? '-' : `${hours.opens}-${hours.closes}`;
  });
const five = (hours: string) => Array.from({ length: 5 }, () => hours);

test.each([
  ['Mon–Fri 9:00–18:00, Sat 10:00–14:00', [...five('09:00-18:00'), '10:00-14:00', '-']],
  ['Mo-Fr 8-18 Uhr, Sa. 9-13 Uhr', [...five('08:00-18:00'), '09:00-13:00', '-']],
  ['Monday to Friday: 9am to 5.30pm; Sat closed', [...five('09:00-17:30'), '-', '-']],
  ['Montag bis Samstag 7 – 20 Uhr, So geschlossen', [...five('07:00-20:00'), '07:00-20:00', '-']],
  ['Mo, Mi und Fr 9–12 und 14–18', ['09:00-18:00', '-', '09:00-18:00', '-', '09:00-18:00', '-', '-']],
  ['Fri–Sun 18:00–02:00', ['-', '-', '-', '-', '18:00-23:59', '18:00-23:59', '18:00-23:59']],
  ['Tue-Fri 9-6', ['-', '09:00-18:00', '09:00-18:00', '09:00-18:00', '09:00-18:00', '-', '-']],
  ['daily 10:00 - 24:00', [...five('10:00-23:59'), '10:00-23:59', '10:00-23:59']],
  ['11–20', [...five('11:00-20:00'), '11:00-20:00', '11:00-20:00']],
  [
    'الأحد–الخميس 9:00–17:00، الجمعة مغلق',
    ['09:00-17:00', '09:00-17:00', '09:00-17:00', '09:00-17:00', '-', '-', '09:00-17:00'],
  ],
])('%s', (text, expected) => expect(weekOf(text)).toEqual(expected));

test.each([
  '',
  'Call us',
  'Mon–Fri',
  'Mon–Fri 9',
  'weekdays 9–18',
  'Mon–Fri 9:00–18:00, except holidays',
  '25–30',
  'closed',
  '24/7',
])('no guess: %s', (text) => expect(hoursOn(text, '2026-11-30')).toBeUndefined());

test('“Tomorrow” lasts while the shop is open, by its own clock', () => {
  const now = Date.parse('2026-11-30T23:30:00Z');
  const tomorrow = (hours: string) => tomorrowIn(hours, now, 'Asia/Tokyo');
  expect(tomorrow('7:30–13')).toEqual({ notBefore: '2026-12-02T07:30', dueAt: '2026-12-02T13:00' });
  expect(tomorrow('Mon, Tue 9–18')).toBe('closed');
  expect(tomorrow('by appointment')).toBeUndefined();
});
