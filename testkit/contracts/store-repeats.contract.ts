/** The part of the store contract about orders that repeat. */

import { describe, expect, it } from 'vitest';
import type { Store } from '../../server/store/store.ts';

type StoreOpener = () => Promise<{ store: Store; reopen: () => Promise<Store> }>;

export function describeRepeats(opened: StoreOpener): void {
  describe('orders that repeat', () => {
    it('are as they were put last, by store and id, page by page, also after opening again', async () => {
      const { store, reopen } = await opened();
      expect(await store.repeats.list({ limit: 9 })).toEqual([]);
      for (const [shop, id] of [
        ['red', 'B'],
        ['red', 'A'],
        ['Red', 'C'],
        ['blue', 'A'],
      ] as const)
        await store.repeats.put(shop, id, `"${shop} ${id}"`);
      await store.repeats.put('red', 'A', '"é"');
      const expectAll = async ({ repeats }: Store) => {
        const of = async (query: Parameters<typeof repeats.list>[0]) =>
          (await repeats.list(query)).map(({ store: shop, id, text }) => [shop, id, text]);
        const all = [
          ['Red', 'C', '"Red C"'],
          ['blue', 'A', '"blue A"'],
          ['red', 'A', '"é"'],
          ['red', 'B', '"red B"'],
        ];
        expect(await of({ limit: 9 })).toEqual(all);
        expect(await of({ limit: 2, after: { store: 'Red', id: 'C' } })).toEqual(all.slice(1, 3));
        expect(await of({ limit: 9, store: 'red' })).toEqual(all.slice(2));
        expect(await repeats.find('red', 'A')).toBe('"é"');
        expect(await repeats.find('blue', 'B')).toBeUndefined();
        expect([await repeats.count(), await repeats.count('red'), await repeats.count('green')]).toEqual([
          4, 2, 0,
        ]);
      };
      await expectAll(store);
      await expectAll(await reopen());
    });

    it('are added as long as there is room, for the store and for all', async () => {
      const { store, reopen } = await opened();
      const most = { perStore: 3, all: 5 };
      const add = (shop: string, id: string) => store.repeats.add({ store: shop, id, text: '1' }, most);
      const added = (shop: string) =>
        Promise.all(['A', 'B', 'C', 'D', 'E'].map((id) => add(shop, id))).then((all) => all.filter(Boolean));
      expect(await added('red')).toHaveLength(3);
      expect(await added('blue')).toHaveLength(2);
      expect(await added('green')).toHaveLength(0);
      await store.repeats.put('blue', 'X', '2');
      expect(await (await reopen()).repeats.count()).toBe(6);
    });

    it('are replaced only as long as they are what was read, and gone when nothing is put in their place', async () => {
      const { store, reopen } = await opened();
      const read = { store: 'red', id: 'A', text: '1' };
      await store.repeats.put('red', 'A', '1');
      expect(await store.repeats.replace(read, '2')).toBe(true);
      expect(await store.repeats.replace(read, '3')).toBe(false);
      expect(await store.repeats.find('red', 'A')).toBe('2');
      for (let i = 0; i < 2; i += 1) await store.repeats.put('red', 'A', undefined);
      expect(await store.repeats.replace({ ...read, text: '2' }, '3')).toBe(false);
      expect(await (await reopen()).repeats.count()).toBe(0);
    });
  });
}
