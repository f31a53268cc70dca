import { expect, test } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import { viewOfRed } from '../../../testkit/stub-browser.ts';
import { everything, filterIn, filterOrders, type OrderFilter, withFilter } from './order-filter.ts';

const due = '2026-01-01T12:00:00+01:00';
const order = (orderID: string, status: Status, dueAt?: string) => {
  const view = viewOfRed(orderID, status, 1, status === 'claimed' ? 'ana' : undefined);
  return { view: { ...view, payload: { ...view.payload, ...(dueAt ? { dueAt } : {}) } } };
};
const orders = [order('a', 'ready', due), order('b', 'claimed'), order('c', 'delivered', due)];
const found = (filter: Partial<OrderFilter>, now = 0) =>
  filterOrders(orders, { ...everything, ...filter }, now).map(({ view }) => view.payload.orderID);

test('combines words, terms, status and lateness', () => {
  expect(found({})).toEqual(['a', 'b', 'c']);
  expect(found({ search: 'ZOË elm' })).toEqual(['a', 'b', 'c']);
  expect(found({ search: 'zoe elm' })).toEqual(['a', 'b', 'c']);
  expect(found({ search: 'zoe\u0308' })).toEqual(['a', 'b', 'c']);
  expect(found({ search: 'driver:ana' })).toEqual(['b']);
  expect(found({ search: '-order:a' })).toEqual(['b', 'c']);
  expect(found({ search: 'zoë', status: 'claimed' })).toEqual(['b']);
  expect(found({ late: true, status: 'claimed' }, Date.parse(due) + 1)).toEqual([]);
});

test('an order is late if it is not delivered and past its due time', () => {
  expect(found({ late: true }, Date.parse(due))).toEqual([]);
  expect(found({ late: true }, Date.parse(due) + 1)).toEqual(['a']);
});

test('keeps the filter in the address, beside other parameters', () => {
  const filter: OrderFilter = { search: 'zoë & co', status: 'in-transit', late: true };
  const address = withFilter('http://hub/vendor?store=red#x', filter);
  expect(filterIn(new URL(address).searchParams)).toEqual(filter);
  expect(withFilter(address, everything)).toBe('http://hub/vendor?store=red#x');
  expect(filterIn(new URLSearchParams('status=nonsense'))).toEqual(everything);
});
