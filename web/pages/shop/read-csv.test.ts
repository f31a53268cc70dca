import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, withoutGuard } from '../../../protocol/csv.ts';
import { decodeText, readCsv } from './read-csv.ts';

const cellsOf = async (text: string) => (await readCsv(text)).map(({ cells }) => cells);

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
  ['1, "a, b" ,"c"\n', [['1', 'a, b', 'c']]],
  [
    'a\t\tb\n \t"c\nd"\t x\n',
    [
      ['a', '', 'b'],
      ['', 'c\nd', 'x'],
    ],
  ],
  [
    'a|b\n1, 2|3\n',
    [
      ['a', 'b'],
      ['1, 2', '3'],
    ],
  ],
  ['sep=;\na,1;b\n', [['a,1', 'b']]],
  ['"sep=|"\r\na;1|b\r\n', [['a;1', 'b']]],
  [
    'a,b\r\n1,2\n3,4\r5,6',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ],
  ],
  ['"=""0042""",6" pipe\n', [['="0042"', '6" pipe']]],
  ['"""x"" y",the "b"\n', [['"x" y', 'the "b"']]],
  // More commas than semicolons, but every row has the same number of semicolons.
  [
    'a;b\n1, 2, 3;4\n5, 6, 7;8\n',
    [
      ['a', 'b'],
      ['1, 2, 3', '4'],
      ['5, 6, 7', '8'],
    ],
  ],
  ['', []],
])('reads %j', async (text, table) => expect(await cellsOf(text)).toEqual(table));

test('knows the first line of a row, after multi-line cells and empty rows', async () => {
  const lines = (await readCsv('a,b\n"1\n2\n3",x\n\nlast,y\n')).map(({ line }) => line);
  expect(lines).toEqual([1, 2, 6]);
});

test.each([
  ['customer,address,note\nAna,"1 Main St" rear; left door,leave it\nBen,"2 Road","y"\n', 2, 3],
  ['name;address\nAna;"Haus" Nr. 5, 2. OG\nBen;"2 Road"\n', 2, 3],
  ['a,b,c\n"Ring "Ada", please",x\n1,2,3', 2, 3],
  ['a\tb\n"1\n2"3\t4\n1\t2', 2, 4],
])('text after a closing quotation mark is a fault of that row only: %j', async (text, bad, good) => {
  expect((await readCsv(text)).map(({ line, isTorn }) => [line, isTorn])).toEqual([
    [1, false],
    [bad, true],
    [good, false],
  ]);
});

test('a title above the headings does not decide the delimiter', async () => {
  const text = 'Orders, Saturday, 28 November\nname;where\nAna, B;1 Road, left\nBen;2 Road\n';
  expect((await readCsv(text)).at(2)?.cells).toEqual(['Ana, B', '1 Road, left']);
  const one = 'Orders, today\nname, first;where, to\n';
  expect((await readCsv(one, (cell) => cell === 'name, first')).at(-1)?.cells).toEqual([
    'name, first',
    'where, to',
  ]);
});

test('names the line of an unclosed quotation mark', async () => {
  await expect(readCsv('a,b\n1,"2\n3\n')).rejects.toThrow('Line 2: a quotation mark');
  await expect(readCsv(`a,b\n1,"2\n${'x\n'.repeat(40_000)}`)).rejects.toThrow('Line 2: this row has no end');
});

test('reads back what csvLine has written', async () => {
  const cell = fc.string({ unit: 'grapheme' });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(rows, async (table) => {
      const kept = table.filter((cells) => cells.some((one) => one.trim() !== ''));
      // The header decides the delimiter.
      const text = csvLine(['head', 'er']) + kept.map(csvLine).join('');
      expect((await cellsOf(text)).slice(1).map((cells) => cells.map(withoutGuard))).toEqual(kept);
    }),
  );
});

test('reads rows across the slices of a large file', async () => {
  const rows = Array.from({ length: 9_000 }, (_, i) =>
    i % 1_000 === 7 ? `${i},"torn" ${i}` : `${i},"line, ""${'x'.repeat(i % 70)}""\n${i}"`,
  );
  const lines = await readCsv(['a,b', ...rows].join('\r\n'));
  expect(lines).toHaveLength(9_001);
  let line = 2;
  for (const [i, { cells, isTorn, line: at }] of lines.slice(1).entries()) {
    expect([at, cells[0], isTorn]).toEqual([line, `${i}`, i % 1_000 === 7]);
    line += isTorn ? 1 : 2;
  }
});

test.each([
  ['utf-8', new TextEncoder().encode('Zoë')],
  ['windows-1252', Uint8Array.of(0x5a, 0x6f, 0xeb)],
  ['utf-16', Uint8Array.of(0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0)],
  ['utf-16, big end first', Uint8Array.of(0xfe, 0xff, 0, 0x5a, 0, 0x6f, 0, 0xeb)],
  ['utf-16 without a mark', Uint8Array.of(0x5a, 0, 0x6f, 0, 0xeb, 0)],
  ['utf-16, big end first, without a mark', Uint8Array.of(0, 0x5a, 0, 0x6f, 0, 0xeb)],
])('decodes %s', (_name, bytes) => {
  expect(decodeText(bytes).replace('\uFEFF', '')).toBe('Zoë');
});
