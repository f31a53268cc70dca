/** Parts of a page that can take the focus over. */
const parts = 'dialog, section, search, [role="group"], [role="log"], main';
/** Waits this long, because new elements may take the focus themselves. */
const patienceMs = 100;

/** The part that has taken the focus over. */
let standIn: Element | undefined;

/** Whether the focused element has disappeared, so that its replacement may take the focus. */
export function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === body || activeElement === standIn;
}

/**
 * When the focused element is removed, moves the focus to the part of the page around it. Otherwise the focus would
 * fall back to the whole page, and a screen reader would lose its place.
 */
export function restoreLostFocus(): void {
  let lost: Element | undefined;
  let around: readonly HTMLElement[] = [];

  const check = () => {
    if (!lost || lost.isConnected || document.activeElement !== document.body) return;
    lost = undefined;
    const part = around.find(({ isConnected }) => isConnected);
    if (!part) return;
    if (!part.hasAttribute('tabindex')) {
      part.tabIndex = -1;
      part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true });
    }
    standIn = part;
    part.focus({ preventScroll: true });
  };
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target !== standIn) standIn = undefined;
    lost = target;
    around = partsAround(target);
  });
  document.addEventListener('focusout', ({ target }) => {
    setTimeout(() => {
      // If the user moved on, the element may go. If it was disabled, it may come back.
      const isLeft = target === lost && lost?.isConnected && !lost.matches(':disabled');
      if (isLeft && document.activeElement !== lost) lost = undefined;
      else check();
    }, patienceMs);
  });
  // Not every browser fires `focusout` for a removed element, so check at the next key as well.
  document.addEventListener('keydown', check, true);
}

function partsAround(element: Element): readonly HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let part = element.parentElement?.closest<HTMLElement>(parts); part; ) {
    found.push(part);
    part = part.parentElement?.closest<HTMLElement>(parts);
  }
  return found;
}
