import { expect } from 'playwright/test';
import { expectNoViolationsInAnyLook, long } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, LogPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1' });

const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
const red = { role: 'vendor', store: 'red' };
const key = (orderID: string) => ({ payload: { store: 'red', orderID } });

test('axe finds nothing on the log: empty, busy, filtered, paused, without network, refused', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/);
  const context = await machine();
  await context.addInitScript(takeClipboard);
  const log = new LogPage(await context.newPage());
  const { page } = log;
  await page.goto('/log');

  await test.step('empty', async () => {
    await expect(log.events).toContainText('Nothing has happened yet.');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('busy, with somebody connected and a notice', async () => {
    await hub.seed('red', 8);
    await hub.command(ana, [
      { event: 'claimed', ...key('red-1') },
      { event: 'in-transit', ...key('red-2') },
      { event: 'attempt-failed', ...key('red-2'), details: { reason: 'not-home' } },
      { event: 'returning', ...key('red-2') },
      { event: 'returned', ...key('red-2') },
      { event: 'in-transit', ...key('red-3') },
      { event: 'delivered', ...key('red-3') },
      { event: 'note', ...key('red-1'), details: { text: 'Which bell?' } },
    ]);
    await hub.command(red, [{ event: 'cancelled', ...key('red-4') }]);
    await expect(hub.command(ana, [{ event: 'delivered', ...key('red-4') }])).rejects.toThrow('refused');
    await expectSeen(log.row(17));
    await expect(page.getByRole('region', { name: /^Notices/ })).toContainText('Refused');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('filtered, the menu open, what could not be copied shown', async () => {
    await log.search.fill('-event:note order:red-2 via:socket.io "elm street"');
    await expectSeen(page.getByText('5 of 17 match', { exact: true }));
    await log.filters.click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByRole('textbox', { name: /Copy link/ })).toBeFocused();
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('highlighted', async () => {
    await page.getByRole('radio', { name: 'Highlight matches' }).check();
    await log.search.fill('event:delivered');
    await expect(page).toHaveURL(/q=event%3Adelivered&look=highlight/);
    await page.getByRole('button', { name: 'Previous match' }).click();
    await expect(log.row(15)).toHaveAttribute('data-hit', 'true');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('a time without events, and no match', async () => {
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00:00');
    await page.getByLabel('To', { exact: true }).fill('2020-01-02T00:00:00');
    await page.getByRole('button', { name: 'Show this time' }).click();
    await expect(log.events).toContainText('Nothing happened in this time.');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('paused, with news', async () => {
    await page.goto('/log');
    await log.pause.click();
    await hub.seed('blue', 12);
    await expectSeen(page.getByRole('button', { name: '12 new' }));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('without network', async () => {
    await context.setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    await expectNoViolationsInAnyLook(page);
    await context.setOffline(false);
    await expect(badge(page)).not.toContainText('Offline');
  });
  await test.step('a search that is refused, paused and not', async () => {
    await page.route('**/api/events?**', (route) => route.abort());
    await log.search.fill('store:red');
    await expectSeen(page.getByRole('button', { name: 'Try again', exact: true }));
    await expectNoViolationsInAnyLook(page);
    await log.press('Escape');
    await page.goto('/log?q=store:blue');
    await expectSeen(page.getByRole('button', { name: 'Try again', exact: true }));
    await expectNoViolationsInAnyLook(page);
  });
});

test('axe finds nothing in the parcel panel, refused actions and the help of the log', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/net::ERR_FAILED/);
  await hub.seed('red', 5);
  const key = { payload: { store: long.store, orderID: 'long' } };
  await hub.command({ role: 'vendor', store: long.store }, [
    { event: 'pickup', payload: { ...long, orderID: 'long', phone: '+49 30 123', note: 'Ring twice' } },
  ]);
  await hub.command(ana, [
    { event: 'in-transit', ...key },
    { event: 'attempt-failed', ...key, details: { reason: 'not-home' } },
    { event: 'note', ...key, details: { text: `Which bell? None has the name ${long.customer}.` } },
  ]);
  const context = await machine();
  await context.addInitScript(takeClipboard);
  const log = new LogPage(await context.newPage());
  const { page, details, actions } = log;
  await page.goto('/log');

  await test.step('a parcel, its JSON, a link to copy', async () => {
    await log.openParcel('Failed', 'long');
    await details.getByText('JSON', { exact: true }).click();
    await details.getByRole('button', { name: 'Copy link' }).click();
    await expect(details.getByRole('textbox', { name: /Copy link/ })).toBeFocused();
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('a driver whom nobody knows', async () => {
    await actions.getByLabel('Driver').fill('ben');
    await actions.getByRole('button', { name: 'Reassign' }).click();
    await expect(actions.getByRole('alert')).toContainText('Nobody called ben');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('an action that can be undone', async () => {
    await actions.getByRole('button', { name: 'Reassign anyway' }).click();
    await expectSeen(details.getByRole('button', { name: 'Undo' }));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('an action that is refused', async () => {
    // The page does not receive what others do meanwhile.
    await page.route('**/api/orders/**', (route) => route.abort());
    await hub.command({ role: 'driver', driver: 'ben' }, [
      { event: 'returning', ...key },
      { event: 'returned', ...key },
    ]);
    await actions.getByLabel('Driver').fill('ana');
    await actions.getByRole('button', { name: 'Reassign' }).click();
    await expect(details.getByRole('status')).toContainText(/./);
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('help', async () => {
    await log.press('Escape');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Keys and search' }).click();
    await expectSeen(page.getByRole('dialog', { name: 'Keys and search' }));
    await expectNoViolationsInAnyLook(page);
  });
});

/** Init script: no secure context, as on plain http. */
function takeClipboard(): void {
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
}
