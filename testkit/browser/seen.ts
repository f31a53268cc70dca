/**
 * What a person sees. Playwright's `toBeVisible` asks the DOM: a row scrolled out of sight, or one behind a bar, is
 * visible to it. Here an element is seen when it lies in the viewport and nothing covers it.
 */

import { expect, type Locator } from 'playwright/test';

export interface SeenOptions {
  /** Playwright's own expect timeout by default. */
  readonly timeoutMs?: number;
}

/** As long as Playwright's own expect timeout, see playwright.config.ts. */
const foundMaxMs = 30_000;
/** For one try: an element that goes while Playwright waits for it to be still may never be. */
const scrollMaxMs = 5_000;

/** Waits until the middle of the element and the points near its ends are uncovered. */
export async function expectSeen(element: Locator, { timeoutMs }: SeenOptions = {}): Promise<void> {
  const options = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  await expect.poll(() => howSeen(element), { message: `seen: ${element}`, ...options }).toBe('seen');
}

/** Scrolls there first, as a person would who looks for it, and again if it is drawn anew meanwhile. */
export async function expectFound(element: Locator, options: SeenOptions = {}): Promise<void> {
  const { timeoutMs: timeout = foundMaxMs } = options;
  await expect(() => element.scrollIntoViewIfNeeded({ timeout: scrollMaxMs })).toPass({ timeout });
  await expectSeen(element, options);
}

/** Waits until the element is gone, scrolled away or covered. */
export async function expectUnseen(element: Locator, { timeoutMs }: SeenOptions = {}): Promise<void> {
  const options = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  await expect.poll(() => howSeen(element), { message: `not seen: ${element}`, ...options }).not.toBe('seen');
}

/** `seen`, or what is in the way. @param element one, or none yet; more than one is an error */
export async function howSeen(element: Locator): Promise<string> {
  const found = await element.count();
  if (found === 0) return 'not there';
  if (found > 1) throw new Error(`${element} is ${found} elements.`);
  return element.evaluate((node) => {
    // Between two lines of a text there may be a gap: the middle one is looked at.
    const lines = node.getClientRects();
    const { left, top, width, height } = lines[lines.length >> 1] ?? node.getBoundingClientRect();
    if (width === 0 || height === 0) return 'without size';
    const inset = Math.min(8, width / 4);
    const middle = top + height / 2;
    for (const x of [left + inset, left + width / 2, left + width - inset]) {
      if (x < 0 || x >= innerWidth || middle < 0 || middle >= innerHeight) return 'out of the viewport';
      const front = document.elementFromPoint(x, middle);
      // An ancestor in front means that the element is clipped there, unless it lets the pointer through.
      const letsThrough = getComputedStyle(node).pointerEvents === 'none';
      const isIt = front !== null && (node.contains(front) || (letsThrough && front.contains(node)));
      if (!isIt) return `covered by ${front?.tagName.toLowerCase() ?? 'nothing'}.${front?.className ?? ''}`;
    }
    const { opacity, visibility } = getComputedStyle(node);
    return Number(opacity) > 0 && visibility === 'visible' ? 'seen' : 'transparent';
  });
}
