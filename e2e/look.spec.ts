import { expect, type Page } from 'playwright/test';
import { test } from './machines.ts';
import { DriverPage, LogPage, VendorPage } from './pages.ts';

const widths = [320, 390, 1280];

/** Long words are what breaks narrow pages. */
const long = {
  customer: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe Maximiliane von und zu Hohenlohe-Waldenburg',
  address: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Road 1234, Staircase B',
};

test('no page scrolls sideways, however narrow, in light and in dark', async ({ hub, machine, troubles }) => {
  troubles.expect(/nowhere wrote: Failed to load resource.* 404/);
  const store = 'a-store-with-a-name-as-long-as-anyone-would-type';
  const order = (orderID: string) => ({ event: 'pickup' as const, payload: { store, orderID, ...long } });
  const ids = ['waiting', 'claimed', 'carried', 'failed'];
  await hub.command({ role: 'vendor', store }, ids.map(order));
  const step = (orderID: string) => ({ payload: { store, orderID } });
  await hub.command({ role: 'driver', driver: 'ana' }, [
    { event: 'claimed', ...step('claimed') },
    { event: 'in-transit', ...step('carried') },
    { event: 'in-transit', ...step('failed') },
    { event: 'attempt-failed', ...step('failed'), details: { reason: 'wrong-address' } },
  ]);
  const context = await machine();
  const page = await context.newPage();
  for (const path of [
    '/',
    `/vendor?store=${store}&auto=off`,
    '/driver?driver=ana&auto=off',
    '/log',
    '/nowhere',
  ]) {
    await page.goto(path);
    await isReady(page, path);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        const overhang = await page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? Number.NaN) - innerWidth,
        );
        expect.soft(overhang, `${path} at ${width} px, ${colorScheme}`).toBeLessThanOrEqual(0);
      }
    }
  }
});

/** With its data, not only its frame. */
async function isReady(page: Page, path: string): Promise<void> {
  switch (path.split('?')[0]) {
    case '/':
      await expect(page.getByRole('img').first()).toBeVisible();
      return;
    case '/vendor':
      await expect(new VendorPage(page).order(long.customer)).toHaveCount(4);
      return;
    case '/driver':
      await expect(new DriverPage(page).inHand).toHaveCount(3);
      await new DriverPage(page).take('carried', 'Could not deliver');
      return;
    case '/log':
      await new LogPage(page).openParcel('Failed', 'failed');
      await expect(page.getByRole('list', { name: 'Life of the parcel' })).toBeVisible();
      return;
    default:
      await expect(page.getByRole('heading', { name: 'Not found' })).toBeAttached();
  }
}

test('the theme follows the system, can be chosen, and is kept', async ({ machine }) => {
  const context = await machine({ colorScheme: 'dark' });
  const page = await context.newPage();
  const brightness = () =>
    page.evaluate(() => {
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g) ?? [];
      return (Number(red) + Number(green) + Number(blue)) / 3;
    });
  await page.goto('/');
  const theme = page.getByRole('combobox', { name: 'Theme' });
  await expect(theme).toHaveValue('system');
  await expect.poll(brightness).toBeLessThan(80);
  await theme.selectOption('Light');
  await expect.poll(brightness).toBeGreaterThan(200);
  for (const path of ['/vendor?auto=off', '/driver?auto=off', '/log']) {
    await page.goto(path);
    await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('light');
    expect(await brightness()).toBeGreaterThan(200);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await expect.poll(brightness).toBeLessThan(80);
});
