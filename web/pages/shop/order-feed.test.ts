import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Client, connect } from '../../../client/client.ts';
import type { Author, ParcelView } from '../../../protocol/messages.ts';
import {
  type HandWire,
  handDial,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { OrderFeed } from './order-feed.ts';
import { Orders } from './orders.ts';

const ana: Author = { role: 'driver', id: 'ana' };
const red: Author = { role: 'vendor', id: 'red' };

let hub: HandWire;
let client: Client;
let orders: Orders;
let feed: OrderFeed;
/** What the hub answers to a request for a list of orders; undefined: that it cannot. */
let list: (path: string) => unknown;
const delivered = vi.fn();

/** Opens the page; the hub has answered for its list unless that takes longer than a frame. */
async function open(): Promise<void> {
  const { dial, wire } = handDial();
  orders = new Orders();
  feed = new OrderFeed({ store: 'red', orders, delivered, changed: () => {} });
  client = connect({
    url: 'http://hub',
    identity: { role: 'vendor', store: 'red' },
    dial,
    after: feed.after,
  });
  feed.follow(client);
  client.on('state', ({ kind }) => {
    if (kind === 'live') feed.becameLive();
  });
  hub = wire();
  await frame();
}

function close(): void {
  feed.saveCursor();
  feed.loader.close();
  client.close();
}

const listed = (asOf: string, ...items: ParcelView[]) => ({ items, next: null, asOf });
const frame = () => vi.advanceTimersByTimeAsync(350);
const statuses = () => orders.placed.list().map(({ view }) => [view.payload.orderID, view.status]);
const thanked = () => orders.thanks.map(({ orderID }) => orderID);

beforeEach(async () => {
  vi.clearAllMocks();
  safeLocalStorage.forget('cursor.store.red');
  list = () => listed('e.0', viewOfRed('old', 'delivered', 4, 'ana'));
  stubBrowser((path) => list(path));
  await open();
});
afterEach(() => {
  close();
  restoreBrowser();
});

/** Nobody has opened this shop in this browser before. */
function forget(): void {
  close();
  safeLocalStorage.forget('cursor.store.red');
}

/** The shop has seen order `a` on its way at seq 2; at seq 3 it is delivered. */
const onItsWay = viewOfRed('a', 'in-transit', 2, 'ana');
const delivery = recordOfRed('a', 3, 'delivered', 'delivered', ana);

test('a shop that was open before goes on from the cursor that this browser saved', async () => {
  expect(feed.isFirstLook).toBe(true);
  hub.welcome(2);
  hub.parcels([onItsWay], 2);
  close();
  await open();
  expect(feed.isFirstLook).toBe(false);
  expect(hub.handshake).toMatchObject({ after: 'e.2' });
});

test('each delivery of the feed is reported once, and none of the list', async () => {
  hub.welcome(3);
  hub.parcels([onItsWay], 2);
  hub.events('store', 2, [delivery]);
  await frame();
  expect(delivered.mock.calls).toEqual([[1]]);
  expect(thanked()).toEqual(['a']);
});

test('a list that is slow says for itself where the feed goes on', async () => {
  forget();
  let answer = (_: unknown) => {};
  list = () => new Promise((resolve) => (answer = resolve));
  await open();
  await vi.advanceTimersByTimeAsync(2_500);
  expect(hub.handshake).toBeUndefined();
  answer(listed('e.2', onItsWay));
  await frame();
  hub.welcome(3);
  hub.events('store', 2, [delivery]);
  await frame();
  expect(statuses()).toEqual([['a', 'delivered']]);
  expect(thanked()).toEqual(['a']);
});

test('where the list does not come, the connection does not wait; nothing of a list older than it is taken', async () => {
  forget();
  const answers: ((body: unknown) => void)[] = [];
  list = () => new Promise((resolve) => answers.push(resolve));
  await open();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(hub.handshake).toMatchObject({ store: 'red' });
  expect(hub.handshake).not.toHaveProperty('after');
  answers[0]?.(listed('e.2', onItsWay, viewOfRed('old', 'delivered', 4, 'ana')));
  await frame();
  expect(statuses()).toEqual([]);
  hub.welcome(3);
  hub.parcels([], 3);
  await frame();
  answers[1]?.(listed('e.3', viewOfRed('a', 'delivered', 3, 'ana')));
  await frame();
  expect(statuses()).toEqual([['a', 'delivered']]);
  expect(feed.loader.state).toBe('done');
});

test('where the list fails it is read when the feed has begun', async () => {
  forget();
  list = () => undefined;
  await open();
  expect(feed.loader.state).toBe('failed');
  list = () => listed('e.3', viewOfRed('a', 'delivered', 3, 'ana'));
  hub.welcome(3);
  hub.parcels([], 3);
  await frame();
  expect(statuses()).toEqual([['a', 'delivered']]);
  expect(feed.loader.state).toBe('done');
});

test('an order that the feed speaks of before the list does stands where it belongs', async () => {
  hub.welcome(2);
  hub.events('store', 0, [recordOfRed('new', 1, 'pickup', 'ready', red)]);
  await frame();
  close();
  let answer = (_: unknown) => {};
  list = () => new Promise((resolve) => (answer = resolve));
  await open();
  expect(hub.handshake).toMatchObject({ after: 'e.1' });
  hub.welcome(2);
  hub.events('store', 1, [recordOfRed('old', 3, 'delivered', 'delivered', ana)]);
  await frame();
  const first = { ...viewOfRed('old', 'delivered', 3, 'ana'), createdAt: '2025-12-31T00:00:00.000Z' };
  answer(listed('e.2', viewOfRed('new', 'ready', 1), first));
  await frame();
  expect(statuses()).toEqual([
    ['new', 'ready'],
    ['old', 'delivered'],
  ]);
  expect(orders.placed.list()[1]?.view.holder).toEqual({ id: 'ana' });
});

test('all pages of orders are read, one after the other', async () => {
  close();
  const asked: string[] = [];
  list = (path) => {
    asked.push(new URLSearchParams(path.split('?')[1]).get('cursor') ?? 'first');
    const next = asked.length < 3 ? String(asked.length) : null;
    return { items: [viewOfRed(`o${asked.length}`, 'delivered', 4, 'ana')], next, asOf: 'e.0' };
  };
  await open();
  expect(asked).toEqual(['first', '1', '2']);
  expect([feed.loader.state, feed.loader.hasMore]).toEqual(['done', false]);
  expect(orders.placed.list()).toHaveLength(3);
});

test('another log is a fresh start', async () => {
  hub.welcome();
  hub.parcels([viewOfRed('a', 'ready', 1)]);
  hub.events('store', 0, [recordOfRed('a', 2, 'cancelled', 'cancelled', red)]);
  list = () => listed('other.0', viewOfRed('old', 'delivered', 4, 'ana'));
  hub.welcome(0, 'other', 'bad-cursor');
  hub.parcels();
  await frame();
  expect(statuses()).toEqual([['old', 'delivered']]);
  close();
  await open();
  expect(hub.handshake).toMatchObject({ after: 'other.0' });
});
