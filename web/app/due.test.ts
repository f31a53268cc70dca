import { expect, test } from 'vitest';
import type { Status } from '../../protocol/events.ts';
import { viewOfRed } from '../../testkit/stub-browser.ts';
import { wantedFrom, wasDue } from './due.ts';

const view = (status: Status, order: { dueAt?: string; notBefore?: string } = {}) => {
  const { payload, ...rest } = viewOfRed('a', status, 3);
  return { ...rest, payload: { ...payload, ...order } };
};
const noon = '2026-01-01T12:00:00.000Z';
const at = Date.parse(noon);

test.each<[string, Status, number, boolean]>([
  ['was due, once it is delivered and the time is over', 'delivered', at + 1, true],
  ['is due, while the time is ahead, though it is delivered', 'delivered', at - 1, false],
  ['is due, however late, while it is to come', 'in-transit', at + 1, false],
])('a parcel %s', (_, status, now, expected) => {
  expect(wasDue(view(status, { dueAt: noon }), now)).toBe(expected);
});

test('an order is wanted from an hour before its time, and always if it has none', () => {
  expect(wantedFrom(view('ready', { notBefore: noon }))).toBe(at - 3_600_000);
  expect(wantedFrom(view('ready'))).toBe(Number.NEGATIVE_INFINITY);
  expect(wantedFrom(view('ready', { notBefore: 'tomorrow' }))).toBe(Number.NEGATIVE_INFINITY);
});
