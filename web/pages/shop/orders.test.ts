import { expect, test } from 'vitest';
import type { EventName, Status } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { Orders, ordersMax } from './orders.ts';

let seq = 0;
function record(orderID: string, rev: number, event: EventName, status: Status, details = {}): CapsRecord {
  seq += 1;
  const by =
    event === 'pickup' ? ({ role: 'vendor', id: 'red' } as const) : ({ role: 'driver', id: 'ana' } as const);
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  const time = new Date(seq * 1_000).toISOString();
  return { seq, event, time, status, rev, payload, by, details, via: 'socket.io' };
}

function delivered(orders: Orders, orderID: string): void {
  orders.record(record(orderID, 1, 'pickup', 'ready'));
  orders.record(record(orderID, 2, 'in-transit', 'in-transit'));
  orders.record(record(orderID, 3, 'delivered', 'delivered'));
}

const ids = (orders: Orders) => orders.placed.list().map(({ view }) => view.payload.orderID);
const thankedIds = (orders: Orders) => orders.thanks.map(({ orderID }) => orderID);

test('lists the newest first and thanks for each delivery once', () => {
  const orders = new Orders();
  delivered(orders, 'a');
  delivered(orders, 'b');
  expect(ids(orders)).toEqual(['b', 'a']);
  expect(thankedIds(orders)).toEqual(['b', 'a']);
  expect(orders.placed.counts).toMatchObject({ delivered: 2, ready: 0 });
});

test('thanks for a delivery that the list has already shown', () => {
  const orders = new Orders();
  const feed = [record('a', 1, 'pickup', 'ready'), record('a', 2, 'delivered', 'delivered')];
  const [first] = feed;
  if (!first) throw new Error('no record');
  orders.view({
    payload: first.payload,
    status: 'delivered',
    rev: 2,
    attempts: 0,
    createdAt: first.time,
    changedAt: first.time,
  });
  expect(orders.thanks).toEqual([]);
  for (const one of feed) orders.record(one);
  expect(thankedIds(orders)).toEqual(['a']);
  expect(orders.placed.get('a')?.view.status).toBe('delivered');
});

test('thanks once for a delivery that was undone and repeated', () => {
  const orders = new Orders();
  delivered(orders, 'a');
  orders.record(record('a', 4, 'corrected', 'in-transit', { rev: 3 }));
  expect(orders.thanks).toEqual([]);
  expect(orders.thanked).toBe(0);
  orders.record(record('a', 5, 'delivered', 'delivered'));
  expect(thankedIds(orders)).toEqual(['a']);
});

test('keeps only the newest orders and counts the dropped ones', () => {
  const orders = new Orders();
  const total = 1.5 * ordersMax;
  for (let i = 0; i < total; i += 1) orders.record(record(`order-${i}`, 1, 'pickup', 'ready'));
  expect(orders.placed.list().length + orders.dropped).toBe(total);
  expect(orders.placed.list().length).toBeLessThanOrEqual(1.1 * ordersMax);
  expect(ids(orders)[0]).toBe(`order-${total - 1}`);
});
