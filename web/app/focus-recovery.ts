/** The parts of a page that somebody may be in. */
const parts = 'dialog, section, search, [role="group"], [role="log"], main';
/** What is drawn anew may take the focus itself, and then knows better. */
const patienceMs = 100;

/** What has the focus because nothing better was there. */
let standIn: Element | undefined;

/** Whether what comes in the place of what had the focus may take it. */
export function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === body || activeElement === standIn;
}

/**
 * Keeps the keyboard's place on pages where things come and go, some by themselves: when what had the focus is taken
 * away, the part of the page that it stood in gets it. Else the focus would fall back to the whole page, and who
 * listens to the page instead of seeing it would be nowhere.
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
      // What was left of one's own accord may go without anybody missing it; what is disabled may come back.
      const isLeft = target === lost && lost?.isConnected && !lost.matches(':disabled');
      if (isLeft && document.activeElement !== lost) lost = undefined;
      else check();
    }, patienceMs);
  });
  // Not every browser says so when what had the focus is taken away. Then it is found out with the next key.
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
