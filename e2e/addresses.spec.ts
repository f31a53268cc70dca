import { expect } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

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
    await expect(main).toContainText(/Over plain HTTP .* set CAPS_HTTPS to “auto”/);
    await expect(main).toContainText(/http:\/\/[\w.:[\]-]+:\d+\/vendor/);
    await main.getByRole('link', { name: /^Log/ }).click();
    await expect(badge(page)).toContainText('Live');
    await page.goto('/phone');
    await expectSeen(page.getByText('This hub speaks plain HTTP.'));
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
  await expectSeen(page.getByText('There is no page at this address.'));
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

test('a page opens though its address was mistyped or changed by a mail program', async ({ open, hub }) => {
  const page = await open('/');
  for (const [written, meant] of [
    ['/Vendor', '/vendor'],
    ['/driver/?driver=ana', '/driver?driver=ana'],
    ['/LOG).', '/log'],
  ] as const) {
    await page.goto(written);
    await expect(badge(page)).toContainText('Live');
    await expect(page).toHaveURL(meant);
  }
  await hub.seed('red', 1);
  const path = await hub.trackingPath('red', 'red-1');
  for (const behind of ['.', '),', '%3E', '”']) {
    await page.goto(path + behind);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('order');
    await expect(page).toHaveURL(path);
    await expect(page.locator('#link')).toContainText('Live');
  }
});

test.describe('with what a page keeps for itself', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the same works offline', async ({ machine, troubles }) => {
    troubles.expect(/ERR_|WebSocket connection/);
    const page = await (await machine()).newPage();
    await page.goto('/driver');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect(badge(page)).toContainText('Live');
    await page.context().setOffline(true);
    await page.goto('/Driver/).?driver=ana');
    await expect(page).toHaveURL('/driver?driver=ana');
    await expectSeen(page.getByRole('region', { name: 'Offers' }));
  });
});
