/** Proof of delivery as the shop, dispatch and the customer see it. */

import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { expect, type Locator } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

/** A true picture, all green, of this width. */
function picture(width: number): Buffer<ArrayBuffer> {
  const chunk = (name: string, data: Buffer): Buffer => {
    const [length, sum, named] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(name), data])];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(300, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 3, Buffer.from([40, 120, 80]))]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: 300 }, () => row)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    ...[signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))],
  ]);
}
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const parcel = { store: 'red', orderID: '1042' };
const ana = { role: 'driver', driver: 'ana' };

async function place(hub: Hub, key?: string): Promise<string> {
  const order = { ...parcel, customer: 'Hulda Parker', address: '835 Meluk Pass' };
  const answer = await fetch(`${hub.url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify(order),
  });
  return new URL(((await answer.json()) as { tracking: string }).tracking).pathname;
}
async function send(hub: Hub, image: Buffer<ArrayBuffer>, as: string, key?: string): Promise<void> {
  const query = new URLSearchParams({ ...parcel, as });
  const answer = await fetch(`${hub.url}/api/blobs/${hashOf(image)}?${query}`, {
    method: 'PUT',
    headers: { 'content-type': 'image/png', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: image,
  });
  expect(answer.status).toBe(201);
}
/** The picture has come, and is drawn. */
async function expectDrawn(image: Locator): Promise<void> {
  await expectFound(image);
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
}

test('a shop asks for proofs, and shop, dispatch and customer see what came of it', async ({
  hub,
  open,
  machine,
  troubles,
}) => {
  // A photo that is still to come is asked for all the same.
  troubles.expect(/Failed to load resource.* 404/);
  const path = await place(hub);
  const shop = new ShopPage(await open('/vendor?store=red&auto=off'));
  await shop.page.getByRole('button', { name: 'Shop details' }).click();
  const asked = shop.dialog.getByRole('region', { name: 'Proof of delivery' });
  await expect(asked.getByLabel('Photo').first()).toHaveValue('offered');
  await asked.getByLabel('Photo').first().selectOption('Required');
  await asked.getByLabel('PIN of the customer').selectOption('Warned');
  await expectFound(asked.getByText('The driver cannot finish the step without it.'));
  await expectFound(asked.getByText('Your customer finds the number on their page.'));
  await asked.getByText('Also at the collection and at the return').click();
  await asked
    .getByRole('region', { name: 'At the collection' })
    .getByLabel('Scanned code')
    .selectOption('Warned');
  await shop.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(shop.dialog).toHaveCount(0);
  const profile = await (await fetch(`${hub.url}/api/stores/red`)).json();
  expect(profile).toEqual({
    proofs: {
      delivery: { photo: 'required', receivedBy: 'offered', pin: 'warned' },
      collection: { scan: 'warned' },
      return: {},
    },
  });

  await hub.command(ana, [{ event: 'in-transit', payload: parcel }]);
  const customer = await (
    await machine({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
  ).newPage();
  await customer.goto(path);
  await expectFound(customer.getByText(/Tell the driver this number at the door: \d\s\d\s\d\s\d/));

  const log = new LogPage(await open('/log'));
  const board = await open('/board');
  const wrong = { event: 'proof' as const, payload: parcel };
  const pin = (await customer.locator('.pin strong').textContent())?.replace(/\s/g, '');
  const others = ['0000', '1111', '2222', '3333', '4444', '5555'].filter((one) => one !== pin).slice(0, 5);
  const tries = others.map((text) => ({ ...wrong, details: { kind: 'pin' as const, text, rev: 2 } }));
  // A note that comes after it hides nothing.
  const details = { text: 'No bell', urgent: true as const };
  const note = { event: 'note' as const, payload: parcel, details };
  await hub.command(ana, [...tries, note]);
  const alarm = 'Five PINs of ana were wrong on 1042. Urgent note of ana on 1042: No bell';
  await expectSeen(log.page.getByText(alarm));
  const door = await open('/driver?driver=ana&auto=off');
  await door.getByRole('button', { name: /^PIN/ }).click();
  const usedUp = door
    .getByRole('alert')
    .getByText('Five PINs were wrong. Dispatch has been told and has to look at this parcel.');
  await expectFound(usedUp);
  // No key is left to press, but a way to say so.
  await expect(door.getByRole('button', { name: '1', exact: true })).toHaveCount(0);
  await door.getByRole('button', { name: /^Note to dispatch/ }).click();
  await expect(door.getByLabel('New note')).toBeFocused();
  await expectSeen(door.getByLabel('New note'));
  const needsYou = board.getByRole('listbox', { name: /^Needs you/ });
  await expectSeen(
    needsYou.getByRole('option').filter({ hasText: '1042' }).getByText('PIN wrong five times'),
  );
  await log.page.getByRole('button', { name: 'Open parcel' }).click();
  for (const text of ['Five PINs of ana were wrong', 'Urgent note of ana'])
    await expectFound(log.details.getByText(text, { exact: true }));
  await log.details.getByRole('button', { name: 'Seen', exact: true }).click();
  await expect(log.page.getByText('Five PINs of ana were wrong on 1042.')).toHaveCount(0);
  await expect(usedUp).toHaveCount(0);
  await expectFound(door.getByRole('button', { name: '1', exact: true }));

  const image = picture(400);
  await hub.command(ana, [
    { event: 'delivered', payload: parcel, details: { outcome: 'recipient', receivedBy: 'Ida' } },
    { event: 'proof', payload: parcel, details: { kind: 'photo', blob: hashOf(image), rev: 10 } },
    { event: 'proof', payload: parcel, details: { kind: 'scan', text: '4006381333931', rev: 10 } },
  ]);
  await shop.page.getByRole('button', { name: /1042, details of the order$/ }).click();
  const proof = shop.dialog.getByRole('region', { name: 'Proof' });
  await expectFound(proof.getByText('Photo still to come'));
  await expectFound(proof.getByText('Delivered without the PIN that was asked for.'));
  await expectFound(proof.getByText('Received by Ida'));
  await expectFound(proof.getByText('Scanned: 4006381333931'));
  await customer.reload();
  await expectFound(customer.getByText('The photo of the delivery is still on its way.'));

  await send(hub, image, 'driver:ana');
  const small = proof.getByRole('button', { name: 'Photo: show large' });
  await expectDrawn(small.locator('img'));
  await small.click();
  const large = shop.page.getByRole('dialog', { name: 'Photo' });
  await expectDrawn(large.getByRole('img', { name: 'Photo' }));
  await shop.page.keyboard.press('Escape');
  await expect(large).toHaveCount(0);
  await expectFound(small);

  const panel = log.details.getByRole('region', { name: 'Proof' });
  await expectDrawn(panel.getByRole('button', { name: 'Photo: show large' }).locator('img'));
  await expectFound(panel.getByText('5 PINs were wrong.'));
  await customer.reload();
  await expectFound(customer.getByRole('heading', { name: 'Delivered, with proof' }));
  await expectDrawn(customer.getByRole('img', { name: 'Photo of the delivery' }));
});

test.describe('where keys are needed', () => {
  const key = 'a-key-that-nobody-guesses-0199e5a0';
  test.use({ settings: { CAPS_ADMIN_KEY: key } });

  test('[A1] a photo is shown to whoever may see it, with the key that no image can send', async ({
    hub,
    open,
  }) => {
    await place(hub, key);
    const image = picture(300);
    const does = async (event: string, details: object = {}) => {
      const answer = await fetch(`${hub.url}/api/orders/red/1042/${event}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(details),
      });
      expect(answer.status).toBe(201);
    };
    await does('claimed', { driver: 'ana' });
    await does('proof', { kind: 'photo', blob: hashOf(image), rev: 2 });
    await send(hub, image, 'admin', key);
    const log = new LogPage(await open(`/log#key=${key}`));
    await log.openParcel('Proof', '1042');
    const proof = log.details.getByRole('region', { name: 'Proof' });
    await expectDrawn(proof.getByRole('button', { name: 'Photo: show large' }).locator('img'));
  });
});
