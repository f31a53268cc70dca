import { expect, test } from 'vitest';
import { inOneLine, isCells, orderIn } from './pasted-text.ts';

test('recognises cells by tabs', () => {
  expect(isCells('Ana\t1 Main St')).toBe(true);
  expect(isCells('Ana\t\n')).toBe(false);
  expect(isCells('Ana\n1 Main St')).toBe(false);
});

test('joins lines with a separator', () => {
  expect(inOneLine('1 Main St\r\nFlat 2\n\n Town ', ', ')).toBe('1 Main St, Flat 2, Town');
  expect(inOneLine('\tAna\u2028Sousa\n', ' ')).toBe('Ana Sousa');
});

test('reads a row as customer, address, phone and note', () => {
  const nothing = { phone: '', note: '' };
  expect(orderIn(['Ana', '1 Main St\nFlat 2'])).toEqual({
    ...nothing,
    customer: 'Ana',
    address: '1 Main St, Flat 2',
  });
  expect(orderIn(['Ana\nSousa'])).toEqual({ ...nothing, customer: 'Ana Sousa', address: '' });
  expect(orderIn(['Ana', '', '1 Main St', 'ring twice', '+49 (30) 123-4', 'gift'])).toEqual({
    customer: 'Ana',
    address: '1 Main St',
    phone: '+49 (30) 123-4',
    note: 'ring twice, gift',
  });
});
