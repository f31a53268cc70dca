import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HubClock } from './hub-clock.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 20, 18);
/** The hub's time, which goes on with the test's. */
const hubTime = (aheadMs: number) => new Date(Date.now() + aheadMs).toISOString();

beforeEach(() => vi.useFakeTimers({ now: start }));
afterEach(() => vi.useRealTimers());

test('a device that is three hours ahead counts by the hub’s clock from its first word on', () => {
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

test('what is as likely the way from the hub makes nothing jump', () => {
  const clock = new HubClock();
  for (const aheadMs of [-1_900, 0, -400, 1_900]) {
    clock.hear(hubTime(aheadMs));
    expect(clock.now()).toBe(Date.now());
  }
  clock.hear(hubTime(-3 * hourMs));
  clock.hear(hubTime(-3 * hourMs - 1_900));
  expect(clock.now()).toBe(Date.now() - 3 * hourMs);
});

test('a device that was put right is believed again', () => {
  const clock = new HubClock(-3 * hourMs);
  clock.hear(hubTime(-100));
  expect(clock.aheadMs).toBe(0);
});

test('a clock that somebody sets back meanwhile goes on, and one that slept has the time of the sleep', () => {
  const clock = new HubClock();
  clock.hear(hubTime(-3 * hourMs));
  clock.now();
  // Set right by hand; what counts steadily goes on.
  vi.setSystemTime(start - 3 * hourMs);
  expect(clock.now()).toBe(start - 3 * hourMs);
  // Asleep: on many devices what counts steadily stands still.
  vi.setSystemTime(start);
  expect(clock.now()).toBe(start);
});

test('a word that is no time is passed over', () => {
  const clock = new HubClock(Number.NaN);
  clock.hear('soon');
  expect(clock.now()).toBe(start);
});
