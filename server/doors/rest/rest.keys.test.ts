import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminKey, asJson, type KeyedHub, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { startRealHub } from '../../../testkit/real-hub.ts';

let hub: KeyedHub;
beforeAll(async () => {
  hub = await startKeyedHub();
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

const listed = async (): Promise<object[]> => {
  const response = await hub.ask('/api/keys', adminKey);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return ((await response.json()) as { items: object[] }).items;
};

describe('a key', () => {
  it.each([
    [{ role: 'vendor', store: 'red', name: 'Zoë’s till' }, 'ven_'],
    [{ role: 'driver', driver: 'ana' }, 'drv_'],
    [{ role: 'admin', name: 'Desk' }, 'adm_'],
  ])('[A2] is told once, to whoever has it issued: %j', async (wanted, prefix) => {
    const response = await hub.ask('/api/keys', adminKey, asJson('POST', wanted));
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { key, ...rest } = (await response.json()) as { key: string; id: string };
    expect(rest).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      ...wanted,
      createdAt: expect.any(String),
    });
    expect(key).toMatch(new RegExp(`^${prefix}[\\w-]{32}$`));
    const [newest] = await listed();
    expect(newest).toEqual({ ...rest, hint: `${prefix}…${key.slice(-4)}` });
    expect((await hub.ask('/api/orders', key)).status).toBe(200);
  });

  it('is revoked for good, once or twice, and still listed', async () => {
    const { id } = await hub.issue({ role: 'driver', driver: 'ben' });
    await hub.revoke(id);
    const first = await listed();
    await hub.revoke(id);
    expect(await listed()).toEqual(first);
    expect(first[0]).toMatchObject({ id, driver: 'ben', revokedAt: expect.any(String) });
    const none = await hub.ask('/api/keys/none', adminKey, { method: 'DELETE' });
    expect([none.status, await none.json()]).toEqual([
      404,
      expect.objectContaining({ details: { field: 'id' } }),
    ]);
  });

  it.each<[unknown, number, string]>([
    [undefined, 400, 'role'],
    [{}, 400, 'role'],
    [[], 400, ''],
    [{ role: 'hub' }, 400, 'role'],
    [{ role: 'customer' }, 400, 'role'],
    [{ role: 'vendor' }, 400, 'store'],
    [{ role: 'vendor', driver: 'ana' }, 400, 'store'],
    [{ role: 'driver', driver: ' ' }, 400, 'driver'],
    [{ role: 'driver', driver: 'ana', store: 'red' }, 400, 'store'],
    [{ role: 'admin', key: adminKey }, 400, 'key'],
    [{ role: 'admin', name: 'x'.repeat(200) }, 400, 'name'],
  ])('is not issued for %j', async (wanted, status, field) => {
    const before = await listed();
    const response = await hub.ask('/api/keys', adminKey, asJson('POST', wanted));
    const problem = (await response.json()) as { code: string; details?: { field: string } };
    expect([response.status, problem.code, problem.details?.field ?? '']).toEqual([
      status,
      'bad-message',
      field,
    ]);
    expect(await listed()).toEqual(before);
  });

  it('[S1] past the limit is not read', async () => {
    const wanted = { role: 'admin', name: 'x'.repeat(20_000) };
    expect((await hub.ask('/api/keys', adminKey, asJson('POST', wanted))).status).toBe(413);
  });

  it('is not said to be needed as ?as= where a store may not do something', async () => {
    const red = await hub.issue({ role: 'vendor', store: 'red' });
    const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
    await hub.ask('/api/orders', red.key, asJson('POST', order));
    const refused = await hub.ask('/api/orders/red/1/claimed', red.key, { method: 'POST' });
    expect(await refused.json()).toMatchObject({ status: 403, detail: 'A vendor may not send "claimed".' });
  });
});

it('where access is open there are no keys, and it is said what they need', async () => {
  const open = await startRealHub();
  for (const [path, options] of [
    ['/api/keys', asJson('POST', { role: 'admin' })],
    ['/api/keys', {}],
    ['/api/keys/x', { method: 'DELETE' }],
  ] as [string, RequestInit][]) {
    const response = await fetch(open.url + path, options);
    expect([response.status, await response.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'not-allowed', detail: expect.stringContaining('CAPS_ADMIN_KEY') }),
    ]);
  }
  // A key that is none is not asked about: everybody is who they say.
  const headers = { authorization: 'Bearer adm_none' };
  expect((await fetch(`${open.url}/api/orders?as=store:red`, { headers })).status).toBe(200);
  const hubs = await fetch(`${open.url}/api/hub`, { headers });
  expect(await hubs.json()).toEqual({
    version: expect.any(String),
    access: 'open',
    addresses: expect.any(Array),
  });
  await open.close();
});

it('a customer’s token reads its one order and writes a note, and is refused the rest in the customer’s name', async () => {
  const open = await startRealHub();
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  const placed = await fetch(`${open.url}/api/orders`, asJson('POST', order));
  const { tracking } = (await placed.json()) as { tracking: string };
  const authorization = `Bearer ${tracking.replace(/.*\//, '')}`;
  const ask = (path: string, { headers, ...more }: RequestInit = {}) =>
    fetch(open.url + path, { ...more, headers: { ...headers, authorization } });
  const note = asJson('POST', { text: 'Please ring twice.' });
  expect((await ask('/api/orders/red/1/note', note)).status).toBe(201);
  const { records } = (await (await ask('/api/orders/red/1')).json()) as { records: object[] };
  expect(records).toMatchObject([{ event: 'pickup' }, { event: 'note', by: { role: 'customer' } }]);
  const refusals: [path: string, body: object, event: string][] = [
    ['/api/orders/red/1/cancelled', { reason: 'Not needed.' }, 'cancelled'],
    ['/api/orders/red/1/claimed', {}, 'claimed'],
    ['/api/orders', { ...order, orderID: '2' }, 'pickup'],
  ];
  for (const [path, body, event] of refusals) {
    const said = await (await ask(path, asJson('POST', body))).json();
    expect(said).toMatchObject({ status: 403, detail: `A customer may not send "${event}".` });
    expect(said).not.toHaveProperty('details');
  }
  expect(await (await ask('/api/connections')).json()).not.toHaveProperty('details');
  await open.close();
});
