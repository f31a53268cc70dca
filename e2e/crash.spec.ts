import { expect, type Page } from 'playwright/test';
import { expectFast } from '../testkit/browser/fast.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';

test.use({ ownProcess: true, contextOptions: { reducedMotion: 'reduce' }, serviceWorkers: 'allow' });

const backMaxMs = 5_000;

test('[W5] after a kill -9 all pages reconnect, and what was done meanwhile arrives once', async ({
  hub,
  open,
}) => {
  const [inHand = ''] = await hub.seed('red', 1);
  const [vendorTab, driverTab, logTab] = await Promise.all([
    open('/vendor?store=red&auto=off'),
    open('/driver?driver=ana&auto=off'),
    open('/log'),
  ]);
  const tabs = [vendorTab, driverTab, logTab];
  const vendor = new ShopPage(vendorTab);
  const driver = new DriverPage(driverTab);
  const log = new LogPage(logTab);
  await driver.claim(inHand);
  await driver.take(inHand, 'Picked up');
  await expect(vendor.order(inHand)).toContainText('In transit');
  for (const tab of tabs) await expect(badge(tab)).toContainText('Live');

  await hub.kill();
  for (const tab of tabs) await expect(badge(tab)).toContainText('Reconnecting');
  await vendor.send('Hulda Parker', '835 Meluk Pass');
  await expect(vendor.order('Hulda Parker')).toContainText('Sending…');
  await driver.take(inHand, 'Delivered');
  await expect(driver.parcel(inHand)).toContainText('Saved, will send');
  // Long enough that no page happens to retry at once.
  for (const tab of tabs) await expectSeen(tab.getByText('The hub does not answer.'));

  await hub.restart();
  const started = Date.now();
  await Promise.all([
    ...tabs.map((tab) => expect(badge(tab)).toHaveText(/^(Live|Back)/)),
    expect(vendor.order('Hulda Parker')).toContainText('Ready'),
    expect(vendor.thanks(inHand)).toHaveCount(1),
    expect(driver.offers).toHaveCount(1),
  ]);
  const tookMs = [Date.now() - started];

  const orderID = (await hub.orderOf('red', 'Hulda Parker')) ?? '';
  await driver.claim(orderID);
  await expect(vendor.order(orderID)).toContainText('Claimed');
  expect(await hub.life(orderID)).toEqual(['pickup', 'claimed']);
  expect(await hub.life(inHand)).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
  const events = await hub.events();
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  await expect
    .poll(() => log.read())
    .toEqual(events.map(({ seq, event, payload }) => ({ seq, event, orderID: payload.orderID })));
  await expectFast(backMaxMs, tookMs, () => killedAndBack(hub, tabs));
});

/** @returns the milliseconds after which all pages were live again */
async function killedAndBack(hub: Hub, tabs: readonly Page[]): Promise<number> {
  await hub.kill();
  for (const tab of tabs) await expect(badge(tab)).toContainText('Reconnecting');
  await hub.restart();
  const started = Date.now();
  await Promise.all(tabs.map((tab) => expect(badge(tab)).toHaveText(/^(Live|Back)/)));
  return Date.now() - started;
}

test('[W5] the hub is killed while the simulators run: nothing is lost, nothing arrives twice', async ({
  hub,
  open,
}) => {
  const [vendorTab, driverTab, logTab] = await Promise.all([
    open('/vendor?store=red&auto=on'),
    open('/driver?driver=ana&auto=on'),
    open('/log'),
  ]);
  const vendor = new ShopPage(vendorTab);
  const driver = new DriverPage(driverTab);
  const log = new LogPage(logTab);
  await vendor.every.fill('0.2');

  const round = async () => {
    const orders = (await hub.orders('red')).length;
    await expect.poll(async () => (await hub.orders('red')).length).toBeGreaterThan(orders + 3);
    return killedAndBack(hub, [vendorTab, driverTab, logTab]);
  };
  const tookMs = [await round(), ...(isTorture ? [await round()] : [])];
  await expectFast(backMaxMs, tookMs, round);
  await vendor.autoOrders.click();
  await driver.autoDeliver.click();
  await expect(vendor.page.getByText('Sending…')).toHaveCount(0);

  // Wait until the log is quiet: steps of the driver may still be on their way.
  await expect(async () => {
    const events = await hub.events();
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual(events.map((_, index) => index + 1));
    // A log that follows shows its newest rows.
    const rows = await log.read();
    expect(rows.map(({ seq }) => seq)).toEqual(seqs.slice(-rows.length));
    const ordersOf = (name: string) =>
      events.flatMap(({ event, payload }) => (event === name ? [payload.orderID] : [])).toSorted();
    const orders = await hub.orders('red');
    expect(ordersOf('pickup')).toEqual(orders.map(({ payload }) => payload.orderID).toSorted());
    const thanks = await vendor.thanks().allInnerTexts();
    expect(thanks.map((text) => /delivering (\w+)/.exec(text)?.[1]).toSorted()).toEqual(
      ordersOf('delivered'),
    );
  }).toPass({ timeout: 10_000 });
});
