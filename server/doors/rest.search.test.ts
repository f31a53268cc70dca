import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from './visitors.contract.ts';

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
