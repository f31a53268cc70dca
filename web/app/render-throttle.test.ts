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

test('what comes by itself is drawn at most every so often; what a person does, in the next frame', () => {
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

test('what is called off does not run, and there is nothing to hurry', () => {
  const pace = new RenderThrottle(() => 100);
  const run = vi.fn();
  pace.next(run)();
  pace.hurry();
  vi.advanceTimersByTime(1_000);
  expect(run).not.toHaveBeenCalled();
});

test('what takes long to draw is drawn more seldom, yet no page seems to stand still', async () => {
  const pace = new RenderThrottle(() => 100);
  let costMs = 50;
  // As React does: what is drawn is drawn in a microtask.
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

test('how seldom is asked each time', () => {
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
