import { expect } from 'playwright/test';
import { lanHost } from './hub.ts';
import { test } from './machines.ts';
import { LogPage, VendorPage } from './pages.ts';

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
