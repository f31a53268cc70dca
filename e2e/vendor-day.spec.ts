/** A shop's day, the paper that goes with its parcels, and what the code on a label opens. */

import { readFile } from 'node:fs/promises';
import { expect, type Page } from 'playwright/test';
import type { Command } from '../protocol/messages.ts';
import { localDayAt, momentsAt } from '../protocol/zoned-time.ts';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
const ben = { role: 'driver', driver: 'ben', name: 'Ben' };
const hours = (n: number): string => new Date(Date.now() + n * 3_600_000).toISOString();
const berlin = 'Europe/Berlin';
/** A time of a shop in Berlin, so many days from today. */
const inBerlin = (days: number, time: string): string => {
  const day = new Date(Date.parse(localDayAt(Date.now(), berlin)) + days * 86_400_000);
  return new Date(momentsAt(`${day.toISOString().slice(0, 10)}T${time}`, berlin)[0] ?? 0).toISOString();
};
const order = (store: string, orderID: string, more = {}): Command => ({
  event: 'pickup',
  payload: { store, orderID, customer: `Customer ${orderID}`, address: `${orderID} Elm Street`, ...more },
});
const steps = (orderID: string, ...events: ('in-transit' | 'delivered' | 'returning' | 'returned')[]) =>
  events.map((event): Command => ({ event, payload: { store: 'red', orderID } }));

async function place(hub: Hub, store: string, orders: readonly Command[]): Promise<void> {
  await hub.command({ role: 'vendor', store }, orders);
}

async function saveProfile(hub: Hub, profile: Readonly<Record<string, string>>): Promise<void> {
  await fetch(`${hub.url}/api/stores/red?as=store:red`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  });
}

async function addRepeat(
  hub: Hub,
  { from, start, end, customer }: Readonly<Record<'from' | 'start' | 'end' | 'customer', string>>,
): Promise<void> {
  const order = { customer, address: '3 Cathedral Street' };
  const answer = await fetch(`${hub.url}/api/stores/red/repeats?as=store:red`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU', from, start, end, order }),
  });
  expect(answer.status).toBe(201);
}

/** A shop in Berlin, and one other. 520 parcels are delivered, which is more than a page of the hub's answers. */
async function seedDay(hub: Hub): Promise<void> {
  await saveProfile(hub, { name: 'Red Flowers', address: '1 Rose Square', timeZone: berlin });
  const many = Array.from({ length: 520 }, (_, i) => `many-${i}`);
  await place(hub, 'red', [
    ...many.map((id, i) => order('red', id, { customer: `${i < 200 ? 'Alpha' : 'Beta'} ${i}` })),
    order('red', 'late', { dueAt: inBerlin(0, '00:00') }),
    order('red', 'early', { dueAt: inBerlin(0, '23:59') }),
    order('red', 'soon', { notBefore: inBerlin(1, '09:00'), dueAt: inBerlin(1, '12:00') }),
    ...['failed', 'back', 'off', 'undone'].map((id) => order('red', id)),
  ]);
  await hub.command(
    ana,
    many.flatMap((id) => steps(id, 'in-transit', 'delivered')),
  );
  await hub.command(ben, [
    ...steps('late', 'in-transit', 'delivered'),
    ...steps('early', 'in-transit', 'delivered'),
    ...steps('undone', 'in-transit', 'delivered'),
    { event: 'corrected', payload: { store: 'red', orderID: 'undone' }, details: { rev: 3 } },
    ...steps('failed', 'in-transit'),
    {
      event: 'attempt-failed',
      payload: { store: 'red', orderID: 'failed' },
      details: { reason: 'not-home' },
    },
    ...steps('back', 'in-transit', 'returning', 'returned'),
  ]);
  await hub.command({ role: 'vendor', store: 'red' }, [
    { event: 'cancelled', payload: { store: 'red', orderID: 'off' }, details: { reason: 'sold out' } },
  ]);
  // Nothing of this may stand on anything of red's.
  await place(hub, 'blue', [order('blue', 'secret'), order('blue', 'late')]);
  await hub.command(ben, [
    { event: 'in-transit', payload: { store: 'blue', orderID: 'secret' } },
    { event: 'delivered', payload: { store: 'blue', orderID: 'secret' } },
  ]);
}

/** Sizes in points of the pages that would come out of a printer. */
async function printed(page: Page): Promise<string[]> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const text = pdf.toString('latin1');
  const boxes = Array.from(text.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g));
  return boxes.map(([, width, height]) => `${Math.round(Number(width))}×${Math.round(Number(height))}`);
}

/** In the page: the labels on which something is outside of the sheet. */
const cutLabels = (): string[] =>
  Array.from(document.querySelectorAll('[data-label]'))
    .filter((label) => {
      const sheet = label.getBoundingClientRect();
      return Array.from(label.querySelectorAll('*')).some((part) => {
        const { left, right, bottom } = part.getBoundingClientRect();
        return left < sheet.left - 1 || right > sheet.right + 1 || bottom > sheet.bottom + 1;
      });
    })
    .map((label) => label.getAttribute('aria-label') ?? '');

const [a6, a4] = ['298×420', '595×842'];

test('a shop sees what became of the orders of a day, and prints and exports them', async ({ hub, open }) => {
  await seedDay(hub);
  const page = await open('/vendor?store=red&auto=off');
  const vendor = new ShopPage(page);
  await vendor.more('A day’s orders');
  const day = page.getByRole('region', { name: 'A day’s orders' });
  const counts = day.getByRole('navigation', { name: 'Orders of the day by what became of them' });
  const counted = (part: string) => counts.getByRole('link', { name: new RegExp(`${part}$`) });
  await expectSeen(counted('Delivered'));
  await expect(counts.getByRole('link')).toHaveText([
    ...['526Orders', '1Open', '522Delivered', '1On time', '1Late', '1Failed', '1Returned', '1Cancelled'],
  ]);
  const couriers = day.getByRole('region', { name: 'By courier' });
  await expect(couriers.getByRole('listitem')).toHaveText([
    /^Ana520 Delivered$/,
    /^Ben1 Open2 Delivered1 On time1 Late1 Failed1 Returned$/,
    /^No courier1 Cancelled$/,
  ]);

  // The day goes on while it is looked at.
  await hub.command(ben, steps('undone', 'delivered'));
  await expect(counted('Delivered')).toHaveText('523Delivered');

  // A count is a link to those that it counts, and stays so over a reload.
  await couriers.getByRole('link', { name: 'Ben: 1 Late' }).click();
  const rows = day.getByRole('region', { name: 'Orders of the day' }).getByRole('listitem');
  await expect(rows).toHaveText([/Customer late · late.*late Elm Street.*LateBy 12:00 AM.*Ben/]);
  await page.reload();
  await expect(rows).toHaveText([/Customer late · late/]);
  await expectNoViolationsInAnyLook(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await vendor.customer.fill('half typed');

  // What is printed is what is shown, and the order's panel has a label, too.
  await day.getByRole('button', { name: 'List for the courier' }).click();
  await expectSeen(page.getByRole('cell', { name: /Red Flowers · Ben/ }));
  await expect(page.getByRole('row')).toHaveCount(3);
  expect(await printed(page)).toEqual([a4]);
  await page.getByRole('button', { name: 'Back to the orders' }).click();
  await expect(day.getByRole('button', { name: 'List for the courier' })).toBeFocused();
  await rows.getByRole('button', { name: 'Customer late · late, details of the order' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Print label' }).click();
  await expectSeen(page.getByRole('article', { name: 'Label of late' }));
  expect(await printed(page)).toEqual([a6]);
  await expectNoViolationsInAnyLook(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Back to the orders' }).click();

  await counted('Failed').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    day.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const table = await readFile(await download.path(), 'utf8');
  expect(download.suggestedFilename()).toMatch(/^orders-red-\d{4}-\d\d-\d\d\.csv$/);
  expect(table.split('\r\n')).toHaveLength(3);
  expect(table).toMatch(
    /\r\nfailed,Customer failed,.*,failed,Ben,1,not-home,,,,,http.*\/scan\?store=red&order=failed,.*\+0\d:00/,
  );

  await day.getByRole('link', { name: 'Yesterday' }).click();
  await expectSeen(day.getByText('No orders for this day.'));
  await expectSeen(
    day.getByText('Each order counts on the day it is due; without a time, on the day it was ordered.'),
  );

  // A day to come shows what is planned for it, and what is moved there.
  await day.getByRole('link', { name: 'Tomorrow' }).click();
  await counted('Orders').click();
  await expect(rows).toHaveText([/^ReadyCustomer soon · soonsoon Elm Street0?9:00.*12:00/]);
  await hub.command({ role: 'vendor', store: 'red' }, [
    {
      event: 'amended',
      payload: { store: 'red', orderID: 'soon' },
      details: { dueAt: inBerlin(2, '12:00') },
    },
  ]);
  await expectSeen(day.getByText('No orders for this day.'));
  // What repeats is on its day before the hub makes the order.
  const tomorrow = localDayAt(Date.parse(inBerlin(1, '12:00')), berlin);
  await addRepeat(hub, { from: tomorrow, start: '09:00', end: '11:30', customer: 'Dr. Weiß' });
  const coming = day.getByRole('region', { name: 'Repeating orders' });
  await day.getByRole('link', { name: 'Today' }).click();
  await expect(coming).toHaveCount(0);
  await day.getByRole('link', { name: 'Tomorrow' }).click();
  await expectSeen(coming.getByText('1 repeating order is still to come on this day:'));
  await expect(coming.getByRole('listitem')).toHaveText([/^Dr\. Weiß0?9:00.*11:30/]);
  await day.getByLabel('Another day').fill(localDayAt(Date.parse(inBerlin(2, '12:00')), berlin));
  await expect(rows).toHaveText([/^ReadyCustomer soon · soonsoon Elm Street/]);
  await day.getByRole('link', { name: 'All orders' }).click();
  await expectSeen(vendor.rows.first());
  // All this went on beside what was being typed.
  await expect(vendor.customer).toHaveValue('half typed');
  expect(await page.content()).not.toContain('secret');
});

test('a shop reads and changes the times of its orders by its own clock', async ({ hub, open }) => {
  await saveProfile(hub, { timeZone: 'Asia/Tokyo', hours: 'Daily 7:30–13:00' });
  await place(hub, 'red', [
    order('red', 'noon', {
      notBefore: '2020-06-01T01:00:00Z',
      dueAt: '2090-06-01T03:00:00Z',
      email: 'noon@a.example',
    }),
  ]);
  const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
  await expectSeen(vendor.order('noon').getByText('Jun 1, 12:00'));
  await expect(vendor.order('noon').getByText('Jun 1, 12:00')).toHaveAttribute('title', /\(Asia\/Tokyo\)$/);
  const details = await vendor.details('noon');
  await expectSeen(details.getByText(/^From Jun 1, 10:00/));
  const email = details.getByRole('link', { name: 'noon@a.example' });
  await expectSeen(email);
  await expect(email).toHaveAttribute('href', 'mailto:noon@a.example');
  await expect(vendor.order('noon').getByText(/^From/)).toHaveCount(0);
  await details.getByRole('button', { name: 'Change order' }).click();
  await expect(details.getByLabel('Due')).toHaveValue('2090-06-01T12:00');
  await expectSeen(details.getByText('Times are those of Asia/Tokyo.'));
  await details.getByLabel('Due').fill('2090-06-01T18:30');
  await details.getByRole('button', { name: 'Save changes' }).click();
  await expectSeen(details.getByText('Jun 1, 6:30').first());
  const [placed] = await hub.orders('red');
  expect(placed?.payload.dueAt).toBe('2090-06-01T09:30:00.000Z');

  // Tomorrow begins when the shop opens. Where it is closed, the form says so, and takes the order.
  const { page } = vendor;
  const form = page.getByRole('form', { name: 'New order' });
  const tomorrow = new Date(Date.parse(localDayAt(Date.now(), 'Asia/Tokyo')) + 86_400_000);
  const day = tomorrow.toISOString().slice(0, 10);
  await page.keyboard.press('Escape');
  await form.getByText('Due time, phone, note').click();
  await form.getByRole('button', { name: 'Tomorrow' }).click();
  await expect(form.getByLabel('Not before')).toHaveValue(`${day}T07:30`);
  await expect(form.getByLabel('Due (optional)')).toHaveValue(`${day}T13:00`);
  const weekday = new Intl.DateTimeFormat('en', { timeZone: 'UTC', weekday: 'short' }).format(tomorrow);
  const hours = `Daily 7:30–13:00, ${weekday} closed`;
  await saveProfile(hub, { timeZone: 'Asia/Tokyo', hours });
  await page.reload();
  await form.getByText('Due time, phone, note').click();
  await expectSeen(form.getByText('Times are those of Asia/Tokyo.'));
  await form.getByRole('button', { name: 'Tomorrow' }).click();
  await expectSeen(form.getByText(`Closed tomorrow: ${hours}`));
  await expect(form.getByLabel('Not before')).toHaveValue(`${day}T09:00`);
});

test('two hundred labels are two hundred sheets, on which nothing is cut off', async ({ hub, open }) => {
  const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe '.repeat(6);
  const usual = Array.from({ length: 198 }, (_, i) =>
    order('red', `2026-11-${1_000 + i}`, {
      ...{ phone: '+49 30 1234567', notBefore: hours(1), dueAt: hours(3) },
      note: 'Ring twice, third floor, and leave it with the neighbour.',
    }),
  );
  await place(hub, 'red', [
    ...usual,
    order('red', 'long', { customer: long, address: `${long}\n12 Road`, note: long }),
    order('red', 'arabic', {
      customer: 'هدى صوفي باركر',
      address: '835 شارع ملوك، الطابق 3',
      note: 'اتصل قبل الوصول',
    }),
  ]);
  await place(hub, 'blue', [order('blue', 'secret')]);
  const page = await open('/vendor?store=red&auto=off');
  await new ShopPage(page).more('Labels for 200 orders');
  const labels = page.getByRole('article', { name: /^Label of / });
  await expectSeen(labels.first());
  await expect(labels).toHaveCount(200);
  await expect(page.getByRole('article', { name: 'Label of 2026-11-1000' })).toContainText('+49 30 1234567');
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(cutLabels)).toEqual([]);
  await page.emulateMedia({ media: null });
  expect(await printed(page)).toEqual(Array.from({ length: 200 }, () => a6));

  // What is not wanted is left out, and what fits on no sheet goes on on the next.
  await page.getByRole('checkbox', { name: 'Print arabic' }).uncheck();
  expect(await printed(page)).toHaveLength(199);
  await page.getByRole('radio', { name: 'One list, A4' }).check();
  await expect(page.getByRole('row')).toHaveCount(2 + 199);
  const lists = await printed(page);
  expect(new Set(lists)).toEqual(new Set([a4]));
  expect(lists.length).toBeGreaterThan(15);
  expect(await page.content()).not.toContain('secret');
});

test('the code on a label opens the parcel for whoever scans it, and does nothing with it', async ({
  hub,
  machine,
  troubles,
}) => {
  // The hub's answer to whoever asks for what is not theirs.
  troubles.expect(/status of 40[49]/);
  await place(hub, 'red', [order('red', '1042', { customer: 'Élodie Marchand' })]);
  const scan = '/scan?store=red&order=1042';
  const visit = async (...paths: readonly string[]): Promise<Page> => {
    const page = await (await machine()).newPage();
    for (const path of paths) {
      await page.goto(path);
      // It has stored who it is.
      if (path !== paths.at(-1)) await expect(badge(page)).toContainText('Live');
    }
    return page;
  };

  // A stranger sees nothing of it, however the address was written.
  const stranger = await visit('/SCAN/?store=red&order=1042');
  await expectSeen(stranger.getByRole('heading', { name: 'This is the code of a parcel.' }));
  expect(await stranger.content()).not.toMatch(/Élodie|Elm Street/);
  await expectNoViolationsInAnyLook(stranger);

  // A courier has its next step one tap away.
  const courier = await visit('/driver?driver=ana&auto=off', scan);
  const claim = courier
    .getByRole('region', { name: 'Scanned parcel' })
    .getByRole('button', { name: /^Claim/ });
  await expectSeen(claim);
  // It is the only one, until the parcel is put away.
  await expect(courier.getByRole('button', { name: /^Claim/ })).toHaveCount(1);
  await courier.getByRole('button', { name: 'Close' }).click();
  await expectSeen(courier.getByRole('button', { name: 'Claim order 1042' }));
  await courier.goto(scan);
  await expectSeen(claim);
  expect(await hub.life('1042')).toEqual(['pickup']);
  await claim.click();
  const hand = courier.getByRole('region', { name: 'In hand' });
  const pickedUp = hand.getByRole('button', { name: /^Picked up/ });
  await expectSeen(pickedUp);
  await expect(courier.getByRole('region', { name: 'Scanned parcel' })).toHaveCount(0);
  await courier.goto(scan);
  await expectSeen(pickedUp);
  await expect(pickedUp).toBeFocused();
  expect(await hub.life('1042')).toEqual(['pickup', 'claimed']);

  // Another one reads who has it.
  const other = await visit('/driver?driver=ben&auto=off', scan);
  await expectSeen(other.getByRole('region', { name: 'Scanned parcel' }).getByText('Taken by ana.'));
  expect(await other.content()).not.toMatch(/Élodie|Elm Street/);
  await expectNoViolationsInAnyLook(other);

  // Its shop has its panel; another shop is a stranger.
  const shop = await visit('/vendor?store=red&auto=off', scan);
  await expectSeen(shop.getByRole('dialog', { name: 'Élodie Marchand · 1042' }));
  const blue = await visit('/vendor?store=blue&auto=off', scan);
  await expectSeen(blue.getByRole('heading', { name: 'This is the code of a parcel.' }));
  await blue.goto('/vendor?order=1042&store=blue');
  await expectSeen(blue.getByRole('dialog').getByText('There is no such order in this shop.'));
  expect(await blue.content()).not.toMatch(/Élodie|Elm Street/);

  // Dispatch has its panel. Who is several, is asked.
  await stranger.setViewportSize({ width: 1280, height: 800 });
  await stranger.getByRole('link', { name: 'I am dispatch' }).click();
  const panel = stranger.getByRole('region', { name: 'Parcel details' });
  await expectSeen(panel.getByText('Élodie Marchand').first());
  await shop.goto('/driver?driver=cyd&auto=off');
  await expect(badge(shop)).toContainText('Live');
  await shop.goto(scan);
  await expect(shop.getByRole('listitem').getByRole('link')).toHaveText(['Courier cyd', 'Shop red']);
  await shop.getByRole('link', { name: 'Courier cyd' }).click();
  await expectFound(shop.getByText('Taken by ana.'));
});
