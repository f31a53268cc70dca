import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { withColumn } from './import-mapping.ts';
import { OrderImport, resultOf } from './order-import.ts';

const recorded = { ok: true, rev: 1, status: 'ready', time: '2026-01-01T00:00:00.000Z' } as const;
const conflict: Answer = { ok: false, error: { code: 'conflict', message: 'Used.', retryable: false } };
const file = (rows: readonly string[]) => new File([['customer,address', ...rows].join('\n')], 'a.csv');
const many = Array.from({ length: 250 }, (_, i) => `Customer ${i},Road`);

beforeEach(() => stubBrowser());
afterEach(restoreBrowser);

async function stateOf(orders: OrderImport) {
  await vi.advanceTimersByTimeAsync(50);
  return orders.state.get();
}

test('sends nothing before the user confirms, then in batches', async () => {
  const sent: Order[] = [];
  const orders = new OrderImport('red', {
    seq: () => 0,
    zone: () => 'UTC',
    place: async (order) => {
      sent.push(order);
      return { ...recorded, seq: sent.length };
    },
  });
  await orders.read(file(many));
  expect(await stateOf(orders)).toMatchObject({ kind: 'preview', name: 'a.csv', bad: [] });
  expect(sent).toEqual([]);
  await orders.send();
  expect(sent).toHaveLength(250);
  expect(await stateOf(orders)).toMatchObject({ kind: 'done', wasStopped: false, placed: 250, known: 0 });
});

test('stops after the current batch', async () => {
  let sent = 0;
  const orders = new OrderImport('red', {
    seq: () => 0,
    zone: () => 'UTC',
    place: async () => {
      sent += 1;
      if (sent === 150) orders.stop();
      return { ...recorded, seq: sent };
    },
  });
  await orders.read(file(many));
  await orders.send();
  expect(sent).toBe(200);
  expect(await stateOf(orders)).toMatchObject({ kind: 'done', wasStopped: true, placed: 200 });
});

test('counts earlier orders, orders that were sent twice, and refused ones', async () => {
  const answers: Answer[] = [
    { ...recorded, duplicate: true, seq: 7 },
    { ...recorded, duplicate: true, seq: 8 },
    { ...recorded, seq: 9 },
    conflict,
  ];
  const orders = new OrderImport('red', {
    seq: () => 7,
    zone: () => 'UTC',
    place: async () => answers.shift() ?? conflict,
  });
  await orders.read(file(many.slice(0, 4)));
  await orders.send();
  const state = await stateOf(orders);
  expect(state).toMatchObject({ kind: 'done', placed: 2, known: 1, refused: [{ why: 'Used.' }] });
  expect(state.kind === 'done' && resultOf(state)).toBe(
    '2 orders were placed. 1 was there already. 1 was refused.',
  );
});

test('makes short ids for rows without one, avoids taken ids, and recognises the same file again', async () => {
  // Answers as the hub: another order with the same id is a conflict, the same order a duplicate.
  const orders = new Map<string, string>();
  const place = async (order: Order): Promise<Answer> => {
    const said = JSON.stringify(order);
    const known = orders.get(order.orderID);
    if (known !== undefined && known !== said) return conflict;
    orders.set(order.orderID, said);
    return { ...recorded, seq: 1, ...(known === undefined ? {} : { duplicate: true }) };
  };
  const imported = async (rows: readonly string[]) => {
    const one = new OrderImport('red', { seq: () => 1, zone: () => 'UTC', place });
    await one.read(file(rows));
    await one.send();
    return stateOf(one);
  };
  const rows = many.slice(0, 20);
  await imported(rows);
  const [first = '', second = ''] = orders.keys();
  // Two other orders have ids that rows of the file would get.
  orders.clear();
  orders.set(first, 'another').set(second, 'one more');
  expect(await imported(rows)).toMatchObject({ kind: 'done', placed: 20, refused: [] });
  expect(orders.size).toBe(22);
  for (const id of orders.keys()) expect(id).toHaveLength(6);
  expect(await imported([...rows].reverse())).toMatchObject({ kind: 'done', placed: 0, known: 20 });
  expect(orders.size).toBe(22);
});

test('never changes an id that the file gives', async () => {
  const orders = new OrderImport('red', { seq: () => 0, zone: () => 'UTC', place: async () => conflict });
  await orders.read(new File(['orderID,customer,address\n1,a,b\n'], 'a.csv'));
  await orders.send();
  expect(await stateOf(orders)).toMatchObject({ placed: 0, refused: [{ row: { line: 2 }, why: 'Used.' }] });
});

test('asks for the columns of an unknown file before it shows orders', async () => {
  const orders = new OrderImport('red', { seq: () => 0, zone: () => 'UTC', place: async () => conflict });
  await orders.read(new File(['person,spot,extra\n?,!,x\n'], 'a.csv'));
  const asked = await stateOf(orders);
  if (asked.kind !== 'columns') throw new Error(asked.kind);
  expect(asked).toMatchObject({ headings: ['person', 'spot', 'extra'], others: 3, mayBeBare: true });
  await orders.takeColumns();
  expect((await stateOf(orders)).kind).toBe('columns');
  orders.map(withColumn(withColumn(asked.mapping, 'customer', 0, 0), 'address', 0, 1));
  expect(await stateOf(orders)).toMatchObject({
    samples: { customer: '?', address: '!' },
    others: 1,
  });
  await orders.takeColumns();
  expect(await stateOf(orders)).toMatchObject({
    kind: 'preview',
    good: [{ line: 2, problems: [] }],
    others: { count: 1, areKept: true },
  });
  orders.changeColumns();
  expect(await stateOf(orders)).toMatchObject({ kind: 'columns', mapping: { columns: { address: [1] } } });
});

test('says why a file is no table, and takes another one', async () => {
  const orders = new OrderImport('red', { seq: () => 0, zone: () => 'UTC', place: async () => conflict });
  await orders.read(new File([''], 'empty.csv'));
  expect(await stateOf(orders)).toEqual({ kind: 'choose', problem: 'This file is empty.' });
  await orders.send();
  await orders.read(file(['Hulda,1 Road']));
  expect((await stateOf(orders)).kind).toBe('preview');
});
