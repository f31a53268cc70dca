import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

interface RestAnswer {
  status: number;
  location: string | null;
  body: { orderID: string; duplicate?: true; code?: string; [key: string]: unknown };
}

async function post(path: string, body?: object, headers: Record<string, string> = {}): Promise<RestAnswer> {
  const response = await fetch(hub.url + path, {
    method: 'POST',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const said = (await response.json()) as RestAnswer['body'];
  return { status: response.status, location: response.headers.get('location'), body: said };
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(hub.url + path)).json()) as T;
}
const count = async (): Promise<number> => (await get<{ items: [] }>('/api/events')).items.length;

describe.each(['/api/orders', '/pickup'])('POST %s', (path) => {
  it('places an order, says where it is and which link its customer gets; the same again is the same', async () => {
    const first = await post(path, { ...order, orderID: 'a/b', gift: true });
    expect(first).toMatchObject({ status: 201, location: '/api/orders/red/a%2Fb' });
    expect(first.body).toEqual({
      ...{
        ok: true,
        seq: 1,
        rev: 1,
        status: 'ready',
        time: expect.any(String),
        store: 'red',
        orderID: 'a/b',
      },
      tracking: expect.stringMatching(new RegExp(`^${hub.url}/track/trk_[\\w-]{32}$`)),
    });
    const again = await post(path, { ...order, orderID: 'a/b', gift: true });
    expect(again).toEqual({ ...first, status: 200, body: { ...first.body, duplicate: true } });
    const { parcel } = await get<{ parcel: object }>(first.location ?? '');
    expect(parcel).toMatchObject({ payload: { ...order, orderID: 'a/b', gift: true } });
    const other = await post(path, { ...order, orderID: 'a/b' });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('makes up an order id that can be read out, another one each time', async () => {
    const placed = await Promise.all(Array.from({ length: 20 }, () => post(path, order)));
    expect(new Set(placed.map(({ body }) => body.orderID)).size).toBe(20);
    for (const { status, body } of placed) {
      expect([status, body.orderID]).toEqual([201, expect.stringMatching(/^[a-hj-km-np-z2-9]{8}$/)]);
    }
  });

  it('[D4] with a key, an order that is sent again is one order, also without an id of its own', async () => {
    const key = { 'idempotency-key': 'k1' };
    const first = await post(path, order, key);
    const again = await post(path, order, key);
    expect(again).toEqual({ ...first, status: 200, body: { ...first.body, duplicate: true } });
    const other = await post(path, { ...order, customer: 'Ida' }, key);
    expect(other).toMatchObject({ status: 409, body: { code: 'id-reused' } });
    const neighbour = await post(path, { ...order, store: 'blue' }, key);
    expect(neighbour).toMatchObject({ status: 201 });
    expect(await count()).toBe(2);
  });

  it('[D4] where the id that it made up was not free, the order that is sent again is still the same', async () => {
    const key = { 'idempotency-key': 'k1' };
    const { orderID } = (await post(path, order, key)).body;
    // Another hub with another order of that id.
    await hub.close();
    hub = await startRealHub();
    await post(path, { ...order, orderID, customer: 'Ida' });
    const first = await post(path, order, key);
    expect([first.status, first.body.orderID === orderID]).toEqual([201, false]);
    const again = await post(path, order, key);
    expect(again).toEqual({ ...first, status: 200, body: { ...first.body, duplicate: true } });
  });
});

it('dispatch places orders for any store', async () => {
  await post('/api/orders?as=admin&name=Dispatch', { ...order, orderID: '1' });
  const { items } = await get<{ items: object[] }>('/api/events');
  expect(items).toMatchObject([{ by: { role: 'admin', id: 'admin', name: 'Dispatch' }, via: 'rest' }]);
});

describe('POST /api/orders/:store/:orderID/:event', () => {
  const step = (event: string, who: string, details?: object, headers?: Record<string, string>) =>
    post(`/api/orders/red/1/${event}?${who}`, details, headers);

  it('takes a parcel through its life; without an actor, the store acts', async () => {
    await post('/api/orders', { ...order, orderID: '1' });
    const ana = 'as=driver:ana&name=Ana';
    expect(await step('note', '', { text: 'Ring twice.' })).toMatchObject({ status: 201, body: { rev: 2 } });
    expect(await step('claimed', ana)).toMatchObject({
      ...{ status: 201, location: null },
      body: { ok: true, seq: 3, rev: 3, status: 'claimed', store: 'red', orderID: '1' },
    });
    expect(await step('claimed', ana)).toMatchObject({ status: 200, body: { duplicate: true, seq: 3 } });
    expect(await step('claimed', 'as=driver:ben')).toMatchObject({
      status: 409,
      body: { code: 'taken', details: { by: 'Ana' } },
    });
    await step('in-transit', `${ana}&occurredAt=2026-11-20T18:02:59.001Z`);
    await step('attempt-failed', ana, { reason: 'not-home' });
    await step('retried', 'as=admin', {});
    expect(await step('delivered', ana, { receivedBy: 'Ida' })).toMatchObject({
      body: { status: 'delivered' },
    });
    const { records } = await get<{ records: object[] }>('/api/orders/red/1');
    expect(records).toMatchObject([
      { event: 'pickup', by: { role: 'vendor', id: 'red' } },
      { event: 'note', by: { role: 'vendor', id: 'red' }, details: { text: 'Ring twice.' } },
      { event: 'claimed', by: { role: 'driver', id: 'ana', name: 'Ana' } },
      { event: 'in-transit', occurredAt: '2026-11-20T18:02:59.001Z' },
      { event: 'attempt-failed', details: { reason: 'not-home' } },
      { event: 'retried', by: { role: 'admin' } },
      { event: 'delivered', details: { receivedBy: 'Ida' }, via: 'rest' },
    ]);
  });

  it('[D4] with a key, an event that is sent again is one record, whatever came after it', async () => {
    await post('/api/orders', { ...order, orderID: '1' });
    const key = { 'idempotency-key': 'c1' };
    const ana = 'as=driver:ana';
    const claimed = await step('claimed', ana, undefined, key);
    await step('in-transit', ana);
    expect(await step('claimed', ana, {}, key)).toEqual({
      ...{ status: 200, location: null },
      body: { ...claimed.body, duplicate: true },
    });
    expect(await step('delivered', ana, {}, key)).toMatchObject({ status: 409, body: { code: 'id-reused' } });
    expect(await count()).toBe(3);
  });
});

it('[S4] what a stopping hub cannot take is to be sent again', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 20 }, () => post('/api/orders', order)),
    hub.close().then(() => undefined),
  ]).catch((error: unknown) => error);
  // Whatever the network did, nothing was answered but yes or "later".
  if (!Array.isArray(answers)) return;
  for (const said of answers) expect([201, 503, undefined]).toContain(said?.status);
});
