import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { accepted, DriverFixture, keyOfRed, takenBy } from '../../../testkit/driver-fixture.ts';
import { pageTimers, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { Claims } from './claims.ts';

let driver: DriverFixture;
let claims: Claims;
const won = vi.fn();
const offer = { view: viewOfRed('a', 'ready', 1) };
const key = keyOfRed('a');

beforeEach(() => {
  vi.clearAllMocks();
  stubBrowser();
  driver = new DriverFixture();
  const { client, announcer, offers, changed, hub } = driver;
  const lost = (gone: string) => offers.delete(gone);
  claims = new Claims({ client, timers: pageTimers, announcer, won, lost, changed });
  offers.set(offer);
  hub.welcome();
  hub.parcels();
});
afterEach(() => {
  claims.close();
  driver.close();
  restoreBrowser();
});

const answers = () => vi.advanceTimersByTimeAsync(10);
const shown = () => claims.all.map(({ state, text }) => [state, text]);

test('a claim shows in the place of its offer until the hub answers', async () => {
  void claims.ask(offer, true);
  await answers();
  expect(shown()).toEqual([['claiming', undefined]]);
  expect(claims.unanswered).toBe(1);
  expect(claims.has(key)).toBe(true);
});

test('a second press sends no second command', async () => {
  void claims.ask(offer, true);
  void claims.ask(offer, true);
  await answers();
  expect(driver.hub.commands).toMatchObject([{ event: 'claimed', payload: { orderID: 'a' } }]);
});

test('a claim that is won goes on with its answer', async () => {
  driver.hub.answer = () => accepted(2, 'claimed');
  void claims.ask(offer, true);
  await answers();
  expect(won).toHaveBeenCalledWith(expect.objectContaining({ known: offer, byHand: true }));
  expect(shown()).toEqual([]);
});

test('a lost race says who was first for a while, and then makes way', async () => {
  driver.hub.answer = () => takenBy('Ben');
  void claims.ask(offer, true);
  await answers();
  expect(shown()).toEqual([['lost', 'Taken by Ben.']]);
  expect(claims.unanswered).toBe(0);
  expect(driver.offered).toEqual([]);
  expect(driver.announcer.get()).not.toBe('');
  await vi.advanceTimersByTimeAsync(6_100);
  expect(shown()).toEqual([]);
});

test('an offer that nobody else took says that it is gone', async () => {
  const error = { code: 'wrong-status', message: 'It is cancelled.', retryable: false } as const;
  driver.hub.answer = () => ({ ok: false, error });
  void claims.ask(offer, true);
  await answers();
  expect(shown()).toEqual([['lost', 'No longer on offer.']]);
});

test('auto deliver loses without a word', async () => {
  driver.hub.answer = () => takenBy('Ben');
  void claims.ask(offer, false);
  await answers();
  expect(shown()).toEqual([]);
  expect(driver.announcer.get()).toBe('');
});
