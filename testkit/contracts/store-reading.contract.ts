/** The part of the store contract about pages of the log and lists of parcels. */

import { describe, expect, it } from 'vitest';
import type { Parcel } from '../../protocol/parcel.ts';
import type { Page, ParcelQuery, Scope, Store } from '../../server/store/store.ts';
import type { StoreOpener } from './store-pages.contract.ts';
import { claimed, collected, commit, delivered, everything, inAll, ofRed, pickup } from './store-steps.ts';

const ofRed1: Scope = { kind: 'parcel', parcel: { store: 'red', orderID: '1' } };
const seqsOf = ({ rows }: Page): number[] => rows.map(({ seq }) => seq);

export function describeReading(opened: StoreOpener): void {
  describe('reading', () => {
    async function filled(): Promise<Store> {
      const { store } = await opened();
      await commit(store, pickup('red', '1'), pickup('blue', '1'), pickup('red', '2'));
      await commit(store, claimed('red', '1'), claimed('blue', '1'), collected('red', '1'));
      await commit(store, delivered('red', '1'));
      return store;
    }

    it.each<[string, Scope, number[]]>([
      ['all', inAll, [1, 2, 3, 4, 5, 6, 7]],
      ['a store', ofRed, [1, 3, 4, 6, 7]],
      ['a parcel', ofRed1, [1, 4, 6, 7]],
      ['an unknown store', { kind: 'store', store: 'green' }, []],
      ['an unknown parcel', { kind: 'parcel', parcel: { store: 'red', orderID: '9' } }, []],
    ])(
      '%s: pages after and before any place, ascending, and says whether there is more',
      async (_, scope, all) => {
        const store = await filled();
        expect(await store.headOf(scope)).toBe(all.length);
        for (let place = 0; place <= all.length + 2; place += 1) {
          for (const limit of [1, 2, 3, 100]) {
            const after = await store.read(scope, { after: place, limit });
            expect(seqsOf(after)).toEqual(all.slice(place, place + limit));
            expect([after.more, after.head]).toEqual([place + limit < all.length, 7]);
            const upTo = Math.max(0, Math.min(place - 1, all.length));
            const before = await store.read(scope, { before: place, limit });
            expect(seqsOf(before)).toEqual(all.slice(Math.max(0, upTo - limit), upTo));
            expect([before.more, before.head]).toEqual([upTo > limit, 7]);
          }
        }
      },
    );

    it('lists parcels by every condition, in both orders', async () => {
      const store = await filled();
      await commit(store, {
        event: 'cancelled',
        status: 'cancelled',
        store: 'red',
        orderID: '2',
        board: 'off',
      });
      await commit(store, pickup('green', '10'), pickup('green', '9'));
      const list = async (
        query: Omit<ParcelQuery, 'order' | 'limit'>,
        order: ParcelQuery['order'] = 'oldest',
      ) => {
        const { parcels, next } = await store.parcels({ ...query, order, limit: 100 });
        expect(next).toBeUndefined();
        return parcels.map(({ payload }) => `${payload.store}/${payload.orderID}`);
      };
      expect(await list({})).toEqual(['red/1', 'blue/1', 'red/2', 'green/10', 'green/9']);
      expect(await list({}, 'newest')).toEqual(['green/9', 'green/10', 'red/2', 'blue/1', 'red/1']);
      expect(await list({ store: 'red' })).toEqual(['red/1', 'red/2']);
      expect(await list({ holder: 'ana' })).toEqual(['red/1', 'blue/1']);
      expect(await list({ statuses: ['delivered', 'cancelled'] })).toEqual(['red/1', 'red/2']);
      expect(await list({ statuses: [] })).toEqual([]);
      expect(await list({ unfinished: true })).toEqual(['blue/1', 'green/10', 'green/9']);
      expect(await list({ boardOf: 'ana' })).toEqual(['blue/1', 'green/10', 'green/9']);
      expect(await list({ boardOf: 'ben' })).toEqual(['green/10', 'green/9']);
      expect(await list({ store: 'blue', boardOf: 'ana', statuses: ['claimed'] })).toEqual(['blue/1']);
      expect(await list({ store: "red' OR 1=1 --" })).toEqual([]);
    });

    it.each(['oldest', 'newest'] as const)(
      'pages parcels, %s first, to the end, each once',
      async (order) => {
        const { store } = await opened();
        const keys = Array.from({ length: 7 }, (_, i) => ({
          store: i % 2 ? 'red' : 'blue',
          orderID: `${i}`,
        }));
        for (const key of keys) await commit(store, pickup(key.store, key.orderID));
        const whole = (await store.parcels({ order, limit: 100 })).parcels;
        for (const limit of [1, 3, 7]) {
          const seen: Parcel[] = [];
          let from: string | undefined;
          do {
            const page = await store.parcels({ order, limit, from });
            expect(page.parcels.length).toBeLessThanOrEqual(limit);
            seen.push(...page.parcels);
            from = page.next;
            if (from !== undefined) expect(page.places.at(-1)).toBe(from);
          } while (from !== undefined);
          expect(seen).toEqual(whole);
        }
        const { places } = await store.parcels({ order, limit: 100 });
        const rest = await store.parcels({ order, limit: 100, from: places[2] });
        expect(rest.parcels).toEqual(whole.slice(3));
      },
    );

    it('gives records by their seqs, ascending, and says which are not there', async () => {
      const store = await filled();
      const { rows } = await store.read(inAll, everything);
      expect(await store.rowsAt([6, 2, 3])).toEqual({ rows: [rows[1], rows[2], rows[5]] });
      expect(await store.rowsAt([])).toEqual({ rows: [] });
      expect(await store.rowsAt([7, 8])).toEqual({ rows: [rows[6]], damaged: [8] });
    });
  });
}
