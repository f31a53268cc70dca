import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { pageTimers, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { shiftName } from '../../app/access-key.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import type { SavedProofs } from './proofs.ts';
import { SessionSaver } from './saved-session.ts';
import { ShiftTally } from './shift-tally.ts';
import type { ShopProfiles } from './shop-profiles.ts';
import { Stops } from './stops.ts';

const pages: { driver: DriverFixture; saver: SessionSaver }[] = [];
let isAtRisk = false;

/** A PIN that was typed without network. */
const typed: SavedProofs = [{ key: keyOfRed('a'), pin: { text: '1234', state: 'kept' } }];
const proofs = { saved: typed, restore: vi.fn() };

/** Opens the page of a driver, with what it saved before. */
function open(name = 'ana') {
  const driver = new DriverFixture(name);
  const feed: { epoch: string | undefined } = { epoch: undefined };
  const { held, offers } = driver;
  const stops = new Stops(() => {});
  const tally = new ShiftTally(name);
  const shops = { saved: { red: { name: 'Red' } }, restore: vi.fn<ShopProfiles['restore']>() };
  const saver = new SessionSaver({
    driver: name,
    timers: pageTimers,
    feed,
    held,
    offers,
    stops,
    shops,
    tally,
    proofs,
    isAtRisk: () => isAtRisk,
  });
  saver.restore();
  pages.push({ driver, saver });
  return { driver, saver, feed, stops, shops };
}

beforeEach(() => {
  stubBrowser();
  vi.stubGlobal('addEventListener', vi.fn());
  isAtRisk = false;
});
afterEach(() => {
  for (const { driver, saver } of pages.splice(0)) {
    saver.close();
    driver.close();
  }
  safeLocalStorage.forget(shiftName);
  restoreBrowser();
});

/** Fills a page that is then saved. */
function fill({ driver, feed }: ReturnType<typeof open>): void {
  feed.epoch = 'e';
  driver.held.learn(keyOfRed('a'), { view: viewOfRed('a', 'in-transit', 3, 'ana') });
  driver.held.addNotes(keyOfRed('a'), [{ rev: 2, text: 'Ring twice.', at: '', from: 'Shop' }]);
  for (let i = 10; i < 40; i += 1) driver.offers.set({ view: viewOfRed(`o${i}`, 'ready', 1) });
}

test('the next page begins with the parcels in hand, their order, notes and shops, the first offers and the epoch', () => {
  const page = open();
  fill(page);
  page.stops.putFirst(keyOfRed('gone'), 'claimed');
  page.stops.putFirst(keyOfRed('a'), 'in-transit');
  page.saver.close();
  const next = open();
  expect(next.stops.saved(() => true)).toEqual({
    first: [keyOfRed('a')],
    last: [],
    open: { key: keyOfRed('a'), status: 'in-transit' },
  });
  expect(next.shops.restore).toHaveBeenCalledWith({ red: { name: 'Red' } });
  expect(next.driver.inHand).toEqual([['a', 'in-transit']]);
  expect(next.driver.held.get(keyOfRed('a'))?.notes).toMatchObject([{ text: 'Ring twice.' }]);
  expect(next.driver.offered).toHaveLength(20);
  expect(next.feed.epoch).toBe('e');
  expect(proofs.restore).toHaveBeenCalledWith(typed);
});

test('a session is saved a moment after a change, and once for all changes until then', async () => {
  const write = vi.spyOn(safeLocalStorage, 'write');
  const page = open();
  fill(page);
  page.saver.saveSoon();
  page.saver.saveSoon();
  expect(write).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(write).toHaveBeenCalledOnce();
  expect(open().driver.inHand).toEqual([['a', 'in-transit']]);
  write.mockRestore();
});

test('no other driver sees it, and the browser keeps those of the last three', () => {
  const page = open();
  fill(page);
  page.saver.close();
  for (const name of ['ben', 'cleo']) {
    const other = open(name);
    expect(other.driver.inHand).toEqual([]);
    other.saver.close();
  }
  expect(open().driver.inHand).toEqual([['a', 'in-transit']]);
  for (const name of ['dan', 'eve', 'fay']) open(name).saver.close();
  expect(open().driver.inHand).toEqual([]);
});

test('what another program left in its place is taken for nothing', () => {
  safeLocalStorage.write(shiftName, 'not JSON');
  expect(open().driver.inHand).toEqual([]);
});

test('the browser asks before it closes a page with something that is not saved', () => {
  open();
  const [, askBack] = vi.mocked(addEventListener).mock.calls.find(([name]) => name === 'beforeunload') ?? [];
  const isAsked = () => {
    const event = new Event('beforeunload', { cancelable: true });
    if (typeof askBack === 'function') askBack(event);
    return event.defaultPrevented;
  };
  expect(isAsked()).toBe(false);
  isAtRisk = true;
  expect(isAsked()).toBe(true);
});
