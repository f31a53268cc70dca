import { expect, it } from 'vitest';
import { handsWordOf, type Party, Wiretap, wordOf } from './wiretap.ts';

const red: Party = { kind: 'store', store: 1 };

function foreignIn(party: Party, ...texts: string[]): number {
  const tap = new Wiretap();
  const hear = tap.on(party, 'a test');
  for (const text of texts) hear(text);
  return tap.foreign;
}

it.each<[what: string, party: Party, texts: string[], foreign: number]>([
  ['a store its own words', red, [wordOf(1, 7), wordOf(1, 8)], 0],
  ['a store another store’s word', red, [wordOf(2, 7)], 1],
  ['a word that came in two', red, [wordOf(2, 7).slice(0, 9), wordOf(2, 7).slice(9)], 1],
  ['a word at the end of a text, once', red, [wordOf(2, 7), 'and more'], 1],
  ['a driver any order', { kind: 'driver', driver: 3 }, [wordOf(1, 7), handsWordOf(3)], 0],
  ['a driver what is in another’s hands', { kind: 'driver', driver: 3 }, [handsWordOf(4)], 1],
  ['a customer their parcel', { kind: 'customer', store: 1, parcel: 7 }, [wordOf(1, 7)], 0],
  ['a customer the parcel beside it', { kind: 'customer', store: 1, parcel: 7 }, [wordOf(1, 8)], 1],
  ['anybody a word', { kind: 'anybody' }, [wordOf(1, 7)], 1],
])('hears %s', (_, party, texts, foreign) => {
  expect(foreignIn(party, ...texts)).toBe(foreign);
});

it('knows the highest place that somebody was told of', () => {
  const tap = new Wiretap();
  tap.on(red, 'a test')('{"seq":3,"upTo":12} 68f32d118257.9 68f32d118257-0a1b2c3d.14');
  expect(tap.heardBy(red)).toEqual({ own: 0, highest: 14 });
});
