import { expect, test } from 'vitest';
import { parseDestination } from './destination.ts';

const now = new Date(2026, 10, 20, 18, 5, 30);
const at = (...parts: [number, number, number]) => new Date(2026, 10, 20, ...parts).getTime();

test('a number, a time of day, a day and an order are told apart', () => {
  expect(parseDestination('#1,284', now)).toEqual({ kind: 'seq', seq: 1_284, orderID: '#1,284' });
  expect(parseDestination(' 18:03 ', now)).toEqual({ kind: 'time', moment: at(18, 3, 0) });
  expect(parseDestination('9:03:11', now)).toEqual({ kind: 'time', moment: at(9, 3, 11) });
  expect(parseDestination('2026-11-20 07:30', now)).toEqual({ kind: 'time', moment: at(7, 30, 0) });
  expect(parseDestination('2026-11-20', now)).toEqual({ kind: 'time', moment: at(0, 0, 0) });
  expect(parseDestination('1042', now)).toEqual({ kind: 'order', orderID: '1042' });
  expect(parseDestination('25:99', now)).toEqual({ kind: 'order', orderID: '25:99' });
  expect(parseDestination('  ', now)).toBeUndefined();
});

test('digits may be those of an Arabic or a Persian keyboard', () => {
  expect(parseDestination('#١٬٢٨٤', now)).toEqual({ kind: 'seq', seq: 1_284, orderID: '#١٬٢٨٤' });
  expect(parseDestination('١٨:٠٣', now)).toEqual({ kind: 'time', moment: at(18, 3, 0) });
  expect(parseDestination('۲۰۲۶-۱۱-۲۰ ۰۷:۳۰', now)).toEqual({ kind: 'time', moment: at(7, 30, 0) });
  expect(parseDestination('١٠ min ago', now)).toEqual({ kind: 'time', moment: now.getTime() - 600_000 });
  expect(parseDestination('١٠٤٢', now)).toEqual({ kind: 'order', orderID: '١٠٤٢' });
});

test('a time of day that is still to come was yesterday', () => {
  expect(parseDestination('18:06', now)).toEqual({ kind: 'time', moment: at(18, 6, 0) - 24 * 3_600_000 });
});

test('a day that does not exist is no time, not one of the next month', () => {
  for (const given of ['2026-02-30', '2026-04-31 07:30', '2026-02-29']) {
    expect(parseDestination(given, now)).toEqual({ kind: 'order', orderID: given });
  }
});

test('a day can be named in the words people use, with or without a time', () => {
  // 20 November 2026 is a Friday.
  const day = (date: number, ...clock: [number?, number?, number?]) =>
    new Date(2026, 10, date, clock[0] ?? 0, clock[1] ?? 0, clock[2] ?? 0).getTime();
  const moments: readonly (readonly [string, number])[] = [
    ['yesterday 14:00', day(19, 14)],
    ['Yesterday, 14:00:30', day(19, 14, 0, 30)],
    ['14:00 yesterday', day(19, 14)],
    ['yesterday', day(19)],
    ['today 9:30', day(20, 9, 30)],
    ['today 23:00', day(20, 23)],
    ['2 pm', day(20, 14)],
    ['12:15am', day(20, 0, 15)],
    ['monday 8:00', day(16, 8)],
    ['Wed', day(18)],
    ['friday 18:00', day(20, 18)],
    ['friday 18:30', day(13, 18, 30)],
    ['saturday', day(14)],
    ['3 Nov 7:05', day(3, 7, 5)],
    ['Nov 3rd', day(3)],
    ['nov 3 2026 07:05', day(3, 7, 5)],
    ['24 December', new Date(2025, 11, 24).getTime()],
    ['2026-11-03T07:05', day(3, 7, 5)],
    ['10 min ago', now.getTime() - 600_000],
    ['2 hours ago', now.getTime() - 7_200_000],
  ];
  for (const [text, moment] of moments)
    expect(parseDestination(text, now), text).toEqual({ kind: 'time', moment });
  expect(parseDestination('2026-11-20T18:03:11.246Z', now)).toEqual({
    kind: 'time',
    moment: Date.parse('2026-11-20T18:03:11.246Z'),
  });
});

test('what is no moment is an order', () => {
  const orders = [
    '12',
    '2026',
    'mi8qe',
    'may',
    '31 feb',
    'today yesterday',
    'yesterday 25:00',
    'monday 3 nov',
    'tu',
    '9:30 10:30',
  ];
  for (const orderID of orders)
    expect(parseDestination(orderID, now), orderID).toEqual({ kind: 'order', orderID });
});
