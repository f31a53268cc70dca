import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1', serviceWorkers: 'allow' });

const key = { store: 'red', orderID: 'red-1' };

test('a page that crashes says so, and its actions are sent when it is opened again', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/broken on purpose|ERR_INTERNET_DISCONNECTED/);
  await hub.seed('red', 1);
  await hub.command({ role: 'driver', driver: 'ana' }, [{ event: 'in-transit', payload: key }]);
  const context = await machine({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const driver = new DriverPage(page);
  await page.goto('/driver?driver=ana&auto=off');
  const delivered = driver.stepButton('red-1', 'Delivered');
  await expectSeen(delivered);
  await context.setOffline(true);
  await delivered.click();
  await expectSeen(driver.parcel('red-1').getByRole('list', { name: 'Saved' }));
  // Check the saved action offline: with a network it could be sent and gone first.
  await page.evaluate(() => {
    Date.prototype.toISOString = () => {
      throw new Error('This is broken on purpose.');
    };
  });
  await expectSeen(page.getByText('This is broken on purpose.'));
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => hub.life('red-1')).toEqual(['pickup', 'in-transit', 'delivered']);
  await expectSeen(driver.page.getByRole('region', { name: 'Offers' }));
});
