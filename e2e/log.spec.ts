import { expect, type Locator } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage } from '../testkit/browser/pages.ts';
import { expectSeen, expectUnseen } from '../testkit/browser/seen.ts';

test('[W2] a log that is opened late shows all earlier events', async ({ hub, machine }) => {
  const total = 700;
  await hub.seed('red', total);
  const tall = await machine({ viewport: { width: 1280, height: 2_000 } });
  const log = new LogPage(await tall.newPage());
  await log.page.goto('/log');
  await expect(log.rows.last()).toHaveAttribute('data-seq', String(total));

  const seen = new Set<number>();
  await log.events.hover();
  while (!seen.has(1)) {
    await expect(log.page.locator('[data-missing]')).toHaveCount(0);
    const rows = await log.read();
    for (const { seq } of rows) seen.add(seq);
    await log.page.mouse.wheel(0, -1_200);
    if (!seen.has(1)) await expect.poll(() => log.read(), { intervals: [20] }).not.toEqual(rows);
  }
  expect(Array.from(seen).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: total }, (_, index) => index + 1),
  );
  await expect(log.events).toContainText('The log begins here');
});

test('[W2] a paused log stands still, counts new events, and shows them all on resume', async ({
  hub,
  open,
}) => {
  await hub.seed('red', 5);
  const log = new LogPage(await open('/log'));
  await expect(log.rows).toHaveCount(5);

  await log.pause.click();
  await expect(log.page).toHaveTitle(/Paused/);
  await hub.seed('blue', 12);
  await expectSeen(log.page.getByRole('button', { name: '12 new' }));
  expect((await log.read()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);

  await log.resume.click();
  await expect(log.rows).toHaveCount(17);
  expect((await log.read()).map(({ seq }) => seq)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  await expectSeen(log.row(17));
  await expectSeen(log.pause);
});

test('a window that grows shows more of the log and goes on following', async ({ hub, open }) => {
  await hub.seed('red', 60);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(60));
  await expectUnseen(log.row(1));
  await log.page.setViewportSize({ width: 1280, height: 2_400 });
  await expectSeen(log.row(1));
  await hub.seed('blue', 1);
  await expectSeen(log.row(61));
  await expectSeen(log.pause);
});

test('on the smallest phone the newest event is visible above the bar, and the header takes two lines', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', 30);
  const context = await machine({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  const log = new LogPage(await context.newPage());
  await log.page.goto('/log');
  await expectSeen(log.row(30));
  await hub.seed('blue', 2);
  await expectSeen(log.row(32));
  const header = await log.page.getByRole('banner').boundingBox();
  expect(header?.height).toBeLessThan(90);
});

test('on a phone a pause moves no row, and its bar takes one line', async ({ hub, machine }) => {
  await hub.seed('red', 60);
  const phone = await machine({ viewport: { width: 390, height: 664 }, hasTouch: true, isMobile: true });
  const log = new LogPage(await phone.newPage());
  await log.page.goto('/log');
  await expectSeen(log.row(60));
  const place = async () => (await log.row(60).boundingBox())?.y;
  const before = await place();
  await log.pause.tap();
  await expectSeen(log.page.getByText('Held while paused'));
  expect(await place()).toBe(before);

  // A filtered row is one press away from the newest rows and from its context.
  await log.search.fill('order:red-3');
  await expectSeen(log.row(3));
  await log.row(3).tap();
  await log.details.getByRole('button', { name: 'Close' }).tap();
  const context = log.page.getByRole('button', { name: 'See in context' });
  const height = async (button: Locator) => (await button.boundingBox())?.height;
  await expectSeen(context);
  expect(await height(context)).toBe(await height(log.page.getByRole('button', { name: 'Newest ↓' })));
  const lines = await context.evaluate((button) => {
    const range = document.createRange();
    range.selectNodeContents(button);
    return range.getClientRects().length;
  });
  expect(lines).toBe(1);
});

test('a search filters history and live events, and is in the address', async ({ hub, open }) => {
  const [first = '', second = '', third = ''] = await hub.seed('red', 3);
  const key = (orderID: string) => ({ payload: { store: 'red', orderID } });
  const ana = { role: 'driver', driver: 'ana' };
  await hub.command(ana, [
    { event: 'in-transit', ...key(first) },
    { event: 'delivered', ...key(first) },
    { event: 'in-transit', ...key(second) },
  ]);
  const log = new LogPage(await open('/log'));
  await expect(log.rows).toHaveCount(6);

  await log.search.fill('event:delivered');
  await expect.poll(() => log.read()).toEqual([{ seq: 5, event: 'delivered', orderID: first }]);
  await hub.command(ana, [
    { event: 'delivered', ...key(second) },
    { event: 'claimed', ...key(third) },
  ]);
  await expect.poll(() => log.life(second)).toEqual(['delivered']);
  await expect(log.rows).toHaveCount(2);
  await expect(log.page).toHaveURL(/\?q=event%3Adelivered$/);
  await log.page.reload();
  await expect(log.rows).toHaveCount(2);

  await log.search.fill('-event:pickup');
  await expect.poll(async () => (await log.read()).map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8]);
  await log.search.fill(`-event:pickup ${third}`);
  await expect.poll(() => log.read()).toEqual([{ seq: 8, event: 'claimed', orderID: third }]);
  await log.search.fill('store:blue');
  await expect(log.rows).toHaveCount(0);
  await expect(log.events).toContainText('0 of 8 match');
  await log.page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(log.rows).toHaveCount(8);
});

test('a parcel opened from the log shows its whole history, updated live', async ({ hub, open }) => {
  const [id = '', other = ''] = await hub.seed('red', 2);
  const payload = { store: 'red', orderID: id };
  const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
  await hub.command(ana, [
    { event: 'claimed', payload },
    { event: 'in-transit', payload },
    { event: 'attempt-failed', payload, details: { reason: 'not-home' } },
  ]);
  const log = new LogPage(await open('/log'));
  await log.openParcel('In transit', id);
  const life = log.details.getByRole('list', { name: 'Life of the parcel' }).getByRole('listitem');
  await expect(life).toHaveText([/^Ready/, /^Claimed.*Ana/, /^In transit.*Ana/, /^Failed.*nobody home/]);
  await expect(log.details).toContainText(`Customer of ${id}`);
  await expect(log.details).not.toContainText(other);

  await hub.command(ana, [{ event: 'retried', payload }]);
  await expect(life).toHaveCount(5);
  await log.page.keyboard.press('Escape');
  await expect(log.details).toHaveCount(0);
});

test('the log says who is connected, and who has left', async ({ open, hub }) => {
  const log = new LogPage(await open('/log'));
  await expect(log.connected).toHaveText([/Dispatch/]);
  await open('/vendor?store=red&auto=off');
  const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
  const [red, ana] = [log.connected.filter({ hasText: 'red' }), log.connected.filter({ hasText: 'ana' })];
  await expect(red).toContainText('Store');
  await expect(ana).toContainText('Driver · on duty');
  await driver.page.getByRole('switch', { name: 'On duty' }).click();
  await expect(ana).toContainText('off duty');
  await driver.page.close();
  await expect(ana).toHaveCount(0);
  await expect(red).toHaveCount(1);
  // Refused input is a notice, not part of the log.
  await expect(
    hub.command({ role: 'driver', driver: 'eve' }, [
      { event: 'claimed', payload: { store: 'red', orderID: 'none' } },
    ]),
  ).rejects.toThrow('unknown-parcel');
  await expect(log.page.getByRole('region', { name: /^Notices/ })).toContainText('eve');
  await expect(log.rows).toHaveCount(0);
});

test('the log works by keyboard alone', async ({ hub, open }) => {
  await hub.seed('red', 3);
  const log = new LogPage(await open('/log'));
  await expect(log.rows).toHaveCount(3);
  const { keyboard } = log.page;
  await keyboard.press('Space');
  await expectSeen(log.resume);
  await keyboard.press('Space');
  await expectSeen(log.pause);

  await keyboard.press('k');
  await keyboard.press('k');
  await keyboard.press('Enter');
  await expect(log.details).toContainText('red-2');
  await keyboard.press('ArrowDown');
  await expect(log.details).toContainText('red-3');
  await keyboard.press('Escape');
  await expect(log.details).toHaveCount(0);

  await keyboard.press('/');
  await expect(log.search).toBeFocused();
  await keyboard.type('order:red-1');
  await expect(log.rows).toHaveCount(1);
});
