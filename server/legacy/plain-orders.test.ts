import { describe, expect, it } from 'vitest';
import {
  bareIdIn,
  givenBack,
  orderOf,
  parcelNamedIn,
  queueNamedIn,
  readExactly,
  readGiven,
} from './plain-orders.ts';

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
  ['the names of class 12', { storename: 'red', orderNumber: '42', coustomer: 'Ida', address: 'Pass' }, true],
  ['a vendor and an id', { vendor: 'red', id: '42', name: 'Ida', address: 'Pass' }, true],
  ['a retailer’s package', { retailer: 'red', packageId: '42', ...person }, true],
  ['an id inside, another outside', { id: 'm7', order: { vendorName: 'red', id: '42', ...person } }, true],
  [
    'an event inside a task',
    { id: 'm7', payload: { event: 'pickup', payload: { ...key, ...person } } },
    true,
  ],
  ['an address in pieces', { ...key, customer: 'Ida', address: { street: 'Pass' } }, false],
  ['a street', { store_name: 'red', randomOrderId: '42', customer: 'Ida', street: 'Pass' }, true],
  ['a part called given', { store: 'red', orderID: '42', ...person, given: { a: 1 } }, false],
];

describe.each(orders)('an order with %s', (_, given, isKept) => {
  const order = orderOf(readGiven(given), key);

  it('is understood', () => {
    expect(parcelNamedIn(readGiven(given))).toEqual(key);
    expect(order).toMatchObject({ ...key, ...person });
  });

  it('is given back as it came, with what others look for', () => {
    const { event, ...rest } = given;
    const { object } = givenBack(order, 'delivered');
    expect(object).toMatchObject({
      ...rest,
      ...(event ? { event: 'delivered' } : {}),
    });
    expect(Object.keys(object)).toEqual(
      expect.arrayContaining(['store', 'orderID', 'orderId', 'messageId', 'customer', 'address']),
    );
    const inside = object['order'] as object;
    expect(Object.keys(inside)).toEqual(
      expect.arrayContaining(['store', 'orderID', 'orderId', 'id', 'customer', 'address']),
    );
    expect('given' in order).toBe(!isKept);
  });
});

it('an order under another name is given back under its own', () => {
  const given = { store: 'red', orderId: '42', ...person };
  const order = orderOf(readGiven(given), { store: 'red', orderID: '42~2' });
  expect(order.orderID).toBe('42~2');
  expect(givenBack(order, 'pickup').object).toEqual({
    ...{ ...given, orderID: '42', messageId: '42' },
    order: { ...key, ...person, orderId: '42', id: '42' },
  });
});

it('an order of our own clients gets the other names', () => {
  const order = { store: 'red', orderID: '1042', ...person, note: 'Ring twice' };
  expect(givenBack(order, 'pickup').object).toEqual({
    ...{ ...order, orderId: '1042', messageId: '1042' },
    order: { store: 'red', orderID: '1042', orderId: '1042', id: '1042', ...person },
  });
});

it('what a customer’s or an address’s place is empty of is said', () => {
  expect(orderOf(readGiven({ ...key }), key)).toEqual({
    ...key,
    customer: 'not given',
    address: 'not given',
  });
});

it.each([{ orderID: '1' }, { store: 'red' }, { store: '', orderID: '1' }, { store: {}, orderID: [] }, {}])(
  '[S1] %j names no parcel',
  (given) => expect(() => parcelNamedIn(readGiven(given))).toThrow(/missing/),
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

it('an order that came as JSON text is given back as text, and as an object', () => {
  const text = JSON.stringify({ ...key, ...person });
  const order = orderOf(readGiven(text), key);
  expect(order).toEqual({ ...key, ...person, given: text });
  expect(givenBack(order, 'pickup')).toMatchObject({ text, object: { ...key, ...person, orderId: '42' } });
});

it.each(['text', '[1]', '{oops', 'null', ''])('[S1] %j is no order', (text) => {
  expect(() => readGiven(text)).toThrow(/An order is an object/);
});

it.each([
  ['42', '42'],
  [42, '42'],
  [{ orderID: '42' }, '42'],
  [{ store: 'red', orderID: '42' }, undefined],
  ['{"store":"red","orderID":"42"}', undefined],
  [{}, undefined],
  [null, undefined],
])('%j is the bare id %j', (payload, id) => expect(bareIdIn(payload)).toBe(id));

it('numbers past 2^53 are kept as they came, and given back so wherever they stand', () => {
  const json = '{"store":"red","order":{"id":9007199254740993,"customer":"Ida","weight":1e400}}';
  const { value, numbers } = readExactly(json, JSON.parse(json));
  const given = readGiven(value, numbers);
  const named = parcelNamedIn(given);
  expect(named).toEqual({ store: 'red', orderID: '9007199254740993' });
  const order = orderOf(given, named);
  // As it comes out of the log.
  const kept = JSON.parse(JSON.stringify(order)) as typeof order;
  const text = JSON.stringify(givenBack(kept, 'pickup').object);
  expect(text).toContain(
    '"order":{"store":"red","orderID":9007199254740993,"orderId":9007199254740993,"id":9007',
  );
  expect(text).toContain('"weight":1e400');
  expect(text).toContain('"orderID":9007199254740993,');
  expect(text).not.toContain('"9007199254740993"');
});

it('[S1] JSON nested thousands deep ends no stack, whatever numbers are in it', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const text = `${open.repeat(8_000)}9007199254740993${close.repeat(8_000)}`;
    const value: unknown = JSON.parse(text);
    expect(readExactly(text, value)).toEqual({ value, numbers: [] });
    expect(() => readGiven(text)).toThrow();
  }
  const flat = '{"orderID":9007199254740993,"note":"[[[[[[[[[[[[[[[[["}';
  expect(readExactly(flat, JSON.parse(flat)).numbers).toEqual([['orderID']]);
});

describe('what a shop itself calls', () => {
  const itself = { ...key, ...person };

  it.each<[what: string, order: Record<string, unknown>]>([
    ['given', { ...itself, given: { a: '7' } }],
    [
      'given, as if it were another order',
      { ...itself, given: { store: 'blue', orderID: '77', customer: 'Eve', address: 'Elsewhere' } },
    ],
    ['given, as if it were its own in other words', { ...itself, given: { ...itself, customer: 'Eve' } }],
    ['given, as text', { ...itself, given: JSON.stringify({ ...itself, orderID: '77' }) }],
    ['given, with a number that is none', { ...itself, given: { a: '007' }, givenNumbers: [['a']] }],
    ['givenNumbers', { ...itself, givenNumbers: [['orderID']] }],
  ])('%s is told to plain clients as a part of its order', (_, order) => {
    expect(givenBack(order as never, 'pickup').object).toMatchObject({ ...order, orderId: '42' });
  });
});

it.each<[what: string, more: object, numbers: string[][]]>([
  ['begins with zeros', { a: '007' }, [['a']]],
  ['ends with a point', { a: '7.' }, [['a']]],
  ['has blanks around it', { a: ' 7' }, [['a']]],
  ['is a word', { a: 'NaN' }, [['a']]],
  ['is inside a number', { a: '7' }, [['a'], ['a', 'rawJSON']]],
  ['is nowhere', {}, [['a', 'b'], [], ['__proto__', 'a'], ['constructor', 'name']]],
])('[S1] a number that %s keeps nobody from hearing of the order', (_, more, givenNumbers) => {
  const given = { ...key, ...person, ...more };
  const order = { ...key, ...person, given, givenNumbers };
  const { object } = givenBack(order, 'pickup');
  expect(JSON.parse(JSON.stringify(object))).toMatchObject({ ...key, ...person, orderId: '42' });
});

it('[S1] an order that cannot be put together as it came is told as it is', () => {
  // Nothing of the kind comes out of the log, and nothing else is known to throw.
  const given = { ...key, ...person, uncloneable: () => 1 };
  const order = { ...key, ...person, given, givenNumbers: [['orderID']] };
  expect(givenBack(order, 'pickup').object).toMatchObject({ ...order, orderId: '42' });
});
