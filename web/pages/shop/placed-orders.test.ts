import { expect, test } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import { viewOfRed } from '../../../testkit/stub-browser.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { PlacedOrders } from './placed-orders.ts';

const start = Date.UTC(2026, 0, 1);
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();
const now = Date.parse(at(1_000));

function order(orderID: string, status: Status, minutes: number, dueMinutes?: number): KnownParcel {
  const view = viewOfRed(orderID, status, 1);
  const dueAt = dueMinutes === undefined ? {} : { dueAt: at(dueMinutes) };
  return { view: { ...view, payload: { ...view.payload, ...dueAt }, createdAt: at(minutes) } };
}

const mixed = [
  order('1', 'ready', 1),
  order('2', 'failed', 2),
  order('3', 'returning', 3),
  order('4', 'claimed', 4, 900),
  order('5', 'delivered', 5, 900),
  order('6', 'failed', 6, 900),
  order('7', 'in-transit', 7, 800),
  order('8', 'ready', 8, 1_100),
  order('9', 'ready', 9),
  order('10', 'ready', 9),
];

test('sorts urgent orders first, then the newest, whatever the order of arrival', () => {
  for (const turn of mixed.keys()) {
    const orders = new PlacedOrders();
    for (const one of [...mixed.slice(turn), ...mixed.slice(0, turn)]) orders.set(one, now);
    expect(orders.ids()).toEqual(['2', '6', '7', '4', '3', '10', '9', '8', '5', '1']);
    expect(orders.list().map(({ view }) => view.payload.orderID)).toEqual(orders.ids());
    expect(orders.late).toBe(3);
    expect(orders.counts).toMatchObject({ ready: 4, failed: 2, returning: 1, delivered: 1, cancelled: 0 });
  }
});

test('an order becomes late at its due time, until it is delivered', () => {
  const orders = new PlacedOrders();
  for (const one of mixed) orders.set(one, now);
  expect(orders.nextChangeAt).toBe(Date.parse(at(1_100)));
  orders.advance(orders.nextChangeAt + 1);
  expect(orders.ids().slice(0, 5)).toEqual(['2', '6', '7', '4', '8']);
  expect([orders.late, orders.nextChangeAt]).toEqual([4, Number.POSITIVE_INFINITY]);
  orders.set(order('8', 'delivered', 8, 1_100), now);
  expect(orders.late).toBe(3);
  expect(orders.ids().slice(5, 8)).toEqual(['10', '9', '8']);
});

test('an order on which the shop has just acted keeps its place until release', () => {
  const orders = new PlacedOrders();
  for (const one of mixed) orders.set(one, now);
  const ids = orders.ids();
  orders.hold('3');
  orders.set(order('3', 'returned', 3), now);
  expect(orders.ids()).toBe(ids);
  expect(orders.counts).toMatchObject({ returning: 0, returned: 1 });
  orders.release('3', now);
  expect(orders.ids()).toEqual(['2', '6', '7', '4', '10', '9', '8', '5', '3', '1']);
});

test('returned lists are immutable, and the same if nothing has changed', () => {
  const orders = new PlacedOrders();
  for (const one of mixed) orders.set(one, now);
  const [list, ids] = [orders.list(), orders.ids()];
  orders.set(order('9', 'claimed', 9), now);
  expect(list.find(({ view }) => view.payload.orderID === '9')?.view.status).toBe('ready');
  expect(orders.ids()).toBe(ids);
  expect(orders.list().filter((one, i) => one !== list[i])).toHaveLength(1);
  orders.set(order('11', 'ready', 11), now);
  expect(ids).not.toContain('11');
  expect(orders.ids()).toHaveLength(ids.length + 1);
});

test('a record among twenty thousand orders compares only a few of them', () => {
  const orders = new PlacedOrders();
  let looks = 0;
  for (let i = 0; i < 20_000; i += 1) {
    const { view } = order(`o${i}`, 'ready', i);
    const { createdAt } = view;
    const counting = Object.defineProperty({ ...view }, 'createdAt', {
      get: () => {
        looks += 1;
        return createdAt;
      },
    });
    orders.set({ view: counting }, now);
  }
  looks = 0;
  orders.set(order('o10000', 'claimed', 10_000), now);
  orders.set(order('new', 'ready', 30_000), now);
  expect(orders.counts).toMatchObject({ ready: 20_000, claimed: 1 });
  expect(looks).toBeLessThan(100);
});

test('an order for later stands apart, by its time, until its shop’s lead has come', () => {
  const placed = new PlacedOrders();
  const after = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const set = (orderID: string, notBefore?: string) => {
    const { view } = order(orderID, 'ready', Number(orderID));
    placed.set({ view: { ...view, payload: { ...view.payload, ...(notBefore ? { notBefore } : {}) } } }, now);
  };
  set('1', after(5));
  set('2');
  set('3', after(3));
  set('4', after(0.5));
  const all = () => placed.list().map(({ view, rank }) => `${view.payload.orderID} ${rank}`);
  expect(all()).toEqual(['3 later', '1 later', '4 other', '2 other']);
  expect([placed.later, placed.nextChangeAt]).toEqual([2, now + 2 * 3_600_000]);
  placed.setLead(4 * 3_600_000, now);
  expect(all()).toEqual(['1 later', '4 other', '3 other', '2 other']);
  placed.advance(now + 3_600_001);
  expect([placed.later, placed.nextChangeAt]).toEqual([0, Number.POSITIVE_INFINITY]);
  set('1', after(5));
  placed.clear();
  expect([placed.later, placed.nextChangeAt]).toEqual([0, Number.POSITIVE_INFINITY]);
});
