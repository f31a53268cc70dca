/** The first state of a page is consistent, whatever the order of arrival. */

import { expect, type Page } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const ana = { role: 'driver', driver: 'ana' };
const parcel = { store: 'red', orderID: 'red-1' };

/** An order in transit. */
async function onItsWay(hub: Hub): Promise<void> {
  await hub.seed('red', 1);
  await hub.command(ana, [{ event: 'in-transit', payload: parcel }]);
}

function deliver(hub: Hub): Promise<void> {
  return hub.command(ana, [{ event: 'delivered', payload: parcel }]);
}

async function expectDelivered(page: Page): Promise<void> {
  const vendor = new ShopPage(page);
  await expectSeen(vendor.order('red-1').getByText('Delivered'));
  await expectSeen(vendor.thanks('red-1'));
  await expect(vendor.counted('Delivered')).toContainText('1');
  await expect(vendor.counted('In transit')).toContainText('0');
}

test('[W3] a delivery between the list and the connection is shown and thanked for', async ({
  hub,
  machine,
}) => {
  await onItsWay(hub);
  const page = await (await machine()).newPage();
  const { promise: isDelivered, resolve: goOn } = Promise.withResolvers<void>();
  await page.routeWebSocket(/socket\.io/, async (socket) => {
    await isDelivered;
    socket.connectToServer();
  });
  await page.goto('/vendor?store=red&auto=off');
  await expect(new ShopPage(page).order('red-1')).toContainText('In transit');
  await deliver(hub);
  goOn();
  await expectDelivered(page);
});

test('[W3] a delivery while the list is loading is shown and thanked for', async ({ hub, machine }) => {
  await onItsWay(hub);
  const page = await (await machine()).newPage();
  const { promise: isDelivered, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
  await page.route('**/api/orders?**', async (route) => {
    const response = await route.fetch();
    read();
    await isDelivered;
    await route.fulfill({ response });
  });
  await page.goto('/vendor?store=red&auto=off');
  await isRead;
  await deliver(hub);
  goOn();
  await expectDelivered(page);
});
