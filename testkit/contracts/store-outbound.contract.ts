/** The part of the store contract about what is sent to others. */

import { describe, expect, it } from 'vitest';
import type { Store } from '../../server/store/store.ts';

type StoreOpener = () => Promise<{ store: Store; reopen: () => Promise<Store> }>;

export function describeOutbound(opened: StoreOpener): void {
  describe('what is sent to others', () => {
    it('is as it was written last, by topic and id, page by page, also after opening again', async () => {
      const { store, reopen } = await opened();
      expect(await store.outbound.list('place', { limit: 9 })).toEqual([]);
      const placesOf = (id: string, text: string | undefined) => ({ topic: 'place', id, text });
      expect(
        await store.outbound.write([
          ...[placesOf('b', '"é"'), placesOf('a', '1'), placesOf('B', '3')],
          { topic: 'other', id: 'a', text: '4' },
        ]),
      ).toBe(true);
      expect(await store.outbound.write([placesOf('a', '2')], { isQuick: true })).toBe(true);
      const expectAll = async ({ outbound }: Store) => {
        const all = [
          { id: 'B', text: '3' },
          { id: 'a', text: '2' },
          { id: 'b', text: '"é"' },
        ];
        expect(await outbound.list('place', { limit: 9 })).toEqual(all);
        expect(await outbound.list('place', { limit: 1, after: 'B' })).toEqual([all[1]]);
        expect(await outbound.find('place', 'b')).toBe('"é"');
        expect(await outbound.find('place', 'c')).toBeUndefined();
        expect([await outbound.count('place'), await outbound.count('none')]).toEqual([3, 0]);
      };
      await expectAll(store);
      const again = await reopen();
      await expectAll(again);
      for (let i = 0; i < 2; i += 1) await again.outbound.write([placesOf('a', undefined)]);
      expect(await again.outbound.count('place')).toBe(2);
    });

    it('is written only as long as one text is what was read, and then all of it', async () => {
      const { store } = await opened();
      const a = { topic: 'place', id: 'a' } as const;
      const [b, c] = (['b', 'c'] as const).map((id) => ({ topic: 'try', id, text: id }));
      const write = (text: string | undefined, before: string | undefined) =>
        store.outbound.write(
          [{ ...a, text }, b, c].flatMap((one) => one ?? []),
          {
            before: { ...a, text: before },
          },
        );
      expect(await write('1', '0')).toBe(false);
      expect([await store.outbound.count('place'), await store.outbound.count('try')]).toEqual([0, 0]);
      expect(await write('1', undefined)).toBe(true);
      expect(await write('2', undefined)).toBe(false);
      expect(await write('2', '1')).toBe(true);
      expect([await store.outbound.find('place', 'a'), await store.outbound.count('try')]).toEqual(['2', 2]);
      expect(await write(undefined, '2')).toBe(true);
      expect(await store.outbound.count('place')).toBe(0);
      // Two at once: one of them.
      const both = await Promise.all([write('3', undefined), write('4', undefined)]);
      expect([...both].sort()).toEqual([false, true]);
    });
  });
}
