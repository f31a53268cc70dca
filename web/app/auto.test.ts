import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pageTimers, restoreBrowser, stubBrowser } from '../../testkit/stub-browser.ts';
import { AutoSwitch } from './auto.ts';
import { changeName, driverName } from './names.ts';
import { safeLocalStorage, safeSessionStorage } from './safe-storage.ts';

let switches: AutoSwitch[];
/** What the tabs of this browser hear when another one writes. */
let heard: Set<(event: { key: string }) => void>;

beforeEach(() => {
  switches = [];
  heard = new Set();
});
afterEach(() => {
  for (const one of switches) one.close();
  newTab();
  for (const name of ['way', 'vendor.auto', 'driver.auto', 'access', 'driver']) safeLocalStorage.forget(name);
  restoreBrowser();
});

/** Opens a page at this address. */
async function open(
  search = '',
  access: 'open' | 'keyed' | 'unknown' = 'open',
  page: 'driver' | 'vendor' = 'driver',
): Promise<AutoSwitch> {
  restoreBrowser();
  stubBrowser((path) => (path === '/api/hub' && access !== 'unknown' ? { access } : undefined));
  vi.stubGlobal('location', { origin: 'http://hub', href: `http://hub/driver${search}`, search });
  vi.stubGlobal('history', { replaceState: () => {} });
  vi.stubGlobal('addEventListener', (_: string, hear: (event: { key: string }) => void) => heard.add(hear));
  vi.stubGlobal('removeEventListener', (_: string, hear: (event: { key: string }) => void) =>
    heard.delete(hear),
  );
  const one = new AutoSwitch({ page, timers: pageTimers, changed: () => {} });
  switches.push(one);
  await vi.advanceTimersByTimeAsync(0);
  return one;
}

/** Continues in another tab of this browser. */
function newTab(): void {
  for (const name of ['vendor.auto', 'driver.auto', 'store.own', 'driver.own'])
    safeSessionStorage.forget(name);
}

/** The other tabs hear of what one has written. */
async function tell(): Promise<void> {
  for (const hear of heard) hear({ key: 'caps.way' });
  await vi.advanceTimersByTimeAsync(0);
}

const counting = () => ({ on: true, startsAt: Date.now() + 3_000 });
const off = { on: false };

describe('on an open hub, with no setting', () => {
  test('it asks, and meanwhile starts after a countdown of three seconds', async () => {
    const auto = await open();
    expect(auto.state).toEqual({ way: undefined, ...counting() });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(auto.isRunning).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([auto.isRunning, auto.state]).toEqual([true, { way: undefined, on: true }]);
  });

  test('switched off during the countdown it stays off, after a reload and in other tabs too, and still asks', async () => {
    const auto = await open();
    auto.set(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(auto.state).toEqual({ way: undefined, ...off });
    expect((await open()).state).toEqual({ way: undefined, ...off });
    newTab();
    expect((await open()).state).toEqual({ way: undefined, ...off });
  });
});

describe('told how this browser is used', () => {
  test('to try it, the countdown goes on, and no page asks again', async () => {
    const auto = await open();
    const { startsAt } = auto.state;
    await vi.advanceTimersByTimeAsync(1_000);
    auto.choose('try');
    expect(auto.state).toEqual({ way: 'try', on: true, startsAt });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(auto.isRunning).toBe(true);
    newTab();
    for (const page of ['driver', 'vendor'] as const)
      expect((await open('', 'open', page)).state).toEqual({ way: 'try', ...counting() });
  });

  test('to try it after Not now, it counts down from the beginning', async () => {
    const auto = await open();
    auto.set(false);
    auto.choose('try');
    await vi.advanceTimersByTimeAsync(0);
    expect(auto.state).toEqual({ way: 'try', ...counting() });
  });

  test('to work for real, it stops at once, and no page and no link starts it again', async () => {
    const auto = await open();
    await vi.advanceTimersByTimeAsync(3_000);
    auto.choose('real');
    expect(auto.state).toEqual({ way: 'real', ...off });
    for (const search of ['', '?auto=on', '?driver=ana&auto=on']) {
      newTab();
      expect((await open(search)).state).toEqual({ way: 'real', ...off });
      expect((await open(search, 'open', 'vendor')).state).toEqual({ way: 'real', ...off });
    }
  });

  test('for real before the hub answers, nothing starts when it does', async () => {
    const auto = await open('', 'unknown');
    auto.choose('real');
    void auto.decide();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(auto.state).toEqual({ way: 'real', ...off });
  });
});

describe('told in another tab', () => {
  test('it follows without a reload: to try it, for real, and back', async () => {
    const auto = await open();
    auto.set(false);
    safeLocalStorage.write('way', 'try');
    safeLocalStorage.forget('driver.auto');
    await tell();
    expect(auto.state).toEqual({ way: 'try', ...counting() });
    safeLocalStorage.write('way', 'real');
    await tell();
    expect(auto.state).toEqual({ way: 'real', ...off });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(auto.isRunning).toBe(false);
  });

  test.each([
    ['the address names the driver', '?driver=ana', 'open'],
    ['the hub asks for keys', '', 'keyed'],
  ] as const)('work stays real if %s', async (_what, search, access) => {
    const auto = await open(search, access);
    safeLocalStorage.write('way', 'try');
    await tell();
    expect(auto.state).toEqual({ way: 'real', ...off });
  });

  test('a closed page hears nothing', async () => {
    (await open()).close();
    expect(heard.size).toBe(0);
  });
});

test('asked back where the address names the driver, it is there after a reload, and not for another name', async () => {
  const auto = await open('?driver=ana');
  auto.choose('try');
  await vi.advanceTimersByTimeAsync(0);
  expect(auto.state).toEqual({ way: 'try', ...counting() });
  expect((await open('?driver=ana')).state.way).toBe('try');
  expect((await open('?driver=ben')).state).toEqual({ way: 'real', ...off });
});

test('asked back on a keyed hub it is there, for this tab, and starts only by hand', async () => {
  const auto = await open('', 'keyed');
  auto.choose('try');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(auto.state).toEqual({ way: 'try', ...off });
  newTab();
  expect((await open('', 'keyed')).state).toEqual({ way: 'real', ...off });
});

test('a name that is typed on the page changes nothing of its way', async () => {
  await open();
  changeName(driverName, 'ana');
  expect((await open('?driver=ana')).state).toEqual({ way: undefined, ...counting() });
  newTab();
  expect((await open('?driver=ana')).state).toEqual({ way: 'real', ...off });
});

test('switched on by hand it starts at once, and after a reload it counts down again', async () => {
  const auto = await open('?driver=ana&auto=off');
  auto.set(true);
  expect(auto.isRunning).toBe(true);
  const again = await open('?driver=ana&auto=off');
  expect([again.isRunning, again.state.on]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(again.isRunning).toBe(true);
});

test.each([
  ['the address names the driver', '?driver=ana', 'open', 'real'],
  ['the address names a parcel', '?store=red&order=1', 'open', 'real'],
  ['the address says so', '?auto=off', 'open', 'try'],
  ['the hub asks for keys', '', 'keyed', 'real'],
  ['the hub asks for keys, whatever the address says', '?auto=on', 'keyed', 'real'],
] as const)('it starts off, and nothing is asked, if %s', async (_what, search, access, way) => {
  const auto = await open(search, access);
  expect(auto.state).toEqual({ way, ...off });
});

test('a link can switch it on', async () => {
  expect((await open('?driver=ana&auto=on')).state).toEqual({ way: 'try', ...counting() });
});

test('it is neither on nor off until the hub has answered', async () => {
  const auto = await open('', 'unknown');
  expect(auto.state).toEqual({ way: undefined, on: undefined });
});
