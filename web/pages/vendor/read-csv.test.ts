import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, unguarded } from '../../../protocol/csv.ts';
import { decodeText, readCsv } from './read-csv.ts';

const cellsOf = (text: string) => readCsv(text).map(({ cells }) => cells);

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r1,2\r',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    '\uFEFFa;b\n"1;2";3,5\n',
    [
      ['a', 'b'],
      ['1;2', '3,5'],
    ],
  ],
  [
    'a\tb\n1\t',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  [
    'a,b\n\n , \n1,',
    [
      ['a', 'b'],
      ['1', ''],
    ],
  ],
  ['"say ""hi""","two\r\nlines"\n', [['say "hi"', 'two\r\nlines']]],
  ['a "quoted" word,b\n', [['a "quoted" word', 'b']]],
  ['"a,b" rest,c\n', [['a,b rest', 'c']]],
  ['"a;b",c\n', [['a;b', 'c']]],
  ['', []],
])('reads %j', (text, table) => expect(cellsOf(text)).toEqual(table));

test('knows the line that a row begins in, behind cells of several lines and empty rows', () => {
  const lines = readCsv('a,b\n"1\n2\n3",x\n\nlast,y\n').map(({ line }) => line);
  expect(lines).toEqual([1, 2, 6]);
});

test('says where a quotation mark was opened', () => {
  expect(() => readCsv('a,b\n1,"2\n3\n')).toThrow('Line 2: a quotation mark');
});

test('reads back whatever was written', () => {
  const cell = fc.string({ unit: 'grapheme' });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(rows, (table) => {
      const kept = table.filter((cells) => cells.some((one) => one.trim() !== ''));
      // A header, because it says what stands between the cells.
      const text = csvLine(['head', 'er']) + kept.map(csvLine).join('');
      expect(
        cellsOf(text)
          .slice(1)
          .map((cells) => cells.map(unguarded)),
      ).toEqual(kept.map((cells) => cells.map(unguarded)));
    }),
  );
});

test.each([
  ['utf-8', new TextEncoder().encode('Zoë')],
  ['windows-1252', Uint8Array.of(0x5a, 0x6f, 0xeb)],
  ['utf-16', Uint8Array.of(0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0)],
])('takes letters as they were saved: %s', (_name, bytes) => {
  expect(decodeText(bytes).replace('\uFEFF', '')).toBe('Zoë');
});
