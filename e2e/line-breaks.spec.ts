import { expect, type Locator } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { shareOf } from '../testkit/browser/torture.ts';

/** Texts as pasted from a form, a spreadsheet, a label. */
const pasted = {
  store: 'red',
  orderID: 'pasted',
  customer: 'Hulda Parker\r\nAttn: Bob',
  address: '1 Main St\nFlat 2\u2028Town\u2029Land\u000bEnd\rEurope',
  note: 'Ring\ntwice\u2028please',
};
const viewports = Object.entries({
  desk: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
});

for (const [device, viewport] of shareOf(viewports, 1, 2)) {
  test(`texts with line breaks leave every list readable, and keep their lines in the details: ${device}`, async ({
    hub,
    machine,
  }) => {
    const { store, orderID } = pasted;
    const key = { store, orderID };
    await hub.command({ role: 'vendor', store }, [
      { event: 'pickup', payload: { ...pasted, orderID: 'before' } },
      { event: 'pickup', payload: pasted },
      { event: 'pickup', payload: { ...pasted, orderID: 'after' } },
      { event: 'note', payload: key, details: { text: 'The bell\nis broken' } },
    ]);
    const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
    await hub.command(ana, [{ event: 'in-transit', payload: key }]);
    await hub.command({ role: 'admin' }, [
      { event: 'cancelled', payload: { store, orderID: 'before' }, details: { reason: 'No\nstock' } },
    ]);
    const open = async (path: string) => {
      const page = await (await machine({ viewport })).newPage();
      await page.goto(path);
      return page;
    };

    await test.step('/log', async () => {
      const log = new LogPage(await open('/log'));
      for (const seq of [2, 4, 6]) {
        await expectSeen(log.row(seq));
        expect(await log.row(seq).evaluate(troubleWithText, 'in rows'), `row ${seq}`).toBe('');
      }
      await log.openParcel('In transit', orderID);
      const address = log.details.getByRole('button', { name: /^1 Main St/ });
      expect(await linesOf(address)).toBe(6);
      expect(await linesOf(log.details.getByText('The bell'))).toBe(2);
      expect(await log.row(5).evaluate(troubleWithText, 'in rows'), 'the selected row').toBe('');
    });
    await test.step('/vendor', async () => {
      const vendor = new ShopPage(await open('/vendor?store=red&auto=off'));
      for (const id of ['before', orderID, 'after']) {
        await vendor.order(id).scrollIntoViewIfNeeded();
        await expectSeen(vendor.order(id));
        expect(await vendor.order(id).evaluate(troubleWithText, 'in all'), id).toBe('');
      }
    });
    await test.step('/driver', async () => {
      const driver = new DriverPage(await open('/driver?driver=ana&auto=off'));
      await expectSeen(driver.parcel(orderID).getByRole('heading').first());
      expect(await driver.parcel(orderID).evaluate(troubleWithText, 'in all')).toBe('');
      await expectFound(driver.offer('after'));
      expect(await driver.offer('after').evaluate(troubleWithText, 'in all')).toBe('');
    });
  });
}

function linesOf(element: Locator): Promise<number> {
  return element.evaluate((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size;
  });
}

/**
 * Runs in the page. Finds texts that overlap, leave the item or, in rows, have more than one line.
 * @returns an empty result if everything can be read
 */
function troubleWithText(item: Element, where: string): string {
  const frame = item.getBoundingClientRect();
  const texts: { node: Node; text: string; left: number; right: number; top: number; bottom: number }[] = [];
  const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    if (text.trim() === '' || !node.parentElement?.checkVisibility()) continue;
    if (node.parentElement.closest('.visually-hidden')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = Array.from(range.getClientRects()).filter(({ width }) => width > 0);
    const tops = new Set(boxes.map(({ top }) => Math.round(top)));
    if (/[\v\u2028\u2029]/.test(text)) return `“${text}” has a sign that no browser breaks at.`;
    if (where === 'in rows' && tops.size > 1) return `“${text}” has ${tops.size} lines.`;
    for (const { left, right, top, bottom } of boxes) {
      let [from, to] = [left, right];
      // Clipped text covers nothing.
      for (
        let above: Element | null = node.parentElement;
        above && above !== item;
        above = above.parentElement
      ) {
        if (getComputedStyle(above).overflowX === 'visible') continue;
        const cut = above.getBoundingClientRect();
        [from, to] = [Math.max(from, cut.left), Math.min(to, cut.right)];
      }
      if (to - from < 1 || bottom - top < 2) continue;
      if (top < frame.top - 1 || bottom > frame.bottom + 1) return `“${text}” leaves its item.`;
      texts.push({ node, text, left: from, right: to, top, bottom });
    }
  }
  const spare = 3;
  for (const [at, a] of texts.entries()) {
    for (const b of texts.slice(at + 1)) {
      const isOver =
        a.node !== b.node &&
        a.left < b.right - spare &&
        b.left < a.right - spare &&
        a.top < b.bottom - spare &&
        b.top < a.bottom - spare;
      if (isOver) return `“${b.text}” lies over “${a.text}”.`;
    }
  }
  return '';
}
