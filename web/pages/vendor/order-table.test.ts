import { describe, expect, test } from 'vitest';
import type { ParcelView } from '../../../protocol/messages.ts';
import { ordersIn, rowsMax, tableOf, template } from './order-table.ts';

const head = 'orderID,customer,address,dueAt,phone,note\n';
const orders = (rows: string, columns = head) => ordersIn(columns + rows, 'red');
const problems = (rows: string, columns = head) => orders(rows, columns).flatMap((row) => row.problems);

test('an order has what its columns say, by whatever name, and what nobody knows is kept', () => {
  const [row] = orders("7,Hulda,1 Road,'=2+2,2100-01-01T14:30Z\n", 'Order ID,Name,ADDRESS,Colour,due time\n');
  expect(row).toEqual({
    ...{ line: 2, label: 'Hulda', problems: [] },
    order: {
      ...{ store: 'red', orderID: '7', customer: 'Hulda', address: '1 Road' },
      ...{ Colour: '=2+2', dueAt: '2100-01-01T14:30:00.000Z' },
    },
  });
});

test('what was exported comes in as it was, without what the hub has to tell', () => {
  const payload = {
    store: 'red',
    orderID: '-1',
    customer: '=a',
    address: '1, "High" Street\nleft',
    weight: '3',
  };
  const view: ParcelView = {
    ...{ payload, status: 'delivered', rev: 3, attempts: 0, holder: { id: 'ana', name: 'Ana' } },
    ...{ createdAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z' },
  };
  const table = tableOf([view]);
  expect(table).toContain("'-1,'=a,");
  expect(ordersIn(table, 'red')).toMatchObject([{ order: payload, problems: [] }]);
  expect(Object.keys(ordersIn(table, 'red')[0]?.order ?? {}).sort()).toEqual(Object.keys(payload).sort());
});

describe('order ids of rows that have none', () => {
  const ids = (rows: string) => orders(rows).map(({ order }) => order.orderID);

  test('come from what the row says, so that the same file again is the same orders', () => {
    const rows = ',Hulda,1 Road,,,\n,Ben,2 Road,,,\n';
    expect(ids(rows)).toEqual(ids(rows));
    expect(ids(rows)).toEqual(ids(',Ben,2 Road,,,\n,Hulda,1 Road,,,\n').reverse());
    expect(new Set(ids(rows)).size).toBe(2);
  });

  test('are two for two equal rows', () => {
    const twice = ids(',Hulda,1 Road,,,\n,Hulda,1 Road,,,\n');
    expect(new Set(twice).size).toBe(2);
    expect(ids(',Hulda,1 Road,,,\n')).toEqual([twice[0]]);
  });

  test('are all different in a large file', () => {
    const rows = Array.from({ length: rowsMax }, (_, i) => `,Customer ${i},Road,,,\n`).join('');
    expect(new Set(ids(rows)).size).toBe(rowsMax);
  });
});

test.each([
  [',,1 Road,,,', ['The customer is missing.']],
  ['1, ,,,,', ['The customer is missing.', 'The address is missing.']],
  [`${'x'.repeat(129)},a,b,,,`, ['The order id is longer than 128 characters.']],
  ['"a\nb",a,b,,,', ['The order id has a line break or another control character.']],
  [`1,${'x'.repeat(1_025)},b,,,`, ['“customer” is longer than 1024 characters.']],
  ['1,a,b,tomorrow,,', ['“tomorrow” is no due time; write it as 2026-11-30 14:30.']],
  ['1,a,b,2026-02-30 14:30,,', ['“2026-02-30 14:30” is no due time; write it as 2026-11-30 14:30.']],
  ['1,a,12 Road, left,,,,', ['“left” is no due time; write it as 2026-11-30 14:30.']],
  ['1,a,b,,,,c', ['There are more cells than columns; put an address with a comma in quotation marks.']],
  ['1,a,b,,,\n1,c,d,,,', ['The order id “1” stands in line 2 already.']],
])('says what is wrong with %j', (rows, said) => expect(problems(rows)).toEqual(said));

test('says what the hub would not take', () => {
  expect(problems('\uD800,a,b,,,')).toHaveLength(1);
  const columns = Array.from({ length: 40 }, (_, i) => `c${i}`).join(',');
  const row = Array.from({ length: 40 }, () => 'x').join(',');
  expect(problems(`a,b,${row}`, `customer,address,${columns}\n`)).toEqual([
    'An object here has more than 32 keys.',
  ]);
});

test('takes no order of another store', () => {
  expect(problems('a,b,blue', 'customer,address,store\n')).toEqual(['This is an order of the store “blue”.']);
  expect(problems('a,b,red', 'customer,address,store\n')).toEqual([]);
});

test.each([
  ['', 'This file is empty.'],
  ['a,b\n1,2\n', 'The first line has to name the columns'],
  [template, 'There are no orders below the first line.'],
  ['customer,address,name\na,b,c\n', 'There are two columns called “customer”.'],
  [`customer,address\n${'a,b\n'.repeat(rowsMax + 1)}`, 'Use at most 10000 orders in a file.'],
])('says why a file is no table of orders: %#', (text, said) => {
  expect(() => ordersIn(text, 'red')).toThrow(said);
});
