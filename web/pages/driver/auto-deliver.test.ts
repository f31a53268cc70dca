import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Profile } from '../../../protocol/profile.ts';
import { DriverFixture, keyOfRed } from '../../../testkit/driver-fixture.ts';
import { pageTimers, restoreBrowser, stubBrowser, viewOfRed } from '../../../testkit/stub-browser.ts';
import { safeLocalStorage, safeSessionStorage } from '../../app/safe-storage.ts';
import { AutoDeliver } from './auto-deliver.ts';

let driver: DriverFixture;
let auto: AutoDeliver;
const claims = { ask: vi.fn(), has: vi.fn(() => false), unanswered: 0 };
const step = vi.fn();
const duty = { isOn: true };
let profile: Profile | undefined;

/** Auto deliver is switched on by hand; one parcel is on offer. */
beforeEach(async () => {
  vi.clearAllMocks();
  duty.isOn = true;
  profile = undefined;
  stubBrowser((path) => (path === '/api/hub' ? { version: '0', access: 'keyed', addresses: [] } : undefined));
  driver = new DriverFixture();
  const { client, offers, held, changed, hub } = driver;
  const profileOf = () => profile;
  auto = new AutoDeliver({
    ...{ client, timers: pageTimers, duty, offers },
    ...{ claims, held, profileOf, step, changed },
  });
  offers.set({ view: viewOfRed('a', 'ready', 1) });
  hub.welcome();
  hub.parcels();
  auto.switch.set(true);
});
afterEach(() => {
  safeSessionStorage.forget('driver.auto');
  safeLocalStorage.forget('driver.auto');
  auto.close();
  driver.close();
  restoreBrowser();
});

const run = async (ms = 0) => {
  auto.runSoon();
  // The robot is loaded when it is wanted first.
  await vi.advanceTimersByTimeAsync(0);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(ms);
};
const hold = (status: 'claimed' | 'in-transit', rev: number) =>
  driver.held.learn(keyOfRed('b'), { view: viewOfRed('b', status, rev, 'ana') });

test('it claims what there is room for', async () => {
  await run();
  expect(claims.ask).toHaveBeenCalledExactlyOnceWith(driver.offers.get(keyOfRed('a')), false);
});

test('it leaves an order for later alone', async () => {
  const { payload, ...view } = viewOfRed('a', 'ready', 1);
  const notBefore = new Date(Date.now() + 2 * 3_600_000).toISOString();
  driver.offers.set({ view: { ...view, payload: { ...payload, notBefore } } });
  await run();
  expect(claims.ask).not.toHaveBeenCalled();
});

test('it decides once for all changes of a task', async () => {
  auto.runSoon();
  auto.runSoon();
  await run();
  expect(claims.ask).toHaveBeenCalledOnce();
});

test('it picks a claimed parcel up, then delivers it, and says before what comes when', async () => {
  hold('claimed', 2);
  await run();
  expect(auto.plan(keyOfRed('b'))).toMatchObject({ event: 'in-transit' });
  await run(1_000);
  expect(step).toHaveBeenLastCalledWith(keyOfRed('b'), 'in-transit');
  hold('in-transit', 3);
  await run(3_000);
  expect(step).toHaveBeenLastCalledWith(keyOfRed('b'), 'delivered');
});

test('it leaves a parcel to the driver who has touched it', async () => {
  hold('claimed', 2);
  auto.leaveAlone(keyOfRed('a'));
  auto.leaveAlone(keyOfRed('b'));
  await run(5_000);
  expect([claims.ask.mock.calls, step.mock.calls]).toEqual([[], []]);
});

test('a step for which the shop requires a proof is left to the driver, also one planned before that was known', async () => {
  hold('claimed', 2);
  await run(1_000);
  hold('in-transit', 3);
  await run(1_000);
  expect(auto.plan(keyOfRed('b'))).toMatchObject({ event: 'delivered' });
  profile = { proofs: { delivery: { photo: 'required' } } };
  await run(5_000);
  expect(auto.plan(keyOfRed('b'))).toBeUndefined();
  expect(step.mock.calls).toEqual([[keyOfRed('b'), 'in-transit']]);
});

test('a proof that is only wished for holds nothing up', async () => {
  profile = { proofs: { delivery: { photo: 'warned', pin: 'offered' }, return: { photo: 'required' } } };
  hold('in-transit', 3);
  await run(3_000);
  expect(step).toHaveBeenLastCalledWith(keyOfRed('b'), 'delivered');
});

test.each([
  ['off duty', () => Object.assign(duty, { isOn: false })],
  ['without network', () => driver.hub.down()],
  ['switched off', () => auto.switch.set(false)],
])('%s it does nothing, and gives up what it had planned', async (_, stop) => {
  hold('claimed', 2);
  await run();
  claims.ask.mockClear();
  stop();
  await run(5_000);
  expect(auto.plan(keyOfRed('b'))).toBeUndefined();
  expect([claims.ask.mock.calls, step.mock.calls]).toEqual([[], []]);
});
