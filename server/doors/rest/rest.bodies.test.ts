import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
beforeEach(async () => {
  hub = await startRealHub();
});
afterEach(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

const order = { store: 'red', customer: 'Hulda', address: '835 Meluk Pass' };
type AnswerBody = { orderID: string; detail?: string; [key: string]: unknown };

async function post(path: string, body: object): Promise<{ status: number; body: AnswerBody }> {
  const response = await fetch(hub.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function lastRecord(): Promise<CapsRecord | undefined> {
  const { items } = await (await fetch(`${hub.url}/api/events`)).json();
  return items.at(-1);
}

describe.each(['/api/orders', '/pickup'])('POST %s', (path) => {
  it('what is empty or null is not there; what is not ours stays as it was', async () => {
    const empty = { phone: '', note: null, dueAt: '', gift: null, shelf: '' };
    expect(await post(path, { ...order, orderID: '1', ...empty })).toMatchObject({ status: 201 });
    expect((await lastRecord())?.payload).toEqual({ ...order, orderID: '1', gift: null, shelf: '' });
    const again = await post(path, { ...order, orderID: '1', gift: null, shelf: '' });
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } });
  });

  it.each(['', null])('an order id that is %j is made up', async (orderID) => {
    const { status, body } = await post(path, { ...order, orderID });
    expect([status, body.orderID]).toEqual([201, expect.stringMatching(/^[a-z2-9]{8}$/)]);
  });

  it('a number is taken as its text, and the same order with the text is the same', async () => {
    const numbers = { store: 7, orderID: 1042, phone: 49170123456, weight: 3 };
    expect(await post(path, { ...order, ...numbers })).toMatchObject({
      status: 201,
      body: { orderID: '1042' },
    });
    expect((await lastRecord())?.payload).toEqual({
      ...order,
      ...{ store: '7', orderID: '1042', phone: '49170123456', weight: 3 },
    });
    const texts = { store: '7', orderID: '1042', phone: '49170123456', weight: 3 };
    expect(await post(path, { ...order, ...texts })).toMatchObject({ status: 200 });
  });

  it('where it goes may come as text, and is numbers', async () => {
    const texts = { ...order, orderID: '1', latitude: '52.52', longitude: '-13' };
    expect(await post(path, texts)).toMatchObject({ status: 201 });
    const numbers = { latitude: 52.52, longitude: -13 };
    expect((await lastRecord())?.payload).toEqual({ ...order, orderID: '1', ...numbers });
    expect(await post(path, { ...order, orderID: '1', ...numbers })).toMatchObject({ status: 200 });
    expect(await post(path, { ...order, latitude: 'north', longitude: '1' })).toMatchObject({ status: 400 });
    expect(await post(path, { ...order, latitude: '', longitude: null })).toMatchObject({ status: 201 });
  });

  it('a key of another spelling beside ours is one of the shop’s own', async () => {
    const both = { ...order, orderID: '1', orderId: 'x', order_id: 2 };
    expect(await post(path, both)).toMatchObject({ status: 201, body: { orderID: '1' } });
    expect((await lastRecord())?.payload).toEqual(both);
  });
});

it.each([
  ['orderId', 'orderID'],
  ['order_id', 'orderID'],
  ['ORDER-ID', 'orderID'],
  ['due_at', 'dueAt'],
  ['Phone', 'phone'],
])('a key %s is named, with what it is called, instead of passed over', async (near, key) => {
  const { status, body } = await post('/api/orders', { ...order, [near]: '1' });
  expect([status, body.detail]).toEqual([400, `${near}: Is not known here; it is called ${key}.`]);
  expect(await lastRecord()).toBeUndefined();
});

it('the lab’s shortcut takes any spelling', async () => {
  const { store, customer, address } = order;
  const given = { store, orderId: 1042, Customer: customer, address };
  expect(await post('/pickup', given)).toMatchObject({ status: 201, body: { orderID: '1042' } });
  expect((await lastRecord())?.payload).toEqual({
    ...order,
    orderID: '1042',
    orderId: 1042,
    Customer: customer,
  });
});

it('an event’s details are read in the same way', async () => {
  await post('/api/orders', { ...order, orderID: '1' });
  const step = (event: string, body: object) => post(`/api/orders/red/1/${event}?as=driver:ana`, body);
  expect(await step('in-transit', {})).toMatchObject({ status: 201 });
  expect(await step('delivered', { received_by: 'Ida' })).toMatchObject({
    status: 400,
    body: { detail: 'received_by: Is not known here; it is called receivedBy.' },
  });
  expect(await step('delivered', { outcome: null, receivedBy: 12 })).toMatchObject({ status: 201 });
  expect((await lastRecord())?.details).toEqual({ receivedBy: '12' });
});

it('an amendment removes what is empty or null, and refuses to remove what an order needs', async () => {
  const dueAt = '2026-12-01T12:00:00Z';
  await post('/api/orders', { ...order, orderID: '1', phone: '555', note: 'ring', dueAt });
  const amend = (body: object) => post('/api/orders/red/1/amended', body);
  const removal = await amend({ address: '1 New Street', phone: null, note: '', dueAt: null });
  expect(removal).toMatchObject({ status: 201, body: { rev: 2 } });
  const { payload } = (await lastRecord()) ?? {};
  expect(payload).toEqual({ ...order, orderID: '1', store: 'red', address: '1 New Street' });
  expect(await amend({ customer: null })).toMatchObject({ status: 400, body: { code: 'bad-message' } });
});

it('a number that JSON does not keep is to be sent as a text', async () => {
  const response = await fetch(`${hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order).replace('{', '{"orderID":9007199254740993,'),
  });
  expect(await response.json()).toMatchObject({
    detail: 'orderID: This number cannot be kept as it was written; send it as a text.',
  });
});
