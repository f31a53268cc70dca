/** Updates do not move a page while somebody reads it or is about to press something. */

import { expect, type Locator, type Page } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { Stream } from '../testkit/browser/stream.ts';
import { isTorture } from '../testkit/browser/torture.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1280, height: 800 } };
/** A good cumulative layout shift is below 0.1. */
const shiftMax = 0.05;
/** A page moves most while it loads. */
const watchedMs = isTorture ? 5_000 : 2_500;
const loadsMax = 3;
const ana = { role: 'driver', driver: 'ana' };
const ben = { role: 'driver', driver: 'ben' };

declare global {
  var shifts: { at: number; value: number; of: string }[];
}

/** Init script. Nobody touches the page, so every shift counts. */
function watchShifts(): void {
  globalThis.shifts = [];
  type Shift = PerformanceEntry & { value: number; sources: { node?: Node }[] };
  new PerformanceObserver((list) => {
    for (const { startTime, value, sources } of list.getEntries() as Shift[]) {
      const of = sources.map(({ node }) => node?.textContent?.slice(0, 40)).join(' | ');
      globalThis.shifts.push({ at: startTime, value, of });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** The cumulative layout shift as browsers count it: the worst session window of up to five seconds. */
async function layoutShift(page: Page): Promise<{ worst: number; most: unknown }> {
  const shifts = await page.evaluate(() => globalThis.shifts);
  let [worst, sum, from, last] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  for (const { at, value } of shifts) {
    if (at - last > 1_000 || at - from > 5_000) [sum, from] = [0, at];
    sum += value;
    last = at;
    worst = Math.max(worst, sum);
  }
  return { worst, most: shifts.toSorted((a, b) => b.value - a.value).slice(0, 3) };
}

/** Another driver, who takes the offers that the page's simulator leaves. @returns stops it */
function quickDriver(hub: Hub): () => Promise<void> {
  let isOn = true;
  const ended = (async () => {
    for (let n = 1; isOn; n += 1) {
      const payload = { store: 'red', orderID: `red-s${n}` };
      await expect.poll(async () => !isOn || (await hub.life(payload.orderID)).length > 0).toBe(true);
      for (const event of ['claimed', 'in-transit', 'delivered'] as const) {
        if (isOn) await hub.command(ben, [{ event, payload }]).catch(unlessTaken);
      }
    }
  })();
  return async () => {
    isOn = false;
    await ended;
  };
}

function unlessTaken(error: unknown): void {
  if (!/"taken"|"wrong-status"/.test(String(error))) throw error;
}

for (const [name, perSecond, options] of [
  ['a phone', 5, phone],
  ['a desk', 50, desk],
] as const) {
  test(`no page shifts on ${name} while ${perSecond} orders a second arrive and are delivered`, async ({
    hub,
    machine,
  }) => {
    await hub.seed('red', 12);
    await hub.command(
      ana,
      ['red-1', 'red-2'].map((orderID) => ({ event: 'claimed', payload: { store: 'red', orderID } })),
    );
    const track = await hub.trackingPath('red', 'red-1');
    const stream = new Stream(hub, 'red', perSecond);
    const endDriver = quickDriver(hub);
    const paths = ['/', '/vendor?store=red&auto=off', '/driver', '/driver?driver=ana&auto=off', '/log'];
    const shiftOf = async (path: string) => {
      const page = await (await machine(options)).newPage();
      await page.addInitScript(watchShifts);
      await page.goto(path);
      await page.waitForFunction((ms) => performance.now() > ms, watchedMs);
      const shift = await layoutShift(page);
      await page.close();
      return shift;
    };
    const watch = async (path: string): Promise<void> => {
      let shift = await shiftOf(path);
      // On a very busy machine the hub may not answer for seconds, and a banner then moves the page.
      for (let n = 1; n < loadsMax && shift.worst > shiftMax; n += 1) shift = await shiftOf(path);
      const what = `${path.slice(0, 14)}: ${JSON.stringify(shift.most)}`;
      expect.soft(shift.worst, what).toBeLessThanOrEqual(shiftMax);
    };
    await Promise.all([...paths, track].map(watch));
    await endDriver();
    await stream.stop();
  });
}

test('a customer’s page does not shift when times change to the customer’s zone', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', 1);
  await hub.command(ana, [{ event: 'claimed', payload: { store: 'red', orderID: 'red-1' } }]);
  const track = await hub.trackingPath('red', 'red-1');
  for (const viewport of [{ width: 320, height: 640 }, phone.viewport, desk.viewport]) {
    const page = await (await machine({ viewport, timezoneId: 'Asia/Tokyo' })).newPage();
    await page.addInitScript(watchShifts);
    const painted = Promise.withResolvers<void>();
    await page.route(/\/assets\/.*\.js$/, async (route) => {
      await painted.promise;
      await route.continue();
    });
    await page.goto(track, { waitUntil: 'commit' });
    const first = page.locator('.steps time').first();
    await expect(first).toContainText('UTC');
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    painted.resolve();
    await expect(first).not.toContainText('UTC');
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
    expect((await layoutShift(page)).worst, `at ${viewport.width}`).toBeLessThan(0.002);
    await page.close();
  }
});

test('the header of the courier’s page keeps its lines while the page loads, also on a tablet', async ({
  machine,
}) => {
  for (const width of [640, 760, 860]) {
    const page = await (await machine({ viewport: { width, height: 900 } })).newPage();
    await page.addInitScript(watchShifts);
    await page.goto('/driver?driver=ana&auto=off');
    await expectSeen(page.getByRole('switch', { name: 'On duty' }));
    await expectSeen(page.getByText('Live', { exact: true }));
    expect((await layoutShift(page)).worst, `at ${width}`).toBeLessThan(shiftMax);
    await page.close();
  }
});

/** @returns the middle of a button */
async function placeOf(button: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await button.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

function order(hub: Hub, orderID: string, minutes?: number): Promise<void> {
  const dueAt = minutes === undefined ? {} : { dueAt: new Date(Date.now() + minutes * 60_000).toISOString() };
  const payload = { store: 'red', orderID, customer: `Customer of ${orderID}`, address: '1 Elm Street' };
  return hub.command({ role: 'vendor', store: 'red' }, [
    { event: 'pickup', payload: { ...payload, ...dueAt } },
  ]);
}

test('a Claim button stays under the finger while others take offers and more urgent ones arrive', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', 8);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  const button = driver.claimButton('red-4');
  await expectSeen(button);
  const { x, y } = await placeOf(button);
  await driver.page.mouse.move(x, y);
  await driver.page.mouse.down();
  for (const orderID of ['red-1', 'red-3', 'red-5'])
    await hub.command(ben, [{ event: 'claimed', payload: { store: 'red', orderID } }]);
  await order(hub, 'soon', 5);
  await expect(driver.offer('red-3')).toContainText('Taken');
  await expect(driver.offer('soon')).toBeAttached();
  expect(await placeOf(button)).toEqual({ x, y });
  // Their places stay after the message has ended.
  await expect(driver.offer('red-3')).toHaveCount(0);
  expect(await placeOf(button)).toEqual({ x, y });
  await driver.page.mouse.up();
  await expectSeen(driver.parcel('red-4'));
  await expect.poll(() => hub.life('red-4')).toEqual(['pickup', 'claimed']);
});

test('a more urgent offer is announced, and moves up when that is pressed', async ({ hub, machine }) => {
  await hub.seed('red', 8);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await expectSeen(driver.claimButton('red-1'));
  await order(hub, 'soon', 5);
  const sooner = driver.page.getByRole('button', { name: '1 is due sooner' });
  await expectSeen(sooner);
  await expect(driver.offers.first()).toContainText('red-1');
  await sooner.click();
  await expect(driver.offers.first()).toContainText('soon');
  await expectSeen(driver.claimButton('soon'));
  await expect(sooner).toHaveCount(0);
});

test('when all visible offers are taken, the next ones replace them', async ({ hub, machine }) => {
  const ids = await hub.seed('red', 40);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await expectSeen(driver.claimButton('red-1'));
  await hub.command(
    ben,
    ids.slice(0, 30).map((orderID) => ({ event: 'claimed', payload: { store: 'red', orderID } })),
  );
  await expect(driver.offer('red-2 ')).toHaveCount(0);
  await expectSeen(driver.claimButton('red-31'));
});

test('while somebody uses a shop’s list its rows stay; new ones are counted and appear later', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', 5);
  const vendor = new ShopPage(await (await machine(desk)).newPage());
  await vendor.page.goto('/vendor?store=red&auto=off');
  const button = vendor.button('red-3', 'Cancel');
  await expectSeen(button);
  const { x, y } = await placeOf(button);
  await vendor.page.mouse.move(x, y);
  await vendor.page.mouse.down();
  await order(hub, 'late-1');
  await expectSeen(vendor.page.getByRole('button', { name: '1 new order' }));
  expect(await placeOf(button)).toEqual({ x, y });
  await vendor.page.mouse.up();
  await expect.poll(() => hub.life('red-3')).toEqual(['pickup', 'cancelled']);
  await vendor.page.mouse.move(1, 1);
  await expectSeen(vendor.order('late-1'));
  await expect(vendor.rows.first()).toContainText('late-1');
});

test('a tap on a moving row is ignored, and the next one hits its target', async ({ hub, machine }) => {
  await hub.seed('red', 5);
  const vendor = new ShopPage(await (await machine(phone)).newPage());
  // The glide is paused shortly before its end, until the tap.
  await vendor.page.addInitScript(() => {
    const { animate } = Element.prototype;
    Element.prototype.animate = function (...how) {
      const animation = animate.apply(this, how);
      animation.pause();
      animation.currentTime = 200;
      return animation;
    };
  });
  await vendor.page.goto('/vendor?store=red&auto=off');
  const button = vendor.button('red-5', 'Cancel');
  await button.scrollIntoViewIfNeeded();
  await expectSeen(button);
  const { x, y } = await placeOf(button);
  await order(hub, 'late-1');
  await expectSeen(vendor.order('late-1'));
  await vendor.page.touchscreen.tap(x, y);
  // From now on somebody uses the list.
  await vendor.page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await order(hub, 'late-2');
  await expectSeen(vendor.page.getByRole('button', { name: '1 new order' }));
  const now = await placeOf(button);
  expect(now.y).toBeGreaterThan(y);
  expect(await hub.life('red-5')).toEqual(['pickup']);
  expect(await hub.life('late-1')).toEqual(['pickup']);
  await vendor.page.touchscreen.tap(now.x, now.y);
  await expect.poll(() => hub.life('red-5')).toEqual(['pickup', 'cancelled']);
});
