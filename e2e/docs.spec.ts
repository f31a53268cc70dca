import { expect, type Locator, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { isTorture } from '../testkit/browser/torture.ts';

// The stricter case: an address of the network is no secure context.
const host = lanHost;
test.use({ host });

/** Steps of an order, each sent from a form, which takes seconds to draw: only `npm run torture:web` does. */
const steps = isTorture ? ['claimed', 'in-transit', 'delivered'] : [];

test('"Try it out" in the REST reference places an order, in either theme, with no other host reachable', async ({
  hub,
  machine,
}) => {
  const context = await machine({ colorScheme: 'dark' });
  const elsewhere: string[] = [];
  await context.route(
    (url) => url.host !== `${host}:${hub.port}` && url.protocol.startsWith('http'),
    (route) => {
      elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  await page.goto('/docs');
  await page.getByRole('main').getByRole('link', { name: 'REST', exact: true }).click();
  await expect(page).toHaveURL(/\/docs\/api$/);
  await expectSeen(page.getByRole('heading', { name: /^CAPS/ }));
  await expectDark(page, page.getByRole('heading', { name: /^CAPS/ }));
  await page.getByRole('link', { name: /^CAPS/ }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.getByLabel('Theme').selectOption('light');
  // Old links to REST calls still work.
  await page.goto('/docs#/Orders/placeOrder');
  await expectLight(page);
  await expect(page).toHaveURL(/\/docs\/api#\/Orders\/placeOrder$/);
  await expectFound(operation(page, 'placeOrder').getByRole('button', { name: 'Try it out' }));

  const placing = await tryOut(page, 'placeOrder');
  await placing.locator('textarea').fill(
    JSON.stringify({
      store: 'red',
      orderID: 'docs-1',
      customer: 'Hulda Parker',
      address: '835 Meluk Pass',
    }),
  );
  await execute(placing, 201, '"status": "ready"');
  if (isTorture) {
    const step = await tryOut(page, 'sendEvent');
    await step.getByPlaceholder('store', { exact: true }).fill('red');
    await step.getByPlaceholder('orderID').fill('docs-1');
    await step.getByPlaceholder('as', { exact: true }).fill('driver:ana');
    for (const event of steps) {
      await step
        .locator('tr', { hasText: /^event/ })
        .getByRole('combobox')
        .selectOption(event);
      await execute(step, 201, `"status": "${event}"`);
    }
    const reading = await tryOut(page, 'readOrder');
    await reading.getByPlaceholder('store', { exact: true }).fill('red');
    await reading.getByPlaceholder('orderID').fill('docs-1');
    await execute(reading, 200, '"status": "delivered"');
  }

  expect(await hub.life('docs-1')).toEqual(['pickup', ...steps]);
  expect(elsewhere).toEqual([]);
});

for (const width of isTorture ? [390, 1280] : [390]) {
  test(`the documentation opens from the start page, is searched by keyboard and read page by page, ${width} px wide`, async ({
    machine,
  }) => {
    const context = await machine({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('link', { name: 'Documentation' }).click();
    await expectSeen(page.getByRole('heading', { name: 'Documentation', level: 1 }));
    await page.getByRole('main').getByRole('link', { name: 'The protocol' }).click();
    await expectSeen(page.getByRole('heading', { name: 'The protocol', level: 1 }));

    const search = page.getByRole('searchbox', { name: 'Search the documentation' });
    const hits = page.getByRole('search').getByRole('link');
    await page.keyboard.press('/');
    await expect(search).toBeFocused();
    await page.keyboard.type('zzzz');
    await expectSeen(page.getByText('Nothing found.').last());
    await page.keyboard.press('Escape');
    await expect(search).toHaveValue('');
    await page.keyboard.type('GOTTA go');
    await expect(page.getByRole('status')).toHaveText(/Places found: \d+/);
    await expectSeen(hits.filter({ hasText: /^TCP/ }));
    await page.keyboard.press('ArrowDown');
    await expect(hits.first()).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(search).toBeFocused();
    await hits.filter({ hasText: /^TCP/ }).press('Enter');
    await expect(page).toHaveURL(/\/docs\/protocol#tcp$/);
    await expect(hits.first()).toBeHidden();
    await expectSeen(page.getByRole('heading', { name: 'TCP', exact: true }));

    const contents = page.getByRole('navigation', { name: 'Contents' });
    if (width < 900) await page.getByRole('link', { name: 'Contents' }).click();
    await expectSeen(contents.getByRole('link', { name: 'The protocol' }));
    await contents.getByRole('link', { name: 'What CAPS promises' }).click();
    await expectSeen(page.getByRole('heading', { name: 'What CAPS promises' }));
    await page.getByRole('link', { name: /^← Before/ }).click();
    await expect(page).not.toHaveURL(/spec/);
  });
}

test('axe finds nothing on the documentation: contents, a long page, a search, a missing page', async ({
  machine,
  troubles,
}) => {
  troubles.expect(/Failed to load resource.* 404/);
  const page = await (await machine()).newPage();
  for (const path of ['/docs', '/docs/protocol', '/docs/nowhere']) {
    await page.goto(path);
    await test.step(path, () => expectNoViolationsInAnyLook(page));
  }
  await page.keyboard.press('/');
  await page.keyboard.type('cursor');
  await expectSeen(page.getByRole('search').getByRole('link').first());
  await test.step('a search', () => expectNoViolationsInAnyLook(page));
});

test('the documentation has the theme of the other pages, links to them, and shows tables of six columns whole', async ({
  machine,
}) => {
  const page = await (await machine({ colorScheme: 'dark' })).newPage();
  await page.goto('/docs');
  await expectDark(page, page.getByRole('heading', { level: 1 }));
  await page.getByRole('link', { name: /^CAPS/ }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.getByLabel('Theme').selectOption('light');
  await page.goto('/docs/compared');
  await expectLight(page);
  const hidden = await page
    .locator('.table')
    .evaluateAll((tables) => tables.map((table) => table.scrollWidth - table.clientWidth));
  expect(hidden.length).toBe(3);
  // Another machine's font may be a little wider.
  expect(Math.max(...hidden)).toBeLessThan(24);
});

const ground = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

async function expectDark(page: Page, heading: Locator): Promise<void> {
  await expect.poll(() => ground(page)).toBe('rgb(14, 17, 22)');
  await expect(heading.first()).toHaveCSS('color', /rgb\((2[0-9]{2}|1[5-9][0-9]),/);
}

async function expectLight(page: Page): Promise<void> {
  await expect.poll(() => ground(page)).toBe('rgb(243, 245, 248)');
}

const operation = (page: Page, id: string): Locator => page.locator(`[id$="-${id}"]`);

/** Opens the form of an operation. */
async function tryOut(page: Page, id: string): Promise<Locator> {
  const block = operation(page, id);
  const button = block.getByRole('button', { name: 'Try it out' });
  if (!(await button.isVisible())) await block.locator('.opblock-summary-control').click();
  await button.click();
  return block;
}

async function execute(block: Locator, status: number, said: string): Promise<void> {
  await block.getByRole('button', { name: 'Execute' }).click();
  const response = block.locator('.live-responses-table');
  await expect(response.locator('.response-col_status').last()).toContainText(`${status}`);
  await expect(response).toContainText(said);
}
