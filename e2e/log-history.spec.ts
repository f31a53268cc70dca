import { readFile } from 'node:fs/promises';
import { expect, type Page } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { LogPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const ana = { role: 'driver', driver: 'ana', name: 'Ana' };

/** The list's offset among all rows, and a row's position on the screen. */
function placeOf(page: Page, seq: number): Promise<number | undefined> {
  return page.evaluate(
    (wanted) => document.querySelector(`[data-seq="${wanted}"]`)?.getBoundingClientRect().top,
    seq,
  );
}

test('[W2] a long log scrolls from end to beginning, and visible rows stay while new ones arrive', async ({
  hub,
  open,
}) => {
  const total = 2_400;
  await hub.seed('red', total);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(total));

  // The scrollbar covers the whole log: halfway down is halfway through.
  await log.events.evaluate((list) => list.scrollTo({ top: list.scrollHeight / 2 }));
  await expectSeen(log.row(total / 2));
  await expectSeen(log.resume);
  const place = await placeOf(log.page, total / 2);
  await hub.seed('blue', 600);
  await expectSeen(log.page.getByRole('button', { name: '600 new' }));
  expect(await placeOf(log.page, total / 2)).toBe(place);

  await log.press('g');
  await expectSeen(log.row(1));
  await expect(log.events).toContainText('The log begins here');
  await log.press('G');
  await expectSeen(log.row(total + 600));
  await expectSeen(log.pause);
});

test('a search finds old events and shows them in context, also after a reload', async ({ hub, open }) => {
  await hub.seed('red', 1_500);
  const log = new LogPage(await open('/log'));
  await log.search.fill('order:red-7');
  await expect(log.rows).toHaveCount(1);
  await expectSeen(log.page.getByText('1 of 1,500 match', { exact: true }));
  await log.openParcel('Ready', 'red-7');
  await log.page.getByRole('button', { name: 'See in context' }).click();
  await expect(log.search).toHaveValue('');
  await expectSeen(log.row(6));
  await expectSeen(log.row(8));
  await expect(log.details).toContainText('red-7');
  await expect(log.page).toHaveURL(/\?at=7$/);

  await log.page.reload();
  await expectSeen(log.row(7));
  await expectSeen(log.resume);

  // Highlighting keeps all rows.
  await log.filters.click();
  await log.page.getByRole('radio', { name: 'Highlight matches' }).check();
  await log.search.fill('order:red-1400');
  await log.page.getByRole('button', { name: 'Next match' }).click();
  await expect(log.row(1_400)).toHaveAttribute('data-hit', 'true');
  await expectSeen(log.row(1_400));
  await expect(log.row(1_399)).not.toHaveAttribute('data-hit', 'true');
  await expect(log.page).toHaveURL(/q=order%3Ared-1400&look=highlight/);

  // Go to takes an order or a number.
  const goTo = log.page.getByRole('textbox', { name: 'Go to' });
  await goTo.fill('red-3');
  await goTo.press('Enter');
  await expect(log.row(3)).toHaveAttribute('data-selected', 'true');
  await expectSeen(log.row(3));
  await goTo.fill('#800');
  await goTo.press('Enter');
  await expectSeen(log.row(800));
  await expect(log.row(800)).toHaveAttribute('data-selected', 'true');
  await goTo.fill('no-such-order');
  await goTo.press('Enter');
  await expect(goTo).toHaveAccessibleDescription('There is no order no-such-order.');
  const told = log.page.getByText('There is no order no-such-order.').and(log.page.locator('p'));
  await expectSeen(told);
  await goTo.fill('yesterday 14:0');
  await expect(told).toHaveCount(0);
  await goTo.fill('yesterday 14:00');
  await goTo.press('Enter');
  await expectSeen(log.row(1));
});

test('Go to #3 leads to the order #3, or without one to event 3', async ({ hub, open }) => {
  await hub.seed('red', 300);
  const payload = { store: 'red', orderID: '#3', customer: 'Hulda', address: '1 Road' };
  await hub.command({ role: 'vendor', store: 'red' }, [{ event: 'pickup', payload }]);
  await hub.seed('blue', 300);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(601));
  await log.filters.click();
  const goTo = log.page.getByRole('textbox', { name: 'Go to' });
  for (const [text, seq] of [
    ['#3', 301],
    ['#4', 4],
  ] as const) {
    await goTo.fill(text);
    await goTo.press('Enter');
    await expect(log.row(seq)).toHaveAttribute('data-selected', 'true');
    await expectSeen(log.row(seq));
  }
});

test('single keys go from failure to failure and along a parcel, over any distance', async ({
  hub,
  open,
}) => {
  const [first = ''] = await hub.seed('red', 1);
  const payload = { store: 'red', orderID: first };
  const fail = { event: 'attempt-failed', payload, details: { reason: 'not-home' } } as const;
  await hub.command(ana, [{ event: 'in-transit', payload }, fail]);
  await hub.seed('blue', 1_200);
  await hub.command(ana, [{ event: 'retried', payload }, fail]);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(1_205));
  const isSelected = async (seq: number) => {
    await expect(log.row(seq)).toHaveAttribute('data-selected', 'true');
    await expectSeen(log.row(seq));
  };
  await log.press('k');
  await isSelected(1_205);
  await log.press('E');
  await isSelected(3);
  await log.press('e');
  await isSelected(1_205);
  await log.press('O');
  await isSelected(1_204);
  await log.press('O');
  await isSelected(3);
  await log.press('o');
  await isSelected(1_204);
  await log.press('o');
  await isSelected(1_205);
  await log.press('o');
  await expectSeen(log.page.getByText('No later event of this parcel.').first());
});

test('a time is chosen by a drag over the chart or by typing, until the log resumes', async ({
  hub,
  open,
}) => {
  await hub.seed('red', 30);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(30));
  const chart = log.page.getByRole('img', { name: /^Events per second/ });
  await expect(chart).toHaveAccessibleName(/ready 30/);
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is not to be seen');
  const { mouse } = log.page;
  const y = box.y + box.height / 2;
  await mouse.move(box.x + box.width / 4, y);
  await mouse.down();
  await mouse.move(box.x + box.width - 1, y, { steps: 4 });
  await mouse.up();
  const chip = log.page.getByRole('button', { name: /^Remove .*\d+:\d\d/ });
  await expectSeen(chip);
  await expectSeen(log.page.getByText('30 of 30 events'));
  await expect(log.page).toHaveURL(/from=.*&to=/);
  await log.page.reload();
  await expectSeen(chip);
  await hub.seed('blue', 2);
  await log.page.getByRole('button', { name: '2 new' }).click();
  await expectSeen(log.row(32));
  await expect(chip).toHaveCount(0);

  await log.filters.click();
  await log.page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00:00');
  await log.page.getByLabel('To', { exact: true }).fill('2020-01-02T00:00:00');
  await log.page.getByRole('button', { name: 'Show this time' }).click();
  await expect(log.events).toContainText('Nothing happened in this time.');
  await log.events.getByRole('button', { name: 'Clear filters' }).click();
  await expectSeen(log.row(1));
});

test('the chart has times and the colours of the current theme', async ({ hub, machine }) => {
  const context = await machine({ colorScheme: 'light' });
  await context.addInitScript(noteTexts);
  await hub.seed('red', 3);
  const page = await context.newPage();
  await page.goto('/log');
  await expect(page.getByRole('img', { name: /^Events per second/ })).toHaveAccessibleName(/ready 3/);
  const seen = () => page.evaluate('drawn') as Promise<{ times: string[]; inks: string[]; fills: string[] }>;
  const colourOf = (kind: string) => page.locator(`figure [data-status="${kind}"]`).evaluate(colourOnCanvas);
  // While the chart moves, it takes a new theme by itself.
  await page.keyboard.press('Space');
  await expectSeen(page.getByText('Held while paused'));
  for (const scheme of ['dark', 'light'] as const) {
    await page.evaluate('drawn.times = [], drawn.inks = [], drawn.fills = []');
    await page.emulateMedia({ colorScheme: scheme });
    await expect
      .poll(async () => (await seen()).times.filter((time) => time !== '').length)
      .toBeGreaterThan(2);
    const { times, inks, fills } = await seen();
    expect(times.filter((time) => time !== '')[0]).toMatch(/^\d\d:\d\d:[03]0$/);
    expect(new Set(inks)).toEqual(new Set([await colourOf('label')]));
    expect(fills).toContain(await colourOf('ready'));
  }
});

test('filtered events can be downloaded', async ({ hub, open }) => {
  await hub.seed('red', 2);
  const log = new LogPage(await open('/log?q=store%3Ared'));
  await expect(log.rows).toHaveCount(2);
  // The hub's tests check the content.
  await log.page.route('**/api/events?format=csv*', (route) => {
    expect(new URL(route.request().url()).searchParams.get('q')).toBe('store:red');
    return route.fulfill({ body: 'seq\n1\n', contentType: 'text/csv' });
  });
  await log.filters.click();
  const coming = log.page.waitForEvent('download');
  await log.page.getByRole('button', { name: 'Download CSV' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('events.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('seq\n1\n');
});

/** Init script: records the texts and fills of canvases with their colours. */
function noteTexts(): void {
  const drawn = { times: [] as string[], inks: [] as string[], fills: [] as string[] };
  const { fillText, fill } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    drawn.times.push(text);
    drawn.inks.push(String(this.fillStyle));
    return fillText.call(this, text, ...rest);
  };
  CanvasRenderingContext2D.prototype.fill = function (...rest: unknown[]) {
    drawn.fills.push(String(this.fillStyle));
    return Reflect.apply(fill, this, rest);
  };
  Reflect.set(globalThis, 'drawn', drawn);
}

/** Runs in the page. @returns an element's colour in the canvas format */
function colourOnCanvas(element: Element): string {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return '';
  context.fillStyle = getComputedStyle(element).color;
  return context.fillStyle;
}
