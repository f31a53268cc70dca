import { expect, type Page } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1' });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const path = '/driver?driver=ana&auto=off';
const ana = { role: 'driver', driver: 'ana' };
const minuteMs = 60_000;

/** Orders of the shop `red`, due in so many minutes, or without a due time. */
async function order(hub: Hub, dues: Readonly<Record<string, number | undefined>>): Promise<void> {
  await hub.command(
    { role: 'vendor', store: 'red' },
    Object.entries(dues).map(([orderID, minutes]) => ({
      event: 'pickup',
      payload: {
        store: 'red',
        orderID,
        customer: `Customer of ${orderID}`,
        address: `${orderID} High Street, Upper Floor, Springfield`,
        ...(minutes === undefined ? {} : { dueAt: new Date(Date.now() + minutes * minuteMs).toISOString() }),
      },
    })),
  );
}

const key = (orderID: string) => ({ payload: { store: 'red', orderID } });

test('offers and held parcels show when they are due and how late they are, first due first', async ({
  hub,
  machine,
}) => {
  await order(hub, { c1: undefined, c2: 90, c3: -125, c4: 30 });
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expect(driver.offers).toContainText(['c3', 'c4', 'c2', 'c1']);
  await expectSeen(driver.offer('c3').getByText('Late by 2 h'));
  await expect(driver.offer('c4')).toContainText(/Due (?:\w{3} \d+, )?\d/);
  await expect(driver.offer('c4')).not.toContainText('Late');
  await expect(driver.offer('c1')).not.toContainText('Due');
  for (const id of ['c1', 'c2', 'c4', 'c3']) await driver.claim(id);
  await expect(driver.inHand).toContainText(['c3', 'c4', 'c2', 'c1']);
  await expectSeen(driver.parcel('c3').getByText('Late by 2 h'));
});

test('failed and returning parcels sink below those that can be delivered', async ({ hub, machine }) => {
  await order(hub, { c1: 10, c2: 20, c3: 30, c4: undefined });
  await hub.command(ana, [
    ...['c1', 'c2', 'c3'].map((id) => ({ event: 'in-transit' as const, ...key(id) })),
    { event: 'claimed', ...key('c4') },
    { event: 'returning', ...key('c1') },
    { event: 'attempt-failed', ...key('c2'), details: { reason: 'not-home' } },
  ]);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expect(driver.inHand).toContainText(['c3', 'c4', 'c2', 'c1']);
  await expect(driver.next).toHaveAccessibleName('Delivered order c3');
});

test('a parcel shows why it was not delivered, and on the way back its destination', async ({
  hub,
  machine,
}) => {
  await order(hub, { c1: undefined });
  await hub.command(ana, [{ event: 'in-transit', ...key('c1') }]);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  const maps = driver.parcel('c1').getByRole('link', { name: /^Maps/ });
  await expectSeen(maps);
  await driver.take('c1', 'Could not deliver', 'Nobody home');
  await expectSeen(driver.parcel('c1').getByText('Not delivered. Nobody home.'));
  await driver.take('c1', 'Return to shop');
  await expectSeen(driver.parcel('c1').getByRole('heading', { name: 'Back to red' }));
  await expectSeen(driver.parcel('c1').getByText('c1 High Street'));
  // Maps would lead to the customer, not back to the shop.
  await expect(maps).toHaveCount(0);
});

test('the bar with the next step covers neither the address nor the field being edited', async ({
  hub,
  machine,
}) => {
  await order(hub, { c1: 10, c2: 20 });
  await hub.command(
    ana,
    ['c1', 'c2'].map((id) => ({ event: 'in-transit', ...key(id) })),
  );
  const driver = new DriverPage(await (await machine(phone)).newPage());
  const { page } = driver;
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(path);
  await expectSeen(driver.next);
  // Only the top of the card is visible, down to address and customer.
  const customer = driver.parcel('c1').getByText('Customer of c1');
  const { y = 0, height = 0 } = (await customer.boundingBox()) ?? {};
  await page.setViewportSize({ width: 320, height: Math.ceil(y + height + 4) });
  await page.evaluate(() => scrollTo(0, 0));
  await expectSeen(driver.parcel('c1').getByRole('heading'));
  await expectSeen(customer);

  await page.setViewportSize({ width: 320, height: 640 });
  await expectSeen(driver.next);
  await driver
    .parcel('c1')
    .getByRole('button', { name: /^Notes/ })
    .click();
  await driver.parcel('c1').getByLabel('New note').focus();
  await expectSeen(driver.parcel('c1').getByLabel('New note'));
  await page.keyboard.press('Tab');
  await expectSeen(driver.parcel('c1').getByRole('button', { name: 'Send note on' }));
});

test('a long name in an offer is shown whole, and a very long one is cut with an ellipsis', async ({
  hub,
  machine,
}) => {
  const name = 'Bartholomew Featherstonehaugh-Cholmondeley';
  const names = [name, 'Zoë', Array.from({ length: 5 }, () => name).join(' ')];
  await hub.command(
    { role: 'vendor', store: 'red' },
    names.map((customer, i) => ({
      event: 'pickup',
      payload: { store: 'red', orderID: `n${i}`, customer, address: '1 Road' },
    })),
  );
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  const hidden = (i: number) =>
    driver
      .offer(`n${i}`)
      .getByText(names[i] ?? '')
      .evaluate(({ parentElement: box }) => (box ? box.scrollHeight - box.clientHeight : undefined));
  await expect(driver.offers).toHaveCount(3);
  expect(await hidden(0)).toBe(0);
  expect(await hidden(2)).toBeGreaterThan(0);
  await expect(driver.offer('n2').locator('p').first()).toHaveCSS('-webkit-line-clamp', '3');
});

test('with eight held parcels, the next button is visible after a claim, a pick-up, an undo and a failure', async ({
  hub,
  machine,
}) => {
  const ids = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8'] as const;
  await order(hub, Object.fromEntries(ids.map((id, i) => [id, (i + 1) * 20])));
  await hub.command(
    ana,
    ids.slice(2).map((id) => ({ event: 'claimed', ...key(id) })),
  );
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expect(driver.inHand).toHaveCount(6);
  await expectSeen(driver.next);

  await driver.claim('d2');
  await expectSeen(driver.claimButton('d1'));
  await driver.claim('d1');
  await expect(driver.inHand).toHaveCount(8);
  await expectSeen(driver.stepButton('d1', 'Picked up'));
  await driver.take('d1', 'Picked up');
  // The driver is still in the shop.
  await expect(driver.next).toHaveAccessibleName('Picked up order d2');
  await expectSeen(driver.next);
  await driver.take('d1', 'Undo');
  await driver.openStop('d1');
  await expectSeen(driver.stepButton('d1', 'Picked up'));
  await driver.take('d1', 'Picked up', 'Could not deliver');
  await expectSeen(driver.stepButton('d1', 'Nobody home'));
  await driver.take('d1', 'Nobody home');
  await expectSeen(driver.stepButton('d1', 'Undo'));
  await expectSeen(driver.next);
  await expect(driver.next).toHaveAccessibleName('Picked up order d2');

  // In the middle of the list nothing moves after a press.
  for (const step of ['Picked up', 'Delivered'] as const) {
    await driver.take('d5', step);
    await expectSeen(driver.stepButton('d5', 'Undo'));
  }
});

test('an address wraps after a comma, not within a part that fits in a line', async ({ hub, machine }) => {
  await order(hub, { c1: 10, c2: 20 });
  await hub.command(ana, [{ event: 'claimed', ...key('c1') }]);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  for (const place of [driver.parcel('c1'), driver.offer('c2')]) {
    const heading = place.getByRole('heading', { level: 3 });
    await expect(heading).toHaveText(/^c\d High Street, Upper Floor, Springfield$/);
    // A part that does not wrap is a single box.
    const linesOf = await heading.evaluate((element) => {
      const parts: number[] = [];
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent ?? '';
        const range = document.createRange();
        for (const { index, 0: word } of text.matchAll(/[^,]*[^,\s][^,]*/g)) {
          const from = index + word.length - word.trimStart().length;
          range.setStart(node, from);
          range.setEnd(node, index + word.trimEnd().length);
          parts.push(new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size);
        }
      }
      return parts;
    });
    expect(linesOf).toEqual([1, 1, 1]);
  }
});

/** Runs in the page. @returns the height of the highest gap between texts and controls */
function emptiest(): number {
  const bands: [number, number][] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement?.closest('button, a') ?? node.parentElement;
    if (node.textContent?.trim() && element?.checkVisibility()) {
      const { top, bottom } = element.getBoundingClientRect();
      bands.push([top, bottom]);
    }
  }
  bands.sort(([a], [b]) => a - b);
  let reached = 0;
  let most = 0;
  for (const [top, bottom] of bands) {
    most = Math.max(most, Math.min(top, innerHeight) - reached);
    reached = Math.max(reached, bottom);
  }
  return most;
}

test('no gap on a phone is higher than a sixth of the screen', async ({ hub, machine }) => {
  await order(hub, { c1: 10 });
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expectSeen(driver.next);
  expect(await driver.page.evaluate(emptiest)).toBeLessThan(phone.viewport.height / 6);
  await driver.claim('c1');
  for (const step of ['Picked up', 'Delivered'] as const) {
    await expectSeen(driver.stepButton('c1', step));
    expect(await driver.page.evaluate(emptiest)).toBeLessThan(phone.viewport.height / 6);
    await driver.take('c1', step);
  }
});

test('the connection and the duty switch stay visible in a small header while a long list scrolls', async ({
  hub,
  machine,
}) => {
  const ids = Array.from({ length: 8 }, (_, i) => `d${i}`);
  await order(hub, Object.fromEntries(ids.map((id) => [id, undefined])));
  await hub.command(
    ana,
    ids.map((id) => ({ event: 'claimed', ...key(id) })),
  );
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expect(driver.inHand).toHaveCount(8);
  await driver.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expectSeen(badge(driver.page));
  await expectSeen(driver.page.getByRole('switch', { name: 'On duty' }));
  const box = await driver.page.getByRole('banner').boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(64);
});

test('a driver who goes off duty is asked to release only what can be released', async ({ hub, machine }) => {
  await order(hub, { c1: undefined, c2: undefined });
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  const warning = driver.page.getByText('You are off duty and still have parcels in hand.');
  await driver.claim('c1');
  await driver.page.getByRole('switch', { name: 'On duty' }).click();
  await expect(warning).toContainText('release them');
  await driver.take('c1', 'Picked up');
  await expect(warning).toContainText('Deliver what you carry, or return it to the shop.');
  await expect(warning).not.toContainText(/release/i);
  await driver.page.getByRole('button', { name: 'Back on duty' }).click();
  await driver.claim('c2');
  await driver.page.getByRole('switch', { name: 'On duty' }).click();
  await expect(warning).toContainText('Release what you have not collected.');
});

test('a driver records offline who received a parcel, and the shop and the customer read it', async ({
  hub,
  machine,
  open,
  troubles,
}) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED/);
  await order(hub, { c1: undefined, c2: undefined });
  await hub.command(
    ana,
    ['c1', 'c2'].map((id) => ({ event: 'in-transit', ...key(id) })),
  );
  const context = await machine(phone);
  const driver = new DriverPage(await context.newPage());
  await driver.page.goto(path);
  await expect(driver.inHand).toHaveCount(2);
  await context.setOffline(true);
  await expect(badge(driver.page)).toContainText('Offline');
  await expectSeen(driver.stepButton('c1', 'Neighbour'));
  await driver.take('c1', 'Neighbour');
  await driver.parcel('c1').getByLabel('Received by').fill('Mrs Jones');
  await driver.take('c1', 'Delivered');
  await expect(driver.parcel('c1').getByRole('list', { name: 'Saved' })).toContainText(
    'Delivered Neighbour, Mrs Jones',
  );
  await driver.take('c2', 'Delivered');
  await context.setOffline(false);
  await expect.poll(() => hub.life('c2')).toContain('delivered');
  const delivered = (await hub.events()).filter(({ event }) => event === 'delivered');
  expect(delivered.map(({ payload, details }) => [payload.orderID, details])).toEqual([
    ['c1', { outcome: 'third-party', receivedBy: 'Mrs Jones' }],
    ['c2', undefined],
  ]);

  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expect(await vendor.details('c1')).toContainText('To a neighbour. Received by Mrs Jones.');
  const track = await open(await hub.trackingPath('red', 'c1'));
  await expectSeen(track.getByText('It was handed over to a neighbour, Mrs Jones.'));
});

test('the name of each button in a list has its visible word first, then its order', async ({
  hub,
  machine,
}) => {
  await order(hub, { c1: undefined, c2: undefined, c3: undefined });
  await hub.command(ana, [
    { event: 'claimed', ...key('c1') },
    { event: 'in-transit', ...key('c2') },
  ]);
  const driver = new DriverPage(await (await machine(phone)).newPage());
  await driver.page.goto(path);
  await expect(driver.inHand).toHaveCount(2);
  await expect(driver.offers).toHaveCount(1);
  const names = await namesIn(driver.page);
  expect(names.filter((name) => !/^\S.* order c\d$/u.test(name))).toEqual([]);
  expect(new Set(names).size, names.join('\n')).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['Claim order c3', 'Picked up order c1', 'Release order c1']));
});

/** The accessible names of the buttons and links in the page's lists. */
function namesIn(page: Page): Promise<string[]> {
  return page
    .getByRole('main')
    .getByRole('listitem')
    .locator('button, a')
    .evaluateAll((all) => all.map(({ textContent }) => textContent.replace(/\s+/gu, ' ').trim()));
}
