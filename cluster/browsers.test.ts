import { type Browser, chromium } from 'playwright';
import { expect as seen } from 'playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import config from '../playwright.config.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { startBalancedHubs } from './balanced-hubs.ts';

let server: PostgresServer;
let browser: Browser;
beforeAll(async () => {
  server = await PostgresServer.start();
  browser = await chromium.launch(config.use?.launchOptions ?? {});
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

it('[W1] an order placed at one hub is delivered at the other, and the logs of both show it', async () => {
  const rig = await startBalancedHubs({ databaseUrl: await server.database() });
  try {
    const [one, two] = rig.hubs;
    const open = async (url: string, path: string) => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${url}${path}`);
      return page;
    };
    const shop = new ShopPage(await open(one.url, '/vendor?store=red'));
    const driver = new DriverPage(await open(two.url, '/driver?driver=ana&auto=off'));
    const logs = await Promise.all(
      [one.url, two.url, rig.url].map(async (url) => new LogPage(await open(url, '/log'))),
    );
    await shop.send('Hulda', '1 Long Road');
    await expectSeen(shop.rows.first());
    const answer = await fetch(`${rig.url}/api/orders?store=red`);
    const { items } = (await answer.json()) as { items: { payload: { orderID: string } }[] };
    const orderID = items[0]?.payload.orderID ?? '';
    await expectSeen(driver.offer(orderID));
    await driver.claim(orderID);
    await driver.take(orderID, 'Picked up', 'Delivered');
    await expectSeen(shop.thanks().last());
    for (const log of logs) {
      await seen.poll(() => log.life(orderID)).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
    }
    expect([one.logged, two.logged]).toEqual(['', '']);
  } finally {
    await rig.dispose();
  }
});
