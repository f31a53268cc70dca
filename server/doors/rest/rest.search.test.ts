import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub();
});
afterAll(() => hub.close());
afterEach(() => expect(hub.faults).toEqual([]));

it('an order is found by what was typed, however its accents, blanks and numbers were written', async () => {
  const order = { store: 'Café', orderID: '1', customer: 'E\u0301lodie Groß', address: '12\u00a0Elm Street' };
  const response = await fetch(`${hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...order, phone: '+49 170 123-456' }),
  });
  expect(response.status).toBe(201);
  for (const path of ['/api/orders', '/api/events']) {
    for (const q of [
      'elodie',
      'ÉLODIE',
      'GROSS',
      '"12 elm"',
      '"+49 170 123456"',
      '+49170123456',
      'store:cafe',
    ]) {
      const found = await fetch(`${hub.url}${path}?q=${encodeURIComponent(q)}`);
      const { items } = (await found.json()) as { items: unknown[] };
      expect(items, `${path} ${q}`).toHaveLength(1);
    }
    const { items } = await (await fetch(`${hub.url}${path}?q=elodia`)).json();
    expect(items).toEqual([]);
  }
});

it('a moment may have its zone’s + as it is, which an address means as a blank', async () => {
  const now = Date.now();
  const inBerlin = (ms: number) => new Date(ms + 3_600_000).toISOString().replace('Z', '+01:00');
  for (const plus of ['+', '%2B', '%20']) {
    const address = (ms: number) => inBerlin(ms).replace('+', plus);
    const count = async (query: string) => {
      const response = await fetch(`${hub.url}/api/events?${query}`);
      expect(response.status).toBe(200);
      return ((await response.json()) as { items: unknown[] }).items.length;
    };
    expect(await count(`from=${address(now - 60_000)}&to=${address(now + 60_000)}`), plus).toBe(1);
    expect(await count(`from=${address(now + 60_000)}`), plus).toBe(0);
    expect(await count(`at=${address(now - 60_000)}`), plus).toBe(0);
  }
  const late = await fetch(`${hub.url}/api/orders/x/1/note?occurredAt=${inBerlin(now)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"text":"Hi"}',
  });
  expect(late.status).toBe(404);
});

it.each(['2026-11-20', '2026-11-20T10:00:00', 'yesterday', '2026-11-20T10:00:00 1', '2026-02-30T00:00:00Z'])(
  'of a moment %j it says how one is written',
  async (from) => {
    const response = await fetch(`${hub.url}/api/events?from=${encodeURIComponent(from)}`);
    expect([response.status, (await response.json()).detail]).toEqual([
      400,
      'from: Must be a time with its zone, like 2026-11-20T10:00:00Z or 2026-11-20T10:00:00%2B01:00.',
    ]);
  },
);

it('[A1] who asks for the orders of another store, or of another driver, gets none, as of the events', async () => {
  const post = (path: string, body: object) =>
    fetch(`${hub.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (const store of ['cur', 'cur2']) {
    for (const orderID of ['1', '2', '3']) {
      await post('/api/orders', { store, orderID, customer: 'Hulda', address: '12 Elm Street' });
    }
    await post(`/api/orders/${store}/1/claimed?as=driver:ana`, {});
    await post(`/api/orders/${store}/2/claimed?as=driver:ben`, {});
  }
  const count = async (query: string) => {
    const { items } = await (await fetch(`${hub.url}/api/${query}`)).json();
    return items.length;
  };
  for (const [as, theirs, others] of [
    ['store:cur', 'store=cur', 'store=cur2'],
    ['driver:ana', 'driver=ana', 'driver=ben'],
  ]) {
    for (const what of ['orders', 'events']) {
      expect(await count(`${what}?as=${as}&${theirs}`), `${what} of ${as}`).toBeGreaterThan(0);
      expect(await count(`${what}?as=${as}&${others}`), `${what} of ${as}`).toBe(0);
      expect(await count(`${what}?as=${as}&${others}&q=elm`), `${what} of ${as}`).toBe(0);
    }
  }
  expect(await count('orders?as=store:cur&store=cur2&status=ready')).toBe(0);
  expect(await count('orders?as=driver:ana&store=cur&driver=ana')).toBe(1);
});
