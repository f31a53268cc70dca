import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RenderThrottle } from './render-throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
  vi.stubGlobal('cancelAnimationFrame', (timer: number) => clearTimeout(timer));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('renders at most once per interval, and in the next frame after hurry', () => {
  const pace = new RenderThrottle(() => 100);
  const run = vi.fn();
  pace.next(run);
  vi.advanceTimersByTime(16);
  expect(run).toHaveBeenCalledTimes(1);

  pace.next(run);
  vi.advanceTimersByTime(80);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(30);
  expect(run).toHaveBeenCalledTimes(2);

  pace.next(run);
  pace.hurry();
  vi.advanceTimersByTime(16);
  expect(run).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(3);
});

test('does not run what was cancelled, hurried or not', () => {
  const pace = new RenderThrottle(() => 100);
  const run = vi.fn();
  pace.next(run)();
  pace.hurry();
  vi.advanceTimersByTime(1_000);
  expect(run).not.toHaveBeenCalled();
});

test('renders less often what is slow to render, but at least once a second', async () => {
  const pace = new RenderThrottle(() => 100);
  let costMs = 50;
  // React renders in a microtask.
  const run = vi.fn(() => queueMicrotask(() => vi.advanceTimersByTime(costMs)));
  const drawn = async (waitMs: number) => {
    pace.next(run);
    await vi.advanceTimersByTimeAsync(waitMs);
    return run.mock.calls.length;
  };
  expect(await drawn(16)).toBe(1);
  expect(await drawn(500)).toBe(1);
  costMs = 10_000;
  expect(await drawn(100)).toBe(2);
  costMs = 1;
  expect(await drawn(1_000)).toBe(3);
  expect(await drawn(100)).toBe(4);
});

test('asks for the interval each time', () => {
  let everyMs = 1_000;
  const pace = new RenderThrottle(() => everyMs);
  const run = vi.fn();
  pace.next(run);
  vi.advanceTimersByTime(0);
  pace.next(run);
  vi.advanceTimersByTime(999);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
  everyMs = 100;
  pace.next(run);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(3);
});
