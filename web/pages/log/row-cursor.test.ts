import { expect, test } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { RowCursor } from './row-cursor.ts';
import { wholeRows } from './rows.ts';

const record = (seq: number) => ({ seq }) as CapsRecord;
/** The rows 11 to 20 of a log. */
const rows = wholeRows(11, 20, record, () => false);

test('without a selection, next is the first visible row and previous the last', () => {
  const cursor = new RowCursor();
  cursor.see(2, 6);
  expect([cursor.next(rows, 1)?.seq, cursor.next(rows, -1)?.seq]).toEqual([13, 16]);
  expect(cursor.seqIn(rows)).toBe(13);
});

test('with a selection it goes row by row, and stops at both ends', () => {
  const cursor = new RowCursor();
  cursor.select(record(11), 'nearest');
  expect([cursor.next(rows, -1)?.seq, cursor.next(rows, 1)?.seq]).toEqual([11, 12]);
  cursor.select(record(20), 'nearest');
  expect(cursor.next(rows, 1)?.seq).toBe(20);
  expect([cursor.seqIn(rows), cursor.jump]).toEqual([20, { seq: 20, where: 'nearest' }]);
});

test('a jump scrolls the list and keeps the selection', () => {
  const cursor = new RowCursor();
  cursor.select(record(12), 'nearest');
  cursor.goTo(17);
  expect([cursor.selected?.seq, cursor.jump]).toEqual([12, { seq: 17, where: 'middle' }]);
  cursor.deselect();
  cursor.see(4, 8);
  expect([cursor.selected, cursor.seqIn(rows)]).toEqual([undefined, 15]);
});
