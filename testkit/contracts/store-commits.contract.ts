/** The part of the store contract about commits. */

import { describe, expect, it } from 'vitest';
import type { Author } from '../../protocol/messages.ts';
import type { Store } from '../../server/store/store.ts';
import type { StoreOpener } from './store-pages.contract.ts';
import { appendsOf, claimed, collected, commit, everything, inAll, ofRed, pickup } from './store-steps.ts';

export function describeCommits(opened: StoreOpener): void {
  describe('a commit', () => {
    it('is nothing at all when its decision throws', async () => {
      const { store } = await opened();
      await commit(store, pickup('red', '1'));
      const failing = store.commit({ parcels: [], commands: [] }, () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      // The parcel exists, so the second append fails.
      const impossible = store.commit({ parcels: [], commands: [] }, (found) => ({
        appends: appendsOf({ ...found, parcel: () => undefined }, [
          pickup('red', '9', 'x'),
          pickup('red', '1'),
        ]),
        result: undefined,
      }));
      await expect(impossible).rejects.toThrow();
      expect(await store.head()).toMatchObject({ seq: 1 });
      expect(await store.headOf(ofRed)).toBe(1);
      expect(await store.parcel({ store: 'red', orderID: '9' })).toBeUndefined();
      const { result } = await store.commit(
        { parcels: [], commands: [{ actor: 'vendor:red', id: 'x' }] },
        (found) => ({ appends: [], result: found.command({ actor: 'vendor:red', id: 'x' }) }),
      );
      expect(result).toBeUndefined();
      const [row] = await commit(store, pickup('red', '9'));
      expect([row?.seq, row?.storeSeq]).toEqual([2, 2]);
    });

    it('finds what the commits before it left, also after opening again', async () => {
      const { store, reopen } = await opened();
      const key = { store: 'red', orderID: '1' };
      const find = async (from: Store) =>
        (
          await from.commit({ parcels: [key], commands: [] }, (found) => ({
            appends: [],
            result: [found.head.seq, found.parcel(key)] as const,
          }))
        ).result;
      expect(await find(store)).toEqual([0, undefined]);
      await commit(store, pickup('blue', '1'), pickup('red', '1'));
      await commit(store, claimed('red', '1'), collected('red', '1'));
      const expected = [
        4,
        {
          parcel: expect.objectContaining({ status: 'in-transit', rev: 3, drivers: ['ana'] }),
          first: { seq: 2, storeSeq: 1 },
          last: { seq: 4, storeSeq: 3 },
        },
      ];
      expect(await find(store)).toEqual(expected);
      expect(await find(await reopen())).toEqual(expected);
    });

    it('[D4] remembers commands by their sender, for as long as the log lives', async () => {
      const { store, reopen } = await opened();
      await commit(store, pickup('red', '1', 'same'), pickup('blue', '1', 'same'));
      const find = async (from: Store, actor: string, id: string) =>
        (
          await from.commit({ parcels: [], commands: [{ actor, id }] }, (found) => ({
            appends: [],
            result: found.command({ actor, id })?.seq,
          }))
        ).result;
      for (const open of [async () => store, reopen]) {
        const one = await open();
        expect(await find(one, 'vendor:red', 'same')).toBe(1);
        expect(await find(one, 'vendor:blue', 'same')).toBe(2);
        expect(await find(one, 'vendor:green', 'same')).toBeUndefined();
        expect(await find(one, 'vendor:red', 'other')).toBeUndefined();
      }
    });

    it('[S4] can be tried without one: the log stays as it was, also after opening again', async () => {
      const { store, reopen } = await opened();
      await store.probe(8);
      expect(await store.head()).toEqual({ seq: 0, time: '' });
      await Promise.all([store.probe(8), commit(store, pickup('red', '1')), store.probe(8)]);
      const before = await store.read(inAll, everything);
      const again = await reopen();
      await again.probe(8);
      expect(await again.read(inAll, everything)).toEqual(before);
      expect([again.epoch, before.head]).toEqual([store.epoch, 1]);
      await again.close();
      await expect(again.probe(8)).rejects.toThrow();
    });

    it('comes after the one before it, however many are asked for at once', async () => {
      const { store } = await opened();
      const key = { store: 'red', orderID: '1' };
      await commit(store, pickup('red', '1'));
      const claims = Array.from({ length: 20 }, (_, i) =>
        store.commit({ parcels: [key], commands: [] }, (found) => {
          const isFree = found.parcel(key)?.parcel.status === 'ready';
          const by: Author = { role: 'driver', id: `d${i}` };
          return { appends: isFree ? appendsOf(found, [claimed('red', '1', by)]) : [], result: isFree };
        }),
      );
      const won = (await Promise.all(claims)).filter(({ result }) => result);
      expect(won).toHaveLength(1);
      expect((await store.parcel(key))?.holder).toEqual({ id: 'd0' });
      expect(await store.headOf(inAll)).toBe(2);
    });
  });
}
