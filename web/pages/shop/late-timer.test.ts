import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pageTimers, restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { LateTimer } from './late-timer.ts';

const passed = vi.fn();
let timer: LateTimer;

beforeEach(() => {
  vi.resetAllMocks();
  stubBrowser();
  timer = new LateTimer(pageTimers, passed);
});
afterEach(restoreBrowser);

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('reports when the next order is late, and once', async () => {
  timer.set(hubClock.now() + 1_000);
  await wait(990);
  expect(passed).not.toHaveBeenCalled();
  await wait(20);
  expect(passed).toHaveBeenCalledOnce();
  await wait(60_000);
  expect(passed).toHaveBeenCalledOnce();
});

test('another order that is due earlier takes its place', async () => {
  timer.set(hubClock.now() + 60_000);
  timer.set(hubClock.now() + 1_000);
  await wait(1_020);
  expect(passed).toHaveBeenCalledOnce();
  await wait(60_000);
  expect(passed).toHaveBeenCalledOnce();
});

test('nothing is late when no order is due any more', async () => {
  timer.set(hubClock.now() + 1_000);
  timer.set(Number.POSITIVE_INFINITY);
  await wait(60_000);
  expect(passed).not.toHaveBeenCalled();
});

test('an order that is due in weeks wakes the page every hour: a browser runs a longer timer at once', async () => {
  timer.set(hubClock.now() + 40 * 86_400_000);
  await wait(3_600_001);
  expect(passed).toHaveBeenCalledOnce();
});
