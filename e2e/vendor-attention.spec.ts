/** The order of a shop's list: urgent orders are above, stay in place, and have clear names. */

import { expect, type Locator, type Page } from 'playwright/test';
import type { Command } from '../protocol/messages.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen, expectUnseen } from '../testkit/browser/seen.ts';

const red = { role: 'vendor', store: 'red' };
const ana = { role: 'driver', driver: 'ana' };
const key = (orderID: string) => ({ store: 'red', orderID });
const minutes = (n: number): string => new Date(Date.now() + n * 60_000).toISOString();
const order = (orderID: string, more = {}): Command => ({
  event: 'pickup',
  payload: { ...key(orderID), customer: `Customer ${orderID}`, address: `${orderID} Elm Street`, ...more },
});
const step = (event: 'in-transit' | 'returning' | 'delivered', orderID: string): Command => ({
  event,
  payload: key(orderID),
});

/** Forty orders, placed at the same time; the oldest have problems. */
async function seed(hub: Hub): Promise<void> {
  await hub.command(red, [
    order('late', { dueAt: minutes(-12) }),
    order('failed'),
    order('returning'),
    ...Array.from({ length: 37 }, (_, i) => order(`order-no-${100 + i}`)),
  ]);
  await hub.command(ana, [
    step('in-transit', 'failed'),
    { event: 'attempt-failed', payload: key('failed'), details: { reason: 'refused' } },
    step('in-transit', 'returning'),
    step('returning', 'returning'),
  ]);
}

const idsOf = async (page: Page): Promise<string[]> => {
  const texts = await page
    .getByRole('region', { name: 'Orders' })
    .getByRole('listitem')
    .getByRole('button', { name: /, details of the order$/ })
    .allInnerTexts();
  return texts.map((text) => text.split(' · ')[1] ?? '');
};

test('a shop sees urgent orders first, whatever the order of arrival', async ({ hub, open }) => {
  await seed(hub);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expectSeen(vendor.page.getByRole('heading', { name: 'Needs attention' }));
  for (const id of ['failed', 'late', 'returning']) await expectSeen(vendor.order(id).first());
  const before = await idsOf(vendor.page);
  expect(before.slice(0, 5)).toEqual(['failed', 'late', 'returning', 'order-no-136', 'order-no-135']);

  // After a record the order has the same position as on a page that is loaded later.
  await hub.command(ana, [
    step('in-transit', 'order-no-101'),
    { event: 'attempt-failed', payload: key('order-no-101'), details: { reason: 'not-home' } },
  ]);
  await expectSeen(vendor.order('order-no-101').getByText('Failed'));
  const now = await idsOf(vendor.page);
  expect(now.slice(0, 4)).toEqual(['failed', 'order-no-101', 'late', 'returning']);
  await vendor.page.reload();
  await expectSeen(vendor.rows.first());
  await expect.poll(() => idsOf(vendor.page)).toEqual(now);

  // A new order appears below the urgent ones, above all others.
  await vendor.send('Hulda Parker', '835 Meluk Pass');
  await expectSeen(vendor.order('Hulda Parker').getByText('Ready'));
  await vendor.search.fill('elm street -event:ready');
  await expectSeen(vendor.order('returning'));
  await expectUnseen(vendor.order('Hulda Parker'));
});

test('a shop confirms a return in place and undoes that', async ({ hub, open }) => {
  await seed(hub);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expectSeen(vendor.rows.first());
  const ids = await idsOf(vendor.page);
  await vendor.press('Customer returning', 'Returned, we have it');
  await expect(vendor.order('Customer returning')).toContainText('Returned');
  await expectSeen(vendor.button('Customer returning', 'Undo'));
  expect((await idsOf(vendor.page)).slice(0, 5)).toEqual(ids.slice(0, 5));
  await vendor.press('Customer returning', 'Undo');
  await expectSeen(vendor.button('Customer returning', 'Returned, we have it'));
  await vendor.press('Customer returning', 'Returned, we have it');
  await expect(vendor.counted('Returned')).toContainText('1');
  await expect(vendor.button('Customer returning', 'Undo')).toBeFocused();
  expect(await hub.life('returning')).toEqual([
    'pickup',
    'in-transit',
    'returning',
    'returned',
    'corrected',
    'returned',
  ]);
});

test('the name of each button in the list has its visible word first, then its order', async ({
  hub,
  open,
}) => {
  await hub.command(red, [order('1042', { customer: 'Élodie Marchand' })]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const row = vendor.order('1042');
  const named = (name: string): Locator => row.getByRole('button', { name, exact: true });
  await expect(named('Élodie Marchand · 1042, details of the order')).toHaveText('Élodie Marchand · 1042');
  await expect(named('Track order 1042 for Élodie Marchand')).toHaveText('Track');
  await named('Cancel order 1042 for Élodie Marchand').click();
  await expect(named('Undo, order 1042 for Élodie Marchand')).toHaveText('Undo');
  await expect(named('Undo, order 1042 for Élodie Marchand')).toBeFocused();
});

test('a thank-you names the customer; the empty list mentions earlier deliveries', async ({ hub, open }) => {
  await hub.command(red, [order('1', { customer: 'Ben Okri' }), order('2', { customer: 'Élodie Marchand' })]);
  await hub.command(ana, [step('in-transit', '1'), step('delivered', '1'), step('in-transit', '2')]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  const thanks = vendor.page.getByRole('region', { name: 'Thank-yous' });
  await expectSeen(thanks.getByText('1 order was delivered before.'));
  await expect(thanks).not.toContainText('No thank-yous');
  // Nobody has opened the order yet.
  await expect(thanks).not.toContainText('last looked');
  await hub.command(ana, [step('delivered', '2')]);
  await expectSeen(thanks.getByText('Élodie Marchand · Thank you for delivering 2'));
  await vendor.page.reload();
  await expectSeen(thanks.getByText('Nothing was delivered since you last looked.'));
});

test('on a phone the orders are above the simulator, and a wide screen is filled', async ({
  hub,
  machine,
}) => {
  await seed(hub);
  const open = async (width: number, height: number) => {
    const page = await (await machine({ viewport: { width, height } })).newPage();
    await page.goto('/vendor?store=red&auto=off');
    await expectFound(new ShopPage(page).rows.first());
    return new ShopPage(page);
  };
  const boxOf = async (locator: Locator) => {
    const box = await locator.boundingBox();
    if (!box) throw new Error(`${locator} has no place.`);
    return box;
  };
  const phone = await open(390, 844);
  const orders = phone.page.getByRole('region', { name: 'Orders' });
  const simulator = phone.page.getByRole('region', { name: 'Simulator' });
  expect((await boxOf(orders)).y).toBeLessThan((await boxOf(simulator)).y);
  await expectSeen(phone.sendOrder);
  await phone.page.getByRole('link', { name: 'Simulator' }).click();
  await expectSeen(phone.autoOrders);

  const wide = await open(1920, 1080);
  const { width } = await boxOf(wide.page.getByRole('region', { name: 'Orders' }));
  expect(width).toBeGreaterThan(1_000);
  const thanks = await boxOf(wide.page.getByRole('region', { name: 'Thank-yous' }));
  expect(thanks.x + thanks.width).toBeGreaterThan(1_850);
  const aside = await boxOf(wide.page.getByRole('region', { name: 'Simulator' }));
  expect((await boxOf(wide.sendOrder)).y).toBeLessThan(aside.y);

  // A driver's name stays readable beside a long id.
  await hub.command(red, [order('2026-11-29-import-0001')]);
  await hub.command({ role: 'driver', driver: 'm', name: 'Maximiliane' }, [
    { event: 'claimed', payload: key('2026-11-29-import-0001') },
  ]);
  const tablet = await open(768, 1024);
  const name = tablet.order('2026-11-29').getByText('Maximiliane');
  await expectSeen(name);
  expect((await boxOf(name)).width).toBeGreaterThan(60);
});

test('the cost of a stream is bounded, and gliding rows are not repainted', async ({ hub, open }) => {
  await hub.command(
    red,
    Array.from({ length: 40 }, (_, i) => order(`o${i}`)),
  );
  const page = await open('/vendor?store=red&auto=off');
  const vendor = new ShopPage(page);
  await expect(vendor.counted('Ready')).toContainText('40');
  await page.evaluate(watch);
  for (let i = 0; i < 40; i += 1)
    await hub.command(ana, [step('in-transit', `o${i}`), step('delivered', `o${i}`)]);
  await expect(vendor.counted('Delivered')).toContainText('40');
  // The last render may only just have started to glide.
  await expect.poll(() => page.evaluate(() => window.watched().animated.length)).toBeGreaterThan(0);
  const { draws, ms, animated } = await page.evaluate(() => window.watched());
  // Two renders a second, and the first and the last one.
  expect(draws).toBeLessThanOrEqual(2 + ms / 450);
  expect(animated.filter((name) => name !== 'transform' && name !== 'opacity')).toEqual([]);
});

declare global {
  interface Window {
    /** Number of renders of the counts, the time, and the animations. */
    watched: () => { draws: number; ms: number; animated: string[] };
  }
}

/** Runs in the page. */
function watch(): void {
  const started = performance.now();
  const animated = new Set<string>();
  let draws = 0;
  const counts = document.querySelector('[aria-label="Orders by status"]');
  if (!counts) throw new Error('The page has no counts.');
  new MutationObserver(() => {
    draws += 1;
  }).observe(counts, { characterData: true, childList: true, subtree: true });
  document.addEventListener('animationstart', () => {
    for (const { effect } of document.getAnimations()) {
      if (!(effect instanceof KeyframeEffect)) continue;
      for (const frame of effect.getKeyframes()) {
        for (const name of Object.keys(frame)) {
          if (!/^(offset|computedOffset|easing|composite)$/.test(name)) animated.add(name);
        }
      }
    }
  });
  window.watched = () => ({ draws, ms: performance.now() - started, animated: [...animated] });
}
