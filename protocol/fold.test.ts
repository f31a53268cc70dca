import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, joinedNumber, joinedNumbers } from './fold.ts';
import { parcelText, termValue } from './search.ts';

describe('fold', () => {
  it.each([
    ['Élodie', 'elodie'],
    ['E\u0301lodie', 'elodie'],
    ['ELODIE', 'elodie'],
    ['İstanbul', 'istanbul'],
    ['ISPARTA', 'isparta'],
    ['ısparta', 'isparta'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['GROẞ', 'gross'],
    ['Łódź', 'lodz'],
    ['Þórður Ægir Øst', 'thordur aegir ost'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Οδυσσεύς', 'οδυσσευσ'],
    ['Алёна', 'алена'],
    ['ﬁsh №７ ½', 'fish no7 1⁄2'],
    ['12\u00a0Elm\u202fStreet\u3000N', '12 elm street n'],
    ['1 Main St\r\nFlat  2\u2028Town', '1 main st flat 2 town'],
    ['Auto\u00adbahn\u200bkirche\u2060\ufeff', 'autobahnkirche'],
    ['a\u202eb\u2066c', 'abc'],
    ['O’Brien–Smith ´', "o'brien-smith '"],
    ['\u0301\u200d', ''],
    ['red\0Ana', 'red\0ana'],
    ['が か', 'か\u3099 か'],
    ['한', '\u1112\u1161\u11ab'],
    ['👩‍🚒 😀', '👩🚒 😀'],
  ])('%j is %j', (text, folded) => expect(fold(text)).toBe(folded));

  it('is idempotent, and equal for composed and decomposed forms of every character', () => {
    // Beyond these are only rare ideographs, whose other forms are listed here.
    for (let code = 0; code <= 0x2_fa1f; code = code === 0x1_ffff ? 0x2_f800 : code + 1) {
      const text = String.fromCodePoint(code);
      const folded = fold(text);
      if (fold(folded) !== folded) expect.fail(`U+${code.toString(16)} folds twice`);
      if (fold(text.normalize('NFD')) !== folded) expect.fail(`U+${code.toString(16)} in NFD`);
      if (fold(text.normalize('NFC')) !== folded) expect.fail(`U+${code.toString(16)} in NFC`);
    }
    fc.assert(
      fc.property(oddText, (text) => {
        const folded = fold(text);
        expect(fold(folded)).toBe(folded);
        expect(fold(text.normalize('NFC'))).toBe(folded);
        expect(fold(text.normalize('NFD'))).toBe(folded);
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    ['+49 170 123', '\0+49170123'],
    ['(0170) 12-34.56/7', '\x0001701234567'],
    ['call +49 170 1234 or 0170/123456', '\0+491701234\x000170123456'],
    ['+49170123', ''],
    ['12 Elm Street 5', ''],
    ['835 12', ''],
  ])('%j has %j', (text, closed) => expect(joinedNumbers(text)).toBe(closed));

  it.each([
    ['+49 170 123', '+49170123'],
    ['0170/123456', '0170123456'],
    ['835-12', '835-12'],
    ['12 elm', '12 elm'],
    ['mi8qe', 'mi8qe'],
  ])('%j is looked for as %j', (word, value) => expect(joinedNumber(word)).toBe(value));

  it('finds any part of a text in any spelling', () => {
    fc.assert(
      fc.property(oddText, fc.nat(30), fc.nat(30), (customer, from, length) => {
        const part = [...customer].slice(from, from + length).join('');
        const payload = { store: 'red', orderID: '1', customer, address: '835 Meluk Pass' };
        const view = { payload, status: 'ready', rev: 1, attempts: 0, createdAt: '', changedAt: '' } as const;
        expect(parcelText(view)).toContain(termValue(undefined, part));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Characters that fold differently when a text is cut, joined or in another case. */
const signs = [
  ...'aAéßΣςİiı가か😀\u0301\u0307\u3099\u00ad\u00a0\u2028´’–`  --()//.++0011223344556789',
  'e\u0301',
  '½',
  'ﬁ',
];
const oddText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...signs), maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
