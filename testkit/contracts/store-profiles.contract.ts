/** The part of the store contract about profiles. */

import { describe, expect, it } from 'vitest';
import type { Store } from '../../server/store/store.ts';

type StoreOpener = () => Promise<{ store: Store; reopen: () => Promise<Store> }>;

export function describeProfiles(opened: StoreOpener): void {
  describe('the stores’ profiles', () => {
    it('are as they were put last, each store’s its own, also after opening again', async () => {
      const { store, reopen } = await opened();
      expect(await store.profiles.find('red')).toBeUndefined();
      expect(await store.profiles.count()).toBe(0);
      await store.profiles.put('red', '{"name":"Zoë’s"}');
      await store.profiles.put('red', '{"name":"Zoë’s flowers"}');
      await store.profiles.put('Red', '{"name":"Another"}');
      const expectAll = async ({ profiles }: Store) => {
        expect(await profiles.find('red')).toBe('{"name":"Zoë’s flowers"}');
        expect(await profiles.find('Red')).toBe('{"name":"Another"}');
        expect(await profiles.find('blue')).toBeUndefined();
        expect(await profiles.count()).toBe(2);
      };
      await expectAll(store);
      await expectAll(await reopen());
    });

    it('are gone when nothing is put in their place', async () => {
      const { store, reopen } = await opened();
      await store.profiles.put('red', '{}');
      for (let i = 0; i < 2; i += 1) await store.profiles.put('red', undefined);
      const { profiles } = await reopen();
      expect(await profiles.find('red')).toBeUndefined();
      expect(await profiles.count()).toBe(0);
    });
  });
}
