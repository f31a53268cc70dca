import { type RefObject, useCallback, useRef, useState } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { SearchField } from '../../../protocol/search.ts';
import { useStore } from '../../hooks.ts';
import { useKeys } from './keys.ts';
import type { LogState, LogStore } from './log-store.ts';
import { toggleTerm } from './search-text.ts';
import { indexOf, type Sight } from './visible-rows.ts';

/** What a reader of the log can do, by mouse or by key. */
export interface Reader {
  readonly selected: CapsRecord | undefined;
  readonly isPanelOpen: boolean;
  readonly sight: RefObject<Sight>;
  readonly searchBox: RefObject<HTMLInputElement | null>;
  readonly help: RefObject<HTMLDialogElement | null>;
  togglePause(): void;
  resume(): void;
  open(record: CapsRecord): void;
  closePanel(): void;
  search(text: string): void;
  filterBy(field: SearchField, value: string, exclude?: boolean): void;
  showHelp(): void;
}

export function useReader(store: LogStore, log: LogState): Reader {
  const isPanelOpen = useStore(store.parcel.state) !== undefined;
  const [selected, setSelected] = useState<CapsRecord>();
  const sight = useRef<Sight>({ first: 0, last: 0 });
  const searchBox = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLDialogElement>(null);

  const search = useCallback(
    (text: string) => {
      store.search(text);
      keepSearchInUrl(text);
    },
    [store],
  );

  const reader: Reader = {
    selected,
    isPanelOpen,
    sight,
    searchBox,
    help,
    search,
    togglePause() {
      if (log.mode.kind === 'frozen') reader.resume();
      else store.freeze('paused');
    },
    resume() {
      setSelected(undefined);
      // Rows will come and go, and the focus must not go with them.
      document.activeElement?.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true });
      store.resume();
    },
    open(record) {
      setSelected(record);
      store.openParcel(record);
    },
    closePanel() {
      store.closeParcel();
      const row = document.querySelector<HTMLElement>('[role="log"] [data-selected] button');
      row?.focus({ preventScroll: true });
    },
    filterBy: (field, value, exclude = false) => search(toggleTerm(log.search, field, value, exclude)),
    showHelp: () => help.current?.showModal(),
  };

  function select(step: 1 | -1): void {
    const { first, last } = sight.current;
    const before = step === 1 ? first - 1 : last;
    const index = (selected ? indexOf(log.rows, selected.seq) : before) + step;
    const record = log.rows[Math.min(log.rows.length - 1, Math.max(0, index))];
    if (!record) return;
    setSelected(record);
    if (isPanelOpen) store.openParcel(record);
    else store.freeze('reading');
  }

  useKeys((key, target) => onKey(key, target, reader, store, select));
  return reader;
}

/** @returns whether the key means something here */
function onKey(
  key: string,
  target: Element,
  reader: Reader,
  store: LogStore,
  select: (step: 1 | -1) => void,
): boolean {
  switch (key) {
    case '/':
      reader.searchBox.current?.select();
      reader.searchBox.current?.focus();
      return true;
    case ' ':
      reader.togglePause();
      return true;
    case 'ArrowDown':
    case 'ArrowUp':
      // Arrows scroll, as everywhere, until somebody works with rows.
      if (!reader.selected && !target.closest('[role="log"]')) return false;
      select(key === 'ArrowDown' ? 1 : -1);
      return true;
    case 'j':
    case 'k':
      select(key === 'j' ? 1 : -1);
      return true;
    case 'g':
      store.toOldest();
      return true;
    case 'G':
      reader.resume();
      return true;
    case '?':
      reader.showHelp();
      return true;
    case 'Escape':
      if (!reader.isPanelOpen || target === reader.searchBox.current) return false;
      reader.closePanel();
      return true;
    default:
      return false;
  }
}

export function searchInUrl(): string {
  return new URLSearchParams(location.search).get('q') ?? '';
}

/** So that a reload or a copied link shows the same. */
function keepSearchInUrl(search: string): void {
  const url = new URL(location.href);
  if (search === '') url.searchParams.delete('q');
  else url.searchParams.set('q', search);
  history.replaceState(history.state, '', url);
}
