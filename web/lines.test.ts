import { expect, test } from 'vitest';
import { lines, oneLine } from './lines.ts';

const pasted = 'a\nb\r\nc\rd\u2028e\u2029f\vg\fh\u0085i';

test('every kind of break is one break, or a space where there is one line', () => {
  expect(lines(pasted).split('\n')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
  expect(oneLine(pasted)).toBe('a b c d e f g h i');
  expect(oneLine('1 Main St, Flat 2')).toBe('1 Main St, Flat 2');
});
