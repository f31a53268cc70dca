import { expect } from 'playwright/test';
import { lanHost } from './hub.ts';
import { test } from './machines.ts';
import { DriverPage, LogPage, VendorPage } from './pages.ts';

const origins = [
  ['this machine', 'localhost', true],
  ['a plain address of the network', lanHost, false],
] as const;

for (const [where, host, isSecure] of origins) {
  test.describe(where, () => {
    test.use({ host });

    test(`[W1] opened side by side on ${where}, with nothing clicked, a parcel is delivered and thanked for`, async ({
      open,
    }) => {
      const [vendorTab, , logTab] = await Promise.all([open('/vendor'), open('/driver'), open('/log')]);
      const opened = Date.now();
      expect(await vendorTab.evaluate(() => isSecureContext)).toBe(isSecure);
      const vendor = new VendorPage(vendorTab);
      const log = new LogPage(logTab);

      const thanks = vendor.thanks().last();
      await expect(thanks).toBeVisible();
      const orderID = /Thank you for delivering (\w+)/.exec(await thanks.innerText())?.[1] ?? '';
      await expect.poll(() => log.life(orderID)).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
      expect(Date.now() - opened).toBeLessThan(10_000);
      await expect(vendor.order(orderID)).toContainText('Delivered');
    });
  });
}

test('where a proxy lets no WebSocket through, a page gets along with plain requests', async ({
  machine,
  open,
}) => {
  const context = await machine();
  await context.addInitScript(() => {
    /** One whose handshake is refused. */
    class Refused extends EventTarget {
      onerror?: (event: Event) => void;
      constructor() {
        super();
        setTimeout(() => this.onerror?.(new Event('error')));
      }
      close(): void {}
    }
    Object.assign(globalThis, { WebSocket: Refused });
  });
  const page = await context.newPage();
  await page.goto('/vendor?store=red&auto=off');
  const vendor = new VendorPage(page);
  const driver = new DriverPage(await open('/driver?driver=ana'));
  await vendor.send('Hulda Parker', '835 Meluk Pass');
  await expect(vendor.order('Hulda Parker')).toContainText('Delivered');
  await expect(vendor.thanks()).toHaveCount(1);
  await expect(driver.inHand).toHaveCount(0);
});
