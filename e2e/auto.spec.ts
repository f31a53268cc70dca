import { expect } from 'playwright/test';
import { Keyboard } from '../testkit/browser/keyboard.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, paceNews, ShopPage, wayQuestion } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const graceMs = 3_000;

test('a new shop and a new driver count down three seconds before their simulators start', async ({
  hub,
  machine,
}) => {
  const context = await machine({ viewport: { width: 390, height: 844 } });
  const opened = Date.now();
  for (const path of ['/vendor', '/driver']) {
    const page = await context.newPage();
    await page.goto(path);
    await expectSeen(page.getByText(/^Starts in [123] s$/));
    for (const name of ['Not now', 'Try it', 'Work for real'])
      await expectSeen(wayQuestion(page).getByRole('button', { name }));
  }
  await expect.poll(async () => (await hub.events()).length).toBeGreaterThan(0);
  const [first] = await hub.events();
  expect(Date.parse(first?.time ?? '') - opened).toBeGreaterThanOrEqual(graceMs);
});

for (const [width, height, isTold] of [
  [1280, 900, false],
  [390, 844, false],
  [390, 844, true],
] as const) {
  test(`the countdown moves nothing and fits at ${width} px${isTold ? ', once Try it is pressed' : ''}`, async ({
    machine,
  }) => {
    const page = await (await machine({ viewport: { width, height } })).newPage();
    await page.goto('/vendor');
    const counting = page.getByText(/^Starts in [123] s$/);
    await expectSeen(counting);
    // The question goes; where it is said how soon, once that is known, is beside the link.
    if (isTold) {
      await page.getByRole('button', { name: 'Try it' }).click();
      await expectSeen(counting);
    }
    // On a phone the simulator is below the orders, which may grow, so check its horizontal position only.
    const places = () =>
      page.evaluate((isPhone) => {
        const boxes = [
          ...document.querySelectorAll('#simulator input, #simulator [role="switch"], form input'),
        ];
        const shown = boxes.filter((box) => box.checkVisibility());
        return shown.map((box) => {
          const { left, right, top } = box.getBoundingClientRect();
          const isBelow = isPhone && box.closest('#simulator') !== null;
          return { left: Math.round(left), right: Math.round(right), top: isBelow ? 0 : Math.round(top) };
        });
      }, width < 760);
    const before = await places();
    const rights = before.map(({ right }) => right);
    expect(rights.length).toBeGreaterThan(3);
    // The fields of an order are as wide as their card.
    expect(Math.max(...rights)).toBe(rights[0]);
    await expect(counting).toHaveCount(0);
    expect(await places()).toEqual(before);
  });
}

test('Not now cancels the start for good', async ({ hub, machine }) => {
  const context = await machine();
  await hub.seed('red', 1);
  for (const [path, name] of [
    ['/vendor', 'Auto orders'],
    ['/driver', 'Auto deliver'],
  ] as const) {
    const page = await context.newPage();
    await page.goto(path);
    const auto = page.getByRole('switch', { name });
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(auto).not.toBeChecked();
    await expect(page.getByText('Starts in')).toHaveCount(0);
    await expectSeen(wayQuestion(page));
    await page.reload();
    await expect(auto).not.toBeChecked();
    const tab = await context.newPage();
    await tab.goto(path);
    await expect(tab.getByRole('switch', { name })).not.toBeChecked();
  }
  expect(await hub.events()).toHaveLength(1);
});

test('there is no simulator and no question if the address names the store or the driver', async ({
  open,
}) => {
  const vendor = new ShopPage(await open('/vendor?store=red'));
  const driver = new DriverPage(await open('/driver?driver=ana'));
  await expectSeen(vendor.page.getByText('No orders yet.'));
  await expectSeen(driver.page.getByText('No offers.'));
  for (const control of [vendor.autoOrders, driver.autoDeliver]) await expect(control).toHaveCount(0);
  for (const { page } of [vendor, driver]) {
    await expect(page.getByText('Starts in')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Simulator' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: /sample/ })).toHaveCount(
      // In the driver's settings; the shop's are behind their button.
      page === driver.page ? 1 : 0,
    );
    await expect(wayQuestion(page)).toHaveCount(0);
  }
});

test('a shop works for real and tries it again; the driver’s page beside it follows', async ({
  hub,
  machine,
}) => {
  const context = await machine({ viewport: { width: 390, height: 844 } });
  // Time to look at both.
  await context.addInitScript(paceNews, 3);
  const [vendor, driver] = [new ShopPage(await context.newPage()), new DriverPage(await context.newPage())];
  await driver.page.goto('/driver');
  await vendor.page.goto('/vendor');
  const simulators = [vendor.autoOrders, driver.autoDeliver];
  const pages = [vendor.page, driver.page];
  for (const page of pages) await expectSeen(wayQuestion(page));
  const keyboard = new Keyboard(vendor.page);
  await keyboard.tabTo(vendor.page.getByRole('button', { name: 'Work for real' }));
  await keyboard.press('Enter');
  for (const page of pages) await expect(wayQuestion(page)).toHaveCount(0);
  // The focus stays in the page.
  await expect(vendor.page.getByRole('main')).toBeFocused();
  for (const control of simulators) await expect(control).toHaveCount(0);
  await vendor.page.reload();
  await expectSeen(vendor.sendOrder);
  for (const control of simulators) await expect(control).toHaveCount(0);
  const before = (await hub.events()).length;

  // It comes back where the shop is set up, begins after a countdown on both pages, and one tap ends that.
  await vendor.page.getByRole('button', { name: 'Shop details' }).click();
  await vendor.dialog.getByRole('button', { name: 'Try it with samples' }).click();
  await expectSeen(vendor.page.getByText(/^Starts in [123] s$/));
  await expectSeen(driver.page.getByText(/^Starts in [123] s$/));
  await driver.page.getByRole('button', { name: 'Not now' }).click();
  await expect(driver.autoDeliver).not.toBeChecked();
  await expect.poll(async () => (await hub.events()).length).toBeGreaterThan(before);

  // The driver's settings have both, in one place.
  await driver.page.getByRole('button', { name: 'Work for real' }).click();
  for (const control of simulators) await expect(control).toHaveCount(0);
  // The samples that are still open are offered once, and cancelled only if somebody says so.
  const left = vendor.page.getByRole('region', { name: 'Sample orders' });
  await expectSeen(left.getByText(/^\d+ sample orders? (is|are) still open\.$/));
  const events = async () => (await hub.events()).map(({ event }) => event);
  expect(await events()).not.toContain('cancelled');
  await left.getByRole('button', { name: 'Cancel them' }).click();
  await expectSeen(left.getByText(/^\d+ sample orders? (is|are) cancelled\.$/));
  await left.getByRole('button', { name: 'Undo' }).click();
  await expect(left).toHaveCount(0);
  await expect.poll(events).toContain('corrected');
  await vendor.page.reload();
  await expectSeen(vendor.sendOrder);
  await expectSeen(vendor.rows.first());
  await expect(left).toHaveCount(0);
  await driver.page.getByRole('button', { name: 'Try it with samples' }).click();
  await expectSeen(driver.page.getByText(/^Starts in [123] s$/));
  await expectSeen(vendor.page.getByText(/^Starts in [123] s$/));
  await vendor.page.getByRole('button', { name: 'Not now' }).click();
});
