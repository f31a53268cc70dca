import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HubClock } from './hub-clock.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 20, 18);
/** The hub's time, which advances with the test's. */
const hubTime = (aheadMs: number) => new Date(Date.now() + aheadMs).toISOString();

beforeEach(() => vi.useFakeTimers({ now: start }));
afterEach(() => vi.useRealTimers());

test('a device that is three hours ahead uses the hub’s clock from the first welcome on', () => {
  const clock = new HubClock();
  const jumps = vi.fn();
  clock.onJump(jumps);
  clock.hear(hubTime(-3 * hourMs));
  expect(clock.now()).toBe(start - 3 * hourMs);
  vi.advanceTimersByTime(60_000);
  expect(clock.now()).toBe(start - 3 * hourMs + 60_000);
  clock.hear(hubTime(-3 * hourMs));
  expect(jumps).toHaveBeenCalledTimes(1);
});

test('a difference that network delay may explain does not move the clock', () => {
  const clock = new HubClock();
  for (const aheadMs of [-1_900, 0, -400, 1_900]) {
    clock.hear(hubTime(aheadMs));
    expect(clock.now()).toBe(Date.now());
  }
  clock.hear(hubTime(-3 * hourMs));
  clock.hear(hubTime(-3 * hourMs - 1_900));
  expect(clock.now()).toBe(Date.now() - 3 * hourMs);
});

test('a device whose clock was corrected counts as right again', () => {
  const clock = new HubClock(-3 * hourMs);
  clock.hear(hubTime(-100));
  expect(clock.aheadMs).toBe(0);
});

test('the clock runs on if somebody sets the device’s clock back, and includes time asleep', () => {
  const clock = new HubClock();
  clock.hear(hubTime(-3 * hourMs));
  clock.now();
  // Somebody sets the clock; the monotonic clock runs on.
  vi.setSystemTime(start - 3 * hourMs);
  expect(clock.now()).toBe(start - 3 * hourMs);
  // Asleep: on many devices the monotonic clock stops.
  vi.setSystemTime(start);
  expect(clock.now()).toBe(start);
});

test('an invalid time is ignored', () => {
  const clock = new HubClock(Number.NaN);
  clock.hear('soon');
  expect(clock.now()).toBe(start);
});
