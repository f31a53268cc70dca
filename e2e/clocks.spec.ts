import { expect, type Page } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { shareOf } from '../testkit/browser/torture.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1', serviceWorkers: 'allow' });

const hourMs = 3_600_000;
const soon = /^(now|\d+ s)$/;

/** The ages in a page's lists. */
const ages = (page: Page) => page.getByRole('listitem').locator('time[datetime]').filter({ hasText: soon });

const clocks = [
  ['three hours ahead', 3 * hourMs],
  ['three hours behind', -3 * hourMs],
] as const;

for (const [what, aheadMs] of shareOf(clocks, 1, 2)) {
  test(`on a device that is ${what}, lateness, ages and times follow the hub’s clock`, async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const late = { late: -30, due: 60 };
    await hub.command(
      { role: 'vendor', store: 'red' },
      Object.entries(late).map(([orderID, minutes]) => ({
        event: 'pickup',
        payload: {
          store: 'red',
          orderID,
          customer: 'Zoë',
          address: '12 Elm Street',
          dueAt: new Date(Date.now() + minutes * 60_000).toISOString(),
        },
      })),
    );
    await hub.command({ role: 'driver', driver: 'ana' }, [
      { event: 'claimed', payload: { store: 'red', orderID: 'late' } },
    ]);
    const context = await machine();
    await context.clock.install({ time: Date.now() + aheadMs });
    const open = async (path: string): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(path);
      await expect(badge(page)).toContainText('Live');
      return page;
    };

    const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
    await expect(driver.parcel('late')).toContainText('Late by 30 min');
    await expect(driver.offer('due')).not.toContainText('Late');
    await expect(ages(driver.page)).toHaveCount(1);

    const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
    await expect(vendor.order('Late by')).toHaveCount(1);
    await expect(vendor.order('Late by')).toContainText('Late by 30 min');
    await expect(ages(vendor.page)).toHaveCount(2);

    const log = await open('/log');
    await expectSeen(log.getByText(/^.*Last event (just now|\d+ s ago)/));
    await expect(log.getByRole('region', { name: /^Connected/ }).getByText(/seen (now|\d+ s)$/)).toHaveCount(
      3,
    );

    // A page that opens offline knows it too.
    await driver.page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await driver.page.reload();
    await expect(driver.parcel('late')).toContainText('Late by 30 min');
    const before = Date.now();
    await driver.take('late', 'Picked up');
    await expect(driver.parcel('late')).toContainText('Saved, will send');
    await context.setOffline(false);
    await expect.poll(() => hub.life('late')).toContain('in-transit');
    const { occurredAt } = (await hub.events()).at(-1) ?? {};
    const done = Date.parse(occurredAt ?? '');
    expect(Math.abs(done - before)).toBeLessThan(60_000);
  });
}
