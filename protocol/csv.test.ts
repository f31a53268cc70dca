import { expect, test } from 'vitest';
import { csvLine, withoutGuard } from './csv.ts';

test.each(['=1', "'=1", "''=1", "'", "'s Hof", "'01103", "'\t", ' =1', "' =1", '+49 30 1', '', 'a'])(
  'what is made harmless for spreadsheets is read as it was: %j',
  (text) => {
    const cell = csvLine([text])
      .replace(/\r\n$/, '')
      .replace(/^"(.*)"$/s, '$1');
    expect(cell).toMatch(/^(?!\s*[=+\-@])/);
    expect(withoutGuard(cell)).toBe(text);
  },
);

test('guards every cell that a program may read as a formula, and restores it', () => {
  const signs = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((sign) =>
    /^[=+\-@\u2212]$/.test(sign.normalize('NFKC')),
  );
  expect(signs).toEqual(expect.arrayContaining(['=', '\uff1d', '\uff0b', '\uff0d', '\uff20']));
  for (const text of signs.flatMap((sign) => [`${sign}1+1`, ` ${sign}1`, `'${sign}1`])) {
    expect(csvLine([text]), text).toMatch(/^"?'/);
    expect(csvLine([text]).match(/'/g), text).toHaveLength(text.startsWith("'") ? 2 : 1);
    expect(withoutGuard(`'${text}`)).toBe(text);
  }
});

test('keeps spaces at the ends, and every separator that some country uses', () => {
  expect(csvLine([' a', 'b ', 'c|d', 'e;f', 'g\th', 'i j'])).toBe('" a","b ","c|d","e;f","g\th",i j\r\n');
});
