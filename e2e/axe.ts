/** What a machine can find out about who could not use a page. */

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/** All that another theme can change. */
const colours = ['color-contrast', 'link-in-text-block'];

/** As the page is now. */
export async function expectNoViolations(page: Page): Promise<void> {
  await expectNone(page, new AxeBuilder({ page }).disableRules(colours));
  await expectNoViolationsOfColours(page);
}

/** On a desk and in a hand, by day and by night; the page stays in the last of these. */
export async function expectNoViolationsInAnyLook(page: Page): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    // A colour that is still on its way to another has any contrast.
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await expectNoViolations(page);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await expectNoViolationsOfColours(page);
  }
}

async function expectNoViolationsOfColours(page: Page): Promise<void> {
  const sheets = await page.evaluateHandle(() => [...document.adoptedStyleSheets]);
  // For axe what is behind an open dialog would lie over it, and all its colours be undecided.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      'body:has(dialog:modal) :not(dialog:modal, dialog:modal *, :has(dialog:modal)) { visibility: hidden }',
    );
    document.adoptedStyleSheets.push(sheet);
  });
  const passed = await expectNone(page, new AxeBuilder({ page }).withRules(colours));
  // A page that is not there yet has no faults either.
  expect(passed).toContain('color-contrast');
  await page.evaluate((before) => {
    document.adoptedStyleSheets = before;
  }, sheets);
}

/** @returns the ids of the rules that something on the page is measured by and keeps to */
async function expectNone(page: Page, axe: AxeBuilder): Promise<string[]> {
  const { violations, passes } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}, at ${target.join(' ')}. ${failureSummary}`),
  );
  expect(found, `axe at ${page.url()}, ${page.viewportSize()?.width} px`).toEqual([]);
  return passes.map(({ id }) => id);
}
