import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handDial, restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { Live } from '../../app/live.ts';
import { readAddress } from './address.ts';
import { LogStore } from './log-store.ts';

beforeEach(() => {
  stubBrowser(() => ({ items: [], next: 'e.0', prev: null }));
  vi.stubGlobal('location', { origin: 'http://hub', href: 'http://hub/log', search: '' });
  vi.stubGlobal('history', { state: null, replaceState: () => {} });
});
afterEach(restoreBrowser);

test('a link to a position shows the whole log there, even if the hub is faster than the first render', async () => {
  const { dial, wire } = handDial();
  const store = new LogStore(new Live({ role: 'admin' }, undefined, dial), readAddress('?at=7'));
  expect(store.log.get().total).toBe(0);
  wire().welcome(1_500);
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(2_000);
  const { mode, rows } = store.log.get();
  expect([mode, rows.count]).toEqual([expect.objectContaining({ kind: 'frozen', at: 1_500 }), 1_500]);
  store.close();
});
