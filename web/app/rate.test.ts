import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

test('shows the rate of a steady stream', () => {
  const rate = new Rate(0);
  for (let ms = 0; ms < 20_000; ms += 10) rate.add(20, ms);
  expect(rate.perSecond(20_000)).toBeCloseTo(2_000, -2);
});

test('falls to zero in silence', () => {
  const rate = new Rate(0);
  rate.add(500, 1_000);
  expect(rate.perSecond(2_000)).toBeGreaterThan(0);
  expect(rate.perSecond(60_000)).toBe(0);
});

test('does not exaggerate in the first second', () => {
  const rate = new Rate(0);
  rate.add(3, 10);
  expect(rate.perSecond(20)).toBe(3);
});
