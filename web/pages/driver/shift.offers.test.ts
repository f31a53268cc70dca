import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type HandWire,
  handDial,
  pageTimers,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { Shift } from './shift.ts';

let hub: HandWire;
let shift: Shift;

beforeEach(() => {
  stubBrowser((path) => (path === '/api/hub' ? { version: '0', access: 'keyed', addresses: [] } : undefined));
  const { dial, wire } = handDial();
  shift = new Shift('ana', { dial, timers: pageTimers });
  hub = wire();
  hub.welcome();
});
afterEach(() => {
  shift.close();
  restoreBrowser();
});

const frame = () => vi.advanceTimersByTimeAsync(50);
const offered = () => shift.state.get().offers.map(({ known }) => known.view.payload.orderID);

describe('a board with more offers than the page was sent', () => {
  const some = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) =>
      viewOfRed(`n${String(from + i).padStart(4, '0')}`, 'ready', 1),
    );

  beforeEach(async () => {
    hub.pages.push({ items: some(301, 600), ready: 100_000, next: '600' });
    hub.parcels(some(1, 300), 0, { ready: 100_000, next: '300' });
    await frame();
  });

  test('is counted whole, and drawn as far as somebody asks', async () => {
    expect([offered().length, shift.state.get().moreOffers]).toEqual([50, 99_950]);
    for (let i = 0; i < 6; i += 1) shift.showMore();
    await frame();
    await frame();
    expect([offered().length, shift.state.get().moreOffers]).toEqual([350, 99_650]);
    expect(hub.asked).toEqual(['300']);
    // The hub goes on counting, whatever this page knows of.
    hub.events('board', 0, [], ['n0001', 'far away'], 99_998);
    await frame();
    expect([offered().length, shift.state.get().moreOffers]).toEqual([350, 99_648]);
  });

  test('goes on with the next ones when others have taken what it knew', async () => {
    const taken = some(1, 300).map(({ payload }) => payload.orderID);
    hub.events('board', 0, [], taken, 99_700);
    await frame();
    await frame();
    expect(offered().slice(0, 2)).toEqual(['n0301', 'n0302']);
    expect([offered().length, shift.state.get().moreOffers]).toEqual([50, 99_950]);
  });

  test('does not fill the page’s memory, and what was let go comes again', async () => {
    for (let i = 0; i < 4; i += 1) {
      const news = some(10_000 + i * 300, 10_299 + i * 300).map(({ payload }) =>
        recordOfRed(payload.orderID, 1, 'pickup', 'ready', { role: 'vendor', id: 'red' }),
      );
      hub.events('board', i * 300, news, [], 100_000 + (i + 1) * 300);
    }
    await frame();
    for (let i = 0; i < 30; i += 1) shift.showMore();
    await frame();
    expect(offered().length).toBe(1_000);
  });
});
