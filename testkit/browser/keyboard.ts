/** A user with a keyboard and nothing else. */

import { expect, type Locator, type Page } from 'playwright/test';

const stopsMax = 80;

/** The key with Shift for a capital. */
export function asTyped(key: string): string {
  return /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
}

export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Presses keys by name; the focus must be visible after each. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(asTyped(key));
      await this.seesFocus();
    }
  }

  /** Types into the focused element. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Tabs to the target; the focus must be visible at every stop. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(target).toBeVisible();
    // Finding it again at every stop would take longer than the stop. A page may draw it anew meanwhile.
    let element = await target.elementHandle();
    for (let stop = 0; stop < stopsMax; stop += 1) {
      const place = await this.#page.evaluate(placeOfFocus, element);
      if (place === 'there') return;
      if (place === 'gone') {
        element = await target.elementHandle();
        continue;
      }
      await this.#page.keyboard.press(key);
      await this.seesFocus();
    }
    throw new Error(`${target} is not reached by ${key}.`);
  }

  /** The focused element is in the viewport, uncovered, and has a focus ring. */
  async seesFocus(): Promise<void> {
    if ((await this.#page.evaluate(troubleWithFocus)) === '') return;
    await expect.poll(() => this.#page.evaluate(troubleWithFocus), { intervals: [20, 50, 100] }).toBe('');
  }
}

/** Runs in the page. @returns where the focus is, seen from the target, or that the target is no more */
function placeOfFocus(target: Node | null): 'there' | 'elsewhere' | 'gone' {
  if (!target?.isConnected) return 'gone';
  return target === document.activeElement ? 'there' : 'elsewhere';
}

/** Runs in the page. @returns nothing if the focus is visible, else why not */
function troubleWithFocus(): string {
  const element = document.activeElement;
  if (!element || element === document.body) return 'Nothing has the focus.';
  const what = `<${element.tagName.toLowerCase()}> “${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}”`;
  if (!element.matches(':focus-visible')) return `The focus at ${what} is not to be seen.`;
  const lines = [element, ...['::before', '::after']].map((part) =>
    typeof part === 'string' ? getComputedStyle(element, part) : getComputedStyle(part),
  );
  const hasLine = lines.some(
    ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0,
  );
  if (!hasLine) return `There is no line around ${what}.`;
  const box = element.getBoundingClientRect();
  // The middle of the visible part if the element is large, else of all of it.
  const middle = (from: number, to: number, end: number) =>
    to - from > end / 2 ? (Math.max(from, 0) + Math.min(to, end)) / 2 : (from + to) / 2;
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const isVisible = x > box.left && x < box.right && y > box.top && y < box.bottom;
  const over = isVisible && document.elementFromPoint(x, y);
  if (!over) return `${what} is out of sight.`;
  if (!element.contains(over) && !over.contains(element)) return `Something lies over ${what}.`;
  return '';
}
