import { expect, type Locator, type Page } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

// The stricter of the two: an address of the network is no secure context.
const host = lanHost;
test.use({ host });

test('the documentation, with every other host out of reach: "Try it out" places an order and delivers it', async ({
  hub,
  machine,
}) => {
  const context = await machine();
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
  await expectSeen(page.getByRole('heading', { name: /^CAPS/ }));

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
  const step = await tryOut(page, 'sendEvent');
  await step.getByPlaceholder('store', { exact: true }).fill('red');
  await step.getByPlaceholder('orderID').fill('docs-1');
  await step.getByPlaceholder('as', { exact: true }).fill('driver:ana');
  for (const event of ['claimed', 'in-transit', 'delivered']) {
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

  expect(await hub.life('docs-1')).toEqual(['pickup', 'claimed', 'in-transit', 'delivered']);
  expect(elsewhere).toEqual([]);
});

test('the documentation has the theme of the other pages, chosen or the device’s, and leads back to them', async ({
  machine,
}) => {
  const context = await machine({ colorScheme: 'dark' });
  const page = await context.newPage();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.goto('/docs');
  await expect.poll(ground).toBe('rgb(14, 17, 22)');
  await expect(page.getByRole('heading', { name: /^CAPS/ })).toHaveCSS(
    'color',
    /rgb\((2[0-9]{2}|1[5-9][0-9]),/,
  );
  await page.getByRole('link', { name: 'CAPS' }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.getByLabel('Theme').selectOption('light');
  await page.goto('/docs');
  await expect.poll(ground).toBe('rgb(243, 245, 248)');
});

/** The operation's part of the page, opened and ready to be filled in. */
async function tryOut(page: Page, operation: string): Promise<Locator> {
  const block = page.locator(`[id$="-${operation}"]`);
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
