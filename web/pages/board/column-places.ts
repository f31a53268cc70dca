/** Places in a column: which rows are visible, and which one the keys act on. */

import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import type { BoardRow } from './board-rows.ts';

/** Rows are added and removed in batches of this size, so that most frames of a scroll change nothing. */
const batch = 8;
/** Batches beyond the edges. */
const spare = 2;

const pageRows = 10;

/** @returns where a key of the list leads; undefined for other keys */
export function nextPlace({ key }: KeyboardEvent, at: number, total: number): number | undefined {
  const clamp = (place: number) => Math.max(0, Math.min(total - 1, place));
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return clamp(at + 1);
    case 'ArrowUp':
    case 'k':
      return clamp(at - 1);
    case 'PageDown':
      return clamp(at + pageRows);
    case 'PageUp':
      return clamp(at - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return clamp(total);
    default:
      return undefined;
  }
}

interface VisibleRows {
  first: number;
  /** Exclusive. */
  last: number;
  rowPx: number;
  onScroll: () => void;
}

/** A finger needs higher rows. */
const touch = matchMedia('(pointer: coarse)');

function watchTouch(changed: () => void): () => void {
  touch.addEventListener('change', changed);
  return () => touch.removeEventListener('change', changed);
}

/** No rows while the column itself is out of sight. */
export function useVisibleRows(box: RefObject<HTMLDivElement | null>): VisibleRows {
  const rowPx = useSyncExternalStore(watchTouch, () => (touch.matches ? 64 : 52));
  const [range, setRange] = useState({ first: 0, last: 0 });
  const measure = () => {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    const batchPx = rowPx * batch;
    const first = Math.max(0, Math.floor(scrollTop / batchPx) - spare) * batch;
    const last =
      clientHeight === 0 ? first : (Math.ceil((scrollTop + clientHeight) / batchPx) + spare) * batch;
    setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `measure` reads the element anew each time
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, rowPx]);
  return { ...range, rowPx, onScroll: measure };
}

interface ActiveRow {
  /** -1: none. */
  active: number;
  setActive: (place: number) => void;
}

/** The row that the keys act on. It stays with its parcel while the parcel is in the column. */
export function useActiveRow(
  rows: readonly BoardRow[],
  box: RefObject<HTMLDivElement | null>,
  rowPx: number,
): ActiveRow {
  const [chosen, setChosen] = useState<{ key: string | undefined; place: number }>({
    key: undefined,
    place: -1,
  });
  const { key, place } = chosen;
  const found = rows[place]?.key === key ? place : rows.findIndex((row) => row.key === key);
  const active = found >= 0 ? found : place < 0 ? -1 : Math.min(place, rows.length - 1);
  const activeKey = rows[active]?.key;
  useEffect(() => {
    setChosen((before) =>
      before.key === activeKey && before.place === active ? before : { key: activeKey, place: active },
    );
  }, [active, activeKey]);
  return {
    active,
    setActive(next) {
      setChosen({ key: rows[next]?.key, place: next });
      const element = box.current;
      if (!element) return;
      const top = next * rowPx;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowPx > element.scrollTop + element.clientHeight)
        element.scrollTop = top + rowPx - element.clientHeight;
    },
  };
}
