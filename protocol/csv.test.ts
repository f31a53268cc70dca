import { expect, test } from 'vitest';
import { csvLine, unguarded } from './csv.ts';

test.each(['=1', "'=1", "''=1", "'", "'s Hof", "'01103", "'\t", ' =1', "' =1", '+49 30 1', '', 'a'])(
  'what is made harmless for spreadsheets is read as it was: %j',
  (text) => {
    const cell = csvLine([text])
      .replace(/\r\n$/, '')
      .replace(/^"(.*)"$/s, '$1');
    expect(cell).toMatch(/^(?!\s*[=+\-@])/);
    expect(unguarded(cell)).toBe(text);
  },
);

test('blanks at the ends are kept, and what any country parts cells with', () => {
  expect(csvLine([' a', 'b ', 'c|d', 'e;f', 'g\th', 'i j'])).toBe('" a","b ","c|d","e;f","g\th",i j\r\n');
});
