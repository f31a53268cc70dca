import { type MouseEvent, type RefObject, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { type GroupingName, goTo, groupingLink } from './board-address.ts';
import type { BoardStore } from './board-store.ts';
import type { Selection } from './selection.ts';

interface BoardKeys {
  store: BoardStore;
  selection: Selection;
  /** Asks whom to give these parcels to. */
  assign: (keys: readonly string[]) => void;
  page: RefObject<HTMLElement | null>;
  search: RefObject<HTMLInputElement | null>;
}

/** Keys of the whole page. Those of a list are its own. */
export function useBoardKeyboard({ store, selection, assign, page, search }: BoardKeys): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (!(target instanceof Element) || target.closest('input, textarea, select, dialog')) return;
      if (onKey(event.key, target)) event.preventDefault();
    };
    const onKey = (key: string, target: Element): boolean => {
      const list = target.closest<HTMLElement>('[role="listbox"]');
      const active = list?.getAttribute('data-active') ?? undefined;
      switch (key) {
        case '/':
          search.current?.focus();
          return search.current !== null;
        case 'a':
          if (selection.keys.size > 0) assign([...selection.keys]);
          else if (active !== undefined) assign([active]);
          else return false;
          return true;
        case 'x':
        case ' ':
          if (active === undefined) return false;
          selection.toggle(active);
          return true;
        case 'u':
          void store.undo();
          return true;
        case 'ArrowLeft':
        case 'ArrowRight':
          return list !== null && goBeside(list, key === 'ArrowRight');
        case 'Escape':
          if (store.parcel.state.get()) {
            store.parcel.hide();
            focusBoard();
          } else selection.clear();
          return true;
        default:
          return false;
      }
    };
    const element = page.current;
    const onFocus = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLElement && target.matches('[role="listbox"]')) lastList = target;
    };
    element?.addEventListener('keydown', onKeyDown);
    element?.addEventListener('focusin', onFocus);
    return () => {
      element?.removeEventListener('keydown', onKeyDown);
      element?.removeEventListener('focusin', onFocus);
    };
  }, [store, selection, assign, page, search]);
}

/** Follows a link to a column without loading the page again, which would forget what can be undone. */
export function goToColumn(event: MouseEvent, by: GroupingName, column: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // A key that follows at once is for the column.
  flushSync(() => goTo(groupingLink(by, column)));
  const list = document.querySelector<HTMLElement>(`[role="listbox"][data-column="${CSS.escape(column)}"]`);
  list?.closest('section')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  list?.focus({ preventScroll: true });
}

/** The list that had the focus last. */
let lastList: HTMLElement | undefined;

/** Gives the focus back to the list that had it. */
export function focusBoard(): void {
  const lists = visibleLists();
  (lists.find((list) => list === lastList) ?? lists[0])?.focus({ preventScroll: true });
}

/** Goes to the first parcel that a search has left. */
export function focusFound(): void {
  visibleLists()[0]?.focus({ preventScroll: true });
}

function goBeside(list: HTMLElement, isRight: boolean): boolean {
  const lists = visibleLists();
  const isForward = isRight === (document.dir !== 'rtl');
  const next = lists[lists.indexOf(list) + (isForward ? 1 : -1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return next !== undefined;
}

function visibleLists(): HTMLElement[] {
  const lists = document.querySelectorAll<HTMLElement>('[role="listbox"][data-column]');
  return [...lists].filter((list) => list.offsetParent !== null);
}
