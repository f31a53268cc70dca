/** The part of the store contract about searches: a store may skip what cannot match, and nothing else. */

import { describe, expect, it } from 'vitest';
import { isFinished } from '../../protocol/events.ts';
import type { Parcel } from '../../protocol/parcel.ts';
import { viewOf } from '../../protocol/parcel-view.ts';
import { matches, matchesParcel, parseSearch } from '../../protocol/search.ts';
import type { Scope, Store } from '../../server/store/store.ts';
import { ana, order, red, step } from '../simulation/cast.ts';
import { recordCommands, type StoreOpener } from './store-pages.contract.ts';

const customers = [
  'Zoë Çelik',
  'O"Brien \\ Söhne',
  'Call +49 30 123-456',
  'UPPER lower',
  'two  spaces',
  'ﬁne ligature',
  '100 % sure_of it',
  "Robert'); DROP TABLE log;--",
];
const searches = [
  ...['zoe', 'çelik', 'celik', 'o"brien', '\\', 'söhne', 'sohne', '4930123456', '123', '+49', 'upper lower'],
  ...['"upper lower"', '"two spaces"', 'spaces', 'fine', '%', '_of', '100', "');", 'drop', '-zoe', 'zz'],
  ...['event:claimed', '-event:claimed zoe', 'driver:ana', 'store:red', 'order:3', 'ana', 'road -drop', ''],
  ...[
    'is:open',
    '-is:open',
    'is:late',
    '-is:late',
    'is:late -is:open',
    'is:late event:ready',
    '-is:late fine',
  ],
];

export function describeSearch(opened: StoreOpener): void {
  describe('a search', () => {
    async function filled(): Promise<Store> {
      const { store } = await opened();
      for (const [i, customer] of customers.entries()) {
        await recordCommands(store, red, order('red', String(i), customer));
      }
      const due = (dueAt: string) => ({ details: { dueAt } });
      for (const [i, at] of ['00Z', '00+01:00', '01Z', '00Z'].entries()) {
        await recordCommands(store, red, step('amended', 'red', String(i), due(`2026-11-30T10:00:${at}`)));
      }
      await recordCommands(store, ana, step('claimed', 'red', '0'), step('in-transit', 'red', '0'));
      await recordCommands(store, red, step('cancelled', 'red', '3'));
      return store;
    }

    it('finds the parcels that match, and no other', async () => {
      const store = await filled();
      const whole = (await store.parcels({ order: 'oldest', limit: 100 })).parcels;
      const now = Date.parse('2026-11-30T10:00:00.500Z');
      for (const [text, terms] of searches.map((said) => [said, parseSearch(said)] as const)) {
        const expected = whole.filter((parcel) => matchesParcel(viewOf(parcel), terms, now));
        for (const query of [
          {},
          { store: 'red' },
          { store: 'red', unfinished: true },
          { statuses: ['ready'] },
        ] as const) {
          const found = await store.parcels({ ...query, terms, now, order: 'oldest', limit: 100 });
          const isWanted = ({ status }: Parcel) =>
            'statuses' in query ? status === 'ready' : !('unfinished' in query) || !isFinished(status);
          const wanted = expected.filter(isWanted);
          expect(
            found.parcels.map(({ payload }) => payload.orderID),
            text,
          ).toEqual(wanted.map(({ payload }) => payload.orderID));
        }
      }
    });

    it('finds the parcels for a time: when they are due, else from when on they may come, else when they were placed', async () => {
      const store = await filled();
      await recordCommands(
        store,
        red,
        step('amended', 'red', '2', { details: { dueAt: null, notBefore: '2026-11-30T09:30:00Z' } }),
      );
      const whole = (await store.parcels({ order: 'oldest', limit: 100 })).parcels;
      const at = Date.parse('2026-11-30T10:00:00Z');
      for (const planned of [
        { from: at, to: at },
        { from: at - 3_600_000, to: at - 1 },
        { from: at + 1, to: Number.POSITIVE_INFINITY },
        { from: Number.NEGATIVE_INFINITY, to: at - 1 },
      ]) {
        const query = { store: 'red', planned, order: 'oldest', limit: 100, caller: 'test' } as const;
        const found = (await store.parcels(query)).parcels.map(({ payload }) => payload.orderID);
        const wanted = whole.filter(({ payload, createdAt }) => {
          const moment = Date.parse(payload.dueAt ?? payload.notBefore ?? createdAt);
          return moment >= planned.from && moment <= planned.to;
        });
        expect(found).toEqual(wanted.map(({ payload }) => payload.orderID));
        expect(found.length).toBeLessThan(whole.length);
      }
    });

    it('finds the records that match, in both directions', async () => {
      const store = await filled();
      const { rows, head } = await store.read({ kind: 'all' }, { after: 0, limit: 100 });
      for (const [text, terms] of searches.map((said) => [said, parseSearch(said)] as const)) {
        const expected = rows.filter((row) => matches(row.recordAs(row.seq), terms)).map(({ seq }) => seq);
        for (const scope of [{ kind: 'all' }, { kind: 'store', store: 'red' }] satisfies Scope[]) {
          for (const forwards of [true, false]) {
            const wanted = {
              scope,
              low: 0,
              high: head,
              forwards,
              limit: 100,
              filter: { terms },
              caller: 'test',
            };
            const sifted = await store.sift(wanted);
            const seqs = sifted.rows.map(({ seq }) => seq);
            expect([sifted.place, forwards ? seqs : seqs.toReversed()], text).toEqual([undefined, expected]);
          }
        }
      }
    });
  });
}
