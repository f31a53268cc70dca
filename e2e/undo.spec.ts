import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, pressStill, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen, howSeen } from '../testkit/browser/seen.ts';

test('a shop cancels an order and undoes that', async ({ hub, open }) => {
  const [id = ''] = await hub.seed('red', 1);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await expectSeen(driver.offer(id));

  await vendor.press(id, 'Cancel');
  await expect(vendor.order(id)).toContainText('Cancelled');
  await expect(driver.offer(id)).toHaveCount(0);
  await vendor.press(id, 'Undo');
  await expect(vendor.order(id)).toContainText('Ready');
  await expectSeen(driver.offer(id));
  expect(await hub.life(id)).toEqual(['pickup', 'cancelled', 'corrected']);
});

test('a driver loses a parcel that the shop cancels, and reads why', async ({ hub, open }) => {
  const [id = ''] = await hub.seed('red', 1);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await driver.claim(id);
  await expect(vendor.order(id)).toContainText('Claimed');
  await vendor.press(id, 'Cancel');
  await expect(driver.parcel(id)).toContainText('The shop called this one off.');
  await expect(driver.stepButton(id, 'Picked up')).toHaveCount(0);
});

test('a parcel that dispatch passes on offers its driver nothing but OK, and is not among those to collect', async ({
  hub,
  open,
}) => {
  const [id = '', ...others] = await hub.seed('red', 3);
  const key = (orderID: string) => ({ payload: { store: 'red', orderID } });
  const claimed = [id, ...others].map((orderID) => ({ event: 'claimed' as const, ...key(orderID) }));
  await hub.command({ role: 'driver', driver: 'ana' }, claimed);
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await expectFound(driver.page.getByRole('button', { name: /^Picked up all 3 / }));
  await hub.command({ role: 'admin' }, [{ event: 'reassigned', ...key(id), details: { driver: 'ben' } }]);
  await expectFound(driver.parcel(id).getByText('Dispatch gave this one to ben.'));
  await expect(driver.parcel(id).getByRole('button')).toHaveText([/^OK/]);
  await expectFound(driver.page.getByRole('button', { name: /^Picked up all 2 / }));
  await expect(driver.page.getByRole('heading', { name: 'Collect at red' })).toHaveCount(1);
  await pressStill(driver.parcel(id).getByRole('button', { name: /^OK/ }));
  await expect(driver.parcel(id)).toHaveCount(0);
});

test('a driver undoes steps, and Undo covers no control; an undone delivery is no longer thanked for', async ({
  hub,
  open,
  machine,
}) => {
  const [id = ''] = await hub.seed('red', 1);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');
  /** While it is news: the pages look for themselves, so that nothing is waited for. */
  const expectAllSeen = async () => {
    await expectSeen(driver.stepButton(id, 'Undo'));
    const controls = driver.parcel(id).locator('a, button');
    await expect(controls).toHaveText([
      ...[/^Maps/, /^Notes/, /^Copy/, /^Recipient/, /^Neighbour/, /^Safe place/, /^Mailbox/, /^Photo/],
      ...[/^Delivered/, /^Could not deliver/, /^Undo/],
    ]);
    for (const control of await controls.all()) expect(await howSeen(control), `${control}`).toBe('seen');
  };
  await driver.claim(id);
  await driver.take(id, 'Picked up');
  await expectAllSeen();
  await driver.take(id, 'Undo');
  await expectSeen(driver.stepButton(id, 'Picked up'));
  await expect(vendor.order(id)).toContainText('Claimed');

  await driver.page.setViewportSize({ width: 390, height: 660 });
  await driver.take(id, 'Picked up');
  await expectAllSeen();
  await driver.take(id, 'Delivered');
  await expect(vendor.thanks(id)).toHaveCount(1);
  await driver.take(id, 'Undo');
  await expectSeen(driver.stepButton(id, 'Delivered'));
  await expect(vendor.order(id)).toContainText('In transit');
  await expect(vendor.thanks(id)).toHaveCount(0);
  await driver.take(id, 'Delivered');
  await expect(vendor.thanks(id)).toHaveCount(1);
});
