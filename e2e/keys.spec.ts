import { expect, type Locator, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, LogPage, pressStill, ShopPage, wayQuestion } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const adminKey = 'a-key-that-nobody-guesses-0199e5a0';
test.use({ settings: { CAPS_ADMIN_KEY: adminKey } });

async function openKeys(log: Page): Promise<Locator> {
  await log.getByRole('button', { name: 'Access keys' }).click();
  return log.getByRole('dialog', { name: 'Access keys' });
}

/** @returns the access link, which the dialog shows once */
async function issue(keys: Locator, whose: 'Store' | 'Driver', name: string): Promise<URL> {
  await keys.getByLabel('For').selectOption(whose);
  await keys.getByLabel(`${whose} name`).fill(name);
  await keys.getByRole('button', { name: 'Issue key' }).click();
  return new URL((await keys.getByText('#key=').textContent()) ?? '');
}

async function hasSignedIn(page: Page): Promise<void> {
  await expect(badge(page)).toContainText('Live');
  expect(page.url()).not.toContain('key=');
}

test('[A2] links sign a shop and a driver in and disappear from the address; a revoked key ends a page within 5 s', async ({
  open,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const logTab = await open(`/log#key=${adminKey}`);
  await hasSignedIn(logTab);

  const keys = await openKeys(logTab);
  await expectSeen(keys.getByText('No keys yet.'));
  const links: URL[] = [];
  for (const [whose, name] of [
    ['Store', 'red'],
    ['Driver', 'ana'],
  ] as const) {
    const link = await issue(keys, whose, name);
    // The hub draws the QR code; the link is in no URL.
    const code = keys.getByRole('img', { name: 'QR code that signs a device in' });
    await expect(code.locator('path')).toHaveAttribute('d', /^M.{200,}/);
    if (whose === 'Store') await expectNoViolationsInAnyLook(logTab);
    await keys.getByRole('button', { name: 'Done' }).click();
    links.push(link);
  }
  await keys.getByRole('button', { name: 'Close' }).click();
  const [shopTab, driverTab] = await Promise.all(links.map(({ pathname, hash }) => open(pathname + hash)));
  if (!shopTab || !driverTab) throw new Error('Two links, two tabs.');
  for (const tab of [shopTab, driverTab]) await hasSignedIn(tab);

  // There are no simulators, and actions carry the names of the keys.
  const shop = new ShopPage(shopTab);
  const driver = new DriverPage(driverTab);
  await expectSeen(shopTab.getByText('red', { exact: true }));
  for (const simulator of [shop.autoOrders, driver.autoDeliver]) await expect(simulator).toHaveCount(0);
  for (const tab of [shopTab, driverTab]) await expect(wayQuestion(tab)).toHaveCount(0);
  await shop.send('Hulda Parker', '835 Meluk Pass');
  await pressStill(driver.offers.getByRole('button', { name: 'Claim' }));
  for (const step of ['Picked up', 'Delivered'])
    await pressStill(driver.inHand.getByRole('button', { name: step }));
  await expect(shop.thanks()).toHaveCount(1);
  await expect(new LogPage(logTab).rows).toHaveCount(4);

  // The list shows hints only, and no page contains a key.
  await openKeys(logTab);
  const rows = keys.getByRole('list', { name: 'Issued keys' }).getByRole('listitem');
  await expect(rows).toHaveText([/^ana Driver.*drv_….{4}/, /^red Store.*ven_….{4}/]);
  const secrets = links.map(({ hash }) => hash.replace('#key=', '').slice('ven_'.length));
  for (const tab of [logTab, shopTab, driverTab]) {
    for (const secret of [...secrets, adminKey]) expect(await tab.content()).not.toContain(secret);
  }

  await keys.getByRole('button', { name: 'Revoke the key of red' }).click();
  await expect(shopTab.getByRole('alert')).toHaveText(
    'This key is not valid, or not any more. Ask dispatch for a new link.',
    { timeout: 5_000 },
  );
  await expectSeen(shopTab.getByRole('heading', { name: 'Sign in' }));
  await expect(shop.sendOrder).toHaveCount(0);
  await expect(rows.filter({ hasText: 'red' })).toContainText('Revoked');
  await expect(badge(driverTab)).toContainText('Live');
  await expectNoViolationsInAnyLook(shopTab);
  await expectNoViolationsInAnyLook(logTab);

  // The sign-in form hides the duty switch.
  await expectSeen(driverTab.getByRole('switch', { name: 'On duty' }));
  await keys.getByRole('button', { name: 'Revoke the key of ana' }).click();
  await expectSeen(driverTab.getByRole('heading', { name: 'Sign in' }), { timeoutMs: 5_000 });
  await expect(driverTab.getByText(/on duty/i)).toHaveCount(0);

  // A new link works in the same tab.
  await keys.getByRole('button', { name: 'Close' }).click();
  const { hash } = await issue(await openKeys(logTab), 'Store', 'red');
  await shopTab.evaluate((key) => {
    location.hash = key;
  }, hash);
  await hasSignedIn(shopTab);
  await expect(shop.order('Hulda Parker')).toContainText('Delivered');
});

test('[A2] without a valid key a page shows no data and says what to do', async ({ open, troubles }) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const page = await open('/log');
  const key = page.getByLabel('Access key');
  await expectSeen(page.getByText('This hub asks for an access key.'));
  // No key was tried, so none is refused.
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(badge(page)).toHaveText('Not signed in');
  await expectSeen(page.getByText('The first one is the hub’s setting CAPS_ADMIN_KEY'));
  await expect(page.getByRole('log')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(key).toHaveAccessibleDescription('Enter the key.');
  await key.fill('adm_guessed');
  await key.press('Enter');
  await expect(key).toHaveAccessibleDescription(/^This key is not valid, or not any more\./);
  await expect(key).toBeFocused();
  await expectNoViolationsInAnyLook(page);
  await key.fill(adminKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await hasSignedIn(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expectSeen(page.getByText('This hub asks for an access key.'));
  // The stored key is removed, not only hidden.
  await page.reload();
  await expectSeen(page.getByText('This hub asks for an access key.'));

  const wrongDoor = await open(`/vendor#key=${adminKey}`);
  await expect(wrongDoor.getByRole('alert')).toHaveText(
    'This key is for dispatch; this page needs one for a store.',
  );
  expect(wrongDoor.url()).not.toContain('key=');
});

test('[A2] a pasted key works in any form, and other texts are refused', async ({ open, troubles }) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const page = await open('/log');
  const key = page.getByLabel('Access key');
  const notValid = /^This key is not valid, or not any more\./;
  // A text that a browser cannot send in a header.
  for (const pasted of ['–', '…', '“ ”', '\u200b', 'ключ', `${adminKey}x`]) {
    await key.fill(pasted);
    await key.press('Enter');
    await expect(key).toHaveAccessibleDescription(notValid);
    // What is said of the next one is then not what was said of this.
    await key.fill('');
    await key.press('Enter');
    await expect(key).toHaveAccessibleDescription('Enter the key.');
  }
  for (const pasted of [
    `\u200b“${adminKey.replaceAll('-', '\u2011')}” `,
    `http://localhost/log#key=${adminKey}`,
  ]) {
    await key.fill(pasted);
    await key.press('Enter');
    await hasSignedIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectSeen(page.getByRole('heading', { name: 'Sign in' }));
  }
});

test('pages of a keyed hub link to those that the keys open, and say which need a key', async ({
  open,
  machine,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const stranger = await open('/');
  const cards = stranger.getByRole('main').getByRole('listitem');
  await expect(cards).toHaveText([/^Vendor.*Needs a key/, /^Driver.*Needs a key/, /^Log.*Needs a key/]);
  await expectSeen(stranger.getByText('The very first key is CAPS_ADMIN_KEY'));
  await expectNoViolationsInAnyLook(stranger);

  const log = await open(`/log#key=${adminKey}`);
  await hasSignedIn(log);
  const { pathname, hash } = await issue(await openKeys(log), 'Store', 'red');
  const links = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await expect(links(log)).toHaveText(['Board', 'Log']);

  const shop = await (await machine()).newPage();
  await shop.goto(pathname + hash);
  await hasSignedIn(shop);
  await expect(links(shop)).toHaveText(['Vendor']);
  await shop.goto('/');
  const own = shop.getByRole('main').getByRole('listitem');
  await expect(own).toHaveText([/^Vendor(?!.*Needs a key).*\/vendor$/]);
  // With a key the hub returns its addresses. The card's link covers the code without hiding it.
  await expect(own.getByRole('img', { name: /^QR code that opens/ })).toBeVisible();
  await expect(links(shop)).toHaveText(['Vendor']);
  await expectNoViolationsInAnyLook(shop);
  // The page's name stays visible without its key.
  await shop.goto('/log');
  await expect(links(shop)).toHaveText(['Vendor', 'Log']);
  await expect(badge(shop)).toHaveText('Not signed in');

  // A revoked key counts as none.
  const keys = log.getByRole('dialog', { name: 'Access keys' });
  await keys.getByRole('button', { name: 'Done' }).click();
  await keys.getByRole('button', { name: 'Revoke the key of red' }).click();
  await expectSeen(keys.getByText('Revoked'));
  await shop.goto('/');
  await expect(own).toHaveText([/Needs a key/, /Needs a key/, /Needs a key/]);
});

test('a driver on dispatch’s page reads which page the key is for', async ({ open, machine, troubles }) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const log = await open(`/log#key=${adminKey}`);
  await hasSignedIn(log);
  const { pathname, hash } = await issue(await openKeys(log), 'Driver', 'ana');
  const courier = await (await machine({ viewport: { width: 390, height: 844 } })).newPage();
  await courier.goto(pathname + hash);
  await hasSignedIn(courier);
  await courier.goto('/log');
  await expectSeen(courier.getByText('Your key is a driver’s; this page is for dispatch.'));
  await expect(courier.getByText('CAPS_ADMIN_KEY')).toHaveCount(0);
  // On a line of its own below the navigation.
  await expectSeen(badge(courier));
  expect((await badge(courier).boundingBox())?.height).toBeLessThan(36);
  const theme = await courier.getByRole('combobox', { name: 'Theme' }).boundingBox();
  expect((await badge(courier).boundingBox())?.y).toBeGreaterThanOrEqual(
    (theme?.y ?? 0) + (theme?.height ?? 0),
  );
  await expectNoViolationsInAnyLook(courier);
  await courier.getByRole('link', { name: 'Open Driver' }).click();
  await expect(badge(courier)).toContainText('Live');
});
