/** What every store promises. Each store runs this suite in a few lines. */

import { afterEach, describe, expect, it } from 'vitest';
import type { EventName, Status } from '../../protocol/events.ts';
import type { Author, ParcelId } from '../../protocol/messages.ts';
import { apply, type Parcel, type UnnumberedRecord } from '../../protocol/parcel.ts';
import type { Board, Row } from '../../server/store/row.ts';
import type { Append, LookupResult, Page, ParcelQuery, Scope, Store } from '../../server/store/store.ts';
import { describeKeys } from './store-keys.contract.ts';
import { describePages } from './store-pages.contract.ts';
import { describeProfiles } from './store-profiles.contract.ts';
import { describeSearch } from './store-search.contract.ts';

/** A log that can be closed and reopened. */
export interface StoreFixture {
  open(): Promise<Store>;
  /** Removes everything, after the store was closed. */
  remove(): Promise<void>;
}

const ana: Author = { role: 'driver', id: 'ana' };
const nobody = { head: { seq: 0, time: '' } };

interface Step extends ParcelId {
  readonly event: EventName;
  readonly status: Status;
  readonly by?: Author;
  readonly id?: string;
  readonly board?: Board;
}

const pickup = (store: string, orderID: string, id?: string): Step => ({
  ...{ event: 'pickup', status: 'ready', store, orderID, board: 'on' },
  ...(id === undefined ? {} : { id }),
});
const claimed = (store: string, orderID: string, by: Author = ana): Step => ({
  ...{ event: 'claimed', status: 'claimed', store, orderID, by, board: 'off' },
});
const collected = (store: string, orderID: string): Step => ({
  ...{ event: 'in-transit', status: 'in-transit', store, orderID, by: ana },
});
const delivered = (store: string, orderID: string): Step => ({
  ...{ event: 'delivered', status: 'delivered', store, orderID, by: ana },
});

/** Appends for these steps, each on the state that the ones before it left. */
function appendsOf(found: LookupResult, steps: readonly Step[]): Append[] {
  const parcels = new Map<string, Parcel>();
  return steps.map(({ event, status, store, orderID, by, id, board = 'same' }, index) => {
    const name = `${store}/${orderID}`;
    const before = parcels.get(name) ?? found.parcel({ store, orderID })?.parcel;
    const record: UnnumberedRecord = {
      ...{ event, status, rev: (before?.rev ?? 0) + 1, via: 'socket.io' },
      time: new Date(Date.parse('2026-11-20T18:00:00Z') + 1000 * (found.head.seq + index)).toISOString(),
      payload: { store, orderID, customer: 'Zoë “Q” \\ </script>', address: '835 Meluk Pass' },
      by: by ?? { role: 'vendor', id: store },
    };
    const parcel = apply(before, record);
    parcels.set(name, parcel);
    const actor = `${record.by.role}:${record.by.id}`;
    return { record, parcel, board, command: id === undefined ? undefined : { actor, id } };
  });
}

async function commit(store: Store, ...steps: Step[]): Promise<readonly Row[]> {
  const { rows } = await store.commit({ parcels: steps, commands: [] }, (found) => ({
    appends: appendsOf(found, steps),
    result: undefined,
  }));
  return rows;
}

const everything = { after: 0, limit: 1000 };
const inAll: Scope = { kind: 'all' };
const ofRed: Scope = { kind: 'store', store: 'red' };
const ofRed1: Scope = { kind: 'parcel', parcel: { store: 'red', orderID: '1' } };
const seqsOf = ({ rows }: Page): number[] => rows.map(({ seq }) => seq);

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
        expect(await store.head()).toEqual(nobody.head);
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
        expect(await store.head()).toEqual(nobody.head);
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
    });
    for (const describePart of [describeKeys, describePages, describeProfiles, describeSearch])
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
