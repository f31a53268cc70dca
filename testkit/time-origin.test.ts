import { afterEach, expect, it, vi } from 'vitest';
import { timeOrigin } from './time-origin.ts';

afterEach(() => vi.restoreAllMocks());

it('is not moved by a process that had to wait between two readings', () => {
  let now = 1_000;
  let readings = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => {
    const shared = BigInt(Math.round((now + 500) * 1e6));
    // Every second time the process waits until it reads the other clock.
    now += readings++ % 2 === 0 ? 80 : 0.001;
    return shared;
  });
  expect(timeOrigin()).toBeCloseTo(500, 2);
});
