/** What every store promises. Each store runs this suite in a few lines. */

import { afterEach, describe, expect, it } from 'vitest';
import { apply, type Parcel } from '../../protocol/parcel.ts';
import type { Store } from '../../server/store/store.ts';
import { describeCommits } from './store-commits.contract.ts';
import { describeKeys } from './store-keys.contract.ts';
import { describeOutbound } from './store-outbound.contract.ts';
import { describePages } from './store-pages.contract.ts';
import { describeProfiles } from './store-profiles.contract.ts';
import { describeReading } from './store-reading.contract.ts';
import { describeRepeats } from './store-repeats.contract.ts';
import { describeSearch } from './store-search.contract.ts';
import { claimed, collected, commit, delivered, everything, inAll, pickup } from './store-steps.ts';

/** A log that can be closed and reopened. */
export interface StoreFixture {
  open(): Promise<Store>;
  /** Removes everything, after the store was closed. */
  remove(): Promise<void>;
}

export function describeStore(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(name, () => {
    const fixtures: { fixture: StoreFixture; store: Store }[] = [];
    async function opened(): Promise<{ store: Store; reopen: () => Promise<Store> }> {
      const fixture = await makeFixture();
      const current = { fixture, store: await fixture.open() };
      fixtures.push(current);
      return {
        store: current.store,
        reopen: async () => {
          await current.store.close();
          current.store = await fixture.open();
          return current.store;
        },
      };
    }
    afterEach(async () => {
      for (const { fixture, store } of fixtures.splice(0)) {
        await store.close();
        await fixture.remove();
      }
    });

    describe('the log', () => {
      it('[D2] numbers its records, and each store’s own, without holes', async () => {
        const { store, reopen } = await opened();
        expect(await store.head()).toEqual({ seq: 0, time: '' });
        await commit(store, pickup('red', '1'), pickup('blue', '1'), pickup('red', '2'));
        await commit(store);
        const rows = await commit(store, claimed('blue', '1'), claimed('red', '2'));
        expect(rows.map(({ seq, storeSeq }) => [seq, storeSeq])).toEqual([
          [4, 2],
          [5, 3],
        ]);
        const again = await reopen();
        const [next] = await commit(again, pickup('red', '3'));
        expect([next?.seq, next?.storeSeq]).toEqual([6, 4]);
        expect((await again.head()).seq).toBe(6);
      });

      it('gives a record’s text back as it went in', async () => {
        const { store } = await opened();
        const [placed] = await commit(store, pickup('red', '1'));
        const [row] = (await store.read(inAll, everything)).rows;
        expect(row?.record).toStrictEqual(placed?.record);
        expect(row).toMatchObject({ store: 'red', orderID: '1', rev: 1, board: 'on', drivers: [] });
        const [taken] = await commit(store, claimed('red', '1'));
        expect(taken).toMatchObject({ rev: 2, board: 'off', drivers: ['ana'] });
        expect((await store.read(inAll, everything)).rows[1]).toEqual(taken);
      });

      it('[D1] head says the last record’s time', async () => {
        const { store, reopen } = await opened();
        const rows = await commit(store, pickup('red', '1'), pickup('red', '2'));
        const time = rows[1]?.record.time;
        expect(await store.head()).toEqual({ seq: 2, time });
        expect(await (await reopen()).head()).toEqual({ seq: 2, time });
      });
    });

    for (const describePart of [
      describeCommits,
      describeReading,
      describeKeys,
      describePages,
      describeProfiles,
      describeRepeats,
      describeOutbound,
      describeSearch,
    ])
      describePart(opened);
    describe('opened again', () => {
      it('[D3] remembers which stores have heard how their parcels ended, also after opening again', async () => {
        const { store, reopen } = await opened();
        await commit(store, pickup('red', '1'), pickup('red', '2'), pickup('blue', '1'));
        const unheard = async (of: Store) => {
          const page = await of.parcels({ store: 'red', unacknowledged: true, order: 'newest', limit: 10 });
          return page.parcels.map(({ payload }) => payload.orderID);
        };
        expect(await unheard(store)).toEqual(['2', '1']);
        const known = { store: 'red', orderID: '1' };
        await store.acknowledge([
          known,
          { store: 'red', orderID: 'no such' },
          { store: 'blue', orderID: '1' },
        ]);
        await store.acknowledge([known]);
        expect(await unheard(store)).toEqual(['2']);
        expect(await unheard(await reopen())).toEqual(['2']);
      });

      it('is the same log with the same secret; another log has others', async () => {
        const { store, reopen } = await opened();
        const { store: other } = await opened();
        const { epoch, secret } = store;
        expect(epoch).toMatch(/^[^.]{1,32}$/);
        expect(secret).toHaveLength(32);
        const again = await reopen();
        expect([again.epoch, [...again.secret]]).toEqual([epoch, [...secret]]);
        expect(other.epoch).not.toBe(epoch);
        expect([...other.secret]).not.toEqual([...secret]);
      });

      it('[D2][D5] has the same rows, and its parcels are what the log folds to', async () => {
        const { store, reopen } = await opened();
        await commit(
          store,
          pickup('red', '1'),
          claimed('red', '1'),
          collected('red', '1'),
          pickup('blue', '1'),
        );
        await commit(store, delivered('red', '1'));
        const before = await store.read(inAll, everything);
        const again = await reopen();
        expect(await again.read(inAll, everything)).toEqual(before);
        const folded = new Map<string, Parcel>();
        for (const { store, orderID, record } of before.rows) {
          const name = `${store}/${orderID}`;
          folded.set(name, apply(folded.get(name), record));
        }
        const { parcels } = await again.parcels({ order: 'oldest', limit: 100 });
        expect(parcels).toEqual([...folded.values()]);
        for (const parcel of folded.values()) expect(await again.parcel(parcel.payload)).toEqual(parcel);
      });

      it('may be closed twice, and then records nothing', async () => {
        const { store } = await opened();
        await commit(store, pickup('red', '1'));
        await store.close();
        await store.close();
        await expect(commit(store, pickup('red', '2'))).rejects.toThrow();
      });
    });
  });
}
