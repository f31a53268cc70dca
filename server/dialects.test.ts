import { describe, expect, it } from 'vitest';
import {
  eventNamed,
  givenBack,
  isDriversQueue,
  orderOf,
  parcelNamedIn,
  queueNamedIn,
  spellingsOf,
} from './dialects.ts';

it.each([
  ['pickup', 'pickup'],
  ['PICKUP', 'pickup'],
  ['in-transit', 'in-transit'],
  ['IN_TRANSIT', 'in-transit'],
  ['inTransit', 'in-transit'],
  ['In-Transit', 'in-transit'],
  ['DELIVERED', 'delivered'],
  ['ATTEMPT_FAILED', 'attempt-failed'],
  ['join', undefined],
  ['__proto__', undefined],
  ['', undefined],
])('an event spelled "%s" is %s', (spelling, event) => expect(eventNamed(spelling)).toBe(event));

it('an event is told in both spellings', () => {
  expect(spellingsOf('in-transit')).toEqual(['in-transit', 'IN_TRANSIT']);
});

const person = { customer: 'Ida', address: 'Pass' };
const key = { store: 'red', orderID: '42' };

/** Orders as plain clients send them, and whether they can be kept as they are. */
const orders: [name: string, given: Record<string, unknown>, isKept: boolean][] = [
  ['our own names', { store: 'red', orderID: '42', ...person }, true],
  ['orderId', { store: 'red', orderId: '42', ...person }, true],
  ['firstName', { store: 'red', orderID: '42', firstName: 'Ida', address: 'Pass' }, true],
  ['vendorId and messageId', { vendorId: 'red', messageId: '42', ...person }, true],
  [
    'wrapped in order',
    { event: 'pickup', clientId: 'red', order: { store: 'red', orderId: '42', ...person } },
    true,
  ],
  ['wrapped in payload', { payload: { store: 'red', orderID: '42', ...person } }, true],
  ['a number', { store: 'red', orderID: 42, ...person }, false],
  ['a number by another name', { store: 'red', orderId: 42, ...person }, false],
  ['a phone that is a number', { store: 'red', orderID: '42', ...person, phone: 5_551_234 }, false],
  ['spaces around the id', { store: 'red', orderID: ' 42 ', ...person }, false],
  ['a part called given', { store: 'red', orderID: '42', ...person, given: { a: 1 } }, false],
];

describe.each(orders)('an order with %s', (_, given, isKept) => {
  const order = orderOf(given, key);

  it('is understood', () => {
    expect(parcelNamedIn(given)).toEqual(key);
    expect(order).toMatchObject({ ...key, ...person });
  });

  it('is given back as it came, with what others look for', () => {
    const { event, ...rest } = given;
    expect(givenBack(order, 'delivered')).toMatchObject({
      ...rest,
      ...(event ? { event: 'delivered' } : {}),
    });
    expect(Object.keys(givenBack(order, 'delivered'))).toEqual(
      expect.arrayContaining(['store', 'orderID', 'orderId', 'messageId', 'customer', 'address']),
    );
    expect('given' in order).toBe(!isKept);
  });
});

it('an order under another name is given back under its own', () => {
  const given = { store: 'red', orderId: '42', ...person };
  const order = orderOf(given, { store: 'red', orderID: '42~2' });
  expect(order.orderID).toBe('42~2');
  expect(givenBack(order, 'pickup')).toEqual({ ...given, orderID: '42', messageId: '42' });
});

it('an order of our own clients gets the other names', () => {
  const order = { store: 'red', orderID: '1042', ...person, note: 'Ring twice' };
  expect(givenBack(order, 'pickup')).toEqual({ ...order, orderId: '1042', messageId: '1042' });
});

it('what a customer’s or an address’s place is empty of is said', () => {
  expect(orderOf({ ...key }, key)).toEqual({ ...key, customer: 'not given', address: 'not given' });
});

it.each([{ orderID: '1' }, { store: 'red' }, { store: '', orderID: '1' }, { store: {}, orderID: [] }, {}])(
  '[S1] %j names no parcel',
  (given) => expect(() => parcelNamedIn(given)).toThrow(/missing/),
);

it.each([
  ['red', 'red'],
  [7, '7'],
  [{ clientId: 'red' }, 'red'],
  [{ room: 'red' }, 'red'],
  [' red ', 'red'],
  ['', undefined],
  ['x'.repeat(129), undefined],
  [null, undefined],
  [['red'], undefined],
  [{ clientId: {} }, undefined],
])('%j names the queue %j', (asked, queue) => expect(queueNamedIn(asked)).toBe(queue));

it('drivers’ queues are known by their name', () => {
  expect(['driver', 'DRIVER', 'Drivers', 'driver-in', 'red'].map(isDriversQueue)).toEqual([
    ...[true, true, true, false, false],
  ]);
});
