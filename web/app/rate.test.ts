import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

test('a steady stream reads as what it is', () => {
  const rate = new Rate(0);
  for (let ms = 0; ms < 20_000; ms += 10) rate.add(20, ms);
  expect(rate.perSecond(20_000)).toBeCloseTo(2_000, -2);
});

test('after silence the rate is zero', () => {
  const rate = new Rate(0);
  rate.add(500, 1_000);
  expect(rate.perSecond(2_000)).toBeGreaterThan(0);
  expect(rate.perSecond(60_000)).toBe(0);
});

test('the first moments do not exaggerate', () => {
  const rate = new Rate(0);
  rate.add(3, 10);
  expect(rate.perSecond(20)).toBe(3);
});
