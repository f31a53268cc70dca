import { expect, test } from 'vitest';
import { lines, oneLine } from './lines.ts';

const pasted = 'a\nb\r\nc\rd\u2028e\u2029f\vg\fh\u0085i';

test('every kind of line break becomes \\n, or a space in one line', () => {
  expect(lines(pasted).split('\n')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
  expect(oneLine(pasted)).toBe('a b c d e f g h i');
  expect(oneLine('a\u202eb\nc')).toBe('a\\u202eb c');
  expect(lines('a\u202eb\nc\u200b')).toBe('a\\u202eb\nc\\u200b');
  expect(oneLine('علی\u200cرضا\tAttn')).toBe('علی\u200cرضا\\tAttn');
  expect(oneLine('1 Main St, Flat 2')).toBe('1 Main St, Flat 2');
});
