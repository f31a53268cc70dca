import { expect, test } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import { viewOfRed } from '../../../testkit/stub-browser.ts';
import type { HeldParcel } from './held-parcels.ts';
import { heldRows } from './held-rows.ts';

const storage = { isSaved: (id: string) => id === 'saved' };
const auto = { plan: () => undefined };
const parcel = (orderID: string, status: Status, more: Partial<HeldParcel> = {}): [string, HeldParcel] => [
  orderID,
  { known: { view: viewOfRed(orderID, status, 3, 'ana') }, pending: [], notes: [], ...more },
];
const rows = (...parcels: [string, HeldParcel][]) => heldRows(parcels, storage, auto);
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
