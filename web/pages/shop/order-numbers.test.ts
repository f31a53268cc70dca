import { expect, test } from 'vitest';
import { OrderNumbers } from './order-numbers.ts';

const numbersOf = (store: string, ids: readonly string[] = []) => new OrderNumbers(store, () => ids);

test('a shop’s orders are counted from 1001, each shop’s by itself', () => {
  const red = numbersOf('red');
  expect([red.next(), red.next(), numbersOf('blue').next()]).toEqual(['1001', '1002', '1001']);
});

test('an order gets the number after the largest that the shop has; dates and other ids do not count', () => {
  expect(
    numbersOf('green', ['7', '1041', '20261130', '4006381333931', 'mi8qe', '#9001', '0999']).next(),
  ).toBe('1042');
});

test('two windows of a browser give out different numbers', () => {
  const [one, other] = [numbersOf('pink'), numbersOf('pink')];
  expect([one.next(), other.next(), one.next()]).toEqual(['1001', '1002', '1003']);
});

test('a browser that knows nothing of a large shop finds a free number in a few tries', () => {
  const numbers = numbersOf('grey');
  const tries = Array.from({ length: 14 }, (_, taken) => Number(numbers.next(taken)));
  expect(tries.slice(0, 6)).toEqual([1001, 1002, 1003, 1004, 1005, 1007]);
  expect(tries.at(-1)).toBeGreaterThan(2_000);
});
