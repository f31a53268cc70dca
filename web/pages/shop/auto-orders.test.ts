import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionState } from '../../../client/client.ts';
import { pageTimers, restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { safeLocalStorage, safeSessionStorage } from '../../app/safe-storage.ts';
import { AutoOrders } from './auto-orders.ts';

const sample = { customer: 'Zoë', address: '12 Elm Street' };
const send = vi.fn();
const next = vi.fn();
const client: { state: ConnectionState; waiting: number } = {
  state: { kind: 'live', caughtUp: 0 },
  waiting: 0,
};
let auto: AutoOrders;

beforeEach(() => {
  vi.resetAllMocks();
  stubBrowser((path) => (path === '/api/hub' ? { version: '0', access: 'keyed', addresses: [] } : undefined));
  next.mockResolvedValue(sample);
  client.state = { kind: 'live', caughtUp: 0 };
  client.waiting = 0;
  open();
});
afterEach(() => {
  auto.close();
  for (const storage of [safeLocalStorage, safeSessionStorage]) storage.forget('vendor.auto');
  safeLocalStorage.forget('every');
  restoreBrowser();
});

function open(): void {
  auto = new AutoOrders({ client, timers: pageTimers, samples: { next }, send, changed: () => {} });
}
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

test('switched on it sends an order at once and then one every five seconds', async () => {
  auto.switch.set(true);
  await seconds(10);
  expect(send.mock.calls).toEqual([[sample], [sample], [sample]]);
  auto.switch.set(false);
  await seconds(60);
  expect(send).toHaveBeenCalledTimes(3);
});

test('another interval counts at once, and the browser remembers it', async () => {
  auto.switch.set(true);
  auto.setEvery(1);
  await seconds(4);
  expect(send).toHaveBeenCalledTimes(5);
  auto.close();
  open();
  expect(auto.everySeconds).toBe(1);
});

test('without a connection it sends nothing, and piles nothing up', async () => {
  client.state = { kind: 'connecting' };
  auto.switch.set(true);
  await seconds(60);
  expect(send).not.toHaveBeenCalled();
  client.state = { kind: 'live', caughtUp: 0 };
  auto.becameLive();
  await seconds(0);
  expect(send).toHaveBeenCalledOnce();
});

test('it waits while the hub has 50 commands to answer', async () => {
  client.waiting = 50;
  auto.switch.set(true);
  await seconds(60);
  expect(send).not.toHaveBeenCalled();
});

test('samples that cannot be loaded are tried again with the next order', async () => {
  next.mockRejectedValueOnce(new Error('No worker.'));
  auto.switch.set(true);
  await seconds(0);
  expect(send).not.toHaveBeenCalled();
  await seconds(5);
  expect(send).toHaveBeenCalledOnce();
});
