/** Double taps: the second tap hits whatever has replaced the first button. */

import { expect, type Locator } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const key = { store: 'red', orderID: 'red-1' };

test('a double tap on "Could not deliver" asks for the reason and chooses none', async ({ hub, machine }) => {
  await hub.seed('red', 1);
  await hub.command({ role: 'driver', driver: 'ana' }, [{ event: 'in-transit', payload: key }]);
  const context = await machine({ viewport: { width: 390, height: 844 } });
  const driver = new DriverPage(await context.newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await twice(driver.parcel('red-1').getByRole('button', { name: /^Could not deliver/ }));
  await expectSeen(driver.page.getByText('Why could it not be delivered?'));
  await driver.parcel('red-1').getByRole('button', { name: 'Back' }).click();
  await driver.stepButton('red-1', 'Delivered').click();
  await expect.poll(() => hub.life('red-1')).toEqual(['pickup', 'in-transit', 'delivered']);
});

test('a double click on "Cancel" cancels an order and does not undo that', async ({ hub, open }) => {
  await hub.seed('red', 1);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await twice(vendor.button('red-1', 'Cancel'));
  await expectSeen(vendor.button('red-1', 'Undo'));
  await vendor.press('red-1', 'Undo');
  await expect.poll(() => hub.life('red-1')).toEqual(['pickup', 'cancelled', 'corrected']);
});

/** Taps twice at one position, with time for the page to react. */
async function twice(button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  await button.dblclick({ delay: 60 });
}
