/** What a machine can find out about who could not use a page. */

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';
import { isDrawn } from './pages.ts';
import { isTorture, shareOf } from './torture.ts';

type Results = Awaited<ReturnType<AxeBuilder['analyze']>>;

interface Options {
  readonly rules?: Readonly<Record<string, { enabled: boolean }>>;
  readonly runOnly?: readonly string[];
}

interface Colour {
  r: number;
  g: number;
  b: number;
  alpha: number;
  parseString(text: string): Colour;
}

declare global {
  var axe: {
    run(where: Document | Element, options: object): Promise<Results>;
    commons: { color: { Color: { prototype: Colour } } };
  };
}

/** All that another theme can change. */
const colours = ['color-contrast', 'link-in-text-block'];

/** Words as long as anyone would type: they are what breaks narrow pages. */
export const long = {
  customer: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe Maximiliane von und zu Hohenlohe-Waldenburg',
  address: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Road 1234, Staircase B',
  store: 'a-store-with-a-name-as-long-as-anyone-would-type',
};

/**
 * A desk, a phone in a hand, and the narrowest that a page has to bear: a small phone, and the same in CSS pixels as
 * a desk at 400 %, so there is a mouse.
 */
const sizes = {
  desk: { width: 1280, height: 800, isTouched: false },
  phone: { width: 390, height: 844, isTouched: true },
  narrow: { width: 320, height: 640, isTouched: false },
} as const;

/** Sizes and themes take turns: six states of a page are seen in every look. */
const looks = [
  { size: 'desk', colorScheme: 'light' },
  { size: 'phone', colorScheme: 'dark' },
  { size: 'narrow', colorScheme: 'light' },
  { size: 'desk', colorScheme: 'dark' },
  { size: 'phone', colorScheme: 'light' },
  { size: 'narrow', colorScheme: 'dark' },
] as const;

/** How often each page has been looked at. */
const turns = new WeakMap<Page, number>();

/**
 * Neither does it scroll sideways. To size and to paint a page takes as long as axe does: each state of a page is examined in
 * the next of the six looks, and by `npm run torture:web` in all of them. The page stays narrow.
 */
export async function expectNoViolationsInAnyLook(page: Page): Promise<void> {
  const turn = turns.get(page) ?? 0;
  turns.set(page, turn + 1);
  const browser = await page.context().newCDPSession(page);
  const touch = (enabled: boolean) => browser.send('Emulation.setTouchEmulationEnabled', { enabled });
  for (const { size, colorScheme } of shareOf(looks, turn % looks.length, looks.length)) {
    const { isTouched, ...viewport } = sizes[size];
    await page.setViewportSize(viewport);
    await touch(isTouched);
    // A colour that is still on its way to another has any contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await isDrawn(page);
    await expectNoSidewaysScroll(page);
    await expectNoViolationsOfForm(page);
    await expectNoViolationsOfColours(page);
  }
  // With fingers what is pressed is bigger, and the narrowest phone has the least room for it.
  const { width, height } = sizes.narrow;
  await page.setViewportSize({ width, height });
  await touch(true);
  await isDrawn(page);
  await expectNoSidewaysScroll(page);
  await touch(false);
  await browser.detach();
}

/** Of all but colours, as the page is now. */
async function expectNoViolationsOfForm(page: Page): Promise<void> {
  const off = colours.map((rule) => [rule, { enabled: false }]);
  await expectNone(page, { rules: Object.fromEntries(off) });
}

async function expectNoViolationsOfColours(page: Page): Promise<void> {
  const passed = await expectNone(page, { runOnly: colours });
  // A page that is not there yet has no faults either.
  expect.soft(passed).toContain('color-contrast');
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overhangs = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('dialog:modal, dialog:modal > *')]
      .map(({ tagName, scrollWidth, clientWidth }) => `${tagName}: ${scrollWidth - clientWidth} px`)
      .filter((text) => !text.endsWith(': 0 px')),
  );
  const innerWidth = page.viewportSize()?.width;
  expect.soft(overhangs, `scrolls sideways at ${page.url()}, ${innerWidth} px`).toEqual([]);
}

/** @returns the ids of the rules that something on the page is measured by and keeps to */
async function expectNone(page: Page, options: Options): Promise<string[]> {
  // Half a megabyte, which a page need not read more than once.
  if (!(await page.evaluate(() => 'axe' in window))) {
    await new AxeBuilder({ page }).setLegacyMode().withRules('document-title').analyze();
    await page.evaluate(rememberColours);
  }
  const { violations, kept } = await page.evaluate(runAxe, { options, isWhole: isTorture });
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}, at ${target.join(' ')}. ${failureSummary}`),
  );
  expect.soft(found, `axe at ${page.url()}, ${page.viewportSize()?.width} px`).toEqual([]);
  return kept;
}

/** In the page. Axe parses the same few colours for every element, which is half of what it does. */
function rememberColours(): void {
  const { prototype } = axe.commons.color.Color;
  const parse = prototype.parseString;
  const known = new Map<string, Pick<Colour, 'r' | 'g' | 'b' | 'alpha'>>();
  prototype.parseString = function (text) {
    const colour = known.get(text);
    if (colour) return Object.assign(this, colour);
    const { r, g, b, alpha } = parse.call(this, text);
    known.set(text, { r, g, b, alpha });
    return this;
  };
}

/**
 * In the page. Hands out what is wrong and the ids of the rules that something keeps to: all the rest takes longer to send
 * than to find.
 * @param isWhole whether to examine the page behind an open dialog too: it is inert, and was examined before
 */
async function runAxe({ options, isWhole }: { options: Options; isWhole: boolean }): Promise<{
  violations: Results['violations'];
  kept: string[];
}> {
  const sheets = [...document.adoptedStyleSheets];
  if (options.runOnly) {
    // For axe what is behind an open dialog would lie over it, and all its colours be undecided.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      'body:has(dialog:modal) :not(dialog:modal, dialog:modal *, :has(dialog:modal)) { visibility: hidden }',
    );
    document.adoptedStyleSheets.push(sheet);
  }
  try {
    const how = { ...options, resultTypes: ['violations'], preload: false };
    const dialog = isWhole ? undefined : [...document.querySelectorAll('dialog:modal')].at(-1);
    const { violations, passes } = await axe.run(dialog ?? document, how);
    return { violations, kept: passes.map(({ id }) => id) };
  } finally {
    document.adoptedStyleSheets = sheets;
  }
}
