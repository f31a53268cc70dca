import { expect, type Locator, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const adminKey = 'a-key-that-nobody-guesses-0199e5a0';
test.use({ settings: { CAPS_ADMIN_KEY: adminKey } });

async function openKeys(log: Page): Promise<Locator> {
  await log.getByRole('button', { name: 'Access keys' }).click();
  return log.getByRole('dialog', { name: 'Access keys' });
}

/** @returns the access link that the dialog shows this once */
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

test('[A2] links sign a shop and a driver in and leave the address; a key that is revoked ends the page within 5 s', async ({
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
    // The code is drawn from the link, by the hub, and is not in any address.
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

  // Nothing runs by itself, and what they do is theirs.
  const shop = new ShopPage(shopTab);
  const driver = new DriverPage(driverTab);
  await expectSeen(shopTab.getByText('red', { exact: true }));
  await expect(shop.autoOrders).not.toBeChecked();
  await expect(driver.autoDeliver).not.toBeChecked();
  await shop.send('Hulda Parker', '835 Meluk Pass');
  await driver.offers.getByRole('button', { name: 'Claim' }).click();
  await driver.inHand.getByRole('button', { name: 'Picked up' }).click();
  await driver.inHand.getByRole('button', { name: 'Delivered' }).click();
  await expect(shop.thanks()).toHaveCount(1);
  await expect(new LogPage(logTab).rows).toHaveCount(4);

  // The list tells them apart, and no page has a key in it.
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

  // Nobody is on duty behind a form that asks for a key.
  await expectSeen(driverTab.getByRole('switch', { name: 'On duty' }));
  await keys.getByRole('button', { name: 'Revoke the key of ana' }).click();
  await expectSeen(driverTab.getByRole('heading', { name: 'Sign in' }), { timeoutMs: 5_000 });
  await expect(driverTab.getByText(/on duty/i)).toHaveCount(0);

  // The new link takes effect where the old one was, in the same tab.
  await keys.getByRole('button', { name: 'Close' }).click();
  const { hash } = await issue(await openKeys(logTab), 'Store', 'red');
  await shopTab.evaluate((key) => {
    location.hash = key;
  }, hash);
  await hasSignedIn(shopTab);
  await expect(shop.order('Hulda Parker')).toContainText('Delivered');
});

test('[A2] without a key, and with a wrong one, a page shows nothing and says what to do', async ({
  open,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const page = await open('/log');
  const key = page.getByLabel('Access key');
  await expectSeen(page.getByText('This hub asks for an access key.'));
  // Nothing was tried, so nothing is refused.
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
  // What was kept is gone, not only hidden.
  await page.reload();
  await expectSeen(page.getByText('This hub asks for an access key.'));

  const wrongDoor = await open(`/vendor#key=${adminKey}`);
  await expect(wrongDoor.getByRole('alert')).toHaveText(
    'This key is for dispatch; this page needs one for a store.',
  );
  expect(wrongDoor.url()).not.toContain('key=');
});

test('[A2] a key is taken as it was pasted, and what is none is said to be none', async ({
  open,
  troubles,
}) => {
  troubles.expect(/401 \(Unauthorized\)/);
  const page = await open('/log');
  const key = page.getByLabel('Access key');
  const notValid = /^This key is not valid, or not any more\./;
  // What a browser cannot even send.
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

test('a keyed hub’s pages show the doors that one’s key opens, and before that which need one', async ({
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
  await expect(links(log)).toHaveText(['Log']);

  const shop = await (await machine()).newPage();
  await shop.goto(pathname + hash);
  await hasSignedIn(shop);
  await expect(links(shop)).toHaveText(['Vendor']);
  await shop.goto('/');
  const own = shop.getByRole('main').getByRole('listitem');
  await expect(own).toHaveText([/^Vendor(?!.*Needs a key).*\/vendor$/]);
  // With a key the hub says where it is. The card's link lies over the code, and lets it through.
  await expect(own.getByRole('img', { name: /^QR code that opens/ })).toBeVisible();
  await expect(links(shop)).toHaveText(['Vendor']);
  await expectNoViolationsInAnyLook(shop);
  // Whose page it is stays in sight, also without its key.
  await shop.goto('/log');
  await expect(links(shop)).toHaveText(['Vendor', 'Log']);
  await expect(badge(shop)).toHaveText('Not signed in');

  // A key that opens nothing any more is none.
  const keys = log.getByRole('dialog', { name: 'Access keys' });
  await keys.getByRole('button', { name: 'Done' }).click();
  await keys.getByRole('button', { name: 'Revoke the key of red' }).click();
  await expectSeen(keys.getByText('Revoked'));
  await shop.goto('/');
  await expect(own).toHaveText([/Needs a key/, /Needs a key/, /Needs a key/]);
});

test('a courier whose key is for their own page reads on dispatch’s page which page that is', async ({
  open,
  machine,
  troubles,
}) => {
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
  // On one line of its own, under the navigation.
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
