import { expect, test } from 'vitest';
import { ShopRobot } from './shop-robot.ts';

function shop() {
  let tick: (() => void) | undefined;
  const seen = { orders: 0, up: true };
  const auto = new ShopRobot({
    timers: {
      every: (_ms, run) => {
        tick = run;
        return () => {
          tick = undefined;
        };
      },
    },
    isUp: () => seen.up,
    order: () => {
      seen.orders += 1;
    },
  });
  return { auto, seen, tick: () => tick?.() };
}

test('sends the first order at once and the others by the timer', () => {
  const { auto, seen, tick } = shop();
  auto.start(5_000);
  expect(seen.orders).toBe(1);
  tick();
  expect(seen.orders).toBe(2);
});

test('sends nothing before the connection is live, and then one order', () => {
  const { auto, seen, tick } = shop();
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

test('sends no extra order when the interval changes', () => {
  const { auto, seen } = shop();
  auto.start(5_000);
  auto.start(1_000);
  expect(seen.orders).toBe(1);
});

test('sends nothing once stopped', () => {
  const { auto, seen, tick } = shop();
  auto.start(5_000);
  auto.stop();
  auto.stop();
  tick();
  auto.becameLive();
  expect(seen.orders).toBe(1);
});
