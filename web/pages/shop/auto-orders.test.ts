import { expect, test } from 'vitest';
import type { Timers } from '../../app/timers.ts';
import { AutoOrders } from './auto-orders.ts';

function setUp() {
  let tick: (() => void) | undefined;
  const timers: Timers = {
    after: () => () => {},
    every: (_ms, run) => {
      tick = run;
      return () => {
        tick = undefined;
      };
    },
    close: () => {},
  };
  const seen = { orders: 0, up: true };
  const auto = new AutoOrders({
    timers,
    isUp: () => seen.up,
    order: () => {
      seen.orders += 1;
    },
  });
  return { auto, seen, tick: () => tick?.() };
}

test('the first order goes out at once, the others with time', () => {
  const { auto, seen, tick } = setUp();
  auto.start(5_000);
  expect(seen.orders).toBe(1);
  tick();
  expect(seen.orders).toBe(2);
});

test('before the connection is live nothing is sent, and then one order', () => {
  const { auto, seen, tick } = setUp();
  seen.up = false;
  auto.start(5_000);
  tick();
  tick();
  expect(seen.orders).toBe(0);
  seen.up = true;
  auto.becameLive();
  auto.becameLive();
  expect(seen.orders).toBe(1);
});

test('another pace is no reason for an order', () => {
  const { auto, seen } = setUp();
  auto.start(5_000);
  auto.start(1_000);
  expect(seen.orders).toBe(1);
});

test('stopped is stopped', () => {
  const { auto, seen, tick } = setUp();
  auto.start(5_000);
  auto.stop();
  auto.stop();
  tick();
  auto.becameLive();
  expect(seen.orders).toBe(1);
});
