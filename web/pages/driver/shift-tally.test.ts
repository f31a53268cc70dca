import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import { recordOfRed, restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { ShiftTally } from './shift-tally.ts';

const ana = { role: 'driver', id: 'ana' } as const;
const minuteMs = 60_000;
let tally: ShiftTally;

beforeEach(() => {
  stubBrowser();
  tally = new ShiftTally('ana');
});
afterEach(() => restoreBrowser());

type Event = Parameters<typeof recordOfRed>[2];
const now = () => new Date(Date.now()).toISOString();
const add = (orderID: string, event: Event, status: Status, by: Parameters<typeof recordOfRed>[4] = ana) =>
  tally.add({ ...recordOfRed(orderID, 4, event, status, by), time: now() });

test('a parcel counts once, by what was done with it last', () => {
  add('a', 'delivered', 'delivered');
  add('a', 'delivered', 'delivered');
  add('b', 'attempt-failed', 'failed');
  add('c', 'attempt-failed', 'failed');
  add('c', 'returning', 'returning');
  add('c', 'returned', 'returned');
  add('d', 'attempt-failed', 'failed');
  add('d', 'retried', 'in-transit');
  expect(tally.summary([])).toMatchObject({ delivered: 1, failed: 1, returned: 1 });
});

test('what was taken back does not count, nor what others did', () => {
  add('a', 'delivered', 'delivered');
  add('a', 'corrected', 'in-transit');
  add('b', 'delivered', 'delivered');
  add('b', 'corrected', 'in-transit', { role: 'admin', id: 'admin' });
  add('c', 'delivered', 'delivered', { role: 'driver', id: 'ben' });
  expect(tally.summary([])).toMatchObject({ delivered: 0 });
});

test('a shift begins anew, and an earlier page’s goes on for a day at most', () => {
  add('a', 'delivered', 'delivered');
  const { saved } = tally;
  vi.advanceTimersByTime(60 * minuteMs);
  const next = new ShiftTally('ana');
  next.restore(saved);
  expect(next.summary([])).toMatchObject({ since: saved.since, delivered: 1 });
  next.begin();
  expect(next.summary([])).toMatchObject({ since: Date.now(), delivered: 0 });
  vi.advanceTimersByTime(24 * 60 * minuteMs);
  const tomorrow = new ShiftTally('ana');
  tomorrow.restore(saved);
  expect(tomorrow.summary([])).toMatchObject({ since: Date.now(), delivered: 0 });
});

test('what waits for the network counts already', () => {
  add('b', 'delivered', 'delivered');
  const pending = (event: 'delivered' | 'corrected') => ({
    ...{ id: event, event, at: 0, leadsTo: undefined, isUnsent: true, isSaved: true },
  });
  const row = (key: string, event: 'delivered' | 'corrected') => ({ key, pending: [pending(event)] });
  expect(tally.summary([row('red\na', 'delivered'), row('red\nb', 'corrected')])).toMatchObject({
    delivered: 1,
  });
});
