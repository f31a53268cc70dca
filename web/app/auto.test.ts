import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pageTimers, restoreBrowser, stubBrowser } from '../../testkit/stub-browser.ts';
import { AutoSwitch } from './auto.ts';
import { safeLocalStorage, safeSessionStorage } from './safe-storage.ts';

let switches: AutoSwitch[];

beforeEach(() => {
  switches = [];
});
afterEach(() => {
  for (const one of switches) one.close();
  safeSessionStorage.forget('driver.auto');
  safeLocalStorage.forget('driver.auto');
  restoreBrowser();
});

/** Opens a page at this address. */
async function open(search = '', access: 'open' | 'keyed' | 'unknown' = 'open'): Promise<AutoSwitch> {
  restoreBrowser();
  stubBrowser((path) => (path === '/api/hub' && access !== 'unknown' ? { access } : undefined));
  vi.stubGlobal('location', { origin: 'http://hub', search });
  const one = new AutoSwitch({ page: 'driver', timers: pageTimers, changed: () => {} });
  switches.push(one);
  await vi.advanceTimersByTimeAsync(0);
  return one;
}

/** Continues in another tab of this browser. */
const newTab = () => safeSessionStorage.forget('driver.auto');

describe('on an open hub, with no setting', () => {
  test('it is on, and starts after a countdown of three seconds', async () => {
    const auto = await open();
    expect(auto.state).toEqual({ on: true, startsAt: Date.now() + 3_000 });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(auto.isRunning).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([auto.isRunning, auto.state]).toEqual([true, { on: true }]);
  });

  test('switched off during the countdown it stays off, after a reload and in other tabs too', async () => {
    const auto = await open();
    auto.set(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(auto.state).toEqual({ on: false });
    expect((await open()).state).toEqual({ on: false });
    newTab();
    expect((await open()).state).toEqual({ on: false });
  });
});

test('switched on by hand it starts at once, and after a reload it counts down again', async () => {
  const auto = await open('?driver=ana');
  auto.set(true);
  expect(auto.isRunning).toBe(true);
  const again = await open('?driver=ana');
  expect([again.isRunning, again.state.on]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(again.isRunning).toBe(true);
});

test.each([
  ['the address names the driver', '?driver=ana', 'open'],
  ['the address says so', '?auto=off', 'open'],
  ['the hub asks for keys', '', 'keyed'],
  ['the hub asks for keys, whatever the address says', '?auto=on', 'keyed'],
] as const)('it starts off if %s', async (_what, search, access) => {
  const auto = await open(search, access);
  expect(auto.state).toEqual({ on: false });
});

test('a link can switch it on', async () => {
  expect((await open('?driver=ana&auto=on')).state.on).toBe(true);
});

test('it is neither on nor off until the hub has answered', async () => {
  const auto = await open('', 'unknown');
  expect(auto.state).toEqual({ on: undefined });
});
