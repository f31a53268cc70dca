import { expect } from 'playwright/test';
import { Keyboard } from '../testkit/browser/keyboard.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, paceNews, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { shareOf } from '../testkit/browser/torture.ts';

const sizes = Object.entries({
  'on a desk': { width: 1280, height: 800 },
  'at 400 %': { width: 320, height: 256 },
});

for (const [where, viewport] of shareOf(sizes, 0, 2)) {
  test(`by keyboard alone, ${where}: an order is placed, opened, cancelled and restored`, async ({
    hub,
    machine,
  }) => {
    const page = await (await machine({ viewport })).newPage();
    await page.goto('/vendor?store=red&auto=off');
    const vendor = new ShopPage(page);
    const keys = new Keyboard(page);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await keys.tabTo(vendor.customer);
    await keys.press('Enter');
    await expect(vendor.customer).toBeFocused();
    await keys.type('Hulda Parker');
    await keys.press('Enter');
    await expect(vendor.address).toBeFocused();
    await keys.type('835 Meluk Pass');
    await keys.press('Enter');
    await expect(vendor.customer).toBeFocused();
    await expect(vendor.order('Hulda Parker')).toContainText('Ready');
    const id = (await hub.orderOf('red', 'Hulda Parker')) ?? '';

    for (const opener of [vendor.idButton(id), vendor.button(id, 'Track')]) {
      await keys.tabTo(opener);
      await keys.press('Enter');
      await expectSeen(vendor.dialog);
      await keys.press('Escape');
      await expect(opener).toBeFocused();
    }
    await keys.tabTo(vendor.button(id, 'Cancel'), 'Shift+Tab');
    await keys.press('Enter');
    await expect(vendor.button(id, 'Undo')).toBeFocused();
    await keys.press('Enter');
    await expect(vendor.button(id, 'Cancel')).toBeFocused();
    await expect(vendor.order(id)).toContainText('Ready');

    await keys.tabTo(vendor.importButton, 'Shift+Tab');
    await keys.press('Enter');
    await keys.tabTo(vendor.dialog.getByRole('button', { name: 'Close' }), 'Shift+Tab');
    await keys.press('Enter');
    await expect(vendor.importButton).toBeFocused();
    await keys.tabTo(vendor.search, 'Shift+Tab');
    await keys.type('nobody');
    await expectSeen(page.getByText('0 of 1 match.'));
    await keys.tabTo(button('Clear filters'));
    await keys.press('Enter');
    await expect(vendor.search).toBeFocused();
  });
}

for (const [where, viewport] of shareOf(sizes, 1, 2)) {
  test(`by keyboard alone, ${where}: a parcel is claimed, picked up, tried, talked about and delivered`, async ({
    hub,
    machine,
  }) => {
    const [id = ''] = await hub.seed('red', 1);
    const page = await (await machine({ viewport })).newPage();
    await page.goto('/driver?driver=ana&auto=off');
    const driver = new DriverPage(page);
    const keys = new Keyboard(page);
    await keys.tabTo(page.getByRole('switch', { name: 'On duty' }));
    await keys.press('Space');
    await keys.tabTo(page.getByRole('button', { name: 'Go on duty' }));
    await keys.press('Enter');
    await keys.tabTo(driver.claimButton(id));
    await keys.press('Enter');
    // From here on, the page focuses the next button.
    await expect(driver.stepButton(id, 'Picked up')).toBeFocused();
    await keys.press('Enter');
    await expect(driver.stepButton(id, 'Delivered')).toBeFocused();
    await keys.tabTo(driver.stepButton(id, 'Could not deliver'));
    await keys.press('Enter');
    await expect(driver.stepButton(id, 'Nobody home')).toBeFocused();
    await keys.press('Enter');
    await expect(driver.stepButton(id, 'Try again')).toBeFocused();
    await keys.press('Space');
    await expect(driver.stepButton(id, 'Delivered')).toBeFocused();
    await keys.tabTo(driver.parcel(id).getByRole('button', { name: 'Notes' }), 'Shift+Tab');
    await keys.press('Enter');
    await keys.tabTo(driver.parcel(id).getByLabel('New note'));
    await keys.type('The bell is broken.');
    await keys.press('Enter');
    await expect(driver.parcel(id).getByRole('list', { name: 'Notes' })).toContainText('The bell is broken.');
    await keys.tabTo(driver.stepButton(id, 'Delivered'));
    await keys.press('Space');
    await expect(driver.stepButton(id, 'Undo')).toBeFocused();
    expect(await hub.life(id)).toEqual([
      'pickup',
      'claimed',
      'in-transit',
      'attempt-failed',
      'retried',
      'note',
      'delivered',
    ]);
  });

  test(`by keyboard alone, ${where}: the log is searched, paused, read, a link copied, and live again`, async ({
    hub,
    machine,
  }) => {
    const [, second = ''] = await hub.seed('red', 3);
    const context = await machine({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
    const log = new LogPage(await context.newPage());
    const { page } = log;
    await page.goto('/log');
    await expect(log.rows).toHaveCount(3);
    const keys = new Keyboard(page);
    const opener = log.row(2).getByRole('button', { name: /, details of / });

    await keys.press('/');
    await expect(log.search).toBeFocused();
    await keys.type(`store:red order:${second}`);
    await expect(log.rows).toHaveCount(1);
    await keys.tabTo(log.events);
    await keys.press('Space');
    await expect(page).toHaveTitle(/Paused/);
    await keys.press('j');
    await expect(opener).toBeFocused();
    await keys.press('Enter');
    await expect(log.details).toContainText(second);
    await keys.tabTo(log.details.getByRole('button', { name: 'Copy link' }));
    await keys.press('Enter');
    await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).search).toBe(`?q=store%3Ared+order%3A${second}&at=2`);
    await keys.press('Escape');
    await expect(log.details).toHaveCount(0);
    await expect(opener).toBeFocused();
    await keys.press('G');
    await expectFound(log.pause);
    await expect(log.events).toBeFocused();

    await keys.tabTo(page.getByRole('button', { name: `Remove order:${second}` }), 'Shift+Tab');
    await keys.press('Enter');
    await expect(log.rows).toHaveCount(3);
    await expect(page.getByRole('group', { name: /^Filters/ })).toBeFocused();
    await keys.tabTo(page.getByRole('button', { name: 'Clear filters' }));
    await keys.press('Enter');
    await expect(log.search).toBeFocused();
    await keys.tabTo(log.events);
    await keys.press('k', 'k');
    await expect(opener).toBeFocused();
    await keys.press('j', 'g', '?');
    await expectSeen(page.getByRole('dialog', { name: 'Keys and search' }));
    await keys.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await keys.seesFocus();
    await keys.tabTo(page.getByRole('button', { name: 'Newest ↓' }));
    await keys.press('Enter');
    await expectFound(log.pause);
    await expect(log.events).toBeFocused();
  });
}

test('if the focused element disappears, the part of the page around it gets the focus', async ({
  hub,
  machine,
}) => {
  const [id = ''] = await hub.seed('red', 1);
  const context = await machine();
  await context.addInitScript(paceNews, 0.05);
  const page = await context.newPage();
  await page.goto('/vendor?store=red&auto=off');
  const vendor = new ShopPage(page);
  const keys = new Keyboard(page);
  await keys.tabTo(vendor.order(id).getByRole('button', { name: 'Cancel' }));
  await keys.press('Enter');
  await expect(vendor.order(id).getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await expect(vendor.order(id)).toContainText('Cancelled');
  await expect(page.getByRole('region', { name: 'Orders' })).toBeFocused();

  await page.goto('/driver?driver=ana&auto=off');
  const driver = new DriverPage(page);
  const [called = ''] = await hub.seed('blue', 1);
  await keys.tabTo(driver.claimButton(called));
  await keys.press('Enter');
  await expect(driver.stepButton(called, 'Picked up')).toBeFocused();
  await hub.command({ role: 'vendor', store: 'blue' }, [
    { event: 'cancelled', payload: { store: 'blue', orderID: called } },
  ]);
  // What is gone stays until it was read.
  await expect(driver.parcel(called).getByRole('button', { name: /^OK/ })).toBeFocused();
  await keys.press('Enter');
  await expect(driver.parcel(called)).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'In hand' })).toBeFocused();
});
