import { afterAll, beforeAll, expect, it } from 'vitest';
import { CapsError } from '../../../protocol/errors.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { storeWith } from '../../../testkit/simulation/store.ts';

let hub: RealHub;
let isAway = false;

beforeAll(async () => {
  hub = await startRealHub({}, undefined, (disk) =>
    storeWith(disk, {
      read: async (scope, range) => {
        if (isAway) throw new CapsError('unavailable', 'The hub’s database does not answer.');
        return disk.read(scope, range);
      },
    }),
  );
});
afterAll(() => hub.close());

it('a customer whose order cannot be read right now sees a page that tries again by itself, in their language', async () => {
  const placed = await fetch(`${hub.url}/api/orders?as=store:red`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ store: 'red', orderID: '1', customer: 'Hulda', address: '1 Long Road' }),
  });
  expect(placed.status).toBe(201);
  const { tracking } = (await placed.json()) as { tracking: string };
  const open = (language: string) => fetch(tracking, { headers: { 'accept-language': language } });
  expect((await open('en')).status).toBe(200);
  isAway = true;
  const page = await open('en');
  expect([page.status, page.headers.get('refresh'), page.headers.get('retry-after')]).toEqual([
    503,
    '5',
    '5',
  ]);
  expect(await page.text()).toContain('Your order cannot be shown right now.');
  expect(await (await open('de')).text()).toContain('Ihre Bestellung kann gerade nicht angezeigt werden.');
  const live = await fetch(`${tracking}/live`);
  expect([live.status, ((await live.json()) as { code: string }).code]).toEqual([503, 'unavailable']);
  isAway = false;
  const again = await open('en');
  expect([again.status, again.headers.get('refresh')]).toEqual([200, null]);
  expect(hub.faults).toEqual([]);
});
