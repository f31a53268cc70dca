import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { Row } from '../store/row.ts';
import type { Page, Range, Scope } from '../store/store.ts';
import { LookAlikes } from './look-alikes.ts';
import { skeletonOf } from './skeleton.ts';

let told: string[];
let looks: LookAlikes;
const row = (seq: number, store: string, drivers: string[]): Row =>
  new Row({ seq, storeSeq: 1, store, orderID: '1', rev: 1, board: 'same', drivers, text: '' });
/** A log of these, whose pages are read as a store's are. */
const logOf = (rows: readonly Row[]) => ({
  head: async () => ({ seq: rows.length, time: '' }),
  async read(_: Scope, range: Range): Promise<Page> {
    const before = 'before' in range ? range.before : 0;
    const found = rows.filter(({ seq }) => seq < before).slice(-range.limit);
    return { rows: found, head: rows.length, more: false };
  },
});

beforeEach(() => {
  told = [];
  looks = new LookAlikes((words) => void told.push(words));
});

describe('somebody new who looks like somebody else', () => {
  beforeEach(() => looks.fillFrom(logOf([row(1, 'red', []), row(2, 'blue', ['ana'])]), systemClock));

  it('is told of once, with the letters that differ', () => {
    for (let time = 0; time < 3; time += 1) {
      looks.seen('store', 'red');
      looks.seen('store', 'r\u0435d');
      looks.seen('driver', '\u0430na');
    }
    expect(told).toEqual([
      'The store “r\u0435d” (r U+0435 d) looks like the store “red” (red).',
      'The driver “\u0430na” (U+0430 na) looks like the driver “ana” (ana).',
    ]);
  });

  it('is told of with each whom they look like, up to four', () => {
    for (const id of ['0l', 'Ol', 'OI', '01', 'O1', '0I']) looks.seen('store', id);
    expect(told).toHaveLength(1 + 2 + 3);
  });

  it('is told of by the kinds and number of spaces', () => {
    for (const id of ['zz top', 'zz\u00a0top', 'zz  top', 'zztop']) looks.seen('store', id);
    expect(told).toEqual([
      'The store “zz\u00a0top” (zz U+00A0 top) looks like the store “zz top” (zz U+0020 top).',
      'The store “zz  top” (zz U+0020 U+0020 top) looks like the store “zz top” (zz U+0020 top).',
      'The store “zz  top” (zz U+0020 U+0020 top) looks like the store “zz\u00a0top” (zz U+00A0 top).',
    ]);
  });

  it('is nobody who is only spelt nearly so, or is of another kind', () => {
    for (const id of ['Red', 'read', 'blu', 'green', '1-206-flowers', 'お花', 'ana']) looks.seen('store', id);
    expect(told).toEqual([]);
  });
});

it('who was in the log before this hub began is not new, also where they come before it has been read', async () => {
  const rows = Array.from({ length: 1_000 }, (_, i) =>
    row(i + 1, i < 2 ? (['red', 'r\u0435d'][i] ?? '') : 'other', []),
  );
  const filling = looks.fillFrom(logOf(rows), systemClock);
  looks.seen('store', 'r\u0435d');
  looks.seen('store', 'rеԁ');
  await filling;
  expect(told).toEqual([
    'The store “rеԁ” (r U+0435 U+0501) looks like the store “red” (red).',
    'The store “rеԁ” (r U+0435 U+0501) looks like the store “r\u0435d” (r U+0435 d).',
  ]);
});

it('where the log cannot be read, who comes is looked at all the same', async () => {
  const broken = { ...logOf([]), head: () => Promise.reject(new Error('torn')) };
  await expect(looks.fillFrom(broken, systemClock)).rejects.toThrow('torn');
  for (const id of ['red', 'r\u0435d']) looks.seen('store', id);
  expect(told).toHaveLength(1);
});

it('ids without end take room for some thousands, the latest', async () => {
  await looks.fillFrom(logOf([]), systemClock);
  looks.seen('store', 'first');
  for (let i = 0; i < 25_000; i += 1) looks.seen('store', `store ${i}z`);
  const before = told.length;
  looks.seen('store', 'f\u0456rst');
  looks.seen('store', 'st\u043ere 24999z');
  expect(told.slice(before)).toHaveLength(1);
});

it.each([
  ['paypal', 'р\u0430у\u0440\u0430l'],
  ['modern', 'rnodern'],
  ['scope', '\u0455\u0441\u043e\u0440\u0435'],
  ['Zoë', 'Zoe\u0308'],
  ['ΑΒΓ', 'AB\u0393'],
  ['zz top', 'zz\u00a0top'],
  ['zz top', 'zz\u2007top'],
  ['zz top', 'zz\u3000top'],
  ['zz top', 'zz  top'],
  ['zz top', 'zz \u2009\u202f top'],
  ['red', 're\u{1d159}\u2800d'],
  ['zz top', ' zz top\u00a0'],
])('%s has the skeleton of %s', (text, alike) => expect(skeletonOf(text)).toBe(skeletonOf(alike)));
