/** A florist's morning: orders from a spreadsheet, and what becomes of five of them. */

import { readFile } from 'node:fs/promises';
import { expect } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

/** As spreadsheets in Europe write it, by the shop's clocks. */
function written(moment: number): string {
  const date = {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  return new Date(moment).toLocaleString('de-DE', { timeZone: 'Europe/Paris', ...date }).replace(',', '');
}

/** Those of which nothing needs to be said; the first one is urgent, the second is refused at the door. */
const others = Array.from({ length: 26 }, (_, i) => `${1045 + i}`);
const [urgent = '', refused = '', ...plain] = others;
/** Ben delivers these, and the rest stays at the shop. */
const delivered = plain.slice(0, 20);

/** As a florist keeps them: other headings, one line twice. */
const morning = [
  'Nr;Recipient;Street;Town;Earliest;Due;E-Mail;Card',
  ...others.map((id) => {
    const due = id === urgent ? written(Date.now() + 2 * 3_600_000) : '';
    return `${id};Guest ${id};${id} High Street;E2 London;;${due};;`;
  }),
  '1041;Élodie Marchand;12 rue du Bac;75007 Paris;13:00;01.01.2100 16:00;elodie@flowers.example;Bon anniversaire',
  '1042;Ben Okri;3 Elm Road;N1 London;;01.01.2100 12:00;;',
  '1043;Hulda Parker;835 Meluk Pass;E2 London;;;;',
  '1043;Hulda Parker;835 Meluk Pass;E2 London;;;;',
  '1044;Zoë Ahmed;9 Mill Lane;E2 London;;;;',
].join('\r\n');

test('a florist imports thirty orders, mends one after sending, takes one back, cancels one, copies one, and counts the day', async ({
  hub,
  machine,
  open,
  troubles,
}) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  const context = await machine({ timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 } });
  let page = await context.newPage();
  await page.goto('/vendor?store=red&auto=off');
  let shop = new ShopPage(page);
  const press = (name: string) => shop.dialog.getByRole('button', { name, exact: true }).click();
  const formField = (label: string) => page.getByRole('form', { name: 'New order' }).getByLabel(label);

  await test.step('thirty orders from a spreadsheet; the line that stands there twice is named', async () => {
    await shop.choose('monday.csv', morning);
    await expectFound(
      shop.dialog.getByText('1 line belongs to an order above, and is none of its own: line 31.'),
    );
    await press('Send 30 orders');
    await expect(shop.dialog).toContainText('30 orders were placed.');
    await press('Close');
    const row = shop.order('Élodie Marchand · 1041');
    await expectSeen(row.getByText(/^From Jan 1, 1:00/));
    await expectSeen(row.getByText(/^Due Jan 1, 4:00/));
  });

  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  // Its window opens in years, so that the offers for now leave it out.
  const claimed = (orderID: string) => ({ event: 'claimed' as const, payload: { store: 'red', orderID } });
  await hub.command({ role: 'driver', driver: 'ana' }, [claimed('1041'), claimed('1042')]);

  await test.step('a typo is mended after sending: its courier reads the right address, and the shop sees whether', async () => {
    const details = await shop.details('1041');
    await details.getByRole('button', { name: 'Change order' }).click();
    const form = details.getByRole('form', { name: 'Change order' });
    await expect(form.getByLabel('Customer')).toBeFocused();
    // A window that ends before it begins is refused under its end, and nothing typed is lost.
    await form.getByLabel('Address').fill('21 rue du Bac, 75007 Paris');
    await form.getByLabel('Not before (optional)').fill('2100-01-01T17:00');
    await form.getByRole('button', { name: 'Save changes' }).click();
    await expect(form.getByLabel('Due (optional)')).toHaveAccessibleDescription(/before “Not before”/);
    await expectNoViolationsInAnyLook(page);
    await page.keyboard.press('Escape');
    await form.getByLabel('Not before (optional)').fill('2100-01-01T14:00');
    await form.getByRole('button', { name: 'Save changes' }).click();
    await expectSeen(details.getByRole('button', { name: 'Change order' }));
    await expect(details.getByRole('button', { name: 'Change order' })).toBeFocused();
    await expect(details).toContainText('21 rue du Bac, 75007 Paris');
    await expectSeen(details.getByText('ana has not seen the change yet'));
    await expectFound(details.getByText('Address: 12 rue du Bac, 75007 Paris → 21 rue du Bac, 75007 Paris'));
    await expect(details).toContainText(/Not before: Jan 1, 1:00.* → Jan 1, 2:00/);
    await expect(driver.parcel('1041')).toContainText('21 rue du Bac');
    const life = await hub.life('1041');
    await hub.command({ role: 'driver', driver: 'ana' }, [
      { event: 'seen', payload: { store: 'red', orderID: '1041' }, details: { rev: life.length } },
    ]);
    await expect(details).not.toContainText('has not seen the change');
    await expect(details).toContainText('ana has seen the change');
    await page.keyboard.press('Escape');
    const amended = (await hub.orders('red')).find(({ payload }) => payload.orderID === '1041');
    expect(amended?.payload).toMatchObject({
      address: '21 rue du Bac, 75007 Paris',
      notBefore: '2100-01-01T13:00:00.000Z',
      dueAt: '2100-01-01T15:00:00.000Z',
      email: 'elodie@flowers.example',
    });
  });

  await test.step('dispatch changes the same order meanwhile: the shop sees it, and nothing of either is lost', async () => {
    const details = await shop.details('1043');
    await details.getByRole('button', { name: 'Change order' }).click();
    const form = details.getByRole('form', { name: 'Change order' });
    await form.getByLabel('Address').fill('21 Mill Lane, E2 London');
    const payload = { store: 'red', orderID: '1043' };
    const address = '12 Mill Lane, E2 London';
    await hub.command({ role: 'admin' }, [
      { event: 'amended', payload, details: { address, phone: '555 0100' } },
    ]);
    await expectFound(form.getByText('Address is now 12 Mill Lane, E2 London'));
    await expect(form.getByLabel('Address')).toHaveValue('21 Mill Lane, E2 London');
    await expect(form.getByLabel('Phone (optional)')).toHaveValue('555 0100');
    await form.getByRole('button', { name: 'Save changes' }).click();
    await expectFound(form.getByRole('alert').getByText(/^Somebody changed this order since you opened/));
    await expectNoViolationsInAnyLook(page);
    await form.getByRole('button', { name: 'Save mine anyway' }).click();
    await expectSeen(details.getByRole('button', { name: 'Change order' }));
    const changed = (await hub.orders('red')).find(({ payload }) => payload.orderID === '1043');
    expect(changed?.payload).toMatchObject({ address: '21 Mill Lane, E2 London', phone: '555 0100' });
  });

  await test.step('without network a change is kept, also by the next page, and can be left', async () => {
    const details = shop.dialog;
    const form = details.getByRole('form', { name: 'Change order' });
    const change = async (note: string) => {
      await details.getByRole('button', { name: 'Change order' }).click();
      await form.getByLabel('Note to the driver (optional)').fill(note);
      await form.getByRole('button', { name: 'Save changes' }).click();
      await expectFound(form.getByText(/^No connection: your changes are kept on this device/));
    };
    await page.context().setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    await change('Never mind');
    await form.getByRole('button', { name: 'Leave as it is' }).click();
    await change('Two bells');
    await press('Close');
    await expect(shop.order('Hulda Parker · 1043')).toContainText('Changes kept, not saved yet');
    // The tab is closed, and another one opened when there is network again.
    await page.close();
    page = await context.newPage();
    shop = new ShopPage(page);
    await context.setOffline(false);
    await page.goto('/vendor?store=red&auto=off');
    await expect
      .poll(
        async () => (await hub.orders('red')).find(({ payload }) => payload.orderID === '1043')?.payload.note,
      )
      .toBe('Two bells');
    expect(await hub.life('1043')).toEqual(['pickup', 'amended', 'amended', 'amended']);
  });

  await test.step('a change that crosses the courier’s Picked up is answered in words, and what was typed stays', async () => {
    const details = await shop.details('1042');
    await details.getByRole('button', { name: 'Change order' }).click();
    const form = details.getByRole('form', { name: 'Change order' });
    await form.getByLabel('Address').fill('4 Elm Road, N1 London');
    await driver.take('1042', 'Picked up');
    await expectFound(form.getByRole('alert').getByText(/^It was collected meanwhile, so only dispatch can/));
    await expect(form.getByRole('button', { name: 'Save changes' })).toBeDisabled();
    await expect(form.getByLabel('Address')).toHaveValue('4 Elm Road, N1 London');
    await form.getByRole('button', { name: 'Leave as it is' }).click();
    await expectSeen(details.getByText(/^ana has collected it\. Dispatch can still change this order/));
    await press('Close');
  });

  await test.step('one comes back: one press says that the shop has it, and undo takes that back', async () => {
    await driver.take('1042', 'Could not deliver', 'Nobody home', 'Return to shop');
    await shop.press('Ben Okri · 1042', 'Returned, we have it');
    await shop.press('Ben Okri · 1042', 'Undo');
    await shop.press('Ben Okri · 1042', 'Returned, we have it');
    await expect(shop.counted('Returned')).toContainText('1');
  });

  await test.step('one is cancelled, and one copied into the form, where nothing half typed is lost', async () => {
    await shop.press('Zoë Ahmed · 1044', 'Cancel');
    await expect(shop.counted('Cancelled')).toContainText('1');
    await shop.customer.fill('Somebody else');
    await shop.details('1041');
    await press('Copy to a new order');
    await expect(shop.customer).toBeFocused();
    await expect(shop.customer).toHaveValue('Élodie Marchand');
    await expect(shop.address).toHaveValue('21 rue du Bac, 75007 Paris');
    await page.getByRole('button', { name: 'Put it back' }).click();
    await expect(shop.customer).toHaveValue('Somebody else');
    await shop.details('1041');
    await press('Copy to a new order');
    await page.getByText('Due time, phone, note').click();
    await expect(formField('Email (optional)')).toHaveValue('elodie@flowers.example');
    await expect(formField('Due (optional)')).toHaveValue('');
    await page.getByRole('button', { name: 'Tomorrow' }).click();
    await expect(formField('Not before (optional)')).toHaveValue(/T09:00$/);
    await shop.sendOrder.click();
    // The shop's next number.
    await expectFound(shop.order('Élodie Marchand · 1071'));
    await expect(shop.order('Élodie Marchand · 1071')).toContainText('Ready');
    await expect(shop.counted('Ready')).toContainText('28');
  });

  await test.step('its thank-you names the customer first', async () => {
    await driver.take('1041', 'Picked up', 'Delivered');
    await expectFound(shop.thanks('1041'));
    await expect(shop.thanks('1041')).toContainText('Élodie Marchand · Thank you for delivering 1041');
    await expect(badge(page)).toContainText('Live');
  });

  await test.step('at the end of the day its counts are right, and the export has the reasons', async () => {
    const key = (orderID: string) => ({ payload: { store: 'red', orderID } });
    await hub.command({ role: 'driver', driver: 'ben', name: 'Ben' }, [
      ...[urgent, refused, ...delivered].map((id) => ({ event: 'in-transit' as const, ...key(id) })),
      ...[urgent, ...delivered].map((id) => ({ event: 'delivered' as const, ...key(id) })),
      { event: 'attempt-failed', ...key(refused), details: { reason: 'refused' } },
    ]);
    const orders = page.getByRole('region', { name: 'Orders', exact: true });
    await orders.getByRole('button', { name: 'More' }).click();
    await orders.getByRole('button', { name: 'A day’s orders' }).click();
    const day = page.getByRole('region', { name: 'A day’s orders' });
    const counts = day.getByRole('navigation', { name: 'Orders of the day by what became of them' });
    await expectSeen(counts.getByRole('link', { name: /Orders$/ }));
    await expect(counts.getByRole('link')).toHaveText([
      ...['28Orders', '5Open', '21Delivered', '1On time', '0Late', '1Failed', '0Returned', '1Cancelled'],
    ]);
    const couriers = day.getByRole('region', { name: 'By courier' }).getByRole('listitem');
    await expect(couriers.filter({ hasText: 'Ben' })).toHaveText(/^Ben21 Delivered1 On time1 Failed$/);
    const exported = async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        day.getByRole('button', { name: 'Export CSV' }).click(),
      ]);
      const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
      return { lines, line: (id: string) => lines.find((one) => one.startsWith(`${id},`)) };
    };
    const today = await exported();
    expect(today.lines).toHaveLength(1 + 28);
    expect(today.line(refused)).toMatch(/,failed,Ben,1,refused,/);
    expect(today.line('1044')).toMatch(/,cancelled,,0,,/);

    // The copy is for tomorrow, and two orders are for a day of their own.
    await day.getByRole('link', { name: 'Tomorrow' }).click();
    await expect(counts.getByRole('link').first()).toHaveText('1Orders');
    await day.getByLabel('Another day').fill('2100-01-01');
    await expect(counts.getByRole('link')).toHaveText([
      ...['2Orders', '0Open', '1Delivered', '1On time', '0Late', '0Failed', '1Returned', '0Cancelled'],
    ]);
    await expect(couriers).toContainText([/^ana1 Delivered1 On time1 Returned$/]);
    const { lines, line } = await exported();
    expect(lines).toHaveLength(1 + 2);
    expect(line('1042')).toMatch(/,returned,[^,]*,1,not-home,/);
    expect(line('1041')).toMatch(/21 rue du Bac, 75007 Paris.*,delivered,ana,\d,,\d{4}-/);
  });
});
