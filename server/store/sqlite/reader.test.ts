import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../protocol/messages.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import { parseSearch } from '../../../protocol/search.ts';
import { admin, ana, order, red, step } from '../../../testkit/simulation/cast.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { storeWith } from '../../../testkit/simulation/store.ts';
import { systemClock } from '../../clock.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import type { ParcelQuery, SiftQuery, Store } from '../store.ts';
import { withReader } from './reader.ts';
import { openSqliteStore } from './sqlite.ts';

const shops = 12;
let folder: string;
/** Without a thread. */
let inner: Store;
let store: Store;
let hub: Hub;
let faults: string[];
/** What the store looked for itself. */
let own: (SiftQuery | ParcelQuery)[];

beforeEach(async () => {
  folder = memoryFolder();
  faults = [];
  own = [];
  const opened = openSqliteStore(folder);
  inner = opened;
  const watched = storeWith(opened, {
    sift: (wanted) => {
      // A few records are looked at where they are asked for.
      if (wanted.high - wanted.low > 100) own.push(wanted);
      return opened.sift(wanted);
    },
    parcels: (query) => {
      if (!query.isBrief) own.push(query);
      return opened.parcels(query);
    },
  });
  const onFault = (_: unknown, what: string) => void faults.push(what);
  store = withReader(watched, { folder, onFault, recordsMin: 300 });
  hub = await createHub({ store, clock: systemClock, onFault });
});
afterEach(async () => {
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function submit(actor: Actor, ...commands: Command[]): Promise<void> {
  const answers = await hub.submit(actor, 'rest', commands);
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}

/** For each count 36 records: an order of each shop, and what becomes of it. */
async function fill(from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i += 1) {
    for (let shop = 0; shop < shops; shop += 1) {
      const id = `${i}`;
      await submit(
        { role: 'vendor', store: `s${shop}` },
        order(`s${shop}`, id, undefined, `Customer ${i * shop}`),
      );
      await submit(ana, step('claimed', `s${shop}`, id));
      await submit(ana, step(shop % 3 === 0 ? 'released' : 'in-transit', `s${shop}`, id));
    }
  }
}

/** By the thread, from when it is there. */
async function ready(): Promise<void> {
  await vi.waitFor(
    async () => {
      own = [];
      await list(admin, { q: 'customer' });
      expect(own).toEqual([]);
    },
    { timeout: 30_000 },
  );
}

type ListQuery = Partial<ParcelQuery> & { q?: string };
async function list(actor: Actor, asked: ListQuery, on: Hub = hub): Promise<string[]> {
  return (await counted(actor, asked, on)).found;
}

/** And how many it says the disk has damaged. */
async function counted(actor: Actor, { q = '', ...query }: ListQuery, on: Hub = hub) {
  const found: string[] = [];
  let damaged = 0;
  for (let from: string | null | undefined; from !== null; ) {
    const asked = { limit: 7, from, terms: parseSearch(q), ...query };
    const page: Awaited<ReturnType<Hub['read']['parcels']>> = await on.read.parcels(actor, asked);
    found.push(...page.items.map(({ payload }) => `${payload.store}/${payload.orderID}`));
    damaged += page.damaged ?? 0;
    from = page.next;
  }
  return { found, damaged };
}

async function events(actor: Actor, q: string, on: Hub = hub): Promise<number[]> {
  const found: number[] = [];
  for await (const page of on.read.allEvents(actor, { terms: parseSearch(q) })) {
    found.push(...page.map(({ seq }) => seq));
  }
  return found;
}

const lists: readonly [Actor, ListQuery][] = [
  [admin, {}],
  [admin, { statuses: ['ready'] }],
  [admin, { store: 's1' }],
  [admin, { holder: 'ana' }],
  [admin, { store: 's3', statuses: ['in-transit', 'ready'] }],
  [admin, { q: 'customer -event:ready' }],
  [admin, { q: '"customer 1" store:s1' }],
  [admin, { q: 'nobody' }],
  [{ role: 'vendor', store: 's2' }, { q: 'ana' }],
  [{ role: 'vendor', store: 's2' }, { holder: 'ana' }],
  [{ role: 'vendor', store: 's3' }, { holder: 'ana' }],
  [ana, {}],
  [{ role: 'driver', driver: 'ben' }, { q: 'customer' }],
];
const searches = ['', 'customer', 'event:claimed', 'order:3 store:s1', 'nobody', '-event:pickup'];

describe('lists and searches of a long log', () => {
  it('come to the same by the thread as by the store itself, and leave the store alone', async () => {
    await fill(0, 10);
    await ready();
    const plain = await createHub({ store: inner, clock: systemClock, onFault: () => {} });
    for (const [actor, asked] of lists) {
      expect(await list(actor, asked), JSON.stringify([actor, asked])).toEqual(
        await list(actor, asked, plain),
      );
    }
    for (const actor of [admin, ana, { role: 'vendor', store: 's2' }] as const) {
      for (const q of searches) {
        expect(await events(actor, q), `${q} by ${actor.role}`).toEqual(await events(actor, q, plain));
      }
    }
    expect(own).toEqual([]);
    expect(faults).toEqual([]);
    await plain.close();
  });

  it('have whatever was answered before they were asked for', async () => {
    await fill(0, 10);
    await ready();
    for (let i = 0; i < 50; i += 1) {
      const id = `new${i}`;
      await submit(red, order('red', id));
      expect(await list(admin, { store: 'red', limit: 500 })).toHaveLength(i + 1);
      expect(
        (await hub.read.events(red, { terms: parseSearch(`order:${id}`), limit: 9 })).items,
      ).toHaveLength(1);
    }
    expect(own).toEqual([]);
  });

  it('are read once for all who wait for the same, and for nobody who may see something else', async () => {
    await fill(0, 10);
    await ready();
    const sent = vi.spyOn(Worker.prototype, 'postMessage');
    const expected = await list(admin, { q: 'customer', limit: 500 });
    sent.mockClear();
    const asked = Array.from({ length: 8 }, () => list(admin, { q: 'customer', limit: 500 }));
    for (const found of await Promise.all(asked)) expect(found).toEqual(expected);
    // One in work, one behind it that the thread has already, and one for all others.
    expect(sent).toHaveBeenCalledTimes(3);
    const vendors = Array.from({ length: shops }, (_, i): Actor => ({ role: 'vendor', store: `s${i}` }));
    const lists = await Promise.all(vendors.map((vendor) => list(vendor, { q: 'customer', limit: 500 })));
    for (const [shop, found] of lists.entries()) {
      expect(found).toEqual(expected.filter((id) => id.startsWith(`s${shop}/`)));
    }
    sent.mockRestore();
  });

  it('are answered where the thread dies, and by another soon after', async () => {
    await fill(0, 10);
    await ready();
    const expected = await list(admin, { q: 'customer' });
    const bounds = { low: 0, high: 360, forwards: true, limit: 1 };
    // A bug that ends the thread, and is an error to whoever asked.
    const broken = { terms: undefined as never };
    const asked = store.sift({ ...bounds, scope: { kind: 'all' }, filter: broken, caller: 'x' });
    const others = Array.from({ length: 5 }, () => list(admin, { q: 'customer' }));
    await expect(asked).rejects.toThrow(TypeError);
    for (const found of await Promise.all(others)) expect(found).toEqual(expected);
    expect(faults).toEqual(['the thread that reads for lists and searches failed']);
    expect(own.length).toBeGreaterThan(0);
    await ready();
    expect(await list(admin, { q: 'customer' })).toEqual(expected);
    expect(faults).toHaveLength(1);
  });

  it('[S6] go on around what is damaged and say so, by the thread as by the store itself', async () => {
    await fill(0, 10);
    await ready();
    const db = new DatabaseSync(join(folder, 'caps.sqlite'));
    const { first_seq: pickup } = db
      .prepare(`SELECT first_seq FROM parcels WHERE store = 's2' AND order_id = '4'`)
      .get() as { first_seq: number };
    // A record, a parcel, what a parcel's pickup said of it, and a record that is not there any more.
    db.exec(`UPDATE log SET text = replace(text, 'claimed', 'clained') WHERE seq = 200;
      UPDATE parcels SET state = replace(state, '"rev":3', '"rev":2') WHERE store = 's1' AND order_id = '7';
      UPDATE log SET text = replace(text, 'Customer', 'Custober') WHERE seq = ${pickup};
      DELETE FROM log WHERE seq = 300`);
    db.close();
    const plain = await createHub({ store: inner, clock: systemClock, onFault: () => {} });
    for (const [actor, asked] of lists) {
      const [beside, itself] = [await counted(actor, asked), await counted(actor, asked, plain)];
      expect(beside, JSON.stringify([actor, asked])).toEqual(itself);
    }
    expect(await counted(admin, {})).toMatchObject({ damaged: 2, found: { length: 118 } });
    expect(await counted(admin, { store: 's2' })).toMatchObject({ damaged: 1, found: { length: 9 } });
    for (const q of searches) {
      const damaged: number[] = [];
      const onDamaged = (seq: number) => void damaged.push(seq);
      for await (const _ of hub.read.allEvents(admin, { terms: parseSearch(q) }, { onDamaged }));
      expect(damaged, q).toEqual([pickup, 200, 300]);
    }
    expect(own).toEqual([]);
    expect(faults).toEqual([]);
    await plain.close();
  });

  it('[S6] have what the thread finds damaged named by the hub', async () => {
    await fill(0, 10);
    await ready();
    const db = new DatabaseSync(join(folder, 'caps.sqlite'));
    db.exec(`UPDATE log SET text = replace(text, 'claimed', 'clained') WHERE seq = 200;
      UPDATE parcels SET holder = 'bob' WHERE store = 's1' AND order_id = '7'`);
    db.close();
    await events(admin, 'nobody');
    await list(admin, { q: 'customer' });
    expect(store.damage.names).toEqual(['record 200', expect.stringMatching(/^the parcel of record \d+$/)]);
    expect(own).toEqual([]);
  });

  it('[S4] hold up no end', async () => {
    await fill(0, 10);
    await ready();
    const asked = Array.from({ length: 20 }, () => events(admin, 'nobody'));
    const begin = performance.now();
    await store.close();
    await store.close();
    expect(performance.now() - begin).toBeLessThan(3_000);
    await Promise.allSettled(asked);
    expect(faults).toEqual([]);
  });

  it('have no thread where the log is quickly looked through', async () => {
    await fill(0, 2);
    expect(await list(admin, { q: 'customer' })).toHaveLength(24);
    expect(own.length).toBeGreaterThan(0);
    own = [];
    await list(admin, { q: 'customer' });
    expect(own.length).toBeGreaterThan(0);
  });
});
