/** The part of the store contract about page sizes and counts. */

import { describe, expect, it } from 'vitest';
import type { Status } from '../../protocol/events.ts';
import type { Command } from '../../protocol/messages.ts';
import { type Actor, authorOf, type Parcel } from '../../protocol/parcel.ts';
import { parseSearch } from '../../protocol/search.ts';
import { decideBatch, type Job, lookupOf } from '../../server/hub/commit.ts';
import type { Page, ParcelQuery, Scope, Store } from '../../server/store/store.ts';
import { admin, ana, ben, blue, order, red, step } from '../simulation/cast.ts';

export type StoreOpener = () => Promise<{ store: Store; reopen: () => Promise<Store> }>;

export async function recordCommands(store: Store, actor: Actor, ...commands: Command[]): Promise<void> {
  const by = authorOf(actor);
  const base = { actor, by, sender: `${by.role}:${by.id}`, door: 'hub', settle: () => {} } as const;
  const jobs: Job[] = commands.map((command) => ({ ...base, command }));
  const onFault = (error: unknown) => expect.fail(String(error));
  const { result } = await store.commit(lookupOf(jobs), (found) =>
    decideBatch(jobs, found, { now: Date.now(), rejections: { of: () => undefined }, onFault }),
  );
  expect(result.filter(({ kind }) => kind !== 'recorded')).toEqual([]);
}

const seqsOf = ({ rows }: Page): number[] => rows.map(({ seq }) => seq);
const idsOf = (parcels: readonly Parcel[]): string[] => parcels.map(({ payload }) => payload.orderID);

async function allOf(store: Store, query: Omit<ParcelQuery, 'limit' | 'order'>): Promise<string[]> {
  const ids: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.parcels({ ...query, order: 'oldest', limit: 2, from });
    ids.push(...idsOf(page.parcels));
    from = page.next;
  } while (from !== undefined);
  return ids;
}

export function describePages(opened: StoreOpener): void {
  describe('pages', () => {
    async function filled(): Promise<Store> {
      const { store } = await opened();
      const names = ['1', '2', '3', '4', '5', '6'];
      // Nine hundred characters each, except the third, which is three times as large.
      await recordCommands(
        store,
        red,
        ...names.map((id) => order('red', id, undefined, 'x'.repeat(id === '3' ? 1_000 : 100))),
      );
      await recordCommands(store, ana, step('claimed', 'red', '1'), step('in-transit', 'red', '1'));
      await recordCommands(store, red, ...Array.from({ length: 4 }, () => step('note', 'red', '1', note)));
      return store;
    }
    const note = { details: { text: 'y'.repeat(1_000) } };

    it.each<[string, Scope, number]>([
      ['all', { kind: 'all' }, 12],
      ['a store', { kind: 'store', store: 'red' }, 12],
      ['a parcel', { kind: 'parcel', parcel: { store: 'red', orderID: '1' } }, 7],
    ])('of %s end with the record that fills them, and have one at least', async (_, scope, count) => {
      const store = await filled();
      const whole = (await store.read(scope, { after: 0, limit: 100 })).rows;
      expect(whole).toHaveLength(count);
      for (const sizeMax of [1, 700, 1_500, 4_000, 100_000]) {
        for (let after = 0; after <= count; after += 1) {
          const page = await store.read(scope, { after, limit: 100, sizeMax });
          const expected = filling(whole.slice(after), sizeMax);
          expect(seqsOf(page)).toEqual(expected.map(({ seq }) => seq));
          expect(page.more).toBe(after + expected.length < count);
        }
        for (let before = 1; before <= count + 1; before += 1) {
          const page = await store.read(scope, { before, limit: 100, sizeMax });
          const expected = filling(whole.slice(0, before - 1).reverse(), sizeMax).reverse();
          expect(seqsOf(page)).toEqual(expected.map(({ seq }) => seq));
          expect(page.more).toBe(expected.length < before - 1);
        }
      }
      const few = await store.read(scope, { after: 0, limit: 2, sizeMax: 100_000 });
      expect([few.rows.length, few.more]).toEqual([2, true]);
    });

    it('of parcels as well: each once, however small the pages', async () => {
      const store = await filled();
      for (const query of [{}, { unfinished: true }, { store: 'red', unfinished: true }] as const) {
        const found: string[][] = [];
        let from: string | undefined;
        do {
          const page = await store.parcels({ ...query, order: 'oldest', limit: 100, sizeMax: 1_500, from });
          found.push(idsOf(page.parcels));
          from = page.next;
        } while (from !== undefined);
        expect(found.flat()).toEqual(['1', '2', '3', '4', '5', '6']);
        expect(found.length).toBeGreaterThan(1);
        expect(found.every((ids) => ids.length > 0)).toBe(true);
      }
    });
  });

  describe('parcels', () => {
    async function aDay(): Promise<{ store: Store; reopen: () => Promise<Store> }> {
      const { store, reopen } = await opened();
      for (const id of ['1', '2', '3', '4', '5', '6', '7']) {
        await recordCommands(store, red, order('red', id));
        await recordCommands(store, blue, order('blue', id));
      }
      const goes = (actor: Actor, shop: string, id: string, ...events: string[]) =>
        recordCommands(store, actor, ...events.map((event) => step(event, shop, id)));
      await goes(ana, 'red', '1', 'claimed', 'in-transit', 'delivered');
      await goes(ana, 'red', '2', 'claimed', 'in-transit');
      await goes(ben, 'red', '3', 'claimed');
      await goes(ana, 'red', '4', 'claimed');
      await goes(ana, 'blue', '5', 'claimed', 'released');
      await goes(ben, 'blue', '6', 'claimed', 'in-transit', 'returning', 'returned');
      await goes(blue, 'blue', '7', 'cancelled');
      await recordCommands(store, ana, step('claimed', 'blue', '1'));
      await recordCommands(store, admin, step('reassigned', 'blue', '1', { details: { driver: 'ben' } }));
      return { store, reopen };
    }

    it.each<[string, Omit<ParcelQuery, 'limit' | 'order'>, string[]]>([
      ['what is ready', { statuses: ['ready'] }, ['2', '3', '4', '5', '5', '6', '7']],
      ['what is claimed', { statuses: ['claimed'] }, ['1', '3', '4']],
      ['several statuses', { statuses: ['returned', 'claimed', 'cancelled'] }, ['1', '3', '4', '6', '7']],
      ['with delivered ones', { statuses: ['delivered', 'claimed'] }, ['1', '1', '3', '4']],
      ['what is not finished', { unfinished: true }, '1 2 2 3 3 4 4 5 5 6 7'.split(' ')],
      ['what somebody has in hand', { holder: 'ana', unfinished: true }, ['2', '4']],
      ['all of a driver', { holder: 'ana' }, ['1', '2', '4']],
      ['a driver’s of one status', { holder: 'ben', statuses: ['claimed'] }, ['1', '3']],
      ['a driver’s finished ones', { holder: 'ben', statuses: ['returned', 'claimed'] }, ['1', '3', '6']],
      ['the board of a driver', { boardOf: 'ben' }, ['1', '2', '3', '3', '4', '5', '5', '6', '7']],
      ['one status of it', { boardOf: 'ben', statuses: ['claimed'] }, ['1', '3']],
      ['a shop’s', { store: 'red', unfinished: true }, ['2', '3', '4', '5', '6', '7']],
      ['a shop’s, all', { store: 'blue' }, ['1', '2', '3', '4', '5', '6', '7']],
    ])('are listed page by page, oldest first: %s', async (_, query, expected) => {
      const { store } = await aDay();
      expect(await allOf(store, query)).toEqual(expected);
      const newest = await store.parcels({ ...query, order: 'newest', limit: 100 });
      expect(idsOf(newest.parcels)).toEqual(expected.toReversed());
      const rest = await store.parcels({ ...query, order: 'newest', limit: 100, from: newest.places[1] });
      expect(idsOf(rest.parcels)).toEqual(expected.toReversed().slice(2));
    });

    it('of amended orders have them as they are, also after opening again', async () => {
      const { store, reopen } = await opened();
      const key = { store: 'red', orderID: '1' };
      await recordCommands(store, red, order('red', '1'), order('red', '2'));
      await recordCommands(store, ana, step('claimed', 'red', '1'));
      const details = { address: '1 New Street', phone: '555 0100' };
      await recordCommands(store, admin, step('amended', 'red', '1', { details }));
      const expected = {
        payload: { ...key, customer: 'Hulda', ...details },
        placed: { ...key, customer: 'Hulda', address: '835 Meluk Pass' },
        unseen: expect.objectContaining({ rev: 3, was: { address: '835 Meluk Pass', phone: null } }),
      };
      for (const open of [async () => store, reopen]) {
        const one = await open();
        expect(await one.parcel(key)).toMatchObject(expected);
        const query = { store: 'red', order: 'oldest', limit: 10 } as const;
        expect((await one.parcels(query)).parcels[0]).toMatchObject(expected);
        const found = async (text: string) =>
          idsOf((await one.parcels({ ...query, terms: parseSearch(text) })).parcels);
        expect([await found('new street'), await found('meluk')]).toEqual([['1'], ['2']]);
      }
    });

    it('that are ready are counted, and who holds some is known, also after opening again', async () => {
      const { store, reopen } = await aDay();
      const count = async (of: Store, status: Status) =>
        (await of.parcels({ statuses: [status], order: 'oldest', limit: 100 })).parcels.length;
      for (const open of [async () => store, reopen]) {
        const one = await open();
        expect(await one.readyCount()).toEqual({ ...(await one.head()), count: await count(one, 'ready') });
        expect(await one.holders('', 10)).toEqual(['ana', 'ben']);
        expect(await one.holders('', 1)).toEqual(['ana']);
        expect(await one.holders('ana', 10)).toEqual(['ben']);
        expect(await one.holders('ben', 10)).toEqual([]);
      }
    });
  });
}

function filling<T extends { readonly text: string }>(rows: readonly T[], sizeMax: number): T[] {
  const page: T[] = [];
  for (let size = 0; page.length < rows.length && size < sizeMax; ) {
    const next = rows[page.length];
    if (!next) break;
    page.push(next);
    size += next.text.length;
  }
  return page;
}
