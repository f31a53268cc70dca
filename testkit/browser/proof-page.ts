/** Proofs on a driver's page, in the driver's words. */

import type { Locator, Page } from 'playwright/test';
import { type DriverPage, isStill } from './pages.ts';
import { expectFound } from './seen.ts';

/** The button of a proof. @param name its visible word */
export function proofChip(driver: DriverPage, orderID: string, name: string): Locator {
  return driver
    .parcel(orderID)
    .getByRole('group', { name: 'Proofs' })
    .getByRole('button', { name: new RegExp(`^${name}\\b`) });
}

/** Asks for what the shop would like, and takes the step without it as well. */
export function proofQuestion(driver: DriverPage, orderID: string): Locator {
  return driver.parcel(orderID).getByRole('group', { name: /^The shop asks for/ });
}

/** Draws with a finger, in parts of the field's size. */
export async function sign(page: Page, ...ways: readonly (readonly [number, number])[]): Promise<void> {
  const field = page.getByRole('img', { name: 'Sign here' });
  await expectFound(field);
  await isStill(page);
  const { x, y, width, height } = (await field.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [first = [0, 0]] = ways;
  await page.mouse.move(x + first[0] * width, y + first[1] * height);
  await page.mouse.down();
  for (const [across, down] of ways)
    await page.mouse.move(x + across * width, y + down * height, { steps: 4 });
  await page.mouse.up();
}

/** Where a driver types a PIN. */
export function pinPad(page: Page): Locator {
  return page.getByRole('group', { name: 'PIN from the customer’s page' });
}
