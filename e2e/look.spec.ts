import { expect } from 'playwright/test';
import { test } from './machines.ts';

test('the theme follows the system, can be chosen, and is kept', async ({ machine }) => {
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
