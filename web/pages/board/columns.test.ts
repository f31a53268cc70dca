import { describe, expect, it } from 'vitest';
import type { ParcelView } from '../../../protocol/messages.ts';
import { columnOf, concernFrom, concernOf, unclaimedMs, unseenMs } from './columns.ts';

const noon = Date.parse('2026-11-30T12:00:00Z');
const at = (ms: number) => new Date(noon + ms).toISOString();
const hour = 3_600_000;

function view(parcel: Partial<ParcelView> & { dueAt?: string; notBefore?: string } = {}): ParcelView {
  const { dueAt, notBefore, ...rest } = parcel;
  const payload = { store: 'red', orderID: '1', customer: 'Hulda', address: '9 Elm Street' };
  return {
    payload: { ...payload, ...(dueAt && { dueAt }), ...(notBefore && { notBefore }) },
    status: 'in-transit',
    rev: 2,
    attempts: 0,
    createdAt: at(0),
    changedAt: at(0),
    ...rest,
  };
}

describe('a parcel needs dispatch', () => {
  const note = { rev: 3, time: at(0), text: 'No bridge', by: 'Ana' };
  const unseen = { rev: 3, time: at(0), was: { address: '1 Elm Street' } };
  it.each([
    ['on its way and not due', view({ dueAt: at(hour) }), 0, undefined],
    ['late', view({ dueAt: at(0) }), 1, 'late'],
    ['due in this moment', view({ dueAt: at(0) }), 0, undefined],
    ['on its way back after the due time', view({ status: 'returning', dueAt: at(0) }), hour, undefined],
    ['failed', view({ status: 'failed' }), 0, 'failed'],
    ['failed and late', view({ status: 'failed', dueAt: at(0) }), hour, 'failed'],
    ['on offer for a while', view({ status: 'ready' }), unclaimedMs - 1, undefined],
    ['on offer for long', view({ status: 'ready' }), unclaimedMs, 'unclaimed'],
    ['wanted later', view({ status: 'ready', notBefore: at(hour) }), unclaimedMs, undefined],
    ['wanted a while ago', view({ status: 'ready', notBefore: at(hour) }), hour + unclaimedMs, 'unclaimed'],
    ['changed just now', view({ unseen }), unseenMs - 1, undefined],
    ['changed, and not seen for long', view({ unseen }), unseenMs, 'unseen'],
    ['with an urgent note', view({ urgent: note, dueAt: at(0) }), hour, 'urgent'],
    ['with five wrong PINs', view({ urgent: { ...note, about: 'pin' } }), 0, 'pin'],
  ])('%s', (_, parcel, later, concern) => {
    expect(concernOf(parcel, noon + later)).toBe(concern);
    // The board moves it then, and not before.
    expect(concernFrom(parcel) <= noon + later).toBe(concern !== undefined);
  });
});

it('has no place for what is finished', () => {
  expect(columnOf(view({ status: 'delivered' }), true)).toBeUndefined();
  expect(columnOf(view({ status: 'failed' }), false)).toBe('attention');
  expect(columnOf(view({ status: 'returning' }), false)).toBe('returning');
});
