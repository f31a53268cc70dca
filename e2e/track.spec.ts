import { expect } from 'playwright/test';
import type { Command } from '../protocol/messages.ts';
import { expectFast } from '../testkit/browser/fast.ts';
import { type Hub, lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { ShopPage, TrackPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

const backMaxMs = 5_000;
const ana = { role: 'driver', driver: 'ana-7', name: 'Ana' };
const key = { store: 'red', orderID: '1042' };
const whole = { ...key, customer: 'Hulda Parker', address: '835 Meluk Pass' };

/** Places an order. @returns the path of its customer's page */
async function place(hub: Hub, more: object = {}): Promise<string> {
  const payload = { ...whole, phone: '555-0199', note: 'ring twice', ...more };
  await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'pickup', payload }]);
  return hub.trackingPath('red', '1042');
}

function drive(hub: Hub, ...steps: readonly Pick<Command, 'event' | 'details'>[]): Promise<void> {
  return hub.command(
    ana,
    steps.map((step) => ({ ...step, payload: key }) as Command),
  );
}

test('without JavaScript the page shows the status, each step with its time, and what comes next', async ({
  hub,
  machine,
}) => {
  const dueAt = '2020-02-03T18:30:00.000Z';
  const path = await place(hub, { dueAt });
  await drive(hub, { event: 'in-transit' }, { event: 'attempt-failed', details: { reason: 'not-home' } });
  const page = await (await machine({ javaScriptEnabled: false })).newPage();
  await page.goto(path);
  const track = new TrackPage(page);
  await expect(page).toHaveTitle('Order 1042: failed, late');
  await expect(track.headline).toHaveText('Ana could not deliver your order');
  await expect(track.now).toContainText('It was due by 3 Feb, 18:30 UTC.');
  await expect(track.now).toContainText('Nobody was home. Next, Ana tries again or takes it back to red.');
  await expect(track.steps).toHaveText([
    /Ordered.* UTC/,
    /Driver assigned.* UTC\s*Ana/,
    /Picked up.* UTC/,
    /Delivery tried\s*Nobody was home\..* UTC/,
    /Delivered/,
  ]);
  await expect(track.current).toContainText('Delivery tried');
  // By class, because the text locator takes this element for hidden.
  await expectSeen(page.locator('.reload'));
  await expect(track.link).toBeHidden();
  const text = await page.locator('body').innerText();
  for (const secret of ['555-0199', 'ring twice', 'ana-7']) expect(text).not.toContain(secret);
});

test('an open page follows its order from ready to delivered, and an undo', async ({ hub, open }) => {
  const path = await place(hub);
  const track = new TrackPage(await open(path));
  await expect(track.link).toHaveText('Live');
  await expect(track.page).toHaveTitle('Order 1042: ready');
  await expect(track.headline).toHaveText('red has your order ready');
  await expect(track.steps.first().locator('time')).not.toContainText('UTC');

  await drive(hub, { event: 'claimed' });
  await expect(track.headline).toHaveText('Ana will pick up your order');
  await drive(hub, { event: 'in-transit' });
  await expect(track.headline).toHaveText('Ana picked up your order');
  await expect(track.current).toContainText('Picked up');
  // The announcer speaks once in five seconds.
  await expect(track.page.getByRole('status')).toHaveText('Ana picked up your order.');
  await drive(hub, { event: 'delivered', details: { outcome: 'mailbox' } });
  await expect(track.page).toHaveTitle('Order 1042: delivered');
  await expect(track.now).toContainText('It is in the mailbox.');
  await expectSeen(track.page.locator('[data-status="delivered"]'));
  await drive(hub, { event: 'corrected', details: { rev: 4 } });
  await expect(track.headline).toHaveText('Ana picked up your order');
  await expect(track.steps.last().locator('time')).toHaveCount(0);
});

test.describe('a hub that is killed', () => {
  test.use({ ownProcess: true });

  test('[W5] an open page reconnects after the hub was killed', async ({ hub, open }) => {
    const path = await place(hub);
    const track = new TrackPage(await open(path));
    await expect(track.link).toHaveText('Live');
    await hub.kill();
    await expect(track.link).toContainText(/^\s*As of .* Reconnecting in \d+ s$/);
    await expectSeen(track.page.getByRole('button', { name: 'Try now' }));
    await expect(track.headline).toHaveText('red has your order ready');
    const back = async () => {
      await hub.restart();
      const started = Date.now();
      await expect(track.link).toHaveText('Live');
      return Date.now() - started;
    };
    const tookMs = [await back()];
    await drive(hub, { event: 'in-transit' });
    await expect(track.headline).toHaveText('Ana picked up your order');
    await expectFast(backMaxMs, tookMs, async () => {
      await hub.kill();
      await expect(track.link).toContainText('Reconnecting');
      return back();
    });
  });
});

test('hidden tabs hold no connection, and update as soon as they are shown', async ({ hub, machine }) => {
  const path = await place(hub);
  const context = await machine();
  await TrackPage.openUnseen(context);
  // A browser has six connections per host for all tabs.
  const tabs: TrackPage[] = [];
  for (let i = 0; i < 8; i += 1) {
    const track = new TrackPage(await context.newPage());
    tabs.push(track);
    await track.page.goto(path);
    await expect(track.link).toHaveText('Live');
  }
  await drive(hub, { event: 'in-transit' });
  const seen = tabs.slice(0, 2);
  for (const track of seen) await track.lookAt();
  for (const { headline } of seen) await expect(headline).toHaveText('Ana picked up your order');
});

test('an unknown link says so and makes no further requests', async ({ machine, hub, troubles }) => {
  troubles.expect(/wrote: Failed to load resource.* 404/);
  const path = await place(hub);
  const page = await (await machine()).newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const response = await page.goto(path.slice(0, -1));
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading')).toHaveText('There is no order behind this link.');
  await page.waitForLoadState('networkidle');
  expect(asked.filter((one) => one.endsWith('/live'))).toEqual([]);
  expect(await page.locator('body').innerText()).not.toMatch(/1042|Hulda|Meluk/);
});

for (const [where, host, isSecure] of [
  ['this machine', 'localhost', true],
  ['a plain address of the network', lanHost, false],
] as const) {
  test.describe(`on ${where}`, () => {
    test.use({ host });

    test(`a shop gives its customer the link of an order, on ${where}`, async ({ hub, machine, open }) => {
      const path = await place(hub);
      const context = await machine({ permissions: isSecure ? ['clipboard-read', 'clipboard-write'] : [] });
      const page = await context.newPage();
      await page.goto('/vendor?store=red&auto=off');
      const vendor = new ShopPage(page);
      await vendor.press('1042', 'Track');
      const dialog = page.getByRole('dialog', { name: /^Tracking link of .* · 1042$/ });
      const link = dialog.getByRole('link');
      await expect(link).toHaveText(new RegExp(`^http://[^/]+${path}$`));
      await expect(link).toHaveAttribute('target', '_blank');
      const code = dialog.getByRole('img', { name: 'QR code that opens the tracking page' });
      await expect
        .poll(() => code.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
        .toBeGreaterThan(0);
      const url = (await link.getAttribute('href')) ?? '';
      const copy = dialog.getByRole('button', { name: 'Copy link' });
      await expect(copy).toHaveCount(isSecure ? 1 : 0);
      if (isSecure) {
        await copy.click();
        await expect(dialog.getByRole('status')).toHaveText('Copied.');
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
        // Not localhost, which a phone would look for on itself; unless this machine has no other address.
        const info = (await (await fetch(`${hub.url}/api/hub`)).json()) as { addresses: string[] };
        expect(new URL(url).origin).toBe(info.addresses[0]);
      } else {
        const opening = context.waitForEvent('page');
        await link.click();
        const track = new TrackPage(await opening);
        await expect(track.headline).toHaveText('red has your order ready');
        await expect(track.link).toHaveText('Live');
      }
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
      await expect(vendor.order('1042').getByRole('button', { name: 'Track' })).toBeFocused();
      await expectSeen(new TrackPage(await open(path)).headline);
    });
  });
}

test('a shop enters its details, and its customer reads whom to call', async ({ hub, machine, troubles }) => {
  // Browsers log every refused request.
  troubles.expect(/Failed to load resource.* 400/);
  const path = await place(hub);
  const shop = await (await machine()).newPage();
  await shop.goto('/vendor?store=red&auto=off');
  await shop.getByRole('button', { name: 'Shop details' }).click();
  const dialog = shop.getByRole('dialog', { name: 'Shop details' });
  // Without a name of its own a shop goes by its id.
  await expect(shop).toHaveTitle(/red · CAPS$/);
  await dialog.getByLabel('Name of the shop').fill('Zoë’s flowers');
  await dialog.getByLabel('Phone').fill('call me');
  await dialog.getByLabel('Email').fill('zoe');
  await dialog.getByLabel('Time zone of the shop').fill('Atlantis');
  await dialog.getByRole('button', { name: 'Save' }).click();
  // All that is wrong is told at once, each beside its field, and the first has the focus.
  await expectSeen(dialog.getByText('Write a phone number: digits'));
  await expectSeen(dialog.getByText('Write an email address'));
  await expect(dialog.getByLabel('Phone')).toBeFocused();
  await expectFound(dialog.getByText('Write a time zone'));
  for (const label of ['Phone', 'Email', 'Time zone of the shop'])
    await expect(dialog.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await dialog.getByLabel('Email').fill('');
  await dialog.getByLabel('Time zone of the shop').fill('');
  await dialog.getByLabel('Phone').fill('+1 206 555-0199');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  // The shop reads the name that its customers read; its id stands above, once.
  await expectSeen(shop.getByText('Zoë’s flowers', { exact: true }));
  await expectSeen(shop.getByText('Store name red', { exact: true }));
  // What changes the id stands beside it: beside the name it seemed to rename the shop.
  const change = shop.getByRole('button', { name: 'Change store name' });
  await expectSeen(change);
  const [idBox, changeBox, nameBox] = await Promise.all(
    [shop.getByText('Store name red'), change, shop.getByText('Zoë’s flowers', { exact: true })].map((part) =>
      part.boundingBox(),
    ),
  );
  expect(changeBox?.x).toBeGreaterThan((idBox?.x ?? 0) + (idBox?.width ?? 0));
  expect((changeBox?.y ?? 0) + (changeBox?.height ?? 0)).toBeLessThanOrEqual((nameBox?.y ?? 0) + 1);
  await expect(shop).toHaveTitle(/Zoë’s flowers · CAPS$/);

  const customer = new TrackPage(
    await (await machine({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })).newPage(),
  );
  await customer.page.goto(path);
  await expect(customer.headline).toHaveText('Zoë’s flowers has your order ready');
  const call = customer.now.getByRole('link', { name: '+1 206 555-0199' });
  await expectSeen(call);
  await expect(call).toHaveAttribute('href', 'tel:+12065550199');
  await shop.getByRole('button', { name: 'Shop details' }).click();
  await expect(dialog.getByLabel('Phone')).toHaveValue('+1 206 555-0199');
});

test('no state of the page scrolls sideways, however narrow, in light and in dark', async ({
  hub,
  machine,
}) => {
  const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe';
  const path = await place(hub, {
    customer: `${long} Maximiliane`,
    address: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Road 1234\nStaircase B',
  });
  const steps: Pick<Command, 'event' | 'details'>[] = [
    { event: 'in-transit' },
    { event: 'attempt-failed', details: { reason: 'other', text: `${long}${long}` } },
    { event: 'returning', details: { reason: `${long}${long}` } },
    { event: 'returned' },
  ];
  const page = await (await machine()).newPage();
  await page.goto(path);
  const track = new TrackPage(page);
  await expect(track.link).toHaveText('Live');
  for (const step of steps) {
    const before = await page.title();
    await drive(hub, step);
    await expect(page).not.toHaveTitle(before);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [320, 390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const overhang = await page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? Number.NaN) - innerWidth,
        );
        expect.soft(overhang, `${step.event} at ${width} px, ${colorScheme}`).toBeLessThanOrEqual(0);
      }
    }
  }
});
