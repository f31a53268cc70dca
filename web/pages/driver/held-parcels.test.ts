import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Status } from '../../../protocol/events.ts';
import type { Author } from '../../../protocol/messages.ts';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { recordOfRed, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import type { HeldParcel } from './held-parcels.ts';

let driver: DriverFixture;
const key = keyOfRed('a');

beforeEach(() => {
  stubBrowser();
  driver = new DriverFixture();
});
afterEach(() => {
  driver.close();
  restoreBrowser();
});

const learn = (status: Status, rev: number, holder?: string) =>
  driver.held.learn(key, { view: viewOfRed('a', status, rev, holder) });
const toast = () => driver.held.get(key)?.toast;
const pending = [{ id: 'x', event: 'note', at: 0, leadsTo: undefined, isUnsent: true }] as const;
const change = (more: Partial<HeldParcel>) => {
  const parcel = driver.held.get(key);
  if (parcel) driver.held.set(key, { ...parcel, ...more });
};

test('a parcel is in hand as long as this driver holds it', () => {
  expect(learn('claimed', 2, 'ana')).toBe(true);
  expect(driver.held.count).toBe(1);
  learn('delivered', 4);
  expect(driver.inHand).toEqual([]);
});

test('a parcel of another driver is not in hand', () => {
  expect(learn('claimed', 2, 'ben')).toBe(false);
  expect(driver.inHand).toEqual([]);
});

test('a parcel with a command that has no answer stays, whoever holds it', () => {
  learn('claimed', 2, 'ana');
  change({ pending });
  learn('delivered', 4);
  expect(driver.inHand).toEqual([['a', 'delivered']]);
  expect(driver.held.pendingKeys).toEqual([key]);
  expect(driver.held.count).toBe(0);
});

test.each<[Status, Author['role'], string | undefined, string]>([
  ['cancelled', 'vendor', undefined, 'The shop called this one off.'],
  ['cancelled', 'admin', undefined, 'Dispatch called this one off.'],
  ['in-transit', 'admin', 'ben', 'ben'],
])('a parcel that becomes %s by %s says why it left, until OK', async (status, role, holder, why) => {
  learn('claimed', 2, 'ana');
  driver.held.learn(key, { view: viewOfRed('a', status, 3, holder) }, undefined, { role, id: 'x' });
  expect(toast()).toMatchObject({ kind: 'news', text: expect.stringContaining(why) });
  expect(driver.news).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(driver.inHand).toEqual([['a', status]]);
  change({ toast: undefined });
  expect(driver.inHand).toEqual([]);
});

test('a parcel that comes back has no word on it any more', () => {
  learn('claimed', 2, 'ana');
  driver.held.learn(key, { view: viewOfRed('a', 'claimed', 3, 'ben') }, undefined, {
    role: 'admin',
    id: 'x',
  });
  expect(toast()?.kind).toBe('news');
  learn('claimed', 4, 'ana');
  expect(toast()).toBeUndefined();
});

test('an urgent note says that dispatch has seen it, also to who reads of that first', () => {
  learn('in-transit', 3, 'ana');
  driver.held.addNotes(key, [
    { rev: 4, text: 'Flooded.', at: '', from: undefined, isUrgent: true },
    { rev: 5, text: 'Thanks.', at: '', from: undefined },
    { rev: 7, text: 'Still flooded.', at: '', from: undefined, isUrgent: true },
  ]);
  driver.held.hear(recordOfRed('a', 6, 'seen', 'in-transit', { role: 'admin', id: 'admin' }, { rev: 4 }));
  driver.held.hear(recordOfRed('a', 8, 'seen', 'in-transit', { role: 'driver', id: 'ana' }, { rev: 7 }));
  expect(driver.held.get(key)?.notes.map(({ isSeen }) => isSeen === true)).toEqual([true, false, false]);
});

describe('Undo', () => {
  const undo = { kind: 'undo', text: 'Delivered', by: { rev: 4 } } as const;

  test('is offered for five seconds, then quietly until the hub would refuse it', async () => {
    learn('in-transit', 4, 'ana');
    change({ toast: undo });
    await vi.advanceTimersByTimeAsync(5_100);
    expect(toast()).toMatchObject({ kind: 'undo', isQuiet: true });
    await vi.advanceTimersByTimeAsync(115_000);
    expect(toast()).toBeUndefined();
  });

  test('of a claim ends with its toast: Release does the same', async () => {
    learn('claimed', 2, 'ana');
    change({ toast: { ...undo, by: { rev: 2 } } });
    await vi.advanceTimersByTimeAsync(5_100);
    expect(toast()).toBeUndefined();
  });

  test('ends when somebody changes the parcel', () => {
    learn('in-transit', 4, 'ana');
    change({ toast: undo });
    const changedAt = '2026-01-01T00:05:00.000Z';
    driver.held.learn(key, { view: { ...viewOfRed('a', 'failed', 5, 'ana'), changedAt } });
    expect(toast()).toBeUndefined();
  });
});

describe('a fresh start', () => {
  test('keeps what the hub names, and drops the rest', () => {
    learn('claimed', 2, 'ana');
    driver.held.learn(keyOfRed('b'), { view: viewOfRed('b', 'claimed', 2, 'ana') });
    driver.held.beginStart();
    learn('claimed', 2, 'ana');
    driver.held.endStart();
    expect(driver.inHand).toEqual([['a', 'claimed']]);
    expect(driver.news).toEqual([]);
  });

  test('says so of a parcel that an earlier page saved and the hub does not name', () => {
    driver.held.remember({ view: viewOfRed('a', 'in-transit', 3, 'ana') }, []);
    driver.held.beginStart();
    driver.held.endStart();
    expect(toast()?.kind).toBe('news');
    expect(driver.held.count).toBe(0);
  });
});

test('of another log only the commands without an answer remain', () => {
  learn('claimed', 9, 'ana');
  driver.held.learn(keyOfRed('b'), { view: viewOfRed('b', 'claimed', 9, 'ana') });
  change({ pending });
  driver.held.forget();
  expect(driver.inHand.map(([orderID]) => orderID)).toEqual(['a']);
  learn('in-transit', 2, 'ana');
  expect(driver.inHand).toEqual([['a', 'in-transit']]);
});

test('a change of an order is announced once, and a further one again', () => {
  const unseen = { rev: 4, time: '2026-01-01T00:00:00.000Z', was: { address: '1 Old Road' } };
  const amend = (rev: number) =>
    driver.held.learn(key, {
      view: { ...viewOfRed('a', 'claimed', rev, 'ana'), unseen: { ...unseen, rev: Math.min(rev, 6) } },
    });
  learn('claimed', 2, 'ana');
  expect(driver.amended).toEqual([]);
  amend(4);
  amend(4);
  expect(driver.amended).toEqual(['a']);
  amend(6);
  // A note.
  amend(7);
  expect(driver.amended).toEqual(['a', 'a']);
});

test('a change that an earlier page has announced is not announced again', () => {
  const unseen = { rev: 4, time: '2026-01-01T00:00:00.000Z', was: { address: '1 Old Road' } };
  const known = { view: { ...viewOfRed('a', 'claimed', 4, 'ana'), unseen } };
  driver.held.remember(known, []);
  driver.held.learn(key, known);
  expect(driver.amended).toEqual([]);
});
