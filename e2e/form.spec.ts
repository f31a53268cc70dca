import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';

test('an incomplete form says under the field what is missing, and keeps the input', async ({ open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await vendor.customer.fill('Hulda Parker');
  await vendor.sendOrder.click();
  await expect(vendor.address).toHaveAccessibleDescription('Enter where it goes.');
  await expect(vendor.address).toBeFocused();
  await expect(vendor.customer).toHaveValue('Hulda Parker');
  await vendor.address.fill('835 Meluk Pass');
  await vendor.sendOrder.click();
  await expect(vendor.order('Hulda Parker')).toContainText('Ready');
});

test('the simulator does not touch a half-filled form', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await vendor.customer.fill('Hulda Par');
  await vendor.every.fill('0.2');
  await vendor.autoOrders.click();
  await expect.poll(async () => (await hub.orders('red')).length).toBeGreaterThan(2);
  await expect(vendor.customer).toHaveValue('Hulda Par');
});

test('a shop and a driver keep their names, and can change them', async ({ machine }) => {
  const context = await machine();
  const page = await context.newPage();
  for (const [path, label, name] of [
    ['/vendor?auto=off', 'Store name', 'red'],
    ['/driver?auto=off', 'Driver name', 'ana'],
  ] as const) {
    await page.goto(path);
    await page.getByRole('button', { name: `Change ${label.toLowerCase()}` }).click();
    await page.getByLabel(label).fill(name);
    await page.getByLabel(label).press('Enter');
    await expect(page.getByLabel(label)).toHaveCount(0);
    await expect(page).toHaveTitle(new RegExp(`${name} · CAPS$`));
    await page.goto(path);
    await expect(page).toHaveTitle(new RegExp(`${name} · CAPS$`));
  }
});

test('markup in an order is text on every page', async ({ hub, open }) => {
  const customer = '<img src=x onerror=alert(1)>{{7*7}}';
  const address = '</li></ul><script>alert(2)</script>';
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await vendor.send(customer, address);
  await expect(vendor.order(customer)).toContainText('Ready');
  const id = (await hub.orderOf('red', customer)) ?? '';
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await driver.claim(id);
  await expect(driver.parcel(id)).toContainText(customer);
  await expect(driver.parcel(id)).toContainText(address);
  const log = new LogPage(await open('/log'));
  await log.openParcel('Claimed', id);
  await expect(log.details).toContainText(customer);
  await expect(log.rows.first()).toContainText(address);
});
