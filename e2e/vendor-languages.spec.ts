/** The shop's page in German and Arabic: one language only, nothing cut, nothing on the wrong side. */

import { expect, type Locator, type Page } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { isDrawn } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

const red = { role: 'vendor', store: 'red' };
const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
const key = (orderID: string) => ({ store: 'red', orderID });

/** An order of each status with a long word, with a Latin name. */
async function seed(hub: Hub): Promise<void> {
  const ids = ['1', '2', '3', '4', '5', '6'];
  await hub.command(
    red,
    ids.map((id) => ({
      event: 'pickup',
      payload: { ...key(id), customer: 'Hulda Parker', address: '835 Meluk Pass', phone: '+49 12345' },
    })),
  );
  await hub.command(
    ana,
    ['1', '2', '3', '4', '5'].map((id) => ({ event: 'claimed', payload: key(id) })),
  );
  await hub.command(
    ana,
    ['1', '2', '3', '4'].map((id) => ({ event: 'in-transit', payload: key(id) })),
  );
  await hub.command(ana, [
    { event: 'attempt-failed', payload: key('1'), details: { reason: 'not-home' } },
    { event: 'returning', payload: key('2') },
    { event: 'returning', payload: key('3') },
    { event: 'returned', payload: key('3') },
    { event: 'delivered', payload: key('4'), details: { outcome: 'third-party', receivedBy: 'Mrs. Jones' } },
  ]);
}

/** @returns the boxes of the letters, not of the elements */
function letters(elements: Locator): Promise<{ left: number; right: number; top: number; bottom: number }[]> {
  return elements.evaluateAll((nodes) =>
    nodes.map((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, top, bottom };
    }),
  );
}

/** Checks that no boxes overlap and all are within the panel. */
async function expectApart(page: Page, elements: Locator): Promise<void> {
  const places = await letters(elements);
  expect(places.length).toBeGreaterThan(1);
  const { width } = page.viewportSize() ?? { width: 0 };
  for (const [i, one] of places.entries()) {
    expect(one.left).toBeGreaterThan(0);
    expect(one.right).toBeLessThan(width);
    const others = places.slice(i + 1);
    const covered = others.filter(
      (other) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
    );
    expect(covered).toEqual([]);
  }
}

for (const { locale, words } of [
  {
    locale: 'de-DE',
    words: {
      counts: 'Aufträge nach Status',
      details: 'Hulda Parker · 1, Einzelheiten zum Auftrag',
      life: 'Ana konnte nicht zustellen',
      reason: 'Niemand war da.',
      close: 'Schließen',
      import: 'Importieren',
      file: 'CSV- oder Excel-Datei mit Aufträgen',
      late: '3 Aufträge waren schon fällig: Zeilen 2, 3, 4.',
      bad: 'Die Adresse fehlt.',
      leaveOut: 'Die Zeile mit Fehlern weglassen',
      send: '3 Aufträge senden',
      done: '3 Aufträge wurden aufgegeben.',
    },
  },
  {
    locale: 'ar',
    words: {
      counts: 'الطلبات حسب الحالة',
      details: '\u2068Hulda Parker\u2069 · \u20681\u2069، تفاصيل الطلب',
      life: 'تعذّر التسليم على \u2068Ana\u2069',
      reason: 'لم يكن أحد في المنزل.',
      close: 'إغلاق',
      import: 'استيراد',
      file: 'ملف CSV أو Excel فيه الطلبات',
      late: '3 طلبات فات موعدها: الأسطر 2، 3، 4.',
      bad: 'العنوان غير مذكور.',
      leaveOut: 'استبعاد الصف الذي فيه خطأ',
      send: 'إرسال 3 طلبات',
      done: 'سُجّلت 3 طلبات.',
    },
  },
]) {
  test(`a shop in ${locale} sees orders, their history and an import in that language`, async ({
    hub,
    machine,
  }) => {
    await seed(hub);
    const page = await (await machine({ locale, viewport: { width: 390, height: 844 } })).newPage();
    await page.goto('/vendor?store=red&auto=off');
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: words.details, exact: true }).click();
    await expectSeen(dialog.getByText(words.life));
    await expectSeen(dialog.getByText(words.reason));
    await dialog.getByRole('button', { name: words.close }).click();

    await page.getByRole('button', { name: words.import }).click();
    const rows = ['a', 'b', 'c'].map((name) => `${name},${name} Road,2020-01-01 10:00`);
    const table = ['customer,address,dueAt', ...rows, 'd,,'].join('\n');
    await dialog
      .getByLabel(words.file)
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    await expectFound(dialog.getByText(words.late));
    await expectFound(dialog.getByText(words.bad));
    await dialog.getByLabel(words.leaveOut).check();
    await dialog.getByRole('button', { name: words.send }).click();
    await expectSeen(dialog.getByText(words.done));
  });

  test(`words in ${locale} are neither cut nor overlap, and names are on the page's side`, async ({
    hub,
    machine,
  }) => {
    await seed(hub);
    const page = await (await machine({ locale })).newPage();
    await page.goto('/vendor?store=red&auto=off');
    for (const width of [320, 390, 700, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await isDrawn(page);
      const rows = page.getByRole('listitem').filter({ hasText: 'Hulda Parker' });
      await expect(rows.filter({ has: page.getByRole('button') })).toHaveCount(6);
      await expectApart(page, page.getByRole('group', { name: words.counts }).locator('button > span'));
      const row = rows.filter({ hasText: 'Ana' }).filter({ has: page.getByRole('button') });
      for (const one of await row.all()) {
        await expectApart(
          page,
          one.locator('[data-status] > span:not(:has(bdi, button)), button:not(:has(bdi)), bdi'),
        );
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      const [name] = await letters(row.first().locator('bdi').first());
      const box = await row.first().getByRole('button').first().boundingBox();
      if (!name || !box) throw new Error('There is no name.');
      const gap = locale === 'ar' ? box.x + box.width - name.right : name.left - box.x;
      expect(Math.abs(gap)).toBeLessThan(2);
    }
  });
}
