/** The log shows the gateway's vehicles among who is connected. */

import { expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { GatewayDevice } from '../testkit/gateway-device.ts';

const person = (page: Page, id: string) => page.getByRole('listitem').filter({ hasText: id });

test('the log shows a vehicle: which, how, where, and when it was last heard', async ({ hub, open }) => {
  const page = await open('/log');
  const device = await new GatewayDevice(hub.tcpPort).met();
  const shown = person(page, device.id);
  await expectSeen(shown.getByText(device.id));
  await expectSeen(shown.getByText('Device', { exact: true }));
  await expect(shown).toContainText(/seen now|seen \d+ s/);
  await expect(shown).not.toContainText('%');

  device.report();
  await expectSeen(shown.getByText('Device · resting · 67% · 45.02156, 8.15648'));
  device.position = { lat: -33.9, lon: 151.2 };
  device.battery = 66;
  device.status = 'RUNNING';
  device.report();
  await expectSeen(shown.getByText('Device · running · 66% · -33.90000, 151.20000'));
  await expectNoViolationsInAnyLook(page);

  device.close();
  await expect(shown).toHaveCount(0);
});

for (const { locale, facts } of [
  { locale: 'de-DE', facts: 'Fahrzeug · steht · 67 % · 45.02156, 8.15648' },
  { locale: 'ar-EG', facts: /^مركبة · متوقفة · .+٪ · 45\.02156, 8\.15648$/ },
]) {
  test(`in ${locale} and on a phone the log shows a vehicle, and nothing of it is cut`, async ({
    hub,
    machine,
  }) => {
    const phone = await machine({ locale, viewport: { width: 390, height: 844 } });
    const page = await phone.newPage();
    await page.goto('/log');
    const device = await new GatewayDevice(hub.tcpPort).met();
    device.report();
    const shown = person(page, device.id);
    await shown.scrollIntoViewIfNeeded();
    await expectSeen(shown.getByText(facts));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    const named = shown.getByText(device.id);
    expect(
      await named.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    ).toBeLessThanOrEqual(0);
    device.close();
  });
}
