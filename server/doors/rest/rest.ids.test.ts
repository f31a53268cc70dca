import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Command } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { step } from '../../../testkit/simulation/cast.ts';
import { systemClock } from '../../clock.ts';
import { createHub } from '../../hub/hub.ts';
import type { Store } from '../../store/store.ts';

let hub: RealHub;
let store: Store;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' }, undefined, (one) => {
    store = one;
    return one;
  });
});
afterAll(() => hub.close());
afterEach(() => expect(hub.faults).toEqual([]));

const order = { customer: 'Hulda', address: '835 Meluk Pass' };

async function post(payload: object): Promise<{ status: number; body: { details?: { field?: string } } }> {
  const response = await fetch(`${hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  return { status: response.status, body: await response.json() };
}

const reach = (store: string, orderID: string) =>
  fetch(`${hub.url}/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`);

it('whatever order is taken can be reached under its ids, and what is refused says which is wrong', async () => {
  const parts = [
    '.',
    '/',
    '\\',
    '%',
    '%2e',
    '?',
    '#',
    ' ',
    'a',
    '\u202e',
    '\u200b',
    'é',
    '😀',
    '+',
    '&',
    ':',
    ';',
  ];
  const id = fc.oneof(
    fc.string({ unit: fc.constantFrom(...parts), minLength: 1, maxLength: 4 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter((text) => text.isWellFormed()),
  );
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(id, id, async (store, orderID) => {
      const { status, body } = await post({ ...order, store, orderID });
      if (status === 400) {
        expect(['store', 'orderID']).toContain(body.details?.field);
        return;
      }
      expect([200, 201]).toContain(status);
      taken += 1;
      const found = await reach(store, orderID);
      expect(found.status).toBe(200);
      expect(await found.json()).toMatchObject({ parcel: { payload: { store, orderID } } });
    }),
    {
      numRuns: 150,
      examples: [
        ['.', '1'],
        ['red', '..'],
        ['a/b', '%2e'],
        ['..', '.'],
      ],
    },
  );
  expect(taken).toBeGreaterThan(30);
});

it.each(['.', '..'])('an order whose id is %j is refused: no address could name it', async (id) => {
  expect(await post({ ...order, store: 'red', orderID: id })).toMatchObject({
    status: 400,
    body: { details: { field: 'orderID' } },
  });
  expect(await post({ ...order, store: id, orderID: '1' })).toMatchObject({
    status: 400,
    body: { details: { field: 'store' } },
  });
});

it('an order that an older hub took under such an id is in the lists, and goes on', async () => {
  // What a hub takes from its doors it does not look at again, so this is what an older one recorded.
  const older = await createHub({
    store,
    clock: systemClock,
    onFault: (error) => expect.fail(String(error)),
  });
  const placed = (orderID: string): Command => ({
    event: 'pickup',
    payload: { ...order, store: 'old', orderID },
  });
  const vendor = { role: 'vendor', store: 'old' } as const;
  const driver = { role: 'driver', driver: 'ana' } as const;
  const said = [
    ...(await older.submit(vendor, 'rest', ['..', 'a\u202eb'].map(placed))),
    ...(await older.submit(driver, 'rest', [step('in-transit', 'old', '..')])),
  ];
  expect(said.map(({ ok }) => ok)).toEqual([true, true, true]);
  const listed = await (await fetch(`${hub.url}/api/orders?as=store:old`)).json();
  expect(listed).toMatchObject({
    items: [{ payload: { orderID: 'a\u202eb' } }, { payload: { orderID: '..' }, status: 'in-transit' }],
  });
  expect((await reach('old', 'a\u202eb')).status).toBe(200);
  const events = await (await fetch(`${hub.url}/api/events?store=old&q=order:..`)).json();
  expect(events.items).toHaveLength(2);
});
