import { expect, type Page, test } from 'playwright/test';
import { Hub, lanHost } from '../testkit/browser/hub.ts';
import { badge } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { TrustingPhone } from '../testkit/browser/trusting-phone.ts';

/** From a bare folder to a phone that has everything. */
const allMs = 120_000;
const android = {
  viewport: { width: 390, height: 844 },
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36',
  permissions: ['geolocation', 'clipboard-write', 'screen-wake-lock'],
  geolocation: { latitude: 48.1, longitude: 11.6 },
  locale: 'en-GB',
  serviceWorkers: 'allow' as const,
};

/** What browsers keep for HTTPS, each asked for as the pages do. */
function abilitiesOf(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const camera = await navigator.mediaDevices.getUserMedia({ video: true });
    const [track] = camera.getVideoTracks();
    track?.stop();
    const place = await new Promise<GeolocationPosition>((resolve, reject) => {
      navigator.geolocation.getCurrentPosition(resolve, reject);
    });
    const lock = await navigator.wakeLock.request('screen');
    await lock.release();
    await navigator.clipboard.writeText('835 Meluk Pass');
    const { active } = await navigator.serviceWorker.ready;
    return [track?.kind, place.coords.latitude, lock.type, active !== null];
  });
}

test('one command, and a phone is on HTTPS within two minutes: camera, position, screen, clipboard, and no network', async ({
  launchOptions,
}) => {
  const start = Date.now();
  // The address of this test's network, which the machine does not have.
  const hub = await Hub.start({ CAPS_HTTPS: 'auto', CAPS_ORIGINS: `https://${lanHost}` });
  const phone = new TrustingPhone(launchOptions);
  try {
    const before = await (await phone.open()).newPage(android);
    await before.goto(`http://${lanHost}:${hub.port}/`);
    await expectFound(before.getByRole('img', { name: /QR code that opens http:.*\/phone$/ }));
    await before.getByRole('link', { name: 'Put a phone on HTTPS' }).click();
    await expectSeen(before.getByRole('radio', { name: 'Android' }));
    await expect(before.getByRole('radio', { name: 'Android' })).toBeChecked();
    await before.getByRole('button', { name: 'Test it' }).click();
    await expectSeen(before.getByText('This phone does not trust the hub yet.'));
    await before.getByRole('radio', { name: 'iPhone or iPad' }).check();
    await expectSeen(before.getByText(/Certificate Trust Settings/));
    const downloading = before.waitForEvent('download');
    await before.getByRole('link', { name: 'Download the certificate' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('ca.crt');
    phone.install(await download.path());

    const after = await (await phone.open()).newPage(android);
    await after.goto(`http://${lanHost}:${hub.port}/phone`);
    await after.getByRole('button', { name: 'Test it' }).click();
    await expectSeen(after.getByText('This device is on HTTPS.'));
    expect(new URL(after.url()).origin).toBe(`https://${lanHost}:${hub.port}`);
    await after.goto(`https://${lanHost}:${hub.port}/driver?driver=ana&auto=off`);
    await expect(badge(after)).toContainText('Live');
    await expect(after.getByText('With HTTPS the page would')).toHaveCount(0);
    expect(await abilitiesOf(after)).toEqual(['video', 48.1, 'screen', true]);
    await after.context().setOffline(true);
    await after.reload();
    await expect(badge(after)).toContainText('Offline');
    await expectSeen(after.getByRole('heading', { name: 'Offers' }));
    expect(Date.now() - start).toBeLessThan(allMs);
  } finally {
    await phone.close();
    await hub.stop();
  }
});
