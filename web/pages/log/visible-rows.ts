/**
 * Which rows are drawn, and where. All rows have one height, so a row's place is arithmetic and only those in
 * sight need to be there. Following keeps the newest at the lower edge; else the row at the upper edge stays
 * where it is, whatever rows come or go around it.
 */

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { LogState, LogStore } from './log-store.ts';

/** Rows drawn beyond the seen ones, so that a flick of the wheel shows no gap. */
const spare = 12;
/** Rows drawn while following, at least: what the browser's own search finds. Not in a stream, where none stays. */
const followed = 120;
/** History is asked for when fewer rows than this are left to scroll through. */
const fewLeft = 20;

/** Which rows are in sight, by index; `last` is not among them. */
export interface Sight {
  readonly first: number;
  readonly last: number;
}

export interface VisibleRowsOptions {
  store: LogStore;
  log: LogState;
  selectedSeq: number | undefined;
  /** Kept up to date for who moves the selection. */
  sight: RefObject<Sight>;
  /** The reader has come back to the newest row. */
  onResume: () => void;
}

export interface VisibleRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The rows to draw, by index; `to` is not among them. */
  readonly from: number;
  readonly to: number;
  readonly rowPx: number;
  readonly onScroll: () => void;
}

interface Place {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly heightPx: number;
  readonly rowPx: number;
  /** Where the list was scrolled to when it was last looked at, so that a move shows its direction. */
  readonly lastTop: RefObject<number>;
  /** The row at the upper edge, roughly; out of date while following. */
  readonly topRow: number;
  readonly setTopRow: (row: number) => void;
}

export function useVisibleRows(options: VisibleRowsOptions): VisibleRows {
  const { store, log, onResume } = options;
  const { rows, mode, newer, isStream } = log;
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [topRow, setTopRow] = useState(0);
  const place: Place = { scroller, lastTop, topRow, setTopRow, ...useSizes(scroller) };
  useKeptPlace(place, log);
  useEnoughRows(place, options);
  useSelectedInSight(place, options);

  function onScroll(): void {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    const moved = top - lastTop.current;
    lastTop.current = top;
    const isAtEnd = element.scrollHeight - element.clientHeight - top <= 2;
    if (mode.kind === 'following') {
      if (moved < 0 && !isAtEnd) store.freeze('scrolled');
      return;
    }
    setTopRow(rowAt(top, place.rowPx));
    if (moved > 0 && isAtEnd && newer === 'none' && mode.why === 'scrolled') onResume();
  }

  const { rowPx } = place;
  const inSight = Math.ceil(place.heightPx / rowPx);
  if (mode.kind === 'following') {
    const count = isStream ? inSight + 1 : Math.max(followed, inSight);
    return { scroller, rowPx, onScroll, from: Math.max(0, rows.length - count), to: rows.length };
  }
  const from = Math.max(0, Math.min(topRow, rows.length) - spare);
  return { scroller, rowPx, onScroll, from, to: Math.min(rows.length, topRow + inSight + 2 * spare) };
}

/** The height of the scroller and of one row, which the style sheet decides; its first child is as high as a row. */
function useSizes(scroller: RefObject<HTMLDivElement | null>): { heightPx: number; rowPx: number } {
  const [sizes, setSizes] = useState({ heightPx: 700, rowPx: 28 });
  useLayoutEffect(() => {
    const element = scroller.current;
    const edge = element?.firstElementChild;
    if (!element || !edge) return;
    const measure = () => {
      const heightPx = element.clientHeight;
      const rowPx = edge.getBoundingClientRect().height || 28;
      setSizes((known) =>
        known.heightPx === heightPx && known.rowPx === rowPx ? known : { heightPx, rowPx },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(edge);
    return () => observer.disconnect();
  }, [scroller]);
  return sizes;
}

/** Before paint: the reader's place is kept, whatever happened to the rows around it. */
function useKeptPlace(
  { scroller, lastTop, heightPx, rowPx, setTopRow }: Place,
  { rows, mode }: LogState,
): void {
  const drawn = useRef({ rows, rowPx });
  const isFollowing = mode.kind === 'following';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of height must bring the newest back into sight
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (isFollowing) {
      element.scrollTop = element.scrollHeight;
    } else {
      const before = drawn.current;
      // Fewer rows than before, and the browser has cut the place down to what is left: the one before counts.
      const isCut = element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
      const place = (isCut ? lastTop.current : element.scrollTop) / before.rowPx;
      const index = Math.max(0, Math.floor(place) - 1);
      const seq = before.rows[index]?.seq;
      const shift = seq === undefined ? 0 : indexOf(rows, seq) - index;
      if (isCut || shift !== 0 || before.rowPx !== rowPx) element.scrollTop = (place + shift) * rowPx;
      setTopRow(rowAt(element.scrollTop, rowPx));
    }
    drawn.current = { rows, rowPx };
    lastTop.current = element.scrollTop;
  }, [rows, rowPx, heightPx, isFollowing]);
}

/** Asks for history before the reader comes to the end of what is there. */
function useEnoughRows(
  { scroller, heightPx, rowPx, topRow }: Place,
  { store, log: { rows, older, newer }, sight }: VisibleRowsOptions,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be looked at again after every move
  useEffect(() => {
    // By where the list really is: just after freezing, `topRow` is still that of another time.
    const first = Math.max(0, Math.floor((scroller.current?.scrollTop ?? 0) / rowPx) - 1);
    const last = Math.min(rows.length, first + Math.ceil(heightPx / rowPx));
    sight.current = { first, last };
    if (older === 'more' && first < fewLeft) store.need('older');
    if (newer === 'more' && rows.length - last < fewLeft) store.need('newer');
  }, [scroller, sight, store, topRow, heightPx, rowPx, rows, older, newer]);
}

/** The selected row is brought into sight and has the focus, so that Enter and a screen reader find it. */
function useSelectedInSight(
  { scroller, lastTop, heightPx, rowPx, setTopRow }: Place,
  { log: { rows }, selectedSeq }: VisibleRowsOptions,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection moves anything
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || selectedSeq === undefined) return;
    const top = (indexOf(rows, selectedSeq) + 1) * rowPx;
    if (top < element.scrollTop) element.scrollTop = top - rowPx;
    else if (top + rowPx > element.scrollTop + heightPx) element.scrollTop = top + 2 * rowPx - heightPx;
    lastTop.current = element.scrollTop;
    setTopRow(rowAt(element.scrollTop, rowPx));
    const focus = () => {
      const button = element.querySelector<HTMLElement>(`[data-seq="${selectedSeq}"] button`);
      button?.focus({ preventScroll: true });
      return button !== null;
    };
    // At once where it can be, because Enter may be the next key; a row that was out of sight is drawn only then.
    if (focus()) return;
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, [selectedSeq]);
}

/** The row at the upper edge, in steps: scrolling within one draws nothing anew. */
function rowAt(scrollTop: number, rowPx: number): number {
  const step = spare / 2;
  return Math.max(0, Math.floor((scrollTop / rowPx - 1) / step) * step);
}

/** Where the record of this seq stands, or else the next one. */
export function indexOf(rows: readonly CapsRecord[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
