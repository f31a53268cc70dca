import { expect, type Page } from 'playwright/test';
import { test } from './machines.ts';
import { badge, DriverPage, LogPage, VendorPage } from './pages.ts';

const adminKey = 'a-key-that-nobody-guesses-0199e5a0';
test.use({ settings: { CAPS_ADMIN_KEY: adminKey } });

/** Issues a key on the log page. @returns the access link that it shows this once, as a path */
async function issue(log: Page, whose: 'Store' | 'Driver', name: string): Promise<string> {
  await log.getByRole('button', { name: 'Access keys' }).click();
  const keys = log.getByRole('dialog', { name: 'Access keys' });
  await keys.getByLabel('For').selectOption(whose);
  await keys.getByLabel(`${whose} name`).fill(name);
  await keys.getByRole('button', { name: 'Issue key' }).click();
  await expect(keys.getByRole('img', { name: 'QR code that signs a device in' })).toBeVisible();
  const link = new URL((await keys.getByText('#key=').textContent()) ?? '');
  await keys.getByRole('button', { name: 'Done' }).click();
  await expect(keys.getByText('#key=')).toHaveCount(0);
  await keys.getByRole('button', { name: 'Close' }).click();
  return link.pathname + link.hash;
}

test('[A2] links sign a shop and a driver in and leave the address; a key that is revoked ends the page within 5 s', async ({
  open,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const logTab = await open(`/log#key=${adminKey}`);
  const log = new LogPage(logTab);
  await expect(badge(logTab)).toContainText('Live');
  expect(logTab.url()).not.toContain('key=');

  const shopTab = await open(await issue(logTab, 'Store', 'red'));
  const driverTab = await open(await issue(logTab, 'Driver', 'ana'));
  for (const tab of [shopTab, driverTab]) {
    await expect(badge(tab)).toContainText('Live');
    expect(tab.url()).not.toContain('key=');
  }
  const shop = new VendorPage(shopTab);
  const driver = new DriverPage(driverTab);
  await expect(shopTab.getByText('red', { exact: true })).toBeVisible();
  // In keyed mode nothing runs by itself.
  await expect(shop.autoOrders).not.toBeChecked();
  await expect(driver.autoDeliver).not.toBeChecked();
  await shop.send('Hulda Parker', '835 Meluk Pass');
  await driver.offers.getByRole('button', { name: 'Claim' }).click();
  await driver.inHand.getByRole('button', { name: 'Picked up' }).click();
  await driver.inHand.getByRole('button', { name: 'Delivered' }).click();
  await expect(shop.thanks()).toHaveCount(1);
  await expect(log.rows).toHaveCount(4);

  await logTab.getByRole('button', { name: 'Access keys' }).click();
  await logTab.getByRole('button', { name: 'Revoke the key of red' }).click();
  await expect(shopTab.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 5_000 });
  await expect(badge(driverTab)).toContainText('Live');
});

test('[A2] without a key, and with a wrong one, a page shows nothing and says what to do', async ({
  open,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const page = await open('/log');
  await expect(page.getByText('This hub asks for an access key.')).toBeVisible();
  await expect(page.getByRole('log')).toHaveCount(0);
  await page.getByLabel('Access key').fill('adm_guessed');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('This key is not valid, or not any more.')).toBeVisible();
  await page.getByLabel('Access key').fill(adminKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(badge(page)).toContainText('Live');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('This hub asks for an access key.')).toBeVisible();

  const wrongDoor = await open(`/vendor#key=${adminKey}`);
  await expect(
    wrongDoor.getByText('This key is for dispatch; this page needs one for a store.'),
  ).toBeVisible();
});
