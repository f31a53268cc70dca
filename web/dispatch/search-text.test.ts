import { expect, test } from 'vitest';
import { parseSearch } from '../../protocol/search.ts';
import { formatSearch, hasTerm, toggleTerm } from './search-text.ts';

test('a click adds a term, another value replaces it, the same click removes it', () => {
  const one = toggleTerm('elm street', 'event', 'delivered');
  expect(one).toBe('elm street event:delivered');
  expect(toggleTerm(one, 'event', 'failed')).toBe('elm street event:failed');
  expect(toggleTerm(one, 'event', 'delivered')).toBe('elm street');
  expect(hasTerm(one, 'event', 'delivered')).toBe(true);
});

test('exclusions add up, and a wanted value ends its exclusion', () => {
  const both = toggleTerm(toggleTerm('', 'store', 'red', true), 'store', 'Blue', true);
  expect(both).toBe('-store:red -store:blue');
  expect(toggleTerm(both, 'store', 'red')).toBe('-store:blue store:red');
  expect(toggleTerm(both, 'store', 'red', true)).toBe('-store:blue');
});

test('a formatted search is parsed as before', () => {
  for (const search of ['"12 elm" -store:red', '"store:red"', '-"-x"', 'driver:"ana maria" order:#a1042']) {
    expect(parseSearch(formatSearch(parseSearch(search)))).toEqual(parseSearch(search));
  }
  expect(parseSearch(toggleTerm('', 'driver', 'Ana Maria'))).toEqual([
    { field: 'driver', value: 'ana maria', exclude: false },
  ]);
});
