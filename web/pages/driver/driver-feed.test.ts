import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Author } from '../../../protocol/messages.ts';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { recordOfRed, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { DriverFeed } from './driver-feed.ts';

const ana: Author = { role: 'driver', id: 'ana' };
const shop: Author = { role: 'vendor', id: 'red' };

let driver: DriverFixture;
let feed: DriverFeed;
const claims = { delete: vi.fn() };
const offered = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  stubBrowser();
  driver = new DriverFixture();
  const { client, offers, held, changed } = driver;
  feed = new DriverFeed({ client, offers, held, claims, offered, changed });
  driver.hub.welcome();
});
afterEach(() => {
  driver.close();
  restoreBrowser();
});

test('the hub sends what is on offer and what this driver holds', () => {
  expect(feed.isComplete).toBe(false);
  driver.hub.parcels([viewOfRed('a', 'ready', 1), viewOfRed('b', 'in-transit', 3, 'ana')]);
  expect(driver.offered).toEqual(['a']);
  expect(driver.inHand).toEqual([['b', 'in-transit']]);
  expect(feed.isComplete).toBe(true);
});

test('offers come and go with the board, and each new one is reported', () => {
  driver.hub.parcels();
  driver.hub.events('board', 0, [
    recordOfRed('a', 1, 'pickup', 'ready', shop),
    recordOfRed('b', 1, 'pickup', 'ready', shop),
  ]);
  driver.hub.events('board', 2, [], ['a']);
  expect(driver.offered).toEqual(['b']);
  expect(offered).toHaveBeenCalledTimes(2);
});

test('an order for later is on offer, but no news', () => {
  driver.hub.parcels();
  const { payload, ...record } = recordOfRed('a', 1, 'pickup', 'ready', shop);
  const notBefore = new Date(Date.now() + 2 * 3_600_000).toISOString();
  driver.hub.events('board', 0, [{ ...record, payload: { ...payload, notBefore } }]);
  expect(driver.offered).toEqual(['a']);
  expect(offered).not.toHaveBeenCalled();
});

test('a claim moves the offer into hand, whether the answer or the feed brings it first', () => {
  driver.hub.parcels([viewOfRed('a', 'ready', 1), viewOfRed('b', 'ready', 1)]);
  const claimed = (orderID: string) => recordOfRed(orderID, 2, 'claimed', 'claimed', ana);
  feed.addOwn(claimed('a'));
  driver.hub.events('own', 0, [claimed('a'), claimed('b')]);
  feed.addOwn(claimed('b'));
  expect(driver.offered).toEqual([]);
  expect(driver.inHand).toEqual([
    ['a', 'claimed'],
    ['b', 'claimed'],
  ]);
  expect(claims.delete).toHaveBeenCalledWith(keyOfRed('a'));
});

test('the board cannot offer again what this driver has claimed since', () => {
  driver.hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  driver.hub.events('board', 0, [recordOfRed('a', 1, 'pickup', 'ready', shop)]);
  expect(driver.offered).toEqual([]);
  expect(offered).not.toHaveBeenCalled();
});

test('offers that are read later count only if this driver knows nothing newer', () => {
  driver.hub.parcels([viewOfRed('a', 'delivered', 4, 'ana'), viewOfRed('a', 'claimed', 4, 'ana')]);
  feed.addOffers([viewOfRed('a', 'ready', 1), viewOfRed('b', 'ready', 1)]);
  expect(driver.offered).toEqual(['b']);
});

test('a note comes to the parcel that it is about', () => {
  driver.hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  driver.hub.events('own', 0, [recordOfRed('a', 3, 'note', 'claimed', shop, { text: 'Ring twice.' })]);
  expect(driver.held.get(keyOfRed('a'))?.notes).toMatchObject([{ from: 'Shop', text: 'Ring twice.' }]);
});

test('a fresh start forgets what the hub does not name again', () => {
  driver.hub.parcels([viewOfRed('a', 'ready', 1), viewOfRed('b', 'claimed', 2, 'ana')]);
  driver.hub.welcome();
  driver.hub.parcels([viewOfRed('c', 'ready', 1)]);
  expect(driver.offered).toEqual(['c']);
  expect(driver.inHand).toEqual([]);
});

test('another log may have an older state of a parcel', () => {
  driver.hub.parcels([viewOfRed('a', 'in-transit', 9, 'ana')]);
  driver.hub.welcome(0, 'another log', 'bad-cursor');
  driver.hub.parcels([viewOfRed('a', 'claimed', 2, 'ana')]);
  expect(driver.inHand).toEqual([['a', 'claimed']]);
});
