import { expect } from 'playwright/test';
import QRCode from 'qrcode';
import type { CapsRecord } from '../protocol/messages.ts';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { type Hub, lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, pressStill } from '../testkit/browser/pages.ts';
import { hashOf, heldUpright, photoOf } from '../testkit/browser/photos.ts';
import { pinPad, proofChip, proofQuestion, sign } from '../testkit/browser/proof-page.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const ana = { role: 'driver', driver: 'ana' };

/** Ana holds what a shop sends her, and the shop asks for proofs. */
async function seed(hub: Hub, proofs: object, event: 'claimed' | 'in-transit', count = 1): Promise<string[]> {
  await fetch(`${hub.url}/api/stores/red?as=admin`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Red', address: '1206 Pike Street', proofs }),
  });
  const ids = await hub.seed('red', count);
  await hub.command(
    ana,
    ids.map((orderID) => ({ event, payload: { store: 'red', orderID } })),
  );
  return ids;
}

const proofsOf = (records: readonly CapsRecord[], orderID: string) =>
  records.filter(({ event, payload }) => event === 'proof' && payload.orderID === orderID);

async function imageAt(hub: Hub, orderID: string, blob: unknown): Promise<Buffer | undefined> {
  const answer = await fetch(`${hub.url}/api/blobs/${blob}?store=red&orderID=${orderID}&as=admin`);
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

test.describe('on the machine itself, as with HTTPS', () => {
  // An IP address, because Socket.IO expects "localhost" to be reachable offline.
  test.use({ host: '127.0.0.1', serviceWorkers: 'allow' });

  test('a delivery in a basement with photo, signature and PIN, the tab closed twice: all of it is at the hub', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED|status of 404/);
    const asked = { photo: 'required', signature: 'warned', pin: 'required', receivedBy: 'offered' };
    const [id = ''] = await seed(hub, { delivery: asked }, 'in-transit');
    const context = await machine(phone);
    const before = new DriverPage(await context.newPage());
    const { page } = before;
    await page.goto('/driver?driver=ana&auto=off');
    await expectFound(proofChip(before, id, 'Photo'));
    await page.evaluate(() => navigator.serviceWorker.ready);
    const photo = heldUpright(await photoOf(page, 2_400, 1_600));
    expect(photo.buffer.length).toBeGreaterThan(900_000);

    await test.step('the big button says what to do before Delivered, and the camera is one tap away', async () => {
      await expectSeen(before.next);
      await expect(before.next).toHaveAccessibleName(`Add photo and PIN order ${id}`);
      await expectNoViolationsInAnyLook(page);
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), pressStill(before.next)]);
      await context.setOffline(true);
      await expect(badge(page)).toContainText('Offline');
      await chooser.setFiles(photo);
      await expect(proofChip(before, id, 'Photo')).toHaveAccessibleName(/^Photo done/);
      await expectFound(before.parcel(id).getByRole('img', { name: 'The photo' }));
      await expect(before.next).toHaveAccessibleName(`Enter PIN order ${id}`);
    });
    await test.step('a dot is no signature', async () => {
      await pressStill(proofChip(before, id, 'Signature'));
      await sign(page, [0.5, 0.5], [0.501, 0.5]);
      await pressStill(page.getByRole('button', { name: 'Done', exact: true }));
      await expectFound(page.getByRole('alert').filter({ hasText: 'That is only a dot. Please sign.' }));
      await sign(page, [0.1, 0.7], [0.3, 0.2], [0.5, 0.8], [0.9, 0.3]);
      await expect(page.getByRole('alert').filter({ hasText: 'only a dot' })).toHaveCount(0);
      // It counts as soon as it is drawn: whoever forgets Done loses nothing.
      await expect(proofChip(before, id, 'Signature')).toHaveAccessibleName(/^Signature done/);
      await expectNoViolationsInAnyLook(page);
      await pressStill(page.getByRole('button', { name: 'Done', exact: true }));
      await expectFound(before.parcel(id).getByRole('img', { name: 'The signature' }));
    });
    await test.step('a PIN without network is kept', async () => {
      await pressStill(before.next);
      const pad = pinPad(page);
      await expectFound(pad);
      const key = await pad.getByRole('button', { name: '5' }).boundingBox();
      expect(Math.min(key?.width ?? 0, key?.height ?? 0)).toBeGreaterThanOrEqual(48);
      await pressStill(pad.getByRole('button', { name: '1' }));
      await expectNoViolationsInAnyLook(page);
      for (const digit of '234') await page.keyboard.press(digit);
      await expectFound(before.parcel(id).getByText('Saved. The PIN is checked when there is network.'));
      await expect(before.next).toHaveAccessibleName(`Delivered order ${id}`);
    });

    await page.close();
    const after = new DriverPage(await context.newPage());
    await test.step('the tab closed and opened without network: everything made is still there', async () => {
      await after.page.goto('/driver?driver=ana&auto=off');
      for (const name of ['Photo', 'Signature', 'PIN'])
        await expect(proofChip(after, id, name)).toHaveAccessibleName(new RegExp(`${name} done`));
      await pressStill(after.stepButton(id, 'Delivered'));
      await expect(after.parcel(id).getByRole('list', { name: 'Saved' })).toContainText(
        'Delivered with photo, signature, and PIN',
      );
      await expect(after.parcel(id)).toContainText('Saved, will send');
      await expectFound(after.page.getByText('2 photos wait for network'));
      await expectNoViolationsInAnyLook(after.page);
    });
    await after.page.close();
    const last = new DriverPage(await context.newPage());
    await last.page.goto('/driver?driver=ana&auto=off');
    await expectFound(last.page.getByText('2 photos wait for network'));
    await context.setOffline(false);
    await expect
      .poll(() => hub.life(id))
      .toEqual(['pickup', 'in-transit', 'delivered', 'proof', 'proof', 'proof']);
    const proofs = proofsOf(await hub.events(), id);
    expect(proofs.map(({ details }) => [details?.['kind'], details?.['rev']])).toEqual([
      ['photo', 3],
      ['signature', 3],
      ['pin', 3],
    ]);
    for (const { details } of proofs.slice(0, 2)) {
      const blob = details?.['blob'];
      await expect.poll(() => imageAt(hub, id, blob).then((bytes) => bytes && hashOf(bytes))).toBe(blob);
    }
    await expect(last.page.getByText(/photos? (wait|is|are)/)).toHaveCount(0);
    const bytes = await imageAt(hub, id, proofs[0]?.details?.['blob']);
    expect(bytes?.length).toBeLessThanOrEqual(200_000);
    // Upright, and without what the camera wrote into it.
    const size = await last.page.evaluate(async (encoded) => {
      const bitmap = await createImageBitmap(await (await fetch(encoded)).blob());
      return bitmap.width / bitmap.height;
    }, `/api/blobs/${proofs[0]?.details?.['blob']}?store=red&orderID=${id}&as=driver:ana`);
    expect(size).toBeCloseTo(2 / 3, 2);
    expect(bytes?.includes('Exif') || bytes?.includes('GPS')).toBe(false);
  });

  const [stops, reloads] = isTorture ? [200, 20] : [3, 1];

  test(`stops with photos without network, and the page reloaded between them (${stops}, ${reloads}): none is lost`, async ({
    hub,
    machine,
    troubles,
  }) => {
    if (isTorture) test.setTimeout(1_200_000);
    troubles.expect(/ERR_INTERNET_DISCONNECTED|status of 404/);
    const ids = await seed(hub, { delivery: { photo: 'required' } }, 'in-transit', stops);
    const context = await machine(phone);
    const driver = new DriverPage(await context.newPage());
    const { page } = driver;
    await page.goto('/driver?driver=ana&auto=off');
    const open = page.locator('li[data-job="true"]');
    await expectFound(open.getByRole('button', { name: /^Photo\b/ }));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    const saved = page.getByText('Saved, will send');
    for (let done = 1; done <= stops; done++) {
      await open.locator('input[type=file]').setInputFiles(await photoOf(page, 60, 40, done));
      await expectFound(open.getByRole('button', { name: /^Photo done/ }));
      // A stop that moves at this very moment ignores the press, so a person presses again.
      await expect(async () => {
        await pressStill(driver.next);
        await expect(saved).toHaveCount(done, { timeout: 3_000 });
      }).toPass();
      if (done % (stops / reloads) === 0) await page.reload();
      await expect(saved).toHaveCount(done);
    }
    await context.setOffline(false);
    const lives = async () => {
      const byOrder = Map.groupBy(await hub.events(), ({ payload }) => payload.orderID);
      return Array.from(byOrder.values(), (records) => records.map(({ event }) => event).join());
    };
    const whole = ids.map(() => 'pickup,in-transit,delivered,proof');
    await expect.poll(lives, { timeout: 60_000 }).toEqual(whole);
    await expect(page.getByText(/photos? (wait|is|are)/)).toHaveCount(0);
    const records = await hub.events();
    const hashes = await Promise.all(
      ids.map(async (id) => {
        const [proof] = proofsOf(records, id);
        const blob = proof?.details?.['blob'];
        const bytes = await imageAt(hub, id, blob);
        return bytes && hashOf(bytes) === blob ? blob : undefined;
      }),
    );
    expect(new Set(hashes).size).toBe(stops);
    expect(hashes).not.toContain(undefined);
  });

  test('a code is read by the camera, from a photo, and as it is typed', async ({ hub, machine }) => {
    const [id = '', second = ''] = await seed(hub, { collection: { scan: 'required' } }, 'claimed', 2);
    const context = await machine(phone);
    // As /vendor prints it.
    const code = await QRCode.toDataURL(`${hub.url}/scan?store=red&order=${id}`, {
      ...{ margin: 4, scale: 6 },
    });
    await context.addInitScript((url) => {
      // A camera in front of a label; an empty page has none.
      if (!navigator.mediaDevices) return;
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 640;
        canvas.height = 480;
        const bytes = Uint8Array.from(atob(url.replace(/^.*,/, '')), (letter) => letter.charCodeAt(0));
        const label = await createImageBitmap(new Blob([bytes]));
        const paper = canvas.getContext('2d');
        setInterval(() => {
          paper?.fillRect(0, 0, 640, 480);
          paper?.drawImage(label, 180, 80);
        }, 100);
        return canvas.captureStream(10);
      };
    }, code);
    const driver = new DriverPage(await context.newPage());
    const { page } = driver;
    await page.goto('/driver?driver=ana&auto=off');
    await driver.openStop(id);
    // What is asked for of each one is not done for all at once.
    await expect(page.getByRole('button', { name: /^Picked up all/ })).toHaveCount(0);
    await expect(driver.next).toHaveAccessibleName(`Scan code order ${id}`);
    await pressStill(driver.next);
    await expectFound(page.locator('bdi').getByText(`Code ${id}`, { exact: true }));
    // The camera still sees the same label, which is none of the other parcel's, and leads back to its own.
    const refusal = page.getByRole('alert').filter({ hasText: `This is the label of order ${id}.` });
    await driver.openStop(second);
    await pressStill(proofChip(driver, second, 'Scan'));
    await expectFound(refusal);
    await expect(proofChip(driver, second, 'Scan')).not.toHaveAccessibleName(/done/);
    await expectNoViolationsInAnyLook(page);
    await pressStill(refusal.getByRole('button', { name: `Open order ${id}` }));
    await expect(driver.stepButton(id, 'Picked up')).toBeFocused();
    await expectSeen(driver.stepButton(id, 'Picked up'));
    await driver.take(id, 'Picked up');
    await expect.poll(() => hub.life(id)).toEqual(['pickup', 'claimed', 'in-transit', 'proof']);
    expect(proofsOf(await hub.events(), id)[0]?.details).toMatchObject({ kind: 'scan', text: id });
    await driver.openStop(second);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));
    });
    await pressStill(proofChip(driver, second, 'Scan'));
    await expectFound(page.getByText('This page may not use the camera here.'));
    await expectNoViolationsInAnyLook(page);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      pressStill(page.getByRole('button', { name: 'Photo of the code' })),
    ]);
    await chooser.setFiles({
      name: 'label.png',
      mimeType: 'image/png',
      buffer: Buffer.from(code.replace(/^.*,/, ''), 'base64'),
    });
    await expectFound(refusal);
    await page.getByLabel('Or type the code').fill('4006381333931');
    await pressStill(page.getByRole('button', { name: 'Use' }));
    await expectFound(page.locator('bdi').getByText('Code 4006381333931'));
    await driver.take(second, 'Picked up');
    await expect
      .poll(async () => proofsOf(await hub.events(), second).map(({ details }) => details?.['text']))
      .toEqual(['4006381333931']);
  });
});

test.describe('on a plain address of the network', () => {
  test.use({ host: lanHost });

  test('photos of all kinds: what is none is refused in words, and one that is warned of can be left out', async ({
    hub,
    machine,
  }) => {
    const [first = '', second = ''] = await seed(hub, { delivery: { photo: 'warned' } }, 'in-transit', 2);
    const details = { latitude: 47.6205, longitude: -122.3493 };
    await hub.command({ role: 'admin' }, [
      { event: 'amended', payload: { store: 'red', orderID: first }, details },
    ]);
    const driver = new DriverPage(await (await machine(phone)).newPage());
    const { page } = driver;
    await page.goto('/driver?driver=ana&auto=off');
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await driver.openStop(first);
    await expectFound(proofChip(driver, first, 'Photo'));
    // Here no browser tells where it is.
    await expect(driver.parcel(first).getByRole('link', { name: /^Maps/ })).toHaveAttribute('href', /47\.62/);
    await expect(page.getByRole('button', { name: 'Show distances' })).toHaveCount(0);
    const input = driver.parcel(first).locator('input[type=file]');
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
    const none = 'This is no photo that this phone can read.';
    for (const [mimeType, buffer, words] of [
      ['image/svg+xml', Buffer.from(svg), none],
      ['image/jpeg', Buffer.from(svg), none],
      ['image/jpeg', Buffer.from('GIF89a and nothing more'), none],
      ['image/jpeg', Buffer.alloc(0), none],
      ['image/jpeg', Buffer.alloc(40_000_000), 'This photo is too large.'],
    ] as const) {
      await input.setInputFiles({ name: 'photo', mimeType, buffer });
      await expectFound(page.getByRole('alert').filter({ hasText: words }));
    }
    await input.setInputFiles(await photoOf(page, 300, 200));
    await expectFound(driver.parcel(first).getByRole('img', { name: 'The photo' }));
    await expect(page.getByRole('alert')).toHaveCount(0);
    await driver.take(first, 'Delivered');
    await expect
      .poll(() => hub.life(first))
      .toEqual(['pickup', 'in-transit', 'amended', 'delivered', 'proof']);
    const [proof] = proofsOf(await hub.events(), first);
    const blob = proof?.details?.['blob'];
    await expect.poll(() => imageAt(hub, first, blob).then((bytes) => bytes && hashOf(bytes))).toBe(blob);

    await driver.openStop(second);
    await pressStill(driver.stepButton(second, 'Delivered'));
    await expectFound(proofQuestion(driver, second));
    await expectSeen(proofQuestion(driver, second).getByRole('button', { name: 'Take photo' }));
    await pressStill(proofQuestion(driver, second).getByRole('button', { name: 'Without photo' }));
    await expect.poll(() => hub.life(second)).toEqual(['pickup', 'in-transit', 'delivered']);
  });
});
