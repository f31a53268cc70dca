import { expect } from 'playwright/test';
import type { EventName } from '../protocol/events.ts';
import type { Command } from '../protocol/messages.ts';
import { expectNoViolationsInAnyLook, long } from '../testkit/browser/axe.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, paceNews, ShopPage, wayQuestion } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1' });

const shop = { role: 'vendor', store: long.store };
/** Finds an order by its own text: a status is also a word in other rows. */
const key = (what: string) => ({ payload: { store: long.store, orderID: `nr-${what}` } });

/** Orders in every status: one is late, and two have notes of the driver. */
async function seed(hub: Hub): Promise<void> {
  const states = ['ready', 'claimed', 'in-transit', 'failed', 'returning', 'returned', 'delivered'];
  await hub.command(
    shop,
    [...states, 'cancelled', 'late'].map((what) => ({
      event: 'pickup',
      payload: {
        ...long,
        ...key(what).payload,
        ...(what === 'late' ? { dueAt: '2020-02-03T18:30:00.000Z', phone: '+49 30 123' } : {}),
      },
    })),
  );
  const step = (what: string, event: EventName, details = {}) =>
    ({ event, ...key(what), details }) as Command;
  await hub.command({ role: 'driver', driver: 'ana', name: 'Ana' }, [
    step('claimed', 'claimed'),
    ...states.slice(2).map((what) => step(what, 'in-transit')),
    step('failed', 'attempt-failed', { reason: 'not-home' }),
    step('returning', 'returning'),
    step('returned', 'returning'),
    step('returned', 'returned'),
    step('delivered', 'delivered'),
    step('late', 'claimed'),
    step('late', 'note', { text: 'Which bell? None has your name, and the street is dug up.' }),
  ]);
  await hub.command(shop, [step('cancelled', 'cancelled')]);
}

test('axe finds nothing on the shop’s page in any state', async ({ hub, machine, troubles }) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  const context = await machine();
  await context.addInitScript(paceNews, 100);
  const vendor = new ShopPage(await context.newPage());
  const { page } = vendor;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await test.step('asking how it is used, and about to start by itself', async () => {
    await page.goto('/vendor');
    await expectSeen(wayQuestion(page).getByText('Starts in'));
    await expectNoViolationsInAnyLook(page);
    await page.getByRole('button', { name: 'Not now' }).click();
  });
  await page.goto(`/vendor?store=${long.store}&auto=off`);

  await test.step('empty', async () => {
    await expectFound(page.getByText('No orders yet.'));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('a message under every field', async () => {
    await button('Change store name').click();
    await page.getByLabel('Store name').fill('');
    await page.getByLabel('Store name').press('Enter');
    await vendor.every.fill('0');
    await page.getByText('Due time, phone, note').click();
    await page.getByLabel('Due (optional)').fill('2020-01-01T10:00');
    await vendor.sendOrder.click();
    for (const label of ['Store name', 'Every (seconds)', 'Customer', 'Address', 'Due (optional)']) {
      await expect(page.getByLabel(label)).toHaveAccessibleDescription(/.+/);
    }
    await expectNoViolationsInAnyLook(page);
    await page.getByLabel('Store name').press('Escape');
    await page.reload();
  });
  await test.step('orders in every state, thanks, and an order that the hub refused', async () => {
    await seed(hub);
    await expect(vendor.thanks('nr-delivered')).toHaveCount(1);
    // The hub refuses an order whose customer is lost on its way.
    await page.evaluate(() => {
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        send.call(this, typeof data === 'string' ? data.replace('Hulda Parker', ' ') : data);
      };
    });
    await vendor.send('Hulda Parker', '835 Meluk Pass');
    await expect(vendor.order('Hulda Parker')).toContainText('Not sent');
    await vendor.press('nr-ready', 'Cancel');
    await expectSeen(vendor.order('nr-ready').getByRole('button', { name: 'Undo' }));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('filtered, with and without a match', async () => {
    await vendor.counted('Late').click();
    await vendor.search.fill('waldenburg');
    await expectSeen(page.getByText('1 of 9 match.'));
    await expectNoViolationsInAnyLook(page);
    await vendor.counted('Delivered').click();
    await expect(page.getByText('0 of 9 match.')).toBeHidden();
    await vendor.press('Hulda Parker', 'Dismiss');
    await expectSeen(page.getByText('0 of 9 match.'));
    await expectNoViolationsInAnyLook(page);
    await button('Clear filters').click();
  });
});

test('axe finds nothing in the dialogs of the shop’s page', async ({ hub, machine, troubles }) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  const context = await machine();
  const vendor = new ShopPage(await context.newPage());
  const { page, dialog } = vendor;
  await seed(hub);
  await page.goto(`/vendor?store=${long.store}`);

  await test.step('an order, its notes, and a message under the field', async () => {
    const details = await vendor.details('nr-late');
    await expect(details).toContainText('Which bell?');
    await details.getByRole('button', { name: 'Send' }).click();
    await expect(details.getByLabel('New note')).toHaveAccessibleDescription(/.+/);
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('the tracking link', async () => {
    await vendor.press('nr-late', 'Track');
    await expectSeen(dialog.getByRole('img'));
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('what customers are told of the shop, with a message under a field', async () => {
    await page.getByRole('button', { name: 'Shop details' }).click();
    await expectFound(dialog.getByRole('button', { name: 'Try it with samples' }));
    await dialog.getByLabel('Phone').fill('call me');
    troubles.expect(/Failed to load resource.* 400/);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByLabel('Phone')).toHaveAccessibleDescription(/.+/);
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('what is behind More; orders that repeat: the form with a message, and the list', async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await expectSeen(dialog.getByRole('button', { name: 'Export CSV' }));
    await expectNoViolationsInAnyLook(page);
    await dialog.getByRole('button', { name: 'Repeating orders' }).click();
    await dialog.getByRole('button', { name: 'New repeating order' }).click();
    await dialog.getByRole('button', { name: 'Have it repeat' }).click();
    await expectSeen(dialog.getByRole('alert'));
    await expectNoViolationsInAnyLook(page);
    await dialog.getByLabel('Customer').fill('Café Anna');
    await dialog.getByLabel('Address').fill('Rosenweg 14');
    await dialog.getByLabel('First day').fill('2090-01-01');
    await dialog.getByRole('button', { name: 'Have it repeat' }).click();
    await expectSeen(dialog.getByRole('list', { name: 'Orders that repeat' }));
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('importing: no table, faults in it, its columns, sending without network, refused rows', async () => {
    await vendor.choose('words.csv', 'just some words\n');
    await expectSeen(dialog.getByRole('alert'));
    await expectNoViolationsInAnyLook(page);
    await dialog.getByLabel('CSV or Excel file with orders').setInputFiles({
      name: 'saturday.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Order ID;Customer;Address;Due\nnr-late;Zoë;9 Road;\n8;;12 Elm Street;tomorrow\n'),
    });
    await expectSeen(dialog.getByRole('list', { name: 'Rows with errors' }));
    await expectNoViolationsInAnyLook(page);
    await dialog.getByRole('button', { name: 'Change columns' }).click();
    await dialog.getByLabel('Address, further column').selectOption('Due');
    await expectNoViolationsInAnyLook(page);
    await dialog.getByLabel('Due time', { exact: true }).selectOption('Due');
    await dialog.getByRole('button', { name: 'Show the orders' }).click();
    await dialog.getByLabel('Leave out the row with an error').check();
    await context.setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    await dialog.getByRole('button', { name: 'Send 1 order' }).click();
    await expectSeen(dialog.getByRole('progressbar'));
    await expectNoViolationsInAnyLook(page);
    await context.setOffline(false);
    await expectSeen(dialog.getByRole('list', { name: 'Refused rows' }));
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
  });
  await test.step('without network', async () => {
    await context.setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    await vendor.send('Hulda Parker', '835 Meluk Pass');
    await expect(vendor.order('Hulda Parker')).toContainText('Sending…');
    await vendor.press('nr-claimed', 'Cancel');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('an action that the hub refused', async () => {
    await hub.command({ role: 'driver', driver: 'ana' }, [{ event: 'in-transit', ...key('claimed') }]);
    await context.setOffline(false);
    await expectFound(vendor.order('nr-claimed').getByRole('button', { name: 'OK' }));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('orders that could not be loaded', async () => {
    await page.route('**/api/orders?**', (route) => route.abort());
    await page.reload();
    await expectFound(page.getByText('The earlier orders could not be loaded.'));
    await expectNoViolationsInAnyLook(page);
  });
});
