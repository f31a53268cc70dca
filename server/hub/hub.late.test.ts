import { expect, it, vi } from 'vitest';
import type { Actor } from '../../protocol/parcel.ts';
import { parseSearch } from '../../protocol/search.ts';
import { admin, ana, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { eachHub } from '../../testkit/simulation/each-hub.ts';

const each = eachHub();
const { submit } = each;

async function found(actor: Actor, q: string): Promise<string[]> {
  const { items } = await each.clock.settling(
    each.hub.read.parcels(actor, { limit: 100, terms: parseSearch(q) }),
  );
  return items.map(({ payload }) => `${payload.store}/${payload.orderID}`);
}

it('finds what is late as time passes, and reads no finished order for it', async () => {
  const dueAt = new Date(each.clock.now() + 60_000).toISOString();
  await submit(red, order('red', '1'), order('red', '2'));
  await submit(blue, order('blue', '1'));
  for (const [store, orderID] of [['red', '1'] as const, ['red', '2'] as const])
    await submit(admin, step('amended', store, orderID, { details: { dueAt } }));
  await submit(ana, step('in-transit', 'red', '1'), step('delivered', 'red', '1'));
  expect(await found(admin, 'is:late')).toEqual([]);
  await each.clock.advance(61_000);
  const asked = vi.spyOn(each.store, 'parcels');
  expect(await found(admin, 'is:late')).toEqual(['red/2']);
  expect(await found(red, 'is:late hulda')).toEqual(['red/2']);
  expect(await found(blue, 'is:late')).toEqual([]);
  const statuses = ['ready', 'claimed', 'in-transit', 'failed'];
  for (const [query] of asked.mock.calls) expect(query.statuses).toEqual(statuses);
  expect(asked).toHaveBeenCalled();
  asked.mockRestore();
  expect(await found(admin, '-is:late')).toEqual(['blue/1', 'red/1']);
  expect(await found(admin, 'is:open -is:late')).toEqual(['blue/1']);
  expect(await found(admin, '-is:open')).toEqual(['red/1']);
});

it('reads a large page in several turns, between which others are served', async () => {
  const ids = Array.from({ length: 250 }, (_, i) => String(i));
  await submit(red, ...ids.map((id) => order('red', id)));
  const parcels = vi.spyOn(each.store, 'parcels');
  const reading = each.hub.read.parcels(admin, { limit: 250 });
  const { items, next } = await each.clock.settling(reading);
  expect(items.map(({ payload }) => payload.orderID)).toEqual(ids.toReversed());
  expect(next).toBeNull();
  expect(parcels.mock.calls.map(([query]) => query.limit)).toEqual([100, 100, 50]);
});
