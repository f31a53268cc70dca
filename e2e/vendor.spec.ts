import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';

const red = { role: 'vendor', store: 'red' };
const minutes = (n: number): string => new Date(Date.now() + n * 60_000).toISOString();
const order = (orderID: string, customer: string, more = {}) => ({
  event: 'pickup' as const,
  payload: { store: 'red', orderID, customer, address: `${orderID} Elm Street`, ...more },
});

test('a shop finds orders by word, status and lateness, and the address keeps the filter', async ({
  hub,
  open,
}) => {
  await hub.command(red, [
    order('1', 'Hulda Parker', { dueAt: minutes(-12) }),
    order('2', 'Ben Okri', { dueAt: minutes(60) }),
    order('3', 'Zoë Parker', { dueAt: minutes(-90) }),
  ]);
  await hub.command({ role: 'driver', driver: 'ana' }, [
    { event: 'in-transit', payload: { store: 'red', orderID: '3' } },
    { event: 'delivered', payload: { store: 'red', orderID: '3' } },
  ]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expect(vendor.counted('Ready')).toContainText('2');
  await expect(vendor.order('Hulda')).toContainText('Late by 12 min');
  await expect(vendor.order('Ben')).not.toContainText('Late');
  // A delivered order is not late.
  await expect(vendor.order('Zoë')).not.toContainText('Late');
  await expect(vendor.counted('Late')).toContainText('1');

  await vendor.search.fill('parker');
  await expect(vendor.rows).toHaveCount(2);
  await vendor.counted('Late').click();
  await expect(vendor.rows).toHaveCount(1);
  await expect(vendor.page).toHaveURL(/[?&]q=parker&late=yes/);
  await vendor.page.reload();
  await expect(vendor.search).toHaveValue('parker');
  await expect(vendor.rows).toHaveCount(1);
  await expectSeen(vendor.order('Hulda'));

  await vendor.counted('Delivered').click();
  await expectSeen(vendor.page.getByText('0 of 3 match.'));
  await vendor.page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(vendor.search).toBeFocused();
  await expect(vendor.rows).toHaveCount(3);
  await expect(vendor.page).not.toHaveURL(/late|status|q=/);
});

test('an order with a due time, a phone and a note is placed by keyboard alone on a narrow page', async ({
  hub,
  machine,
}) => {
  for (const width of isTorture ? [1280, 320] : [320]) {
    const page = await (
      await machine({ viewport: { width, height: 700 }, timezoneId: 'Europe/Berlin' })
    ).newPage();
    await page.goto('/vendor?store=red&auto=off');
    const vendor = new ShopPage(page);
    const { keyboard } = page;
    const customer = `Hulda of ${width}`;
    const tabTo = async (target: ShopPage['customer']) => {
      await expectFound(target);
      await expect(async () => {
        await keyboard.press('Tab');
        await expect(target).toBeFocused({ timeout: 50 });
      }).toPass({ intervals: [0] });
    };
    await tabTo(vendor.customer);
    await keyboard.type(customer);
    await tabTo(vendor.address);
    await keyboard.type('835 Meluk Pass');
    await tabTo(page.getByText('Due time, phone, note'));
    await keyboard.press('Enter');
    await tabTo(page.getByLabel('Due (optional)'));
    await keyboard.type('01012020');
    await keyboard.press('Tab');
    await keyboard.type('1000AM');
    await tabTo(page.getByLabel('Note to the driver (optional)'));
    await keyboard.type('Ring twice');
    await keyboard.press('Enter');
    const due = page.getByLabel('Due (optional)');
    await expect(due).toBeFocused();
    await expect(due).toHaveAccessibleDescription('Choose a time that is still to come.');
    await keyboard.type('01012100');
    await expect(due).toHaveAccessibleDescription('');
    await keyboard.press('Enter');
    await expect(vendor.customer).toBeFocused();
    await expect(vendor.order(customer)).toContainText('Ready');
    await expect
      .poll(async () => (await hub.orders('red')).map(({ payload }) => payload))
      .toContainEqual(
        expect.objectContaining({ customer, note: 'Ring twice', dueAt: '2100-01-01T09:00:00.000Z' }),
      );
  }
});

test('a shop and a driver exchange notes on an order, and the shop sees its history', async ({
  hub,
  open,
}) => {
  await hub.command(red, [order('1042', 'Hulda Parker', { note: 'Leave it with Ben', phone: '+49 30 123' })]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  await driver.claim('1042');
  await driver.take('1042', 'Picked up');
  await driver.say('1042', 'Which bell?');
  // The row shows the driver's question.
  await expect(vendor.order('1042')).toContainText('ana Which bell?');

  const details = await vendor.details('1042');
  await expect(
    details.getByRole('region', { name: 'Life of the order' }).getByRole('listitem'),
  ).toContainText(['Ordered', 'Claimed by ana', 'Picked up by ana']);
  await expect(details).toContainText('Leave it with Ben');
  await expect(details.getByRole('link', { name: '+49 30 123' })).toHaveAttribute('href', 'tel:+4930123');
  await details.getByRole('button', { name: 'Send' }).click();
  await expect(details.getByLabel('New note')).toHaveAccessibleDescription(
    'Write what the driver should know.',
  );
  await details.getByLabel('New note').fill('The upper one');
  await details.getByLabel('New note').press('Enter');
  const notes = details.getByRole('region', { name: 'Notes' }).getByRole('listitem');
  await expect(notes).toContainText(['ana Which bell?', 'You The upper one']);
  await expect(driver.parcel('1042')).toContainText('The upper one');
  // A note that arrives in the open dialog counts as read.
  await driver.parcel('1042').getByLabel('New note').fill('Thank you');
  await driver.parcel('1042').getByLabel('New note').press('Enter');
  await expect(notes).toHaveCount(3);
  await vendor.page.keyboard.press('Escape');
  await expect(vendor.idButton('1042')).toBeFocused();
  await expect(vendor.order('1042')).not.toContainText('Thank you');
});

test('a shop without orders can create samples', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expectSeen(vendor.page.getByText('No orders yet.'));
  await vendor.page.getByRole('button', { name: 'Send 5 samples' }).click();
  await expect(vendor.rows).toHaveCount(5);
  await expect.poll(async () => (await hub.orders('red')).length).toBe(5);
});

test('a shop says that orders could not be loaded, and loads them on retry', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/net::ERR_FAILED/);
  await hub.seed('red', 3);
  const page = await (await machine()).newPage();
  await page.route('**/api/orders?**', (route) => route.abort());
  await page.goto('/vendor?store=red&auto=off');
  // The page asks again when it is live.
  await expect(badge(page)).toContainText('Live');
  await expectSeen(page.getByText('The earlier orders could not be loaded.'));
  await page.unroute('**/api/orders?**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new ShopPage(page).rows).toHaveCount(3);
});
