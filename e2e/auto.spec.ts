import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, ShopPage } from '../testkit/browser/pages.ts';
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
    await expectSeen(page.getByText(/^Starts in [123] s$/).filter({ visible: true }));
    await expectSeen(page.getByRole('button', { name: 'Not now' }));
  }
  await expect.poll(async () => (await hub.events()).length).toBeGreaterThan(0);
  const [first] = await hub.events();
  expect(Date.parse(first?.time ?? '') - opened).toBeGreaterThanOrEqual(graceMs);
});

for (const [width, height] of [
  [1280, 900],
  [390, 844],
] as const) {
  test(`the countdown moves nothing and fits at ${width} px`, async ({ machine }) => {
    const page = await (await machine({ viewport: { width, height } })).newPage();
    await page.goto('/vendor');
    const counting = page.getByText(/^Starts in [123] s$/).filter({ visible: true });
    await expectSeen(counting);
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
    expect(Math.max(...rights)).toBe(rights.at(-1));
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
    await page.reload();
    await expect(auto).not.toBeChecked();
    const tab = await context.newPage();
    await tab.goto(path);
    await expect(tab.getByRole('switch', { name })).not.toBeChecked();
  }
  expect(await hub.events()).toHaveLength(1);
});

test('nothing starts by itself if the address names the store or the driver', async ({ open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red'));
  const driver = new DriverPage(await open('/driver?driver=ana'));
  await expect(vendor.autoOrders).not.toBeChecked();
  await expect(driver.autoDeliver).not.toBeChecked();
  for (const { page } of [vendor, driver]) await expect(page.getByText('Starts in')).toHaveCount(0);
});
