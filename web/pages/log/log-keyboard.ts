import { type RefObject, useRef } from 'react';
import { goToFailure, goToOldest, goToSameParcel } from './finder.ts';
import { useKeyboard } from './keyboard.ts';
import type { LogStore } from './log-store.ts';

/** What the keys of the log reach on the page. */
interface KeyTargets {
  readonly searchBox: RefObject<HTMLInputElement | null>;
  readonly onHelp: () => void;
}

/** @param onHelp opens the help @returns what the search box is to be drawn with */
export function useLogKeyboard(store: LogStore, onHelp: () => void): RefObject<HTMLInputElement | null> {
  const searchBox = useRef<HTMLInputElement>(null);
  useKeyboard((key, target) => onKey(key, target, { searchBox, onHelp }, store));
  return searchBox;
}

/** Goes from where the focus would be lost to where the newest rows come. */
export function leaveForNewest(store: LogStore): void {
  focusList();
  resume(store);
}

export function focusList(): void {
  document.querySelector<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
}

/** Follows again. Rows will come and go, and the focus must not go with them. */
function resume(store: LogStore): void {
  document.activeElement?.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
  store.resume();
  // Where the page scrolls as well, the end of the list may be out of sight.
  document.querySelector('[role="log"]')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

export function togglePause(store: LogStore): void {
  if (store.log.get().mode.kind === 'frozen') resume(store);
  else store.freeze('paused');
}

export function closePanel(store: LogStore): void {
  store.closeParcel();
  const row = document.querySelector<HTMLElement>('[role="log"] [data-selected] button');
  row?.focus({ preventScroll: true });
}

/** Opens the row that the keys work on, also where the focus has not come to it yet. @returns whether it did */
function openSelected(target: Element, store: LogStore): boolean {
  const { selected } = store;
  const row = target.closest<HTMLElement>('[data-seq]');
  const isOurs = row !== null || target === document.body || target.matches('[role="log"]');
  // A button in this row is pressed by Enter as everywhere.
  if (!selected || !isOurs || row?.dataset['seq'] === String(selected.seq)) return false;
  store.openParcel(selected);
  return true;
}

/** @returns whether the key means something here */
function onKey(key: string, target: Element, { searchBox, onHelp }: KeyTargets, store: LogStore): boolean {
  const { selected } = store.log.get();
  switch (key) {
    case '/':
      searchBox.current?.select();
      searchBox.current?.focus();
      return true;
    case ' ':
      togglePause(store);
      return true;
    case 'ArrowDown':
    case 'ArrowUp':
      // Arrows scroll, as everywhere, until somebody works with rows.
      if (!selected && !target.closest('[role="log"]')) return false;
      store.selectNext(key === 'ArrowDown' ? 1 : -1);
      return true;
    case 'j':
    case 'k':
      store.selectNext(key === 'j' ? 1 : -1);
      return true;
    case 'Enter':
      return openSelected(target, store);
    case 'g':
      goToOldest(store);
      return true;
    case 'G':
      resume(store);
      return true;
    case 'e':
    case 'E':
      void goToFailure(store, key === 'e' ? 1 : -1);
      return true;
    case 'o':
    case 'O':
      void goToSameParcel(store, key === 'o' ? 1 : -1);
      return true;
    case '?':
      onHelp();
      return true;
    case 'Escape':
      if (!store.parcel.state.get() || target === searchBox.current) return false;
      closePanel(store);
      return true;
    default:
      return false;
  }
}
