import { useEffect, useRef } from 'react';

const writes = 'input, select, textarea, [contenteditable]';
/** Where Space already means something. Rows are not among them: Enter opens them, and Space pauses everywhere. */
const presses = ':is(button, a, summary, [role="switch"]):not([role="log"] *)';

/** What is on the keys of a keyboard for English, by the place of the key. */
const places: Readonly<Record<string, readonly [string, string]>> = { Slash: ['/', '?'] };

/**
 * The key that is meant. Letters are told apart by Shift, which Caps Lock does not touch; where the keyboard has
 * none of ours, as for Greek or Russian, the place of the key tells which it would be.
 */
export function intendedKey({
  key,
  code,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>): string {
  // Names of keys, such as Enter, are longer.
  if ([...key].length !== 1) return key;
  const isAscii = key <= '~';
  const letter = isAscii ? /^[a-z]$/i.exec(key)?.[0] : /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
  // There a keyboard for Russian has a full stop, and a comma with Shift.
  const isPlace = !isAscii || key === '.' || key === ',';
  return (isPlace && places[code]?.[shiftKey ? 1 : 0]) || key;
}

/**
 * Single keys for the whole page, while nobody writes and no dialog is open; Escape also while writing.
 * @param onKey gets the name of the key, e.g. `j`, `G` or a space, and returns false to leave it to the browser
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
