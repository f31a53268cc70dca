import { expect, type Locator, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, pressStill, ShopPage } from '../testkit/browser/pages.ts';
import { photoOf } from '../testkit/browser/photos.ts';
import { pinPad, proofChip, sign } from '../testkit/browser/proof-page.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1', serviceWorkers: 'allow' });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const ana = { role: 'driver', driver: 'ana' };
const shop = { role: 'vendor', store: 'red' };
const minuteMs = 60_000;
const ids = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'] as const;
const key = (orderID: string) => ({ payload: { store: 'red', orderID } });
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minuteMs).toISOString();

const order = (orderID: string, more: { dueAt?: string; notBefore?: string }) => ({
  event: 'pickup' as const,
  payload: {
    ...{
      store: 'red',
      orderID,
      customer: `Customer ${orderID}`,
      address: `${orderID} Elm Street, Springfield`,
    },
    ...more,
  },
});

/** Where the list of parcels in hand ends, from the top of the page. */
async function endOfList(page: Page): Promise<number> {
  const box = await page.getByRole('region', { name: 'In hand' }).boundingBox();
  return (box?.y ?? 0) + (box?.height ?? 0) + (await page.evaluate(() => scrollY));
}

test('a shift with eight parcels, no network in the middle, an order that changes, and the tab closed and opened', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED|status of 404/);
  await hub.command(shop, [
    ...ids.map((id, i) => order(id, { dueAt: inMinutes(i * 20 - 10) })),
    order('evening', { notBefore: inMinutes(180), dueAt: inMinutes(240) }),
  ]);
  const asked = { photo: 'offered', signature: 'offered', pin: 'offered', receivedBy: 'offered' };
  const profile = {
    ...{ name: 'Zoë’s flowers', address: '1206 Pike Street', phone: '+1 206 555 0199' },
    proofs: { delivery: asked },
  };
  await fetch(`${hub.url}/api/stores/red?as=store:red`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(profile),
  });
  const context = await machine(phone);
  let driver = new DriverPage(await context.newPage());
  await driver.page.goto('/driver?driver=ana&auto=off');

  await test.step('what is for later waits behind one line', async () => {
    await expect(driver.offers).toHaveCount(8);
    await expect(driver.offer('p1')).toContainText('Late by 10 min');
    const later = driver.page.getByRole('button', { name: '1 for later' });
    await expectFound(later);
    await pressStill(later);
    await expect(driver.offer('evening')).toContainText('Not before');
    await pressStill(later);
    await expect(driver.offer('evening')).toHaveCount(0);
  });

  await test.step('eight parcels to collect at one shop take a screen and a half', async () => {
    for (const id of ['p8', 'p7'] as const) await driver.claim(id);
    await hub.command(
      ana,
      ids.slice(0, 6).map((id) => ({ event: 'claimed', ...key(id) })),
    );
    await expect(driver.inHand).toContainText([...ids]);
    await expectFound(driver.page.getByRole('heading', { name: 'Collect at Zoë’s flowers' }));
    await expectSeen(driver.page.getByText('1206 Pike Street'));
    const call = driver.page.getByRole('link', { name: 'Call Zoë’s flowers' });
    await expect(call).toHaveAttribute('href', 'tel:+12065550199');
    await expect(driver.page.getByRole('link', { name: 'Maps Zoë’s flowers' })).toHaveCount(1);
    await driver.page.evaluate(() => scrollTo(0, 0));
    await expectSeen(driver.next);
    expect(await endOfList(driver.page)).toBeLessThanOrEqual(1.5 * phone.viewport.height);
    await expect(driver.parcel('p1')).toContainText('Late by 10 min');
  });

  await test.step('all of it is picked up at once, and what the driver puts first stays first', async () => {
    await pressStill(driver.page.getByRole('button', { name: 'Picked up all 8 at Zoë’s flowers' }));
    await expectSeen(driver.page.getByRole('button', { name: 'Undo all 8 at Zoë’s flowers' }));
    for (const id of ids) await expect.poll(() => hub.life(id)).toContain('in-transit');
    await driver.take('p5', 'Do next');
    await expect(driver.next).toHaveAccessibleName('Delivered order p5');
    await expectSeen(driver.stepButton('p5', 'Later'));
    await driver.take('p5', 'Later');
    await expect(driver.next).toHaveAccessibleName('Delivered order p1');
    await expect(driver.inHand).toContainText(['p1', 'p2', 'p3', 'p4', 'p6', 'p7', 'p8', 'p5']);
    // It is the last one already.
    await driver.openStop('p5');
    await expect(driver.stepButton('p5', 'Later')).toHaveCount(0);
    await driver.take('p5', 'Do next');
    await expect(driver.next).toHaveAccessibleName('Delivered order p5');
    await driver.page.reload();
    await expect(driver.inHand).toContainText(['p5', 'p1', 'p2', 'p3', 'p4', 'p6', 'p7', 'p8']);
    await expect(driver.next).toHaveAccessibleName('Delivered order p5');
    await driver.page.evaluate(() => navigator.serviceWorker.ready);
  });

  const customer = await (await machine({ javaScriptEnabled: false })).newPage();
  const pinOf = async (id: string): Promise<string> => {
    await customer.goto(await hub.trackingPath('red', id));
    const words = customer.getByText(/^Tell the driver this number at the door:/);
    await expectFound(words);
    return (await words.innerText()).replace(/\D/g, '');
  };
  const askedFor = async (id: string): Promise<Locator> => {
    await driver.openStop(id);
    await pressStill(proofChip(driver, id, 'PIN'));
    await expect(pinPad(driver.page)).toBeFocused();
    return pinPad(driver.page);
  };

  await test.step('a wrong PIN is said in words and counted; the one on the customer’s page is right', async () => {
    const pin = await pinOf('p3');
    expect(pin).toMatch(/^\d{4}$/);
    const pad = await askedFor('p3');
    await driver.page.keyboard.type(pin === '0000' ? '1111' : '0000');
    await expectFound(pad.getByRole('alert').filter({ hasText: 'Wrong PIN. Ask for it again.' }));
    await driver.page.keyboard.type(pin);
    await expectFound(driver.parcel('p3').getByText('The PIN is right.'));
    await driver.take('p3', 'Delivered');
    await expect
      .poll(() => hub.life('p3'))
      .toEqual(['pickup', 'claimed', 'in-transit', 'proof', 'proof', 'delivered']);
  });

  const board = await (await machine({ viewport: { width: 1280, height: 800 } })).newPage();

  await test.step('after five wrong ones not even the right one is taken, until dispatch has looked', async () => {
    const pin = await pinOf('p4');
    const pad = await askedFor('p4');
    for (const wrong of ['0000', '1111', '2222', '3333', '4444', '5555']
      .filter((one) => one !== pin)
      .slice(0, 5)) {
      await driver.page.keyboard.type(wrong);
      await expectFound(pad.getByRole('alert').filter({ hasText: /^Wrong PIN|^Five PINs were wrong/ }));
    }
    await driver.page.keyboard.type(pin);
    const words = 'Five PINs were wrong. Dispatch has been told and has to look at this parcel.';
    await expectFound(pad.getByRole('alert').filter({ hasText: words }));
    const call = pad.getByRole('link', { name: 'Call the shop order p4' });
    await expectSeen(call);
    await expect(call).toHaveAttribute('href', 'tel:+12065550199');
    await expectSeen(pad.getByRole('button', { name: /^Note to dispatch/ }));
    await board.goto('/board');
    const row = board.getByRole('listbox', { name: /^Needs you/ }).locator('[data-order="p4"]');
    await expectSeen(row);
    await row.click();
    const details = board.getByRole('region', { name: 'Parcel details' });
    await expectFound(details.getByText('Five PINs of ana were wrong', { exact: true }));
    await details.getByRole('button', { name: 'Seen', exact: true }).click();
    await expect(row).toHaveCount(0);
    await expectFound(pad.getByRole('button', { name: '1', exact: true }));
    await expect(pad.getByRole('alert')).toHaveCount(0);
    await driver.page.keyboard.type(pin);
    await expectFound(driver.parcel('p4').getByText('The PIN is right.'));
    await driver.take('p4', 'Delivered');
    await expect.poll(() => hub.life('p4')).toContain('delivered');
  });

  const pinOfP5 = await pinOf('p5');
  await test.step('without network: delivered to a neighbour, and nobody home', async () => {
    await context.setOffline(true);
    await expect(badge(driver.page)).toContainText('Offline');
    await driver.take('p5', 'Neighbour');
    await driver.parcel('p5').getByLabel('Received by').fill('Mrs Jones');
    await driver
      .parcel('p5')
      .locator('input[type=file]')
      .setInputFiles(await photoOf(driver.page, 60, 40));
    await expectFound(driver.parcel('p5').getByRole('img', { name: 'The photo' }));
    await pressStill(proofChip(driver, 'p5', 'Signature'));
    await sign(driver.page, [0.1, 0.7], [0.3, 0.2], [0.5, 0.8], [0.9, 0.3]);
    await pressStill(driver.page.getByRole('button', { name: 'Done', exact: true }));
    await expectFound(driver.parcel('p5').getByRole('img', { name: 'The signature' }));
    await askedFor('p5');
    await driver.page.keyboard.type(pinOfP5);
    await expectFound(driver.parcel('p5').getByText('Saved. The PIN is checked when there is network.'));
    await driver.take('p5', 'Delivered');
    await driver.take('p1', 'Could not deliver', 'Nobody home');
    await driver.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await expectSeen(driver.page.getByText('This device has no network.'));
  });

  await test.step('dispatch changes an order meanwhile; the tab is closed and opened', async () => {
    await hub.command({ role: 'admin' }, [
      { event: 'amended', ...key('p2'), details: { address: '2 New Road, Springfield' } },
    ]);
    await driver.page.close();
    driver = new DriverPage(await context.newPage());
    await driver.page.goto('/driver?auto=off');
    await expect(driver.inHand).toContainText(['p2', 'p6', 'p7', 'p8', 'p1', 'p5']);
    await expect(driver.parcel('p5')).toContainText('Saved, will send');
    await expect(driver.next).toHaveAccessibleName('Delivered order p2');
    await driver.openStop('p6');
    await context.setOffline(false);
    await expectFound(driver.parcel('p2').getByText('Order changed'));
    await expect(driver.page.locator('[aria-live="polite"]')).toContainText('Order p2 was changed: Address.');
    await expect.poll(() => hub.life('p1')).toContain('attempt-failed');
    await expect(driver.refused).toHaveCount(0);
  });

  await test.step('the driver has seen it, without network and over a reload', async () => {
    await context.setOffline(true);
    await expect(badge(driver.page)).toContainText('Offline');
    await driver.openStop('p2');
    const parcel = driver.parcel('p2');
    await driver.page.evaluate(() => scrollTo(0, 0));
    await expectSeen(parcel.getByRole('deletion'));
    await expectFound(parcel.getByRole('button', { name: 'Order changed ↑ order p2' }));
    await expect(parcel.getByRole('deletion')).toHaveText('was p2 Elm Street, Springfield');
    await expect(parcel.getByRole('insertion')).toHaveText('now 2 New Road, Springfield');
    await expect(driver.next).toHaveAccessibleName('Delivered order p2');
    await pressStill(parcel.getByRole('button', { name: 'Seen order p2' }));
    await expect(parcel.getByText('Order changed')).toHaveCount(0);
    await driver.page.reload();
    await expect(driver.next).toHaveAccessibleName('Delivered order p2');
    await expect(driver.parcel('p2').getByText('Order changed')).toHaveCount(0);
    const { page } = driver;
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const scan = page.getByRole('button', { name: 'Scan', exact: true });
    await expectSeen(scan);
    await scan.click();
    const panel = page.getByRole('region', { name: 'Scan a label' });
    const use = panel.getByRole('button', { name: 'Use' });
    await expectFound(use);
    await panel.getByLabel('Or type the code').fill('http://a.test/scan?store=red');
    await pressStill(use);
    await expectFound(
      panel
        .getByRole('alert')
        .filter({ hasText: 'This is neither a label nor the number of an offer or a stop.' }),
    );
    await expectNoViolationsInAnyLook(page);
    await panel.getByLabel('Or type the code').fill('http://a.test/scan?store=red&order=p6');
    await pressStill(use);
    await expect(driver.next).toHaveAccessibleName('Delivered order p6');
    await expect(driver.next).toBeFocused();
    await expectSeen(driver.next);
    await expect(panel).toHaveCount(0);
    // As typed from a label.
    await scan.click();
    await panel.getByLabel('Or type the code').fill('p2');
    await pressStill(use);
    await expect(driver.next).toHaveAccessibleName('Delivered order p2');
    await context.setOffline(false);
    await expect.poll(() => hub.life('p2')).toContain('seen');
    const p2 = (await hub.orders('red')).find(({ payload }) => payload.orderID === 'p2');
    expect(p2).not.toHaveProperty('unseen');
  });

  await test.step('a note that dispatch must see', async () => {
    await pressStill(driver.parcel('p2').getByRole('button', { name: /^Notes/ }));
    await driver.parcel('p2').getByLabel('New note').fill('The road is flooded.');
    // Something more urgent comes, and takes nothing from under the driver's hands.
    await hub.command(shop, [order('p0', { dueAt: inMinutes(-30) })]);
    await hub.command({ role: 'admin' }, [{ event: 'claimed', ...key('p0'), details: { driver: 'ana' } }]);
    await expect(driver.inHand.first()).toContainText('Customer p0');
    await expect(driver.parcel('p2').getByLabel('New note')).toHaveValue('The road is flooded.');
    await pressStill(driver.parcel('p2').getByRole('switch', { name: 'Dispatch must see this' }));
    await driver.parcel('p2').getByRole('button', { name: 'Send note on order p2' }).click();
    await expect
      .poll(
        async () => (await hub.orders('red')).find(({ payload }) => payload.orderID === 'p2')?.urgent?.text,
      )
      .toBe('The road is flooded.');
    await expectFound(driver.parcel('p2').getByText('(for dispatch)'));
    await expectFound(driver.parcel('p2').getByText('Not seen by dispatch yet'));
    const p2 = (await hub.orders('red')).find(({ payload }) => payload.orderID === 'p2');
    const details = { rev: p2?.urgent?.rev ?? 0 };
    await hub.command({ role: 'admin' }, [{ event: 'seen', ...key('p2'), details }]);
    await expectFound(driver.parcel('p2').getByText('✓ Seen by dispatch'));
  });

  await test.step('one goes back, the others are delivered, and the shift is summed up', async () => {
    await driver.take('p1', 'Return to shop');
    await expectFound(driver.parcel('p1').getByRole('heading', { name: 'Back to Zoë’s flowers' }));
    await expect(driver.page.getByRole('link', { name: 'Maps Zoë’s flowers' })).toHaveCount(1);
    await driver.take('p1', 'Returned');
    await driver.take('p2', 'Delivered');
    // What was just done is no stop any more: scanned, it is shown by itself.
    const { page } = driver;
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByLabel('Or type the code').fill('p2');
    await pressStill(page.getByRole('button', { name: 'Use' }));
    const scanned = page.getByRole('region', { name: 'Scanned parcel' });
    await expectFound(scanned.getByText('Delivered', { exact: true }));
    await pressStill(scanned.getByRole('button', { name: 'Close' }));
    await expect(scanned).toHaveCount(0);
    await hub.command(ana, [
      { event: 'delivered', ...key('p6') },
      { event: 'attempt-failed', ...key('p7'), details: { reason: 'refused' } },
    ]);
    await expect(driver.parcel('p7')).toContainText('Failed');
    await driver.page.getByRole('switch', { name: 'On duty' }).click();
    const summary = driver.page.getByRole('region', { name: 'Your shift' });
    await expectFound(summary);
    await expect(summary.locator('dl > div')).toHaveText([
      'Delivered5',
      'Not delivered1',
      'Returned1',
      'Still in hand3',
    ]);
    const p5 = (await hub.events()).find(
      ({ event, payload }) => event === 'delivered' && payload.orderID === 'p5',
    );
    expect(p5?.details).toEqual({ outcome: 'third-party', receivedBy: 'Mrs Jones' });
  });

  await test.step('its shop and the customer see what proves the deliveries', async () => {
    const vendor = new ShopPage(await (await machine()).newPage());
    await vendor.page.goto('/vendor?store=red&auto=off');
    const proofOf = async (id: string): Promise<Locator> =>
      (await vendor.details(id)).getByRole('region', { name: 'Proof' });
    const guessed = await proofOf('p3');
    await expectFound(guessed.getByText('The PIN was right.'));
    await expectFound(guessed.getByText('1 PIN was wrong.'));
    await vendor.page.keyboard.press('Escape');
    const proof = await proofOf('p5');
    await expectFound(proof.getByText('The PIN was right.'));
    await expect(proof.getByText(/PINs? (was|were) wrong/)).toHaveCount(0);
    for (const name of ['Photo', 'Signature'])
      await expectFound(proof.getByRole('button', { name: `${name}: show large` }).locator('img'));
    await expectFound(proof.getByText('Received by Mrs Jones'));
    await customer.goto(await hub.trackingPath('red', 'p5'));
    await expectFound(customer.getByRole('img', { name: 'Photo of the delivery' }));
    await expect(customer.locator('body')).not.toContainText('number at the door');
  });
});
