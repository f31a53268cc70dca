import { readFile } from 'node:fs/promises';
import { expect, type Locator } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const press = (vendor: ShopPage, name: string): Promise<void> =>
  vendor.dialog.getByRole('button', { name, exact: true }).click();

test('a file is previewed with all faults by line before anything is sent', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await vendor.choose('no-table.csv', 'just some words\n');
  await expect(vendor.dialog.getByRole('alert')).toContainText('The first line has to name the columns');
  await vendor.dialog.getByLabel('CSV or Excel file with orders').setInputFiles({
    name: 'saturday.csv',
    mimeType: 'text/csv',
    // As a German spreadsheet writes it.
    buffer: Buffer.from(
      'Order ID;Customer;Address;Due;Colour\r\n7;Hulda Parker;"835 Meluk Pass; left door";2100-01-01 14:30;blue\r\n8;;12 Elm Street;tomorrow;\r\n9;Ben;3 Road;2020-01-01 9:00;\r\n',
    ),
  });
  const bad = vendor.dialog.getByRole('list', { name: 'Rows with errors' }).getByRole('listitem');
  await expect(bad).toHaveText([/^Line 3.*The customer is missing\..*“tomorrow” is no due time/s]);
  await expect(vendor.dialog.getByRole('button', { name: 'Send 2 orders' })).toBeDisabled();
  expect(await hub.orders('red')).toEqual([]);
  // A past due time is only a warning in a file.
  await expectSeen(vendor.dialog.getByText('1 order is due in the past: line 4.'));
  await vendor.dialog.getByLabel('Leave out the row with an error').check();
  await press(vendor, 'Send 2 orders');
  await expect(vendor.dialog).toContainText('2 orders were placed.');
  expect((await hub.orders('red')).map(({ payload }) => payload)).toContainEqual({
    store: 'red',
    orderID: '7',
    customer: 'Hulda Parker',
    address: '835 Meluk Pass; left door',
    dueAt: expect.stringMatching(/^(2099-12-31|2100-01-01)T/),
    Colour: 'blue',
  });
});

test('[D4] sending a file again makes no second orders, and another order with the same id is refused by line', async ({
  hub,
  open,
}) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  // Equal rows are several orders.
  const table = 'orderID,customer,address\n1,Hulda,1 Road\n,Ben,2 Road\n,Ben,2 Road\n';
  await vendor.choose('a.csv', table);
  await press(vendor, 'Send 3 orders');
  await expect(vendor.dialog).toContainText('3 orders were placed.');
  await press(vendor, 'Close');
  await expect(vendor.importButton).toBeFocused();
  await vendor.choose('b.csv', table.replace('1,Hulda,1 Road', '1,Zoë,9 Road\n,Ana,3 Road'));
  await press(vendor, 'Send 4 orders');
  await expect(vendor.dialog).toContainText('1 order was placed. 2 were there already. 1 was refused.');
  await expect(vendor.dialog.getByRole('list', { name: 'Refused rows' })).toContainText(/Line 2.*Zoë/s);
  await expect.poll(async () => (await hub.orders('red')).length).toBe(4);
});

test.describe('a hub that is killed', () => {
  test.use({ ownProcess: true });

  test('[D4] an import goes on after the hub was killed, and places each order once', async ({
    hub,
    open,
  }) => {
    const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
    const many = 2_000;
    const rows = Array.from({ length: many }, (_, i) => `o${i},Customer ${i},${i} Road`);
    await vendor.choose('many.csv', ['orderID,customer,address', ...rows].join('\n'));
    await press(vendor, 'Send 2,000 orders');
    await expectSeen(vendor.dialog.getByRole('progressbar'));
    await hub.kill();
    await expect(vendor.dialog).toContainText('It goes on by itself when it is back.');
    await hub.restart();
    await expect(vendor.dialog).toContainText('2,000 orders were placed.', { timeout: 60_000 });
    await press(vendor, 'Close');
    await expect(vendor.counted('Ready')).toContainText('2,000');
    const placed = (await hub.events()).map(({ payload }) => payload.orderID);
    expect(placed).toHaveLength(many);
    expect(new Set(placed).size).toBe(many);
  });
});

test('a file is dropped, its import stopped, and the rest sent later', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const rows = Array.from({ length: 3_000 }, (_, i) => `Customer ${i},${i} Road`);
  const table = ['customer,address', ...rows].join('\n');
  const drop = async () => {
    const file = await vendor.page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'many.csv', { type: 'text/csv' }));
      return transfer;
    }, table);
    await vendor.dialog
      .getByText('Choose it, or drop it here.')
      .dispatchEvent('drop', { dataTransfer: file });
    await press(vendor, 'Send 3,000 orders');
  };
  await vendor.importButton.click();
  await drop();
  await press(vendor, 'Stop');
  await expect(vendor.dialog).toContainText(/Stopped with [\d,]+ left\./);
  await press(vendor, 'Import another file');
  await drop();
  await expect(vendor.dialog).toContainText(/were there already\./, { timeout: 60_000 });
  expect(await hub.events()).toHaveLength(3_000);
});

test('filtered orders are exported without formulas and can be imported again', async ({ hub, machine }) => {
  const payload = {
    store: 'red',
    orderID: '1',
    customer: '=HYPERLINK("http://x")',
    address: '1 "High" Street, 2nd',
  };
  await hub.command({ role: 'vendor', store: 'red' }, [
    { event: 'pickup', payload: { ...payload, phone: '+49 30 1', weight: '3 kg' } },
    { event: 'pickup', payload: { ...payload, orderID: '2', customer: 'Ben' } },
  ]);
  const page = await (await machine()).newPage();
  await page.goto('/vendor?store=red&auto=off');
  const vendor = new ShopPage(page);
  await vendor.search.fill('hyperlink');
  await expect(vendor.rows).toHaveCount(1);
  const table = await vendor.exported();
  const [head, line, end] = table.split('\r\n');
  expect(head).toBe(
    '\uFEFForderID,customer,address,notBefore,dueAt,phone,email,note,weight,status,driver,attempts,reason,deliveredAt,outcome,receivedBy,proof,link,createdAt,changedAt',
  );
  expect(line).toMatch(
    /^1,"'=HYPERLINK\(""http:\/\/x""\)","1 ""High"" Street, 2nd",,,'\+49 30 1,,,3 kg,ready,,0,,,,,,http:\/\/\S+\/scan\?store=red&order=1,2/,
  );
  expect(end).toBe('');
  await vendor.choose('again.csv', table);
  await press(vendor, 'Send 1 order');
  await expect(vendor.dialog).toContainText('0 orders were placed. 1 was there already.');
});

/** A list forgets what was typed after a second without a key, and takes the next key as the start of another word. */
async function chooseByTyping(list: Locator, text: string, value: string): Promise<void> {
  await expect(async () => {
    await list.focus();
    await list.page().keyboard.type(text);
    await expect(list).toHaveValue(value, { timeout: 1_000 });
  }).toPass();
}

test('a foreign file asks for its columns once, and its ids are short', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const { dialog, page } = vendor;
  const table =
    'Saturday;;;\nperson;street name;Ort;since\nHulda;1 Road;Köln;2026-11-28\nBen;"2 Road";Köln;\nAna;"3 Road" rear;Köln;\n';
  await vendor.choose('list.csv', table);
  await expect(dialog.getByRole('heading', { name: 'Which column is what?' })).toBeFocused();
  // What stands in them is a guess to look at.
  await expect(dialog.getByLabel('Customer', { exact: true })).toHaveValue('0');
  await dialog.getByLabel('Address', { exact: true }).selectOption('Not in this file');
  await expect(dialog.getByRole('button', { name: 'Show the orders' })).toBeDisabled();
  // By keyboard alone.
  await chooseByTyping(dialog.getByLabel('Customer', { exact: true }), 'person', '0');
  await chooseByTyping(dialog.getByLabel('Address', { exact: true }), 'street', '1');
  await dialog.getByLabel('Address, further column').selectOption('Ort');
  await expectSeen(dialog.getByText('1 Road, Köln'));
  await dialog.getByLabel('Keep the other column with the order').uncheck();
  await press(vendor, 'Show the orders');
  const bad = dialog.getByRole('list', { name: 'Rows with errors' }).getByRole('listitem');
  await expect(bad).toHaveText([/^Line 5.*Text stands behind a closing quotation mark/s]);
  await dialog.getByLabel('Leave out the row with an error').check();
  await press(vendor, 'Send 2 orders');
  await expect(dialog).toContainText('2 orders were placed.');
  await press(vendor, 'Close');
  const placed = (await hub.orders('red')).map(({ payload }) => payload);
  expect(placed).toHaveLength(2);
  for (const order of placed) expect(order.orderID).toMatch(/^[a-z2-9]{6}$/);
  expect(placed).toContainEqual({
    ...placed[0],
    orderID: expect.any(String),
    customer: 'Hulda',
    address: '1 Road, Köln',
  });
  await page.reload();
  await vendor.choose('list.csv', table);
  await expectSeen(dialog.getByRole('heading', { name: /^2 orders can be sent\. 1 row has an error\./ }));
  await press(vendor, 'Change columns');
  await expect(dialog.getByLabel('Address, further column').first()).toHaveValue('2');
  await press(vendor, 'Show the orders');
  await dialog.getByLabel('Leave out the row with an error').check();
  await press(vendor, 'Send 2 orders');
  await expect(dialog).toContainText('0 orders were placed. 2 were there already.');
});

test('a workbook is read, another of its sheets chosen, and its bad rows are mended and imported', async ({
  hub,
  open,
}) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const { dialog, page } = vendor;
  await vendor.importButton.click();
  const file = dialog.getByLabel('CSV or Excel file with orders');
  await file.setInputFiles('testkit/shop-files/florist-workbook.xlsx');
  const headline = /^2 orders can be sent\. 1 row has an error\./;
  await expectSeen(dialog.getByRole('heading', { name: headline }));
  await expectSeen(dialog.getByText('30 February 2026 does not exist.'));
  await dialog.getByLabel('Sheet').selectOption('Preise');
  await expectSeen(dialog.getByRole('heading', { name: 'Which column is what?' }));
  await dialog.getByLabel('Sheet').selectOption('Bestellungen');
  await expectSeen(dialog.getByRole('heading', { name: headline }));
  const [download] = await Promise.all([page.waitForEvent('download'), press(vendor, 'Download these rows')]);
  expect(download.suggestedFilename()).toBe('florist-workbook-to-mend.csv');
  const toMend = await readFile(await download.path(), 'utf8');
  await dialog.getByLabel('Leave out the row with an error').check();
  await press(vendor, 'Send 2 orders');
  await expect(dialog).toContainText('2 orders were placed.');
  await press(vendor, 'Import another file');
  await vendor.chooseIn('mended.csv', toMend.replaceAll('30.2.2026', '03/04/2100'));
  // Nothing tells which of the two it is.
  await dialog.getByLabel('03/04/2100 means').selectOption({ label: 'April 3, 2100' });
  await press(vendor, 'Show the orders');
  await press(vendor, 'Send 1 order');
  await expect(dialog).toContainText('1 order was placed.');
  const placed = (await hub.orders('red')).map(({ payload }) => [payload.orderID, payload.customer]);
  expect(placed.sort()).toEqual([
    ['0042', 'Marchand, Mélodie'],
    ['0043', 'Okoro, Ben'],
    ['44', 'Kowalski, Zoë'],
  ]);
  await press(vendor, 'Import another file');
  await file.setInputFiles({ name: 'old.xls', mimeType: '', buffer: Buffer.from('d0cf11e0a1b11ae1', 'hex') });
  await expectSeen(dialog.getByText('This workbook is of the old kind (.xls).'));
});

test('a page that was closed in the middle of an import says what was not sent', async ({ open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const { dialog, page } = vendor;
  const rows = Array.from({ length: 20_000 }, (_, i) => `Customer ${i},Road ${i}`);
  await vendor.choose('many.csv', ['customer,address', ...rows].join('\n'));
  page.on('dialog', (question) => void question.accept());
  await press(vendor, 'Send 20,000 orders');
  await expect(dialog.getByRole('progressbar')).not.toHaveAttribute('value', '0');
  await page.reload();
  const said = page.getByText(
    /^The page was closed while it imported many\.csv: [\d,]+ of 20,000 orders were not sent yet/,
  );
  await expectSeen(said);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(said).toHaveCount(0);
  await page.reload();
  await expectSeen(vendor.importButton);
  await expect(said).toHaveCount(0);
});

test('an order typed in the form repeats, is listed with its next day, and ends with a way back', async ({
  hub,
  open,
}) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const { dialog, page } = vendor;
  await page.getByLabel('Customer').fill('Café Anna');
  await page.getByLabel('Address').fill('Rosenweg 14');
  await page.getByText('Due time, phone, note').click();
  await page.getByLabel('Not before').fill('2039-12-28T09:00'); // a Wednesday
  await page.getByRole('button', { name: 'Repeat…' }).click();
  await expectSeen(dialog.getByRole('heading', { name: 'How it repeats' }));
  await expect(dialog.getByLabel('Customer')).toHaveValue('Café Anna');
  await expect(dialog.getByLabel('First day')).toHaveValue('2039-12-28');
  await expect(dialog.getByLabel('Wed')).toBeChecked();
  for (const box of await dialog.getByRole('checkbox', { checked: true }).all()) await box.uncheck();
  await dialog.getByLabel('Tue').check();
  await dialog.getByLabel('First day').fill('2040-01-02');
  await dialog.getByLabel('Due').fill('08:00');
  await press(vendor, 'Have it repeat');
  await expectSeen(dialog.getByRole('alert').getByText('It is due before it begins.'));
  await dialog.getByLabel('Due').fill('12:00');
  await press(vendor, 'Have it repeat');
  const row = dialog.getByRole('list', { name: 'Orders that repeat' }).getByRole('listitem');
  await expect(row).toContainText('Every week on Tuesday · 9:00\u202fAM to 12:00\u202fPM');
  await expectSeen(row.getByText('Next: Tuesday, January 3, 2040'));
  await press(vendor, 'End the repeating order for Café Anna');
  await expectSeen(dialog.getByText('No order repeats yet.'));
  await press(vendor, 'Undo');
  await expectSeen(row.getByText('Next: Tuesday, January 3, 2040'));
  await press(vendor, 'Close');
  // The hub sends the first one too: the form does not offer it once more.
  await expect(page.getByLabel('Customer')).toHaveValue('');
  await vendor.more('Repeating orders');
  await expectSeen(row.getByText('Rosenweg 14'));
  expect(await hub.orders('red')).toEqual([]);
});

test('unknown keys of orders survive an export and import', async ({ hub, open }) => {
  const payload = {
    store: 'red',
    orderID: '0042',
    customer: 'Zoë',
    address: '1 Road',
    name: 'Bouquet',
    id: 7,
    status: 'paid',
    order: ['a', 'b'],
    constructor: 'x',
    dueAt: '2100-01-01T14:30:00+01:00',
  };
  await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'pickup', payload }]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expect(vendor.rows).toHaveCount(1);
  const table = await vendor.exported();
  await vendor.choose('again.csv', table);
  await press(vendor, 'Send 1 order');
  await expect(vendor.dialog).toContainText('0 orders were placed. 1 was there already.');
});

/** Pastes cells without the system clipboard, which other tests use as well. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.evaluate((input, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    input.dispatchEvent(event);
  }, text);
}

test('pasted cells fill the form, and several rows open the import', async ({ hub, open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await paste(vendor.customer, 'Ana\t"1 Main St\nFlat 2"\r\n');
  await expect(vendor.customer).toHaveValue('Ana');
  await expect(vendor.address).toHaveValue('1 Main St, Flat 2');
  await vendor.address.fill('');
  await paste(vendor.address, '1 Main St\r\nFlat 2\r\n');
  await expect(vendor.address).toHaveValue('1 Main St, Flat 2');
  await vendor.sendOrder.click();
  await expect(vendor.order('Ana')).toContainText('1 Main St, Flat 2');
  expect((await hub.orders('red')).map(({ payload }) => payload.customer)).toEqual(['Ana']);
  await paste(vendor.customer, 'Ben\t2 Road\nCy\t3 Road\n');
  await expectSeen(vendor.dialog.getByRole('heading', { name: 'Which column is what?' }));
  await expect(vendor.dialog.getByLabel('The first line names the columns')).not.toBeChecked();
  await vendor.dialog.getByLabel('Customer', { exact: true }).selectOption({ index: 1 });
  await vendor.dialog.getByLabel('Address', { exact: true }).selectOption({ index: 2 });
  await press(vendor, 'Show the orders');
  await press(vendor, 'Send 2 orders');
  await expect(vendor.dialog).toContainText('2 orders were placed.');
  await press(vendor, 'Close');
  await expect(vendor.customer).toHaveValue('');
  await expect(vendor.order('Cy')).toContainText('3 Road');
});

test.describe(() => {
  test.use({ newMachines: true });

  test('the import code is loaded on demand; offline it says so, and works once the network is back', async ({
    open,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|error occurred when fetching the script/);
    const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
    const context = vendor.page.context();
    const table = 'customer,address\nHulda,1 Road\n';
    await context.setOffline(true);
    await vendor.importButton.click();
    await expectSeen(vendor.page.getByText('It could not be loaded.'));
    await context.setOffline(false);
    await vendor.importButton.click();
    await expectSeen(vendor.dialog.getByText('CSV or Excel file with orders'));
    await context.setOffline(true);
    await vendor.chooseIn('a.csv', table);
    await expectSeen(vendor.dialog.getByText('What reads files could not be loaded.'));
    await context.setOffline(false);
    await vendor.chooseIn('a.csv', table);
    await expectSeen(vendor.dialog.getByRole('button', { name: 'Send 1 order' }));
  });
});

test('the page stays responsive while it reads five thousand rows', async ({ open }) => {
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const rows = Array.from(
    { length: 5_000 },
    (_, i) => `Customer ${i},"${i} Road, ""left""",2100-01-01 14:30,+49 30 ${i}`,
  );
  await vendor.page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(window, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
  });
  await vendor.choose('many.csv', ['customer,address,due,phone', ...rows].join('\r\n'));
  await expectSeen(vendor.dialog.getByRole('heading', { name: /^5,000 orders can be sent/ }));
  const longest = await vendor.page.evaluate(() => Number(Reflect.get(Reflect.get(window, 'longest'), 'ms')));
  test.info().annotations.push({ type: 'longest task', description: `${longest} ms` });
  expect(longest).toBeLessThan(1_000);
});
