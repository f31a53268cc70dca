import { type RefObject, useRef } from 'react';
import { goToFailure, goToOldest, goToSameParcel } from './finder.ts';
import { useKeyboard } from './keyboard.ts';
import type { LogStore } from './log-store.ts';

/** Parts of the page that the keyboard shortcuts use. */
interface KeyTargets {
  readonly searchBox: RefObject<HTMLInputElement | null>;
  readonly onHelp: () => void;
}

/** @param onHelp opens the help @returns the ref for the search box */
export function useLogKeyboard(store: LogStore, onHelp: () => void): RefObject<HTMLInputElement | null> {
  const searchBox = useRef<HTMLInputElement>(null);
  useKeyboard((key, target) => onKey(key, target, { searchBox, onHelp }, store));
  return searchBox;
}

/** Resumes with the focus on the list, because the pressed button disappears. */
export function leaveForNewest(store: LogStore): void {
  focusList();
  resume(store);
}

export function focusList(): void {
  document.querySelector<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
}

/** Follows again. Moves the focus from a row, which will disappear, to the list. */
function resume(store: LogStore): void {
  document.activeElement?.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
  store.resume();
  // On phones the page scrolls too, and the end of the list may be out of sight.
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

/** Opens the selected row, even if the focus is not on it yet. @returns whether it did */
function openSelected(target: Element, store: LogStore): boolean {
  const { selected } = store;
  const row = target.closest<HTMLElement>('[data-seq]');
  const isOurs = row !== null || target === document.body || target.matches('[role="log"]');
  // Enter on a button of this row presses the button.
  if (!selected || !isOurs || row?.dataset['seq'] === String(selected.seq)) return false;
  store.openParcel(selected);
  return true;
}

/** @returns whether the key was handled */
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
      // Arrows scroll the page until a row is selected.
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
