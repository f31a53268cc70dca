import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound } from '../testkit/browser/seen.ts';

test.use({ serviceWorkers: 'allow' });

test('[W3] a shop that was closed thanks once for deliveries meanwhile, and never again', async ({
  machine,
  hub,
  open,
}) => {
  const shop = await machine();
  const openShop = async () => {
    const page = await shop.newPage();
    await page.goto('/vendor?store=red&auto=off');
    return new ShopPage(page);
  };
  const customers = ['Hulda Parker', 'Emil Stone', 'Zoë Müller'];

  const before = await openShop();
  for (const customer of customers) {
    await before.send(customer, '835 Meluk Pass');
    await expect(before.order(customer)).toContainText('Ready');
  }
  const [first = '', second = '', third = ''] = await Promise.all(
    customers.map((customer) => hub.orderOf('red', customer)),
  );
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await driver.claim(first);
  await driver.take(first, 'Picked up', 'Delivered');
  await expect(before.thanks(first)).toHaveCount(1);
  await before.page.close();

  for (const id of [second, third]) {
    await driver.claim(id);
    await driver.take(id, 'Picked up', 'Delivered');
    await expect.poll(() => hub.life(id)).toContain('delivered');
  }

  const after = await openShop();
  await expect(after.thanks(second)).toHaveCount(1);
  await expect(after.thanks(third)).toHaveCount(1);
  await expect(after.thanks()).toHaveCount(2);
  await expect(after.order(first)).toContainText('Delivered');

  await after.page.reload();
  await expect(after.order(third)).toContainText('Delivered');
  // A new thank-you arrives alone; a repeated one would appear with it.
  await after.send('Fay Last', '1 Last Street');
  await expect(after.order('Fay Last')).toContainText('Ready');
  const last = (await hub.orderOf('red', 'Fay Last')) ?? '';
  await driver.claim(last);
  await driver.take(last, 'Picked up', 'Delivered');
  await expect(after.thanks(last)).toHaveCount(1);
  await expect(after.thanks()).toHaveCount(1);
});

test('[W4] a reloaded driver’s page has every held parcel with its next step', async ({ hub, open }) => {
  const [claimed = '', moving = '', failed = '', returning = '', offered = ''] = await hub.seed('red', 5);
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  for (const id of [claimed, moving, failed, returning]) await driver.claim(id);
  await driver.take(moving, 'Picked up');
  await driver.take(failed, 'Picked up', 'Could not deliver', 'Nobody home');
  await driver.take(returning, 'Picked up', 'Could not deliver', 'Nobody home', 'Return to shop');
  await expect.poll(() => hub.life(returning)).toContain('returning');

  await driver.page.reload();
  await expect(driver.inHand).toHaveCount(4);
  for (const [id, step] of [
    [claimed, 'Picked up'],
    [moving, 'Delivered'],
    [failed, 'Try again'],
    [returning, 'Returned'],
  ] as const) {
    await driver.openStop(id);
    await expectFound(driver.stepButton(id, step));
  }
  await expectFound(driver.claimButton(offered));

  await driver.take(moving, 'Delivered');
  await expect.poll(() => hub.life(moving)).toContain('delivered');
});
