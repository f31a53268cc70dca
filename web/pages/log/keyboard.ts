import { useEffect, useRef } from 'react';

const writes = 'input, select, textarea, [contenteditable]';
/** Elements that Space presses. Rows are excluded: Enter opens them, and Space always pauses. */
const presses = ':is(button, a, summary, [role="switch"]):not([role="log"] *)';

/** The characters of an English keyboard, by physical key. */
const places: Readonly<Record<string, readonly [string, string]>> = { Slash: ['/', '?'] };

/**
 * The key that the user means. Shift decides about capitals, Caps Lock does not. If the keyboard has no Latin letters, as
 * in Greek or Russian, the physical key decides.
 */
export function intendedKey({
  key,
  code,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>): string {
  // Named keys, such as Enter.
  if ([...key].length !== 1) return key;
  const isAscii = key <= '~';
  const letter = isAscii ? /^[a-z]$/i.exec(key)?.[0] : /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
  // On a Russian keyboard this key is a full stop, and a comma with Shift.
  const isPlace = !isAscii || key === '.' || key === ',';
  return (isPlace && places[code]?.[shiftKey ? 1 : 0]) || key;
}

/**
 * Handles single keys on the whole page, unless the user types or a dialog is open; Escape works while typing too.
 * @param onKey takes the key, e.g. `j`, `G` or a space, and returns false to leave it to the browser
 */
export function useKeyboard(onKey: (key: string, target: Element) => boolean): void {
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
      if (!latest.current(intendedKey(event), target)) return;
      event.preventDefault();
      taken = event.key;
    };
    // Browsers press a button on keyup, even if keydown was handled here.
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
