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
