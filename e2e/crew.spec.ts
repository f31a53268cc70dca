import { expect, type Page } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';

// Without animations, which would need two thirds more time on seven pages.
test.use({ host: lanHost, contextOptions: { reducedMotion: 'reduce' } });

const tall = { width: 1280, height: 2_400 };

/** An order that drivers take by hand. */
interface Life {
  readonly customer: string;
  readonly carry: (orderID: string) => Promise<void>;
  readonly events: readonly string[];
  readonly ending: 'Delivered' | 'Returned';
}

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

  const carried = ['in-transit', 'delivered'];
  const failed = ['claimed', 'in-transit', 'attempt-failed'];
  const smooth: Life = {
    customer: 'Quillon Smooth',
    carry: async (id) => {
      await ben.claim(id);
      await expect(chloe.offer(id)).toHaveCount(0);
      await ben.take(id, 'Picked up', 'Delivered');
      await expect(azure.thanks(id)).toHaveCount(1);
    },
    events: ['claimed', ...carried],
    ending: 'Delivered',
  };
  const late: Life = {
    customer: 'Quillon Late',
    carry: async (id) => {
      await ben.claim(id);
      await ben.take(id, 'Picked up', 'Could not deliver', 'Nobody home');
      await expect(azure.order(id)).toContainText('Failed');
      await ben.take(id, 'Try again', 'Delivered');
    },
    events: [...failed, 'retried', 'delivered'],
    ending: 'Delivered',
  };
  const refused: Life = {
    customer: 'Quillon Refused',
    carry: async (id) => {
      await chloe.claim(id);
      await chloe.take(id, 'Picked up', 'Could not deliver', 'Nobody home', 'Return to shop');
      await expect(azure.order(id)).toContainText('Returning');
      await chloe.take(id, 'Returned');
    },
    events: [...failed, 'returning', 'returned'],
    ending: 'Returned',
  };
  const passed: Life = {
    customer: 'Quillon Passed',
    carry: async (id) => {
      await chloe.claim(id);
      await chloe.take(id, 'Release');
      await ben.claim(id);
      await ben.take(id, 'Picked up', 'Delivered');
    },
    events: ['claimed', 'released', 'claimed', ...carried],
    ending: 'Delivered',
  };
  const lives = isTorture ? [smooth, late, refused, passed] : [smooth, passed];

  const byHand = new Map<string, Life>();
  for (const life of lives) {
    await azure.send(life.customer, `${life.customer} Street 1`);
    await expect(azure.order(life.customer)).toContainText('Ready');
    byHand.set((await hub.orderOf('azure', life.customer)) ?? '', life);
  }
  await test.step('by hand', async () => {
    for (const [id, { carry }] of byHand) await carry(id);
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

  for (const [id, { events, ending }] of byHand) {
    await expect(azure.order(id)).toContainText(ending);
    expect(await hub.life(id, 'azure')).toEqual(['pickup', ...events]);
  }
  await expect(azure.thanks()).toHaveCount(lives.filter(({ ending }) => ending === 'Delivered').length);

  await test.step('each shop knows of itself alone', async () => {
    const crimsonOrders = await hub.orders('crimson');
    // Both shops number their orders from 1001.
    const ofCrimson = [
      'crimson',
      ...crimsonOrders.flatMap(({ payload }) => [payload.address, payload.customer]),
    ];
    const ofAzure = ['azure', 'Quillon', ...lives.map(({ customer }) => `${customer} Street 1`)];
    await expect(crimson.thanks()).toHaveCount(crimsonOrders.length);
    // A reloaded page asks for history.
    await Promise.all([crimsonTab.reload(), azureTab.reload()]);
    for (const { payload } of crimsonOrders) await expectFound(crimson.order(`· ${payload.orderID}`));
    await expect(azure.order('Quillon')).toHaveCount(lives.length);
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
