import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCommand } from '../../protocol/messages.ts';
import { parseSearch } from '../../protocol/search.ts';
import { admin, order, red } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { storeWith } from '../../testkit/simulation/store.ts';
import type { SearchIndex } from '../store/search-index.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { ParcelQuery } from '../store/store.ts';
import { createHub } from './hub.ts';

it('a search that finds the index behind asks it again, instead of looking at all orders', async () => {
  const folder = memoryFolder();
  const clock = new SimulatedClock();
  const store = openSqliteStore(folder);
  const onFault = (error: unknown) => expect.fail(String(error));
  const looked = { alone: 0, among: 0 };
  const slow = storeWith(store, {
    parcels: (asked: ParcelQuery) => {
      looked[asked.among ? 'among' : 'alone'] += 1;
      return store.parcels({ ...asked, limit: 1, terms: [] }).then((page) => ({ ...page, parcels: [] }));
    },
  });
  const upTo = [3, 500];
  const index: SearchIndex = {
    grew() {},
    find: async () => ({ seqs: [], place: undefined, upTo: upTo.shift() ?? 500 }),
    close: async () => {},
  };
  const hub = await createHub({ store: slow, clock, onFault, index });
  for (let i = 0; i < 40; i += 1) {
    const order = { store: 'red', orderID: String(i), customer: 'Hulda', address: 'Elm' };
    const command = parseCommand({ event: 'pickup', payload: order });
    await clock.settling(hub.submit({ role: 'vendor', store: 'red' }, 'rest', [command]));
  }
  const page = await clock.settling(hub.read.parcels(admin, { limit: 10, terms: parseSearch('nobody') }));
  expect([page.items, page.next, upTo]).toEqual([[], null, []]);
  expect(looked).toEqual({ alone: 2, among: 1 });
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

it('a stretch of time that ends before it begins is asked for nowhere', async () => {
  const folder = memoryFolder();
  const clock = new SimulatedClock();
  const store = openSqliteStore(folder);
  const onFault = (error: unknown) => expect.fail(String(error));
  const looked: ParcelQuery[] = [];
  const slow = storeWith(store, {
    parcels: (asked: ParcelQuery) => {
      looked.push(asked);
      return store
        .parcels({ ...asked, limit: 1, planned: undefined })
        .then((page) => ({ ...page, parcels: [] }));
    },
  });
  const index: SearchIndex = {
    grew() {},
    find: () => expect.fail('the index would take no day for any'),
    close: async () => {},
  };
  const hub = await createHub({ store: slow, clock, onFault, index });
  for (const orderID of ['1', '2', '3']) {
    await clock.settling(hub.submit(red, 'rest', [order('red', orderID)]));
  }
  const planned = { from: Date.parse('2026-11-30T00:00:00Z'), to: Date.parse('2026-11-20T00:00:00Z') };
  expect(await clock.settling(hub.read.parcels(admin, { limit: 10, planned }))).toMatchObject({
    items: [],
    next: null,
  });
  expect(looked.map(({ among }) => among?.seqs)).toEqual([undefined, []]);
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
