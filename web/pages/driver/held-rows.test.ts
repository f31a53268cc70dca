import { beforeEach, expect, test } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { viewOfRed } from '../../../testkit/stub-browser.ts';
import type { HeldParcel } from './held-parcels.ts';
import { heldRows } from './held-rows.ts';
import { noDraft } from './proof-asks.ts';
import { Stops } from './stops.ts';

const storage = { isSaved: (id: string) => id === 'saved' };
const auto = { plan: () => undefined };
const parcel = (orderID: string, status: Status, more: Partial<HeldParcel> = {}): [string, HeldParcel] => [
  orderID,
  { known: { view: viewOfRed(orderID, status, 3, 'ana') }, pending: [], notes: [], ...more },
];
const shops = { of: () => undefined };
const proofs = { draftOf: () => noDraft };
let stops = new Stops(() => {});
beforeEach(() => {
  stops = new Stops(() => {});
});
const rows = (...parcels: [string, HeldParcel][]) =>
  heldRows(parcels, { storage, auto, stops, shops, proofs });
const keys = (...parcels: [string, HeldParcel][]) => rows(...parcels).map(({ key }) => key);
const pending = (id: string, event: 'delivered' | 'note' | 'seen', leadsTo?: 'delivered') => ({
  id,
  event,
  at: 0,
  leadsTo,
  isUnsent: true,
});

test('news comes first, then what can be delivered, what failed, what goes back, and what is done', () => {
  const news: Partial<HeldParcel> = { toast: { kind: 'news', text: 'Called off.' } };
  expect(
    keys(
      parcel('done', 'delivered'),
      parcel('back', 'returning'),
      parcel('failed', 'failed'),
      parcel('on its way', 'in-transit'),
      parcel('news', 'cancelled', news),
    ),
  ).toEqual(['news', 'on its way', 'failed', 'back', 'done']);
});

test('what was just done keeps its place while the page offers to undo it', () => {
  const undo = { kind: 'undo', text: 'Delivered', by: { rev: 4 } } as const;
  const next = parcel('b', 'in-transit');
  expect(keys(next, parcel('a', 'delivered', { toast: undo }))).toEqual(['a', 'b']);
  expect(keys(next, parcel('a', 'delivered', { toast: { ...undo, isQuiet: true } }))).toEqual(['b', 'a']);
});

test('within a rank the parcel that is due first comes first', () => {
  const due = (orderID: string, dueAt: string): [string, HeldParcel] => {
    const view = viewOfRed(orderID, 'claimed', 2, 'ana');
    return parcel(orderID, 'claimed', { known: { view: { ...view, payload: { ...view.payload, dueAt } } } });
  };
  const late = due('late', '2026-01-01T12:00:00.000Z');
  const soon = due('soon', '2026-01-01T09:00:00.000Z');
  expect(keys(parcel('any time', 'claimed'), late, soon)).toEqual(['soon', 'late', 'any time']);
});

test('a row has the status that its pending steps lead to, and says which of them are saved', () => {
  const both = [pending('saved', 'delivered', 'delivered'), pending('not', 'note')];
  expect(rows(parcel('a', 'in-transit', { pending: both }))).toMatchObject([
    { status: 'delivered', pending: [{ isSaved: true }, { isSaved: false }] },
  ]);
});

test('changes of an order stay on their parcel until the driver has confirmed them, offline too', () => {
  const unseen = { rev: 4, time: '2026-01-01T00:00:00.000Z', was: { address: '1 Old Road' } };
  const known = { view: { ...viewOfRed('a', 'claimed', 4, 'ana'), unseen } };
  const seen = (seenRev: number) => [{ ...pending('seen', 'seen'), seenRev }];
  expect(rows(parcel('a', 'claimed', { known }))).toMatchObject([{ unseen }]);
  expect(rows(parcel('a', 'claimed', { known, pending: seen(4) }))).toMatchObject([{ unseen: undefined }]);
  // The order was changed again since.
  expect(rows(parcel('a', 'claimed', { known, pending: seen(3) }))).toMatchObject([{ unseen }]);
});

const opened = (...parcels: [string, HeldParcel][]) =>
  rows(...parcels).flatMap(({ key, isOpen }) => (isOpen ? [key] : []));

test('one stop is open: the first one, or the one that the driver opened, until its step was taken', () => {
  const two = [parcel('a', 'in-transit'), parcel('b', 'in-transit')] as const;
  expect(opened(...two)).toEqual(['a']);
  stops.open('b', 'in-transit');
  expect(opened(...two)).toEqual(['b']);
  // While the page offers to undo it, the next steps are there.
  const undo = { kind: 'undo', text: 'Not delivered', by: { rev: 4 } } as const;
  expect(opened(two[0], parcel('b', 'failed', { toast: undo }))).toEqual(['b']);
  expect(opened(two[0], parcel('b', 'failed'))).toEqual(['a']);
  stops.open('b', 'failed');
  expect(opened(two[0], parcel('b', 'failed'))).toEqual(['b']);
  expect(opened(two[0], parcel('b', 'delivered'))).toEqual(['a']);
});

test('what the driver puts first comes first and is open, the latest before the earlier', () => {
  const all = ['a', 'b', 'c'].map((id) => parcel(id, 'in-transit'));
  stops.putFirst('b', 'in-transit');
  stops.putFirst('c', 'in-transit');
  expect(keys(...all)).toEqual(['c', 'b', 'a']);
  expect(opened(...all)).toEqual(['c']);
  expect(stops.saved((key) => key !== 'b')).toEqual({
    first: ['c'],
    last: [],
    open: { key: 'c', status: 'in-transit' },
  });
});

test('what the driver puts last comes last, also behind what is due later, over a reload, until it is put first', () => {
  const all = ['a', 'b', 'c'].map((id) => parcel(id, 'in-transit'));
  stops.putFirst('b', 'in-transit');
  stops.putLast('b');
  stops.putLast('a');
  expect(keys(...all)).toEqual(['c', 'b', 'a']);
  expect(opened(...all)).toEqual(['c']);
  const saved = stops.saved(() => true);
  stops = new Stops(() => {});
  stops.restore(saved);
  expect(keys(...all, parcel('new', 'in-transit'))).toEqual(['c', 'new', 'b', 'a']);
  stops.putFirst('a', 'in-transit');
  expect(keys(...all)).toEqual(['a', 'c', 'b']);
  // As older pages have saved it.
  stops.restore({ first: ['c'] });
  expect(keys(...all)).toEqual(['c', 'a', 'b']);
});

test('what is to be collected at one shop stays together, also when one of it was just collected', () => {
  const at = (orderID: string, store: string, status: Status, more: Partial<HeldParcel> = {}) => {
    const view = viewOfRed(orderID, status, 3, 'ana');
    // In the order of their ids, were it not for the shops.
    const dueAt = `2026-01-01T12:00:0${orderID.charCodeAt(0) - 97}.000Z`;
    const payload = { ...view.payload, store, dueAt };
    return parcel(orderID, status, { known: { view: { ...view, payload } }, ...more });
  };
  const toast = { kind: 'undo', text: 'Picked up', by: { rev: 3 }, of: 'in-transit' } as const;
  const all = [
    at('a', 'red', 'claimed'),
    at('b', 'blue', 'claimed'),
    at('c', 'red', 'in-transit', { toast }),
    at('d', 'white', 'in-transit'),
    at('e', 'blue', 'claimed'),
  ];
  const places = (...parcels: [string, HeldParcel][]) =>
    rows(...parcels).map(({ key, collectAt }) => [key, collectAt]);
  expect(places(...all)).toEqual([
    ['a', 'red'],
    ['c', 'red'],
    ['b', 'blue'],
    ['e', 'blue'],
    ['d', undefined],
  ]);
});

test('a driver is asked for at each step for what it wants there, a photo of the delivery where it said nothing', () => {
  const asked = (proofs?: Profile['proofs']) => {
    const shop = proofs && { proofs };
    const parcels = [parcel('a', 'claimed'), parcel('b', 'in-transit'), parcel('c', 'returning')];
    const all = heldRows(parcels, { storage, auto, stops, shops: { of: () => shop }, proofs: { draftOf } });
    return Object.fromEntries(all.map((row) => [row.key, row.asked]));
  };
  const draftOf = () => noDraft;
  expect(asked()).toEqual({ a: {}, b: { photo: 'offered', receivedBy: 'offered' }, c: {} });
  expect(asked({ collection: { scan: 'required' }, return: { photo: 'warned' } })).toEqual({
    a: { scan: 'required' },
    b: {},
    c: { photo: 'warned' },
  });
});

test('what has gone to somebody else has no next step, and is not among what is to be collected', () => {
  const news: Partial<HeldParcel> = { toast: { kind: 'news', text: 'Dispatch gave this one to Ben.' } };
  const all = rows(parcel('gone', 'claimed', news), parcel('a', 'claimed'), parcel('b', 'claimed'));
  expect(all.map(({ key, collectAt, isOpen }) => [key, collectAt, isOpen])).toEqual([
    ['gone', undefined, false],
    ['a', 'red', true],
    ['b', 'red', false],
  ]);
});
