import { expect } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

test('dispatch assigns, reassigns, undoes, notes and cancels from the log', async ({ hub, open }) => {
  const [id = ''] = await hub.seed('red', 1);
  await open('/driver?driver=ana&auto=off');
  const ben = new DriverPage(await open('/driver?driver=ben&auto=off'));
  const log = new LogPage(await open('/log'));
  await log.openParcel('Ready', id);
  const { actions } = log;
  const life = log.details.getByRole('list', { name: 'Life of the parcel' }).getByRole('listitem');
  const press = (name: string) => log.details.getByRole('button', { name, exact: true }).click();
  // Connected drivers are suggested.
  await expect(actions.locator('datalist option')).toHaveCount(2);

  await actions.getByLabel('Driver').fill('ana');
  await press('Assign');
  await expect(log.details.getByRole('status')).toContainText('Assigned.');
  await expect(life.last()).toHaveText(/Claimed.*Dispatch · socket\.io.*to ana/);
  await actions.getByLabel('Driver').fill('ben');
  await press('Reassign');
  await expectSeen(ben.parcel(id));
  await press('Undo');
  await expect.poll(async () => (await hub.orders('red'))[0]?.holder?.id).toBe('ana');

  await actions.getByLabel('Note').fill('Ring twice');
  await press('Send note');
  await expect(life.last()).toContainText('Ring twice');
  await actions.getByLabel('Reason to cancel').fill('The shop is closed');
  await press('Cancel parcel');
  await expect(log.details.locator('header')).toContainText('Cancelled');
  await expect(actions.getByRole('button', { name: 'Cancel parcel' })).toHaveCount(0);
  await press('Undo');
  await expect(log.details.locator('header')).toContainText('Claimed');
  await expect(life.last()).toContainText('takes back “Cancelled”');
  // The row that was opened is the first event: the life is whole.
  await expect(life).toHaveCount(7);
  expect(await hub.life(id)).toEqual([
    'pickup',
    'claimed',
    'reassigned',
    'corrected',
    'note',
    'cancelled',
    'corrected',
  ]);
});

test('a driver’s urgent note stands out until it is seen, also one from before the page was opened', async ({
  hub,
  open,
}) => {
  const [first = '', second = ''] = await hub.seed('red', 2);
  const write = (orderID: string, text: string) => {
    const key = { payload: { store: 'red', orderID } };
    return hub.command({ role: 'driver', driver: 'ana' }, [
      { event: 'in-transit', ...key },
      { event: 'note', ...key, details: { text, urgent: true } },
    ]);
  };
  await write(first, 'The bridge is closed');
  const log = new LogPage(await open('/log'));
  const banner = log.page.getByText(/^Urgent note of ana/);
  await expectSeen(banner);
  await expect(banner).toContainText(`on ${first}: The bridge is closed`);
  await write(second, 'The van is broken');
  await expect(banner).toContainText(`on ${second}: The van is broken (and 1 more)`);
  for (const id of [second, first]) {
    await log.page.getByRole('button', { name: 'Open parcel' }).click();
    await expect(log.details.locator('header')).toContainText(id);
    await log.details.getByRole('button', { name: 'Seen', exact: true }).click();
    await expect(banner.filter({ hasText: `on ${id}:` })).toHaveCount(0);
  }
  await expect(banner).toHaveCount(0);
});

test('the log asks about an unknown driver once', async ({ hub, open }) => {
  const [first = '', second = ''] = await hub.seed('red', 2);
  const log = new LogPage(await open('/log'));
  const { actions } = log;
  const holder = async (id: string) =>
    (await hub.orders('red')).find(({ payload }) => payload.orderID === id)?.holder?.id;
  const assign = async (driver: string) => {
    await actions.getByLabel('Driver').fill(driver);
    await actions.getByRole('button', { name: 'Assign', exact: true }).click();
  };
  const question = actions.getByRole('alert');
  const anyway = actions.getByRole('button', { name: 'Assign anyway' });
  await log.openParcel('Ready', first);
  await assign('anna');
  await expect(question).toContainText('Nobody called anna has been here.');
  await expectSeen(anyway);
  expect(await holder(first)).toBeUndefined();
  // The field has another name now.
  await actions.getByLabel('Driver').fill('annas');
  await expect(question).toHaveCount(0);
  await assign('anna');
  await anyway.click();
  await expect(log.details.getByRole('status')).toContainText('Assigned.');
  await expect(question).toHaveCount(0);
  expect(await holder(first)).toBe('anna');

  await log.openParcel('Ready', second);
  // Ids are case-sensitive.
  await assign('Anna');
  await expect(question).toContainText('Nobody called Anna has been here.');
  await assign('anna');
  await expect.poll(() => holder(second)).toBe('anna');
  await expect(question).toHaveCount(0);
});

test('Undo stays in place while the parcel’s history grows', async ({ hub, open }) => {
  const [id = ''] = await hub.seed('red', 1);
  const log = new LogPage(await open('/log'));
  await log.openParcel('Ready', id);
  await log.actions.getByLabel('Driver').fill('ana');
  await log.actions.getByRole('button', { name: 'Assign', exact: true }).click();
  await log.actions.getByRole('button', { name: 'Assign anyway' }).click();
  const undo = log.details.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeInViewport({ ratio: 1 });
  const place = await undo.boundingBox();
  const payload = { store: 'red', orderID: id };
  const texts = Array.from({ length: 8 }, (_, i) => `Word ${i}`);
  for (const text of texts) {
    await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'note', payload, details: { text } }]);
    await expect(log.details.getByText(text)).toBeAttached();
    expect(await undo.boundingBox()).toEqual(place);
  }
});

test('a refusal is shown where the action was made', async ({ hub, open, troubles }) => {
  troubles.expect(/net::ERR_FAILED/);
  const [id = ''] = await hub.seed('red', 1);
  const log = new LogPage(await open('/log'));
  await log.openParcel('Ready', id);
  await log.page.route('**/api/orders/**', (route) => route.abort());
  await hub.command({ role: 'driver', driver: 'ana' }, [
    { event: 'claimed', payload: { store: 'red', orderID: id } },
  ]);
  await log.actions.getByLabel('Driver').fill('ben');
  await log.actions.getByRole('button', { name: 'Assign', exact: true }).click();
  await log.actions.getByRole('button', { name: 'Assign anyway' }).click();
  await expect(log.details.getByRole('status')).toContainText(/taken|does not/i);
});

test('on a phone the sheet of a parcel does not cover its row', async ({ hub, machine }) => {
  await hub.seed('red', 40);
  const phone = await machine({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const log = new LogPage(await phone.newPage());
  await log.page.goto('/log');
  await log.row(40).tap();
  await expect(log.details).toContainText('red-40');
  const isAbove = async () => {
    const [row, sheet] = [await log.row(40).boundingBox(), await log.details.boundingBox()];
    return row !== null && sheet !== null && row.y >= 0 && row.y + row.height <= sheet.y + 0.5;
  };
  await expect.poll(isAbove).toBe(true);
  // The sheet's content fits, on the narrowest phone too.
  await log.page.setViewportSize({ width: 320, height: 844 });
  await expectFound(log.actions.getByRole('button', { name: 'Cancel parcel' }));
  expect(await log.details.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

test.describe('on a plain address of the network', () => {
  test.use({ host: lanHost });

  test('the text to copy is shown selected', async ({ hub, open }) => {
    await hub.seed('red', 1);
    const log = new LogPage(await open('/log'));
    await log.openParcel('Ready', 'red-1');
    await log.details.getByRole('button', { name: 'Copy JSON' }).click();
    const field = log.details.getByRole('textbox', { name: /Copy JSON/ });
    await expect(field).toBeFocused();
    await expect(field).toHaveValue(/"orderID": "red-1"/);
    expect(await log.page.evaluate(() => String(document.getSelection()))).toContain('red-1');
  });
});
