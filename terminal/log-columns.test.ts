import { expect, it } from 'vitest';
import type { CapsRecord } from '../protocol/messages.ts';
import { dayOf, headOf, rowOf } from './log-columns.ts';

const at = new Date(2026, 10, 20, 18, 3, 11);

function record(more: Partial<CapsRecord> = {}, payload: object = {}): CapsRecord {
  return {
    ...{
      seq: 42,
      event: 'attempt-failed',
      time: at.toISOString(),
      status: 'failed',
      rev: 4,
      via: 'socket.io',
    },
    payload: {
      ...{ store: '1-206-flowers', orderID: 'mi8qe', customer: 'Hulda Parker', address: '835 Meluk Pass' },
      ...payload,
    },
    by: { role: 'driver', id: 'ana', name: 'Ana' },
    ...more,
  };
}

it('prints an event as a line of columns below their titles', () => {
  expect([
    headOf(120),
    rowOf(record(), 120),
    rowOf(record({ event: 'pickup' }, { orderID: '7' }), 120),
  ]).toEqual([
    'Time      Event           Order            Store           By           Door       Customer',
    '18:03:11  attempt-failed  mi8qe            1-206-flowers   Ana          socket.io  Hulda Parker, 835 Meluk Pass',
    '18:03:11  pickup          7                1-206-flowers   Ana          socket.io  Hulda Parker, 835 Meluk Pass',
  ]);
});

it.each([
  [80, '18:03:11  attempt-failed  mi8qe     1-206-f…  Ana     socket.io  Hulda Parker, …'],
  [64, '18:03:11  attempt-failed  mi8qe     1-206-f…  Ana     Hulda Par…'],
  [50, '18:03:11  attempt-failed  mi8qe      1-206-flowers'],
  [20, '18:03:11  attempt-f…'],
])('on a terminal of %d cells it is no wider', (width, line) => {
  const row = rowOf(record(), width);
  expect(row.length).toBeLessThanOrEqual(width);
  expect(row).toBe(line);
});

it('shows a shop’s events as by the shop, because its id has a column', () => {
  expect(rowOf(record({ by: { role: 'vendor', id: '1-206-flowers' } }), 120)).toContain(
    '1-206-flowers   shop ',
  );
});

it('keeps columns aligned behind wide letters, accents and emoji', () => {
  const places = ['お花屋さん', 'Cafe\u0301', '👩‍🚒 Co', 'red'].map((store) => {
    const [before = ''] = rowOf(record({}, { store }), 120).split('Ana');
    // A terminal gives wide letters two cells and marks none.
    return [...new Intl.Segmenter().segment(before)].reduce(
      (cells, { segment }) => cells + (/[\u3040-\u9fff]|👩/.test(segment) ? 2 : 1),
      0,
    );
  });
  expect(new Set(places).size).toBe(1);
});

it('keeps any text in its line and escapes terminal commands in it', () => {
  const row = rowOf(
    record({}, { customer: 'a\nb\r\u2028c', address: '\u001b[2J\u202ex', orderID: 'o\u202e1' }),
    160,
  );
  expect(row).toContain('a b c, \\u001b[2J\\u202ex');
  expect(row).toContain('o\\u202e1');
});

it('shows the machine’s time while the log’s time stands still', () => {
  const machineTime = new Date(2026, 0, 2, 3, 4, 5).toISOString();
  expect(rowOf(record({ machineTime }), 80)).toMatch(/^03:04:05 /);
  expect([dayOf(record()), dayOf(record({ machineTime }))]).toEqual(['2026-11-20', '2026-01-02']);
});
