import { expect, it } from 'vitest';
import { sliceBudget } from './budget.ts';

it('a slice ends when its time is over, but not before it was worth its turn', () => {
  let now = 1_000;
  const budget = sliceBudget(() => now);
  expect(budget.isSpent(5_000, 4_000_000)).toBe(false);
  // Another program had the processor.
  now += 500;
  expect(budget.isSpent(100, 40_000)).toBe(false);
  expect(budget.isSpent(1_000, 400_000)).toBe(true);
  expect(budget.isSpent(60, 600_000)).toBe(true);
});
