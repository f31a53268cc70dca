import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import {
  pageTimers,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { DriverFeed } from './driver-feed.ts';
import { OfferWindow } from './offer-window.ts';

let driver: DriverFixture;
let window: OfferWindow;
const ripened = vi.fn();
let taken: ReadonlySet<string>;

/** The hub has 100,000 offers; the page was sent the first 300 and can read the next 300. */
beforeEach(async () => {
  stubBrowser();
  ripened.mockClear();
  driver = new DriverFixture();
  taken = new Set();
  const { client, offers, held, hub, changed } = driver;
  window = new OfferWindow({
    client,
    offers,
    timers: pageTimers,
    taken: () => taken,
    ripened,
    add: (items) => feed.addOffers(items),
    changed,
  });
  const claims = { delete: () => {} };
  const feed = new DriverFeed({ client, offers, held, claims, offered: () => {}, changed });
  changed.mockImplementation(() => window.refill());
  hub.welcome();
  hub.pages.push({ items: someOffers(301, 600), ready: 100_000, next: '600' });
  hub.parcels(someOffers(1, 300), 0, { ready: 100_000, next: '300' });
});
afterEach(() => {
  window.close();
  driver.close();
  restoreBrowser();
});

const someOffers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    viewOfRed(`n${String(from + i).padStart(4, '0')}`, 'ready', 1),
  );
const answers = () => vi.advanceTimersByTimeAsync(0);
const counts = () => [window.open.length, window.beyond];

test('the page draws the first 50 offers and counts all', () => {
  expect(counts()).toEqual([50, 99_950]);
  expect(window.total).toBe(100_000);
});

test('each request draws 50 more, and reads more from the hub when the known ones run out', async () => {
  for (let i = 0; i < 6; i += 1) window.showMore();
  await answers();
  expect(counts()).toEqual([350, 99_650]);
  expect(driver.hub.asked).toEqual(['300']);
  driver.hub.events('board', 0, [], ['n0001', 'far away'], 99_998);
  expect(counts()).toEqual([350, 99_648]);
});

test('when others have taken all that the page knows, it reads the next offers', async () => {
  driver.hub.events(
    'board',
    0,
    [],
    someOffers(1, 300).map(({ payload }) => payload.orderID),
    99_700,
  );
  await answers();
  expect(window.open.slice(0, 2).map(({ view }) => view.payload.orderID)).toEqual(['n0301', 'n0302']);
  expect(counts()).toEqual([50, 99_950]);
});

test('an offer that this driver is taking is neither drawn as open nor counted as another', () => {
  taken = new Set([keyOfRed('n0001')]);
  expect(window.open[0]?.view.payload.orderID).toBe('n0002');
  expect(counts()).toEqual([50, 99_949]);
});

test('the page keeps at most 1,000 offers', () => {
  for (let i = 0; i < 4; i += 1) {
    const news = someOffers(10_000 + i * 300, 10_299 + i * 300).map(({ payload }) =>
      recordOfRed(payload.orderID, 1, 'pickup', 'ready', { role: 'vendor', id: 'red' }),
    );
    driver.hub.events('board', i * 300, news, [], 100_000 + (i + 1) * 300);
  }
  expect(driver.offers.size).toBe(1_000);
});

test('an order for later waits apart until an hour before its time, and is news then', async () => {
  const soon = viewOfRed('n0000', 'ready', 1);
  const notBefore = new Date(Date.now() + 90 * 60_000).toISOString();
  const { beyond } = window;
  driver.offers.set({ view: { ...soon, payload: { ...soon.payload, notBefore } } });
  window.refill();
  const later = () => window.later.map(({ view }) => view.payload.orderID);
  const isOpen = () => window.open.some(({ view }) => view.payload.orderID === 'n0000');
  expect([later(), isOpen(), window.beyond]).toEqual([['n0000'], false, beyond - 1]);
  await vi.advanceTimersByTimeAsync(29 * 60_000);
  expect([later(), isOpen(), ripened.mock.calls.length]).toEqual([['n0000'], false, 0]);
  await vi.advanceTimersByTimeAsync(61_000);
  expect([later(), isOpen(), ripened.mock.calls.length]).toEqual([[], true, 1]);
});
