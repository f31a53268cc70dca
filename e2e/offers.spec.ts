import { expect, type Locator } from 'playwright/test';
import type { Command } from '../protocol/messages.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

async function look(element: Locator): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  await expectSeen(element);
}

const claims = (store: string, ids: readonly string[]): Command[] =>
  ids.map((orderID) => ({ event: 'claimed', payload: { store, orderID } }));

test('a driver sees the number of offers and loads more, even after others took all loaded ones', async ({
  hub,
  machine,
}) => {
  const ids = await hub.seed('red', 700);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await expect(badge(driver.page)).toContainText('Live');
  const panel = driver.page.getByRole('region', { name: 'Offers' });
  await look(panel.getByText('700', { exact: true }));
  await expect(driver.offers).toHaveCount(50);
  await look(panel.getByText('650 more wait behind these.'));
  const more = panel.getByRole('button', { name: 'Show more' });
  await look(more);
  await more.click();
  await expect(driver.offers).toHaveCount(100);
  await look(driver.offer('red-100'));
  await look(panel.getByText('600 more wait behind these.'));
  // It needs no sideways scrolling.
  expect(await driver.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

  // More than the page has received.
  await hub.command({ role: 'driver', driver: 'ben' }, claims('red', ids.slice(0, 650)));
  await look(driver.offer('red-651'));
  await expect(driver.offers).toHaveCount(50);
  await look(panel.getByText('50', { exact: true }));
  await expect(more).toBeHidden();
  await driver.claim('red-651');
  await look(driver.parcel('red-651'));
});

test('Auto deliver works until there are no offers, however many there were', async ({ hub, machine }) => {
  const ids = await hub.seed('red', 320);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  await expect(badge(driver.page)).toContainText('Live');
  await hub.command({ role: 'driver', driver: 'ben' }, claims('red', ids.slice(0, 317)));
  await driver.autoDeliver.click();
  for (const id of ids.slice(317)) {
    await expect.poll(() => hub.life(id)).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
  }
});
