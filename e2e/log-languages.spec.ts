/** The log in German and Arabic: nothing is cut, nothing English is left, everything has one direction. */

import { expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const ana = { role: 'driver', driver: 'ana' };
const admin = { role: 'admin' };
const key = (orderID: string) => ({ payload: { store: 'red', orderID } });

/** Events with the longest words, and one with a name in its details. */
async function happen(hub: Hub): Promise<void> {
  await hub.seed('red', 2);
  await hub.command(ana, [
    { event: 'claimed', ...key('red-1') },
    { event: 'in-transit', ...key('red-1') },
    { event: 'attempt-failed', ...key('red-1'), details: { reason: 'not-home' } },
    { event: 'returning', ...key('red-1') },
    { event: 'returned', ...key('red-1') },
    { event: 'claimed', ...key('red-2') },
  ]);
  await hub.command(admin, [{ event: 'reassigned', ...key('red-2'), details: { driver: 'ben' } }]);
}

const row = (page: Page, seq: number) => page.getByRole('log').locator(`[data-seq="${seq}"]`);

const languages = [
  {
    locale: 'de-DE',
    words: ['Bereit', 'Nicht zugestellt', 'Auf dem Rückweg', 'Umverteilt'],
    failed: 'niemand da',
    reassigned: 'an ben',
  },
  {
    locale: 'ar-EG',
    words: ['جاهز', 'تعذّر التسليم', 'قيد الإرجاع', 'أُعيد إسناده'],
    failed: 'لا أحد في المنزل',
    reassigned: 'إلى \u2068ben\u2069',
  },
];

for (const { locale, words, failed, reassigned } of languages) {
  test(`the log is in ${locale}: rows, the parcel panel and the filters, and axe finds nothing`, async ({
    hub,
    machine,
  }) => {
    const page = await (await machine({ locale })).newPage();
    await page.goto('/log');
    await happen(hub);
    await expectSeen(row(page, 9));
    const events = page.getByRole('log');
    for (const word of words) await expect(events).toContainText(word);
    await expect(row(page, 5)).toContainText(failed);
    await expect(row(page, 9)).toContainText(reassigned);
    const cut = await events
      .locator('button[data-field="event"]')
      .evaluateAll((all) =>
        all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map((one) => one.textContent),
      );
    expect(cut).toEqual([]);

    await row(page, 9).locator('time').click();
    await expectSeen(page.getByRole('heading', { name: 'red-2' }));
    await page.getByRole('searchbox').fill('-event:note store:red');
    await page.locator('button[aria-expanded="false"]').last().click();
    await expectSeen(page.locator('input[type="datetime-local"]').first());
    await expectNoViolationsInAnyLook(page);
  });
}

const longAddresses = [
  ['ar-EG', '835 Meluk Pass, Building 2 behind the old brewery and its garden, 4th floor'],
  ['en-GB', '٨٣٥ شارع الملك عبد الله، عمارة النور بجانب الحديقة القديمة، الطابق الرابع'],
] as const;

for (const [locale, address] of longAddresses) {
  test(`a row of the log in ${locale} shows the number of a house whose address is read the other way`, async ({
    hub,
    machine,
  }) => {
    const payload = { store: 'red', orderID: '1', customer: 'Hulda Sophie Parker', address };
    await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'pickup', payload }]);
    const page = await (await machine({ locale })).newPage();
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto('/log');
      const shown = row(page, 1).getByText(address);
      await expectSeen(shown);
      const { number, line, whole } = await shown.evaluate((element) => {
        const [text] = element.childNodes;
        const range = document.createRange();
        range.setStart(text ?? element, 0);
        range.setEnd(text ?? element, 3);
        const { left, right } = range.getBoundingClientRect();
        const box = (element.parentElement ?? element).getBoundingClientRect();
        range.selectNodeContents(element);
        return {
          number: { left, right },
          line: { left: box.left, right: box.right },
          whole: range.getBoundingClientRect().width,
        };
      });
      expect(whole, 'the address is too long for its row').toBeGreaterThan(line.right - line.left - 150);
      expect(number.left).toBeGreaterThanOrEqual(line.left - 1);
      expect(number.right).toBeLessThanOrEqual(line.right + 1);
    }
  });
}

test('in Arabic the chart runs from right to left: a drag over its left end chooses the latest time', async ({
  hub,
  machine,
}) => {
  const page = await (await machine({ locale: 'ar-EG' })).newPage();
  await page.goto('/log');
  const chart = page.getByRole('img', { name: /^الأحداث في الثانية/ });
  await expect(chart.locator('canvas')).toHaveCount(1);
  await happen(hub);
  await expectSeen(row(page, 9));
  const box = await chart.boundingBox();
  if (!box) throw new Error('The chart has no place.');
  const y = box.y + box.height / 3;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 1, y, { steps: 4 });
  await page.mouse.up();
  // The time is now a filter that contains all events.
  await expectSeen(page.getByRole('button', { name: /^إزالة/ }));
  await expectSeen(row(page, 1));
  await expectSeen(row(page, 9));
  await expect(page).toHaveURL(/from=.*&to=/);
});
