import { type BrowserContext, expect } from 'playwright/test';
import { expectFast } from '../testkit/browser/fast.ts';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, pressStill, ShopPage, wayQuestion } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { shareOf } from '../testkit/browser/torture.ts';

const origins = [
  ['this machine', 'localhost', true],
  ['a plain address of the network', lanHost, false],
] as const;

const doneMaxMs = 10_000;

// At the other address, `crew.spec.ts` has the simulators.
for (const [where, host, isSecure] of shareOf(origins, 0, 2)) {
  test.describe(where, () => {
    test.use({ host });

    test(`[W1] pages opened side by side on ${where} deliver a parcel and thank for it without a click`, async ({
      open,
    }) => {
      const toThanks = async (): Promise<number> => {
        const tabs = await Promise.all([open('/vendor'), open('/driver'), open('/log')]);
        const [vendorTab, driverTab, logTab] = tabs;
        const opened = Date.now();
        expect(await vendorTab.evaluate(() => isSecureContext)).toBe(isSecure);
        const vendor = new ShopPage(vendorTab);
        const log = new LogPage(logTab);

        const thanks = vendor.thanks().last();
        await expectSeen(thanks);
        const orderID = /Thank you for delivering (\w+)/.exec(await thanks.innerText())?.[1] ?? '';
        // A shop of an earlier try has an order of this number, too.
        await expect
          .poll(async () => (await log.life(orderID)).slice(-4))
          .toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
        const tookMs = Date.now() - opened;
        await expect(vendor.order(orderID)).toContainText('Delivered');
        // Nobody has answered, and nothing has waited for it.
        for (const tab of [vendorTab, driverTab]) await expectSeen(wayQuestion(tab));
        for (const tab of tabs) await tab.close();
        return tookMs;
      };
      await expectFast(doneMaxMs, [await toThanks()], toThanks);
    });
  });
}

const firstRunMaxMs = 60_000;
const tapsMax = 5;

/** Counts taps and key presses on the pages of a machine. */
async function tapsOf(context: BrowserContext): Promise<() => number> {
  let taps = 0;
  await context.exposeBinding('tapped', () => {
    taps += 1;
  });
  await context.addInitScript(() => {
    const { tapped } = globalThis as unknown as { tapped: () => void };
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => tapped(), { capture: true });
  });
  return () => taps;
}

test('a first run: following the first link of each page delivers a parcel in two taps', async ({
  hub,
  machine,
}) => {
  const context = await machine();
  const taps = await tapsOf(context);
  const page = await context.newPage();
  await page.goto('/');
  const opened = Date.now();
  await page.getByRole('main').getByRole('link').first().click();
  const vendor = new ShopPage(page);
  await expectSeen(vendor.rows.first());
  await page.getByRole('link', { name: 'Driver' }).click();
  await expect.poll(async () => (await hub.events()).some(({ event }) => event === 'delivered')).toBe(true);
  expect(Date.now() - opened).toBeLessThan(firstRunMaxMs);
  expect(taps()).toBe(2);
});

test('a first run by hand: a shop on a desk and its driver on a phone need five taps', async ({
  hub,
  machine,
}) => {
  const [desk, phone] = [await machine(), await machine({ viewport: { width: 390, height: 844 } })];
  const taps = [await tapsOf(desk), await tapsOf(phone)];
  const page = await desk.newPage();
  await page.goto('/');
  const opened = Date.now();
  const code = page.getByRole('img', { name: /^QR code that opens .*\/driver$/ });
  const scanned = new URL((await code.getAttribute('alt'))?.replace('QR code that opens ', '') ?? '');
  await page.getByRole('main').getByRole('link').first().click();
  const driver = new DriverPage(await phone.newPage());
  await driver.page.goto(scanned.pathname);
  await wayQuestion(driver.page).getByRole('button', { name: 'Work for real' }).click();
  await expect(driver.autoDeliver).toHaveCount(0);
  const steps = [
    driver.offers.first().getByRole('button', { name: 'Claim' }),
    ...['Picked up', 'Delivered'].map((step) =>
      driver.inHand.first().getByRole('button', { name: new RegExp(`^${step} order`) }),
    ),
  ];
  for (const step of steps) await pressStill(step);
  await expectSeen(new ShopPage(page).thanks().first());
  expect(Date.now() - opened).toBeLessThan(firstRunMaxMs);
  expect(taps.reduce((sum, count) => sum + count(), 0)).toBeLessThanOrEqual(tapsMax);
  const done = (await hub.events()).filter(({ by }) => by.role === 'driver').map(({ event }) => event);
  expect(done.slice(-3)).toEqual(['claimed', 'in-transit', 'delivered']);
});

test('a page works by polling if a proxy blocks WebSockets', async ({ machine, open }) => {
  const context = await machine();
  await context.addInitScript(() => {
    /** A WebSocket whose handshake is refused. */
    class RefusingSocket extends EventTarget {
      onerror?: (event: Event) => void;
      constructor() {
        super();
        setTimeout(() => this.onerror?.(new Event('error')));
      }
      close(): void {}
    }
    Object.assign(globalThis, { WebSocket: RefusingSocket });
  });
  const page = await context.newPage();
  await page.goto('/vendor?store=red&auto=off');
  const vendor = new ShopPage(page);
  const driver = new DriverPage(await open('/driver?driver=ana&auto=on'));
  await vendor.send('Hulda Parker', '835 Meluk Pass');
  await expect(vendor.order('Hulda Parker')).toContainText('Delivered');
  await expect(vendor.thanks()).toHaveCount(1);
  await expect(driver.inHand).toHaveCount(0);
});
