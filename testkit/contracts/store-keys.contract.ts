/** The part of the store contract about access keys. */

import { describe, expect, it } from 'vitest';
import type { Store, StoredKey } from '../../server/store/store.ts';

type StoreOpener = () => Promise<{ store: Store; reopen: () => Promise<Store> }>;

const parcelIdOf = (n: number, more: Partial<StoredKey> = {}): StoredKey => ({
  ...{ id: `key ${n}`, hash: new Uint8Array(32).fill(n), role: 'vendor', owner: 'red', name: 'Zoë’s till' },
  ...{ hint: `ven_…${n}`, createdAt: new Date(Date.parse('2026-11-20T18:00:00Z') + n).toISOString() },
  ...more,
});
const idsOf = (keys: readonly StoredKey[]): string[] => keys.map(({ id }) => id);
const later = '2026-11-20T19:00:00.000Z';

export function describeKeys(opened: StoreOpener): void {
  describe('the access keys', () => {
    it('are found by their hash and listed, the newest first, also after opening again', async () => {
      const { store, reopen } = await opened();
      expect(await store.keys.list()).toEqual([]);
      const keys = [
        parcelIdOf(1),
        parcelIdOf(2, { role: 'admin', owner: '', name: '' }),
        parcelIdOf(3, { role: 'driver' }),
      ];
      for (const key of keys) await store.keys.add(key);
      const expectAll = async ({ keys: known }: Store) => {
        for (const key of keys) expect(plain(await known.find(key.hash))).toEqual(plain(key));
        expect((await known.list()).map(plain)).toEqual(keys.toReversed().map(plain));
        expect(await known.find(new Uint8Array(32).fill(9))).toBeUndefined();
        expect(await known.find(new Uint8Array(0))).toBeUndefined();
      };
      await expectAll(store);
      await expectAll(await reopen());
    });

    it('of one moment are listed in the order in which they were issued', async () => {
      const { keys } = (await opened()).store;
      const { createdAt } = parcelIdOf(0);
      for (const n of [3, 1, 2]) await keys.add(parcelIdOf(n, { createdAt }));
      expect(idsOf(await keys.list())).toEqual(['key 2', 'key 1', 'key 3']);
    });

    it('[A2] are revoked for good, once, and stay in the list', async () => {
      const { store, reopen } = await opened();
      for (const n of [1, 2]) await store.keys.add(parcelIdOf(n));
      expect(await store.keys.revoke('key 1', later)).toBe(true);
      expect(await store.keys.revoke('key 1', '2027-01-01T00:00:00.000Z')).toBe(true);
      expect(await store.keys.revoke('key 9', later)).toBe(false);
      const expectRevoked = async ({ keys }: Store) => {
        expect(await keys.find(parcelIdOf(1).hash)).toMatchObject({ id: 'key 1', revokedAt: later });
        expect(await keys.find(parcelIdOf(2).hash)).not.toHaveProperty('revokedAt');
        expect((await keys.list()).map(({ revokedAt }) => revokedAt)).toEqual([undefined, later]);
        expect(await keys.revokedAmong(['key 1', 'key 2', 'key 9'])).toEqual(['key 1']);
      };
      await expectRevoked(store);
      await expectRevoked(await reopen());
    });

    it('are forgotten only when they are revoked', async () => {
      const { keys } = (await opened()).store;
      for (const n of [1, 2]) await keys.add(parcelIdOf(n));
      await keys.revoke('key 1', later);
      for (const id of ['key 1', 'key 2', 'key 9']) await keys.forget(id);
      expect(idsOf(await keys.list())).toEqual(['key 2']);
      expect(await keys.find(parcelIdOf(1).hash)).toBeUndefined();
    });

    it('do not overwrite each other', async () => {
      const { keys } = (await opened()).store;
      await keys.add(parcelIdOf(1));
      await expect(keys.add(parcelIdOf(1, { owner: 'blue' }))).rejects.toThrow();
      await expect(keys.add({ ...parcelIdOf(1, { owner: 'blue' }), id: 'key 2' })).rejects.toThrow();
      expect(await keys.list()).toMatchObject([{ owner: 'red' }]);
    });
  });
}

/** Normalizes the store's kind of bytes. */
function plain(key: StoredKey | undefined): object | undefined {
  return key && { ...key, hash: [...key.hash] };
}
