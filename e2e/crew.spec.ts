import { expect, type Page } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// Without animations, which would need two thirds more time on seven pages.
test.use({ host: lanHost, contextOptions: { reducedMotion: 'reduce' } });

const tall = { width: 1280, height: 2_400 };

/** Everything that a page receives from the hub from now on, by socket or request. */
function listenTo(page: Page): string[] {
  const heard: string[] = [];
  page.on('requestfinished', async (request) => {
    if (request.resourceType() === 'fetch') heard.push((await (await request.response())?.text()) ?? '');
  });
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => void heard.push(String(payload)));
  });
  return heard;
}

test('[W1][W2][A1] two shops, three drivers and two logs work on plain http, by hand and by simulator', async ({
  hub,
  machine,
  open,
}) => {
  const crimsonTab = await (await machine()).newPage();
  const crimsonHeard = listenTo(crimsonTab);
  await crimsonTab.goto('/vendor?store=crimson&auto=off');
  const azureTab = await (await machine()).newPage();
  const azureHeard = listenTo(azureTab);
  await azureTab.goto('/vendor?store=azure&auto=off');
  const [firstLogTab, anaTab, benTab, chloeTab] = await Promise.all([
    open('/log'),
    open('/driver?driver=ana&auto=off'),
    open('/driver?driver=ben&auto=off'),
    open('/driver?driver=chloe&auto=off'),
  ]);
  expect(await crimsonTab.evaluate(() => isSecureContext)).toBe(false);
  const crimson = new ShopPage(crimsonTab);
  const azure = new ShopPage(azureTab);
  const [ana, ben, chloe] = [new DriverPage(anaTab), new DriverPage(benTab), new DriverPage(chloeTab)];

  const order = async (shop: ShopPage, store: string, customer: string): Promise<string> => {
    await shop.send(customer, `${customer} Street 1`);
    await expect(shop.order(customer)).toContainText('Ready');
    return (await hub.orderOf(store, customer)) ?? '';
  };
  const smooth = await order(azure, 'azure', 'Quillon Smooth');
  const late = await order(azure, 'azure', 'Quillon Late');
  const refused = await order(azure, 'azure', 'Quillon Refused');
  const passed = await order(azure, 'azure', 'Quillon Passed');

  await test.step('by hand', async () => {
    await ben.claim(smooth);
    await expect(chloe.offer(smooth)).toHaveCount(0);
    await ben.take(smooth, 'Picked up', 'Delivered');
    await expect(azure.thanks(smooth)).toHaveCount(1);

    await ben.claim(late);
    await ben.take(late, 'Picked up', 'Could not deliver', 'Nobody home');
    await expect(azure.order(late)).toContainText('Failed');
    await ben.take(late, 'Try again', 'Delivered');

    await chloe.claim(refused);
    await chloe.take(refused, 'Picked up', 'Could not deliver', 'Nobody home', 'Return to shop');
    await expect(azure.order(refused)).toContainText('Returning');
    await chloe.take(refused, 'Returned');

    await chloe.claim(passed);
    await chloe.take(passed, 'Release');
    await ben.claim(passed);
    await ben.take(passed, 'Picked up', 'Delivered');
  });

  // High enough to show all rows.
  await firstLogTab.setViewportSize(tall);
  const firstLog = new LogPage(firstLogTab);
  const secondLog = new LogPage(await open('/log'));
  await secondLog.page.setViewportSize(tall);

  await test.step('by themselves', async () => {
    for (const driver of [ana, ben, chloe]) await driver.autoDeliver.click();
    await crimson.every.fill('2');
    await crimson.autoOrders.click();
    await expectSeen(crimson.thanks().nth(1));
    await crimson.autoOrders.click();
    // Wait until all orders have arrived.
    await expect
      .poll(async () => (await hub.orders('crimson')).filter(({ status }) => status !== 'delivered'))
      .toEqual([]);
  });

  await expect(azure.order(smooth)).toContainText('Delivered');
  await expect(azure.order(late)).toContainText('Delivered');
  await expect(azure.order(refused)).toContainText('Returned');
  await expect(azure.order(passed)).toContainText('Delivered');
  await expect(azure.thanks()).toHaveCount(3);
  expect(await hub.life(late)).toEqual([
    'pickup',
    'claimed',
    'in-transit',
    'attempt-failed',
    'retried',
    'delivered',
  ]);
  expect(await hub.life(refused)).toEqual([
    'pickup',
    'claimed',
    'in-transit',
    'attempt-failed',
    'returning',
    'returned',
  ]);
  expect((await hub.life(passed)).slice(0, 4)).toEqual(['pickup', 'claimed', 'released', 'claimed']);

  await test.step('each shop knows of itself alone', async () => {
    const crimsonOrders = await hub.orders('crimson');
    const ofCrimson = [
      'crimson',
      ...crimsonOrders.flatMap(({ payload }) => [payload.orderID, payload.customer]),
    ];
    const ofAzure = ['azure', 'Quillon', smooth, late, refused, passed];
    await expect(crimson.thanks()).toHaveCount(crimsonOrders.length);
    // A reloaded page asks for history.
    await Promise.all([crimsonTab.reload(), azureTab.reload()]);
    for (const { payload } of crimsonOrders) await expectSeen(crimson.order(payload.orderID));
    await expect(azure.order('Quillon')).toHaveCount(4);
    expect(crimsonHeard.join()).toContain(ofCrimson.at(-1));
    expect(azureHeard.join()).toContain('Quillon');
    for (const word of ofAzure) {
      await expect(crimsonTab.locator('body')).not.toContainText(word);
      expect(crimsonHeard.filter((frame) => frame.includes(word))).toEqual([]);
    }
    for (const word of ofCrimson) {
      await expect(azureTab.locator('body')).not.toContainText(word);
      expect(azureHeard.filter((frame) => frame.includes(word))).toEqual([]);
    }
  });

  await test.step('every log shows every event in the same order, also one that came later', async () => {
    const events = await hub.events();
    const all = events.map(({ seq, event, payload }) => ({ seq, event, orderID: payload.orderID }));
    await expect.poll(() => firstLog.read()).toEqual(all);
    await expect.poll(() => secondLog.read()).toEqual(all);
  });
});
