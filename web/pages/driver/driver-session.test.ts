import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StoredCommand } from '../../../client/outbox.ts';
import type { Answer, Author } from '../../../protocol/messages.ts';
import {
  type HandWire,
  handDial,
  pageTimers,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { forgetKey } from '../../app/access-key.ts';
import type { PageStorage } from '../../app/durable-outbox.ts';
import { DriverSession } from './driver-session.ts';

const ana: Author = { role: 'driver', id: 'ana' };
const shop: Author = { role: 'vendor', id: 'red' };
const dispatch: Author = { role: 'admin', id: 'admin' };

let hub: HandWire;
let session: DriverSession;

async function setUp({ access = 'keyed' } = {}): Promise<void> {
  stubBrowser((path) => (path === '/api/hub' ? { version: '0', access, addresses: [] } : undefined));
  const { dial, wire } = handDial();
  session = new DriverSession('ana', { dial, timers: pageTimers });
  hub = wire();
  hub.welcome();
}

beforeEach(() => setUp());
afterEach(() => {
  session.close();
  forgetKey('driver');
  restoreBrowser();
});

const frame = () => vi.advanceTimersByTimeAsync(50);
const offered = () =>
  session.state.get().offers.map(({ known, state }) => [known.view.payload.orderID, state]);
const inHand = () =>
  session.state.get().held.map(({ known, status }) => [known.view.payload.orderID, status]);
const claim = (orderID: string) => session.actions.claim({ view: viewOfRed(orderID, 'ready', 1) });
const key = (orderID: string) => `red\n${orderID}`;
const yes = (rev: number, status: 'claimed' | 'in-transit' | 'delivered' | 'ready'): Answer => ({
  ok: true,
  seq: 9,
  rev,
  status,
  time: '2026-01-01T00:01:00.000Z',
});

test('a claim moves the offer into hand with the answer, and the records that follow change nothing', async () => {
  hub.parcels([viewOfRed('a', 'ready', 1)]);
  await frame();
  hub.answer = () => yes(2, 'claimed');
  claim('a');
  await frame();
  hub.events('board', 0, [], ['a']);
  hub.events('own', 0, [recordOfRed('a', 2, 'claimed', 'claimed', ana)]);
  await frame();
  expect(offered()).toEqual([]);
  expect(inHand()).toEqual([['a', 'claimed']]);
  expect(session.state.get().held[0]?.toast).toMatchObject({ kind: 'undo', by: { rev: 2 } });
  await vi.advanceTimersByTimeAsync(5_100);
  expect(session.state.get().held[0]?.toast).toBeUndefined();
});

describe('a step made by hand', () => {
  const toast = () => session.state.get().held.find(({ key: one }) => one === key('a'))?.toast;

  beforeEach(async () => {
    hub.parcels([viewOfRed('a', 'in-transit', 3, 'ana'), viewOfRed('b', 'claimed', 2, 'ana')]);
    hub.answer = () => yes(4, 'delivered');
    session.actions.step(key('a'), { event: 'delivered' });
    await frame();
  });

  test('says so for five seconds on top, and can be taken back for two minutes from below', async () => {
    expect(inHand()).toEqual([
      ['a', 'delivered'],
      ['b', 'claimed'],
    ]);
    await vi.advanceTimersByTimeAsync(5_100);
    expect(inHand()).toEqual([
      ['b', 'claimed'],
      ['a', 'delivered'],
    ]);
    expect(toast()).toMatchObject({ kind: 'undo', isQuiet: true });
    await vi.advanceTimersByTimeAsync(100_000);
    hub.answer = () => yes(5, 'in-transit');
    session.actions.undo(key('a'));
    await frame();
    expect(hub.commands.at(-1)).toMatchObject({ event: 'corrected', details: { rev: 4 } });
    expect(inHand()).toContainEqual(['a', 'in-transit']);
  });

  test('is done with when the hub would not let it be corrected any more', async () => {
    await vi.advanceTimersByTimeAsync(120_000);
    expect(inHand()).toEqual([['b', 'claimed']]);
  });

  test('cannot be taken back when somebody has changed the parcel since, but through any note', async () => {
    hub.events('own', 0, [recordOfRed('a', 5, 'note', 'delivered', shop, { text: 'Thank you.' })]);
    await frame();
    expect(toast()).toMatchObject({ kind: 'undo', by: { rev: 4 } });
    hub.events('own', 1, [recordOfRed('a', 6, 'corrected', 'in-transit', { role: 'admin', id: 'admin' })]);
    await frame();
    expect(toast()).toBeUndefined();
  });
});

test('an offer is picked up without network, and counts or is shown as refused', async () => {
  hub.parcels([viewOfRed('a', 'ready', 1), viewOfRed('b', 'ready', 1)]);
  await frame();
  hub.down();
  for (const id of ['a', 'b']) session.actions.pickUp({ view: viewOfRed(id, 'ready', 1) });
  await frame();
  expect(offered()).toEqual([]);
  expect(session.state.get().moreOffers).toBe(0);
  expect(inHand()).toEqual([
    ['a', 'in-transit'],
    ['b', 'in-transit'],
  ]);
  const taken = { code: 'taken', message: 'Taken.', retryable: false, details: { by: 'Ben' } } as const;
  hub.answer = ({ payload }) =>
    payload.orderID === 'a' ? yes(2, 'in-transit') : { ok: false, error: taken };
  hub.welcome();
  hub.parcels([viewOfRed('a', 'ready', 1)]);
  await frame();
  expect(hub.commands.map(({ event, occurredAt }) => [event, typeof occurredAt])).toEqual([
    ['in-transit', 'string'],
    ['in-transit', 'string'],
  ]);
  expect(offered()).toEqual([]);
  expect(inHand()).toEqual([['a', 'in-transit']]);
  expect(session.state.get().refused).toMatchObject([{ orderID: 'b', actions: [{ why: 'Taken by Ben.' }] }]);
});

test('a parcel that went elsewhere while a step on it waited is not in hand any more', async () => {
  hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  hub.down();
  session.actions.step(key('a'), { event: 'in-transit' });
  hub.answer = () => ({ ok: false, error: { code: 'stale-claim', message: 'No.', retryable: false } });
  hub.welcome();
  hub.parcels([]);
  await frame();
  expect(inHand()).toEqual([]);
  expect(session.state.get().refused).toHaveLength(1);
});

test('what was said about a parcel is heard, and what one says waits with it', async () => {
  hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  hub.events('own', 0, [recordOfRed('a', 3, 'note', 'claimed', shop, { text: 'Ring twice.' })]);
  session.actions.note(key('a'), 'I will.', false);
  await frame();
  expect(session.state.get().held[0]).toMatchObject({
    status: 'claimed',
    notes: [{ from: 'Shop', text: 'Ring twice.' }],
    pending: [{ event: 'note', text: 'I will.' }],
  });
});

describe('a page opened without network', () => {
  const storageOf = (left: StoredCommand[]): PageStorage => ({
    isKeeping: true,
    isSaved: () => true,
    open: (told) => Promise.resolve().then(() => told(left)),
    add: () => {},
    replace: () => {},
    refuse: () => {},
    remove: () => {},
    close: () => {},
  });
  const opened = (left: StoredCommand[] = []) => {
    const { dial, wire } = handDial();
    session = new DriverSession('ana', { dial, timers: pageTimers, storage: storageOf(left) });
    hub = wire();
  };

  test('has the parcels that the page before it had, and goes on where that was', async () => {
    hub.parcels([viewOfRed('a', 'in-transit', 3, 'ana'), viewOfRed('b', 'ready', 1)]);
    session.close();
    const command = { event: 'delivered', payload: { store: 'red', orderID: 'a' }, id: 'x' } as const;
    opened([{ command, at: Date.now() - 600_000 }]);
    await frame();
    expect(inHand()).toEqual([['a', 'delivered']]);
    expect(offered()).toEqual([['b', 'open']]);
    hub.answer = () => yes(4, 'delivered');
    hub.welcome();
    hub.parcels([viewOfRed('a', 'in-transit', 3, 'ana')]);
    await frame();
    expect(hub.commands).toMatchObject([{ id: 'x', occurredAt: expect.any(String) }]);
    expect(inHand()).toEqual([]);
    expect(offered()).toEqual([]);
  });

  test('says of a parcel that went elsewhere meanwhile that it did', async () => {
    hub.parcels([viewOfRed('a', 'in-transit', 3, 'ana')]);
    session.close();
    opened();
    hub.welcome();
    hub.parcels([]);
    await frame();
    expect(session.state.get().heldCount).toBe(0);
    expect(session.state.get().held[0]?.toast?.kind).toBe('news');
  });

  test('trusts no memory of another log', async () => {
    hub.parcels([viewOfRed('a', 'in-transit', 9, 'ana')]);
    session.close();
    opened();
    hub.welcome(0, 'another log');
    hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
    await frame();
    expect(inHand()).toEqual([['a', 'claimed']]);
  });

  test('is nobody else’s', async () => {
    hub.parcels([viewOfRed('a', 'in-transit', 3, 'ana')]);
    session.close();
    const { dial } = handDial();
    session = new DriverSession('ben', { dial, timers: pageTimers, storage: storageOf([]) });
    await frame();
    expect(inHand()).toEqual([]);
  });
});

test.each([
  [shop, 'Order a. The shop called this one off.'],
  [dispatch, 'Order a. Dispatch called this one off.'],
])('what was called off leaves the hand with a word that says by whom: %o', async (by, said) => {
  hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  hub.events('own', 0, [recordOfRed('a', 3, 'cancelled', 'cancelled', by)]);
  await frame();
  expect(session.announcer.get()).toBe(said);
  expect(session.state.get().heldCount).toBe(0);
  expect(session.state.get().held[0]?.toast).toMatchObject({ kind: 'news' });
  session.actions.acknowledge(key('a'));
  await frame();
  expect(inHand()).toEqual([]);
});

test('auto deliver takes a parcel from offer to delivered, and starts by itself where access is open', async () => {
  session.close();
  restoreBrowser();
  await setUp({ access: 'open' });
  const revs = { claimed: 2, 'in-transit': 3, delivered: 4 } as const;
  hub.answer = ({ event }) =>
    event === 'claimed' || event === 'in-transit' || event === 'delivered'
      ? yes(revs[event], event)
      : undefined;
  hub.parcels([viewOfRed('a', 'ready', 1)]);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(hub.commands).toEqual([]);
  // The robot is loaded when it is wanted first.
  await vi.advanceTimersByTimeAsync(200);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(hub.commands.map(({ event }) => event)).toEqual(['claimed', 'in-transit', 'delivered']);
  expect(inHand()).toEqual([]);
});
