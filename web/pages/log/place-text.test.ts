import { expect, test } from 'vitest';
import { readPlace } from './place-text.ts';

const now = new Date(2026, 10, 20, 18, 5, 30);
const at = (...parts: [number, number, number]) => new Date(2026, 10, 20, ...parts).getTime();

test('a number, a time of day, a day and an order are told apart', () => {
  expect(readPlace('#1,284', now)).toEqual({ kind: 'seq', seq: 1_284 });
  expect(readPlace(' 18:03 ', now)).toEqual({ kind: 'time', moment: at(18, 3, 0) });
  expect(readPlace('9:03:11', now)).toEqual({ kind: 'time', moment: at(9, 3, 11) });
  expect(readPlace('2026-11-20 07:30', now)).toEqual({ kind: 'time', moment: at(7, 30, 0) });
  expect(readPlace('2026-11-20', now)).toEqual({ kind: 'time', moment: at(0, 0, 0) });
  expect(readPlace('1042', now)).toEqual({ kind: 'order', orderID: '1042' });
  expect(readPlace('25:99', now)).toEqual({ kind: 'order', orderID: '25:99' });
  expect(readPlace('  ', now)).toBeUndefined();
});

test('a time of day that is still to come was yesterday', () => {
  expect(readPlace('18:06', now)).toEqual({ kind: 'time', moment: at(18, 6, 0) - 24 * 3_600_000 });
});

test('a day that does not exist is no time, not one of the next month', () => {
  for (const given of ['2026-02-30', '2026-04-31 07:30', '2026-02-29']) {
    expect(readPlace(given, now)).toEqual({ kind: 'order', orderID: given });
  }
});
