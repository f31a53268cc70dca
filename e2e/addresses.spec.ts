import { expect } from 'playwright/test';
import { lanHost } from './hub.ts';
import { test } from './machines.ts';
import { badge } from './pages.ts';

test.describe('on a plain address of the network', () => {
  test.use({ host: lanHost });

  test('the start page leads to the three pages, here and on other machines', async ({ open }) => {
    const page = await open('/');
    const main = page.getByRole('main');
    for (const name of ['Vendor', 'Driver', 'Log']) {
      const link = main.getByRole('link', { name: new RegExp(`^${name}`) });
      await expect(link).toHaveAttribute('href', `/${name.toLowerCase()}`);
    }
    const codes = main.getByRole('img', { name: /^QR code that opens http:.*\/(vendor|driver|log)$/ });
    await expect(codes).toHaveCount(3);
    for (const code of await codes.all()) {
      await expect
        .poll(() => code.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
        .toBeGreaterThan(0);
    }
    await expect(main).toContainText(/Over plain HTTP .* CAPS_TLS_CERT and CAPS_TLS_KEY/);
    await expect(main).toContainText(/http:\/\/[\w.:[\]-]+:\d+\/vendor/);
    await main.getByRole('link', { name: /^Log/ }).click();
    await expect(badge(page)).toContainText('Live');
  });
});

test('an unknown address is answered by a page of our own, with status 404 and no stack', async ({
  hub,
  machine,
  troubles,
}) => {
  troubles.expect(/wrote: Failed to load resource.* 404/);
  const page = await (await machine()).newPage();
  const response = await page.goto('/no/such/page');
  expect(response?.status()).toBe(404);
  await expect(page.getByText('There is no page at this address.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'start page' }).click();
  await expect(page).toHaveURL('/');

  for (const path of [
    '/%',
    '/..%2f..%2fpackage.json',
    '/api/nothing',
    '/api/events?after=%00',
    '/qr.svg?url=x',
  ]) {
    const answer = await fetch(hub.url + path);
    const text = await answer.text();
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect(answer.status, path).toBeLessThan(500);
    expect(text).not.toMatch(/\bat .*\.ts:\d+|node_modules|node:internal/);
  }
});
