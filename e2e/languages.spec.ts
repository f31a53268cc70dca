import { expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { pressStill } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1' });

const phone = { viewport: { width: 390, height: 844 } };
const languageOf = (page: Page) =>
  page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

test('each browser gets its language, or English if we do not have it', async ({ machine }) => {
  const said = [
    ['de-AT', ['de', 'ltr'], 'Sendungen, überall im Takt.', 'Produktiv arbeiten'],
    ['ar-EG', ['ar', 'rtl'], 'الطرود متزامنة في كل مكان.', 'عمل حقيقي'],
    ['fr-FR', ['en', 'ltr'], 'Parcels, in step everywhere.', 'Work for real'],
  ] as const;
  for (const [locale, language, title, real] of said) {
    const page = await (await machine({ ...phone, locale })).newPage();
    await page.goto('/');
    await expectSeen(page.getByText(title));
    expect(await languageOf(page)).toEqual(language);
    await expectNoViolationsInAnyLook(page);
    await page.goto('/driver');
    await expectSeen(page.getByRole('button', { name: real }));
    await expectNoViolationsInAnyLook(page);
  }
});

test('English needs no further file', async ({ machine }) => {
  const page = await (await machine()).newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/driver?auto=off', { waitUntil: 'networkidle' });
  await expectSeen(page.getByText('No offers.'));
  expect(asked.filter((url) => /\/assets\/.*\.js/.test(url))).not.toEqual([]);
  expect(asked.filter((url) => url.includes('/words-'))).toEqual([]);
});

test('a chosen language applies to every page until it is changed', async ({ machine }) => {
  const page = await (await machine(phone)).newPage();
  await page.goto('/driver?auto=off');
  await expectSeen(page.getByText('No offers.'));
  await page.getByLabel('Language').selectOption('العربية');
  await expectSeen(page.getByText('لا عروض.'));
  expect(await languageOf(page)).toEqual(['ar', 'rtl']);
  await expectNoViolationsInAnyLook(page);
  await page.goto('/');
  await expectSeen(page.getByText('الطرود متزامنة في كل مكان.'));
  await page.getByLabel('اللغة').selectOption('النظام');
  await expectSeen(page.getByText('Parcels, in step everywhere.'));
  expect(await languageOf(page)).toEqual(['en', 'ltr']);
});

test.describe('with what a page keeps for itself', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a driver’s page opens offline in its language', async ({ hub, machine, troubles }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const [orderID = ''] = await hub.seed('red', 1);
    await hub.command({ role: 'driver', driver: 'ana' }, [
      { event: 'claimed', payload: { store: 'red', orderID } },
    ]);
    const context = await machine({ ...phone, locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto('/driver?driver=ana&auto=off');
    await expectSeen(page.getByRole('button', { name: 'Abgeholt' }));
    await page.evaluate(() => navigator.serviceWorker.ready);
    // It is written a moment after the change.
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('caps.driver.shift')))
      .toContain(orderID);
    await context.setOffline(true);
    await page.reload();
    await expectSeen(page.getByRole('button', { name: 'Abgeholt' }));
    await pressStill(page.getByRole('button', { name: 'Abgeholt' }));
    await expectSeen(page.getByText('Gespeichert, wird gesendet'));
  });

  test('an Arabic address of two lines stands on the left of an English driver’s page', async ({
    hub,
    machine,
  }) => {
    const address = 'شارع الملك فهد بن عبد العزيز آل سعود 12، الرياض';
    const payload = { store: 'red', orderID: 'far', customer: 'ليلى حسن', address };
    await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'pickup', payload }]);
    await hub.command({ role: 'driver', driver: 'ana' }, [{ event: 'claimed', payload }]);
    const page = await (await machine(phone)).newPage();
    await page.goto('/driver?driver=ana&auto=off');
    const heading = page.getByRole('heading', { name: address.slice(0, 10) });
    await expectSeen(heading);
    const lefts = await heading.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const lines = new Map<number, number>();
      for (const { top, left, width } of range.getClientRects()) {
        if (width > 0) lines.set(Math.round(top), Math.min(left, lines.get(Math.round(top)) ?? left));
      }
      return { heading: element.getBoundingClientRect().left, lines: [...lines.values()] };
    });
    expect(lefts.lines.length).toBeGreaterThan(1);
    for (const left of lefts.lines) expect(Math.abs(left - lefts.heading)).toBeLessThan(2);
  });
});

test('the page for unknown addresses is in the browser’s language', async ({ machine, troubles }) => {
  troubles.expect(/404 \(Not Found\)/);
  const page = await (await machine({ locale: 'de-DE' })).newPage();
  await page.goto('/nothing-here');
  await expectSeen(page.getByText('Unter dieser Adresse gibt es keine Seite.'));
});

test('a customer reads each state of an order in one language', async ({ hub, machine }) => {
  const [orderID = ''] = await hub.seed('red', 1);
  const path = await hub.trackingPath('red', orderID);
  const page = await (await machine({ ...phone, locale: 'ar-EG' })).newPage();
  await page.goto(path);
  await expectSeen(page.getByRole('heading', { name: /^طلبك جاهز لدى/ }));
  await expectSeen(page.getByText('مباشر'));
  expect(await languageOf(page)).toEqual(['ar', 'rtl']);
  await hub.command({ role: 'driver', driver: 'ana', name: 'Ana' }, [
    { event: 'in-transit', payload: { store: 'red', orderID } },
  ]);
  await expectSeen(page.getByRole('heading', { name: /^استلم .*Ana.* طلبك$/ }));
  await expectNoViolationsInAnyLook(page);
});
