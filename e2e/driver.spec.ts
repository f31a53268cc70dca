import { expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, pressStill } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const path = '/driver?driver=ana&auto=off';
const thumb = 48;

/** Counts of what a page asked of its device. */
interface DeviceCalls {
  vibrated: number;
  sounded: number;
  held: number;
  let: number;
}

declare global {
  var deviceAsked: DeviceCalls;
}

/** Init script: counts what the page asks of the device. */
function watchDevice(): void {
  const asked: DeviceCalls = { vibrated: 0, sounded: 0, held: 0, let: 0 };
  globalThis.deviceAsked = asked;
  navigator.vibrate = () => {
    asked.vibrated += 1;
    return true;
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    asked.sounded += 1;
    start.apply(this, when);
  };
  if (!('wakeLock' in navigator)) return;
  WakeLock.prototype.request = async () => {
    asked.held += 1;
    const release = async () => {
      asked.let += 1;
    };
    return { release } as WakeLockSentinel;
  };
}

const asked = (page: Page): Promise<DeviceCalls> => page.evaluate(() => globalThis.deviceAsked);

test('rings and vibrates if switched on, and keeps the screen on while on duty', async ({ hub, machine }) => {
  const context = await machine(phone);
  await context.addInitScript(watchDevice);
  const driver = new DriverPage(await context.newPage());
  await driver.page.goto(path);
  await expect(badge(driver.page)).toContainText('Live');
  const [first = ''] = await hub.seed('red', 1);
  await expectSeen(driver.offer(first));
  expect(await asked(driver.page)).toMatchObject({ vibrated: 0, sounded: 0 });

  await driver.page.getByRole('switch', { name: 'Ring for new offers' }).click();
  const { sounded } = await asked(driver.page);
  const [second = ''] = await hub.seed('blue', 1);
  await expectSeen(driver.offer(second));
  expect(await asked(driver.page)).toMatchObject({ vibrated: 1, sounded: sounded * 2 });

  const duty = driver.page.getByRole('switch', { name: 'On duty' });
  const { held, let: before } = await asked(driver.page);
  expect(held).toBeGreaterThan(before);
  await duty.click();
  await expect.poll(async () => (await asked(driver.page)).let).toBe(held);
  await expect(driver.offers).toHaveCount(0);
  await driver.page.getByRole('button', { name: 'Go on duty' }).click();
  await expectSeen(driver.offer(first));
});

test('a driver who goes off duty with a held parcel is warned', async ({ hub, open }) => {
  const [id = ''] = await hub.seed('red', 1);
  const driver = new DriverPage(await open(path));
  await driver.claim(id);
  await driver.page.getByRole('switch', { name: 'On duty' }).click();
  await expectSeen(driver.page.getByText('You are off duty and still have parcels in hand.'));
  await driver.page.getByRole('button', { name: 'Back on duty' }).click();
  await expect(driver.page.getByText('You are off duty')).toHaveCount(0);
});

for (const [where, host] of [
  ['on the machine itself', '127.0.0.1'],
  ['on a plain address of the network', lanHost],
] as const) {
  test.describe(where, () => {
    test.use({ host });

    test(`a browser without storage says so, and offline actions are still sent, ${where}`, async ({
      hub,
      machine,
      troubles,
    }) => {
      troubles.expect(/ERR_INTERNET_DISCONNECTED/);
      const [id = ''] = await hub.seed('red', 1);
      const context = await machine(phone);
      await context.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('Blocked.', 'SecurityError');
        };
      });
      const driver = new DriverPage(await context.newPage());
      await driver.page.goto(path);
      await driver.claim(id);
      await expectSeen(driver.page.getByText('This browser keeps nothing for later'));
      await context.setOffline(true);
      await expect(badge(driver.page)).toContainText('Offline');
      await driver.take(id, 'Picked up');
      await expect(driver.parcel(id).getByRole('list', { name: 'Saved' })).toContainText(
        'Not saved, will send',
      );
      await context.setOffline(false);
      await expect.poll(() => hub.life(id)).toEqual(['pickup', 'claimed', 'in-transit']);
    });
  });
}

test('every button is as high as a thumb, on the narrowest phone', async ({ hub, machine }) => {
  const [first = '', second = ''] = await hub.seed('red', 3);
  const context = await machine(phone);
  const driver = new DriverPage(await context.newPage());
  await driver.page.goto(path);
  await driver.claim(first);
  await driver.claim(second);
  await driver.take(first, 'Picked up', 'Could not deliver');
  for (const width of [320, 390]) {
    await driver.page.setViewportSize({ width, height: 640 });
    const low = await driver.page
      .getByRole('main')
      .locator('a, button, input')
      .evaluateAll(
        (all, least) =>
          all.filter((one) => one.getBoundingClientRect().height < least).map(({ outerHTML }) => outerHTML),
        thumb,
      );
    expect(low).toEqual([]);
    await driver.page.evaluate(() => scrollTo(0, 0));
    // All that the first line has room for: from the board, the log is one tap away.
    const links = driver.page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    await expect(links).toHaveText(['Vendor', 'Driver', 'Board']);
    for (const link of await links.all()) await expectSeen(link);
    await expectSeen(driver.page.getByRole('button', { name: 'Scan', exact: true }));
  }
});

test('a courier sees how far each stop is, and nobody is told where the courier is', async ({
  hub,
  machine,
}) => {
  const order = (orderID: string, place: object) => ({
    event: 'pickup' as const,
    payload: {
      store: 'red',
      orderID,
      customer: `Customer ${orderID}`,
      address: `${orderID} Elm Street`,
      ...place,
    },
  });
  const ids = ['near', 'far', 'unknown'];
  await hub.command({ role: 'vendor', store: 'red' }, [
    order('near', { latitude: 47.6205, longitude: -122.3493 }),
    order('far', { latitude: 47.65, longitude: -122.35 }),
    order('unknown', {}),
  ]);
  const claimed = ids.map((orderID) => ({ event: 'claimed' as const, payload: { store: 'red', orderID } }));
  await hub.command({ role: 'driver', driver: 'ana' }, claimed);
  const here = { latitude: 47.60971, longitude: -122.33312 };
  const context = await machine({ ...phone, geolocation: here, permissions: ['geolocation'] });
  const driver = new DriverPage(await context.newPage());
  const { page } = driver;
  const sent: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')));
  await page.goto(path);
  const show = page.getByRole('button', { name: 'Show distances' });
  await expectFound(show);
  await expect(driver.parcel('far')).not.toContainText('mi');
  await pressStill(show);
  await expectFound(driver.parcel('near').getByText('1.1 mi in a straight line'));
  await expectFound(driver.parcel('far').getByText('2.9 mi in a straight line'));
  await expect(page.getByText('in a straight line')).toHaveCount(2);
  await expect(driver.parcel('unknown')).not.toContainText('straight line');
  await expect(show).toHaveCount(0);
  await expectNoViolationsInAnyLook(page);
  await driver.openStop('near');
  const maps = driver.parcel('near').getByRole('link', { name: /^Maps/ });
  await expect(maps).toHaveAttribute('href', /query=47\.6205%2C-122\.3493$/);
  // Another address is elsewhere, and nobody knows how far.
  const details = { address: '9 New Road' };
  await hub.command({ role: 'admin' }, [
    { event: 'amended', payload: { store: 'red', orderID: 'near' }, details },
  ]);
  await expectFound(driver.parcel('near').getByRole('insertion'));
  await expect(driver.parcel('near')).not.toContainText('straight line');
  await expect(maps).toHaveAttribute('href', /query=9%20New%20Road$/);
  await driver.take('near', 'Picked up');
  await expect.poll(() => hub.life('near')).toContain('in-transit');
  expect(sent.filter((text) => text.includes('in-transit'))).not.toEqual([]);
  expect(sent.filter((text) => /47\.609|122\.333/.test(text))).toEqual([]);
});

test.describe('with its service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a browser can install the page on a secure origin', async ({ machine }) => {
    const context = await machine();
    const page = await context.newPage();
    await page.goto(path);
    await page.evaluate(() => navigator.serviceWorker.ready);
    // Check the browsers' conditions, because not every browser reports whether it can install a page.
    const browser = await context.newCDPSession(page);
    const { errors, url, data } = await browser.send('Page.getAppManifest');
    expect([errors, new URL(url).pathname]).toEqual([[], '/driver.webmanifest']);
    const manifest = JSON.parse(data ?? '') as { icons: { src: string; sizes: string; type: string }[] };
    expect(manifest).toMatchObject({ name: 'CAPS Driver', start_url: '/driver', display: 'standalone' });
    const bitmaps = manifest.icons.filter(({ type }) => type === 'image/png');
    expect(bitmaps.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
    for (const { src, sizes } of bitmaps) {
      const size = await page.evaluate(async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      expect(size, src).toBe(sizes);
    }
  });
});
