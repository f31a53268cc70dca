import { expect, test } from 'vitest';
import { parcelName } from '../../../protocol/ids.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { Offers } from './offers.ts';

function parcel(orderID: string, second: number, rev = 1): KnownParcel {
  const time = new Date(second * 1_000).toISOString();
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  return { view: { payload, status: 'ready', rev, attempts: 0, createdAt: time, changedAt: time } };
}

const ids = (offers: Offers, most = 100) => offers.first(most).map(({ view }) => view.payload.orderID);

test('sorts by age, whatever the order of arrival', () => {
  const offers = new Offers();
  for (const [id, second] of [
    ['c', 3],
    ['a', 1],
    ['d', 4],
    ['b', 1],
  ] as const) {
    offers.set(parcel(id, second));
  }
  expect(ids(offers)).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(offers, 2)).toEqual(['a', 'b']);
});

test('deletes offers at any position', () => {
  const offers = new Offers();
  const all = Array.from({ length: 200 }, (_, i) => parcel(`p${i}`, (i * 37) % 50));
  for (const one of all) offers.set(one);
  for (const one of all.filter((_, i) => i % 3 !== 0)) {
    expect(offers.delete(parcelName(one.view.payload))).toBe(one);
  }
  expect(offers.size).toBe(67);
  expect(new Set(ids(offers, 200))).toEqual(
    new Set(all.filter((_, i) => i % 3 === 0).map((p) => p.view.payload.orderID)),
  );
  expect(offers.delete('red\nnone')).toBeUndefined();
});

test('keeps one entry per parcel', () => {
  const offers = new Offers();
  offers.set(parcel('a', 1));
  offers.set(parcel('a', 1, 3));
  offers.set(parcel('a', 9, 5));
  expect(offers.size).toBe(1);
  expect(offers.get('red\na')?.view.rev).toBe(5);
});

test('can skip offers', () => {
  const offers = new Offers();
  offers.set(parcel('a', 1));
  offers.set(parcel('b', 2));
  expect(offers.first(1, (key) => key !== 'red\na').map(({ view }) => view.payload.orderID)).toEqual(['b']);
});

test('knows which offers are for later, as they are amended, taken and dropped', () => {
  const offers = new Offers();
  const wanted = (orderID: string, second: number, notBefore?: string) => {
    const { view } = parcel(orderID, second);
    return { view: { ...view, payload: { ...view.payload, ...(notBefore ? { notBefore } : {}) } } };
  };
  const now = Date.parse('2026-01-01T12:00:00.000Z');
  const later = () => offers.laterThan(now).map(({ view }) => view.payload.orderID);
  offers.set(wanted('b', 2, '2026-01-01T14:00:00.000Z'));
  offers.set(wanted('a', 1, '2026-01-01T13:01:00.000Z'));
  offers.set(wanted('soon', 3, '2026-01-01T12:59:00.000Z'));
  offers.set(wanted('now', 4));
  offers.set(wanted('c', 5, '2026-01-02T14:00:00.000Z'));
  expect(later()).toEqual(['a', 'b', 'c']);
  offers.set(wanted('a', 1));
  expect(later()).toEqual(['b', 'c']);
  offers.delete('red\nb');
  offers.keep(3);
  expect(later()).toEqual([]);
});

test('an offer is for later by the lead that its shop says', () => {
  const leads = new Map([['red', 180]]);
  const offers = new Offers((store) => leads.get(store));
  const { view } = parcel('a', 1);
  offers.set({ view: { ...view, payload: { ...view.payload, notBefore: '2026-01-01T14:00:00.000Z' } } });
  const later = (now: string) => offers.laterThan(Date.parse(now)).length;
  expect([later('2026-01-01T10:59:00.000Z'), later('2026-01-01T11:01:00.000Z')]).toEqual([1, 0]);
  leads.clear();
  expect([later('2026-01-01T12:59:00.000Z'), later('2026-01-01T13:01:00.000Z')]).toEqual([1, 0]);
  expect([...offers.timedStores()]).toEqual(['red']);
});
