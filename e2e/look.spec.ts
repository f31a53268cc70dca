import { expect, type Locator } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

test('the theme follows the system or the user’s choice, which is stored', async ({ machine }) => {
  const context = await machine({ colorScheme: 'dark' });
  const page = await context.newPage();
  const brightness = () =>
    page.evaluate(() => {
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(document.documentElement).backgroundColor.match(/[\d.]+/g) ?? [];
      return (Number(red) + Number(green) + Number(blue)) / 3;
    });
  await page.goto('/');
  const theme = page.getByRole('combobox', { name: 'Theme' });
  await expect(theme).toHaveValue('system');
  await expect.poll(brightness).toBeLessThan(80);
  await theme.selectOption('Light');
  await expect.poll(brightness).toBeGreaterThan(200);
  for (const path of ['/vendor?auto=off', '/driver?auto=off', '/log']) {
    await page.goto(path);
    await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('light');
    expect(await brightness()).toBeGreaterThan(200);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await expect.poll(brightness).toBeLessThan(80);
});

test('the button under a shop’s name is aligned with it, and the search shows an example', async ({
  machine,
}) => {
  const page = await (await machine({ viewport: { width: 360, height: 700 } })).newPage();
  const begin = (locator: Locator) =>
    locator.evaluate((element) => {
      const words = document.createRange();
      words.selectNodeContents(element.firstChild ?? element);
      const { left, top } = words.getBoundingClientRect();
      return { left: Math.round(left), top };
    });
  const name = 'a-shop-with-a-name-that-needs-all-of-the-line';
  await page.goto(`/vendor?store=${name}`);
  const things = [
    page.getByText(name, { exact: true }),
    page.getByRole('button', { name: 'Change store name' }),
    page.getByRole('button', { name: 'Shop details' }),
  ];
  for (const thing of things) await expectSeen(thing);
  const begins = () => Promise.all(things.map(begin));
  await expect.poll(async () => (await begins()).map(({ left }) => left)).toEqual([16, 16, 16]);
  const tops = (await begins()).map(({ top }) => top);
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  expect(new Set(tops).size).toBe(3);

  const search = page.getByRole('searchbox', { name: 'Search orders' });
  const [room, needed] = await search.evaluate((box: HTMLInputElement) => {
    const { paddingLeft, paddingRight, font } = getComputedStyle(box);
    const pen = document.createElement('canvas').getContext('2d');
    if (pen) pen.font = font;
    const words = pen?.measureText(box.placeholder).width ?? Number.NaN;
    return [box.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight), words];
  });
  expect(needed).toBeGreaterThan(50);
  expect(needed).toBeLessThanOrEqual(room);
});
