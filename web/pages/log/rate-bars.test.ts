import { expect, test } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { RateBars } from './rate-bars.ts';

const start = Date.UTC(2026, 10, 20, 18, 0, 0);

function record(seq: number, atMs: number, status: Status = 'ready'): CapsRecord {
  return {
    seq,
    event: 'pickup',
    status,
    rev: 1,
    time: new Date(start + atMs).toISOString(),
    payload: { store: 'red', orderID: `o${seq}`, customer: 'Hulda', address: '835 Meluk Pass' },
    by: { role: 'vendor', id: 'red' },
    via: 'socket.io',
  };
}

test('counts records by kind and second, with the current second last', () => {
  const rate = new RateBars(4);
  rate.live([record(1, 0), record(2, 500, 'delivered'), record(3, 1_000, 'cancelled')], start + 1_000);
  const { bars, peak } = rate.snapshot(start + 2_000);
  expect(bars).toEqual([
    [0, 0, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 0],
  ]);
  expect(peak).toBe(2);
});

test('seconds without a record are empty, however many', () => {
  const rate = new RateBars(4);
  rate.live([record(1, 0)], start);
  expect(rate.snapshot(start + 3_000).peak).toBe(1);
  expect(rate.snapshot(start + 4_000).peak).toBe(0);
  expect(rate.snapshot(start + 400_000)).toMatchObject({ peak: 0, quietMs: 400_000 });
});

test('follows the hub’s clock, ahead or behind', () => {
  for (const aheadMs of [90_000, -90_000]) {
    const rate = new RateBars(4);
    rate.live([record(1, 0)], start - aheadMs + 700);
    rate.live([record(2, 1_000)], start - aheadMs + 1_010);
    expect(rate.snapshot(start - aheadMs + 1_510)).toMatchObject({ quietMs: 500, peak: 1 });
  }
});

test('counts history once', () => {
  const rate = new RateBars(4);
  rate.live([record(5, 2_000)], start + 2_000);
  rate.history([record(3, 1_000), record(4, 1_500)]);
  rate.history([record(3, 1_000), record(4, 1_500)]);
  expect(rate.snapshot(start + 2_000).bars.map((bar) => bar[0])).toEqual([0, 0, 2, 1]);
});

test('after the hub’s clock was ahead, the chart follows the machine’s own time', () => {
  const day = 86_400_000;
  const ahead = record(4, 400 * day);
  const today = [record(5, 1_000), record(6, 2_000)].map((one) => ({
    ...one,
    time: ahead.time,
    machineTime: one.time,
  }));
  const bars = (rate: RateBars) => rate.snapshot(start + 2_000).bars.map((bar) => bar[0]);
  const loaded = new RateBars(4);
  loaded.history([record(3, 0), ahead, ...today]);
  expect(bars(loaded)).toEqual([0, 1, 1, 1]);
  const watched = new RateBars(4);
  watched.live([ahead], start);
  watched.live(today, start + 2_000);
  expect(bars(watched)).toEqual([0, 0, 1, 1]);
  expect(watched.snapshot(start + 3_000)).toMatchObject({ quietMs: 1_000, second: (start + 3_000) / 1_000 });
});
