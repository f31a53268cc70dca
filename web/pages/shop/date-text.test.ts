import { expect, test } from 'vitest';
import { dayOrderIn, eitherDayIn, readTimeText } from './date-text.ts';

test.each([
  ['2026-11-30 14:30', { day: '2026-11-30', at: '14:30' }],
  ['2026-11-30T14:30:05+01:00', { day: '2026-11-30', at: '14:30:05', zone: '+01:00' }],
  ['2026/11/30', { day: '2026-11-30' }],
  ['30.11.2026 14:30', { day: '2026-11-30', at: '14:30' }],
  ['30.11.26, 14.30 Uhr', { day: '2026-11-30', at: '14:30' }],
  ['Mo., 30. 11. 2026 um 9 Uhr', { day: '2026-11-30', at: '09:00' }],
  ['30/11/2026 14:30', { day: '2026-11-30', at: '14:30' }],
  ['30-11-2026 2:30 PM', { day: '2026-11-30', at: '14:30' }],
  ['30. November 2026 bis 16 Uhr', { day: '2026-11-30', until: '16:00' }],
  ['Monday, Nov 30, 2026 12 am', { day: '2026-11-30', at: '00:00' }],
  ['lundi 30 novembre 2026 à 14h30', { day: '2026-11-30', at: '14:30' }],
  ['28.11.2026 bis 16 Uhr', { day: '2026-11-28', until: '16:00' }],
  ['14:30', { at: '14:30' }],
  ['2 p.m.', { at: '14:00' }],
  ['bis 16 Uhr', { until: '16:00' }],
  ['by 4pm', { until: '16:00' }],
  ['ab 14 Uhr', { from: '14:00' }],
  ['9:00–12:00', { from: '09:00', until: '12:00' }],
  ['9–12 Uhr', { from: '09:00', until: '12:00' }],
  ['2-4 pm', { from: '14:00', until: '16:00' }],
  ['zwischen 9 und 12 Uhr', { from: '09:00', until: '12:00' }],
  ['30.11.2026 9-12', { day: '2026-11-30', from: '09:00', until: '12:00' }],
  ['24:00', { at: '23:59' }],
  ['٣٠/١١/٢٠٢٦ ١٤:٣٠', { day: '2026-11-30', at: '14:30' }],
  ['30.2.2026 9:00', { day: '2026-02-30', at: '09:00' }],
])('%s', (text, read) => expect(readTimeText(text, 'dmy')).toEqual({ zone: '', ...read }));

test('day and month stand as the column says', () => {
  expect(readTimeText('11/30/2026 2:30 PM', 'mdy')).toMatchObject({ day: '2026-11-30', at: '14:30' });
  expect(readTimeText('03/04/2026', 'mdy')?.day).toBe('2026-03-04');
  expect(readTimeText('03/04/2026', 'dmy')?.day).toBe('2026-04-03');
});

test.each([
  '',
  'soon',
  '12',
  '9-12',
  '25:00',
  '13 pm',
  '14:75',
  '30.11.',
  '30.11.2026 soon',
  '30/11/2026/5',
  'bis 16 Uhr oder so',
  'ring 2 times',
])('neither a day nor a time: %s', (text) => expect(readTimeText(text, 'dmy')).toBeUndefined());

test('one day past the twelfth tells the order of the whole column', () => {
  expect(dayOrderIn(['03/04/2026', '', '30/11/2026 14:30'])).toBe('dmy');
  expect(dayOrderIn(['03/04/2026', '11/30/2026'])).toBe('mdy');
  expect(dayOrderIn(['03/04/2026', '30.11.2026'])).toBeUndefined();
  expect(eitherDayIn(['5/5/2026', '30.11.2026', 'Sat 03/04/2026 9:00'])).toBe('03/04/2026');
  expect(eitherDayIn(['5/5/2026', '2026-04-03'])).toBeUndefined();
});

test('a long text costs little', () => {
  const start = performance.now();
  for (const text of ['1'.repeat(20_000), 'a '.repeat(10_000), '1-'.repeat(10_000)])
    expect(readTimeText(text, 'dmy')).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(2_000);
});
