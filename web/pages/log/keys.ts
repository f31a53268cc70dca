import { useEffect, useRef } from 'react';

const writes = 'input, select, textarea, [contenteditable]';
/** Where Space already means something. Rows are not among them: Enter opens them, and Space pauses everywhere. */
const presses = ':is(button, a, summary, [role="switch"]):not([role="log"] *)';

/**
 * Single keys for the whole page, while nobody writes and no dialog is open; Escape also while writing.
 * @param onKey gets the name of the key, e.g. `j`, `G` or a space, and returns false to leave it to the browser
 */
export function useKeys(onKey: (key: string, target: Element) => boolean): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  });
  useEffect(() => {
    let taken: string | undefined;
    const pressed = (event: KeyboardEvent) => {
      taken = undefined;
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest(writes) && event.key !== 'Escape') return;
      if (event.key === ' ' && (event.repeat || target.closest(presses))) return;
      if (document.querySelector('dialog[open]')) return;
      if (!latest.current(event.key, target)) return;
      event.preventDefault();
      taken = event.key;
    };
    // A button is pressed when Space is let go, whatever became of its going down.
    const released = (event: KeyboardEvent) => {
      if (event.key === taken) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    document.addEventListener('keyup', released);
    return () => {
      document.removeEventListener('keydown', pressed);
      document.removeEventListener('keyup', released);
    };
  }, []);
}
