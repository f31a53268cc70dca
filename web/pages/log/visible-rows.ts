/**
 * The virtual list: which rows are drawn, and where. All rows have the same height, so the index gives the offset and only
 * visible rows are drawn. While following, the newest row stays at the lower edge; while frozen, the row at the upper
 * edge stays in place, whatever rows come or go around it.
 */

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Jump, LogState } from './log-state.ts';
import type { LogStore } from './log-store.ts';
import type { Rows } from './rows.ts';
import { contentAfter, contentEnd, elementPx, type ScrollSpace, scrollTopFor } from './scroll-space.ts';

/** Overscan: rows drawn beyond the visible ones, so that scrolling shows no gap. */
const spare = 12;
/** A line above the first row, of the same height. */
const leadRows = 1;
/** In the stretched part, the scrollbar is corrected when scrolling has ended. */
const restMs = 200;

export interface VisibleRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The rows to draw, by index; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** Offset of the first row in the scrolling element; undefined: the last row is at its end. */
  readonly topPx: number | undefined;
  readonly heightPx: number;
  readonly onScroll: () => void;
}

/** Offsets of the list: `contentTop` among all rows, `scrollTop` of the element. */
interface Offsets {
  readonly contentTop: number;
  readonly scrollTop: number;
}

/** The row at the upper edge, and how many pixels of it are above the edge. */
interface Anchor {
  readonly seq: number;
  readonly px: number;
}

interface Sizes {
  readonly viewPx: number;
  readonly rowPx: number;
}

export function useVisibleRows(store: LogStore, log: LogState): VisibleRows {
  const scroller = useRef<HTMLDivElement>(null);
  const sizes = useSizes(scroller);
  const [place, setPlace] = useState<Offsets>({ contentTop: 0, scrollTop: 0 });
  const list = useRef(new ScrollPosition()).current;
  const { rows, mode, newer, jump, isStream } = log;
  const isFollowing = mode.kind === 'following';
  const space = spaceOf(log, sizes);
  const inSight = Math.ceil(sizes.viewPx / sizes.rowPx) + 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: run when one of these changes
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    list.drawn(element, log, sizes, space);
    setPlace(list.offsets);
  }, [rows, isFollowing, jump, sizes, space.contentPx]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: run after every move
  useEffect(() => {
    const first = Math.max(0, isFollowing ? rows.count - inSight : firstAt(list.offsets, sizes));
    store.see(first, Math.min(rows.count, first + inSight));
  }, [store, rows, place, isFollowing, inSight]);

  useFocusOnSelected(scroller, log);
  useJumpInSight(scroller, jump);

  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const isScrolled = mode.kind === 'frozen' && mode.why === 'scrolled';
  function onScroll(): void {
    const element = scroller.current;
    if (!element) return;
    const moved = list.scrolled(element.scrollTop);
    if (moved === 0) return;
    if (isFollowing) {
      // A window that grows moves the rows as well.
      if (moved > 0 || list.isAtEnd || isAtItsEnd(element)) return;
      list.leave();
      store.freeze('scrolled');
    }
    setPlace(list.offsets);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      list.settle(element);
      setPlace(list.offsets);
    }, restMs);
    if (moved > 0 && list.isAtEnd && newer === 'none' && isScrolled && !log.range) store.resume();
  }

  const heightPx = elementPx(space);
  if (isFollowing) {
    // Draw some more than the screen holds, unless a stream replaces them at once.
    const from = Math.max(0, rows.count - (isStream ? inSight : inSight + spare));
    return { scroller, onScroll, heightPx, from, to: rows.count, topPx: undefined };
  }
  const first = firstAt(place, sizes);
  // Align to steps, so that scrolling within one renders nothing.
  const step = spare / 2;
  const from = Math.max(0, Math.floor(first / step) * step - spare);
  const to = Math.max(from, Math.min(rows.count, first + inSight + spare + step));
  const topPx = (from + leadRows) * sizes.rowPx - (place.contentTop - place.scrollTop);
  return { scroller, onScroll, heightPx, from, to, topPx };
}

function spaceOf({ rows, newer }: LogState, { viewPx, rowPx }: Sizes): ScrollSpace {
  const count = leadRows + rows.count + (newer === 'none' ? 0 : 1);
  return { contentPx: count * rowPx, viewPx };
}

function firstAt({ contentTop }: Offsets, { rowPx }: Sizes): number {
  return Math.max(0, Math.floor(contentTop / rowPx) - leadRows);
}

/** Keeps the reader's position in an element whose offsets may be stretched. */
class ScrollPosition {
  offsets: Offsets = { contentTop: 0, scrollTop: 0 };
  #anchor: Anchor | undefined;
  #jump: Jump | undefined;
  /** The rows of the last render. */
  #rows: Rows | undefined;
  #sizes: Sizes = { viewPx: 0, rowPx: 1 };
  #space: ScrollSpace = { contentPx: 0, viewPx: 0 };
  #isAtNewest = true;

  /** Call it before paint when the rows or sizes have changed. */
  drawn(element: HTMLElement, { rows, mode, jump }: LogState, sizes: Sizes, space: ScrollSpace): void {
    const isFollowing = mode.kind === 'following';
    const isJump = jump !== this.#jump && !isFollowing;
    const wasAtNewest = this.#isAtNewest;
    if (!isFollowing && !wasAtNewest) this.#catchUp(element);
    this.#jump = jump;
    this.#rows = rows;
    this.#sizes = sizes;
    this.#space = space;
    this.#isAtNewest = isFollowing;
    const before = wasAtNewest ? contentEnd(space) : (this.#anchored() ?? this.offsets.contentTop);
    if (isJump && jump?.where === 'middle') {
      // Keep it as the anchor: rows around it may still be loading.
      this.#anchor = { seq: jump.seq, px: -Math.round(sizes.viewPx / 3) };
      this.#go(element, this.#anchored() ?? 0);
    } else if (isJump && jump) {
      this.#go(element, nearest((rows.indexOf(jump.seq) + leadRows) * sizes.rowPx, before, sizes));
      this.#anchorHere();
    } else {
      this.#go(element, isFollowing ? contentEnd(space) : before);
      if (wasAtNewest) this.#anchorHere();
    }
  }

  /** @returns how far the element has scrolled, in pixels */
  scrolled(scrollTop: number): number {
    const moved = scrollTop - this.offsets.scrollTop;
    if (Math.abs(moved) < 0.5) return 0;
    this.offsets = { contentTop: contentAfter(this.#space, this.offsets, scrollTop), scrollTop };
    this.#anchorHere();
    return moved;
  }

  /** The reader has scrolled away from the newest row. */
  leave(): void {
    this.#isAtNewest = false;
  }

  get isAtEnd(): boolean {
    return this.offsets.contentTop >= contentEnd(this.#space) - 2;
  }

  /** Sets the element's offset to that of the content. */
  settle(element: HTMLElement): void {
    this.#go(element, this.offsets.contentTop);
  }

  /** Applies scrolling since the last event, unless the element only shrank. */
  #catchUp(element: HTMLElement): void {
    const { scrollTop, scrollHeight, clientHeight } = element;
    const isCut = scrollTop < this.offsets.scrollTop && scrollTop + clientHeight >= scrollHeight - 1;
    if (!isCut) this.scrolled(scrollTop);
  }

  #go(element: HTMLElement, contentTop: number): void {
    const top = Math.min(Math.max(0, contentTop), contentEnd(this.#space));
    const wanted = scrollTopFor(this.#space, top);
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
    // Browsers round it.
    const { scrollTop } = element;
    const isStretched = elementPx(this.#space) < this.#space.contentPx;
    this.offsets = { contentTop: isStretched ? top : scrollTop, scrollTop };
  }

  #anchored(): number | undefined {
    if (!this.#anchor || !this.#rows) return undefined;
    return (this.#rows.indexOf(this.#anchor.seq) + leadRows) * this.#sizes.rowPx + this.#anchor.px;
  }

  #anchorHere(): void {
    const { contentTop } = this.offsets;
    const { rowPx } = this.#sizes;
    const index = Math.max(0, Math.floor(contentTop / rowPx) - leadRows);
    const seq = this.#rows?.seqAt(index);
    this.#anchor = seq === undefined ? undefined : { seq, px: contentTop - (index + leadRows) * rowPx };
  }
}

function isAtItsEnd({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean {
  return scrollTop + clientHeight >= scrollHeight - 2;
}

/** @returns the nearest offset at which the row is visible with one above and below it */
function nearest(rowTop: number, from: number, { viewPx, rowPx }: Sizes): number {
  if (rowTop - rowPx < from) return rowTop - rowPx;
  if (rowTop + 2 * rowPx > from + viewPx) return rowTop + 2 * rowPx - viewPx;
  return from;
}

/** Measures the scroller and a row; the line above the rows is as high as a row. */
function useSizes(scroller: RefObject<HTMLDivElement | null>): Sizes {
  const [sizes, setSizes] = useState<Sizes>({ viewPx: 700, rowPx: 28 });
  useLayoutEffect(() => {
    const element = scroller.current;
    const lead = element?.querySelector('[data-lead]');
    if (!element || !lead) return;
    const measure = () => {
      const viewPx = element.clientHeight;
      const rowPx = lead.getBoundingClientRect().height || 28;
      setSizes((known) => (known.viewPx === viewPx && known.rowPx === rowPx ? known : { viewPx, rowPx }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(lead);
    return () => observer.disconnect();
  }, [scroller]);
  return sizes;
}

/** Scrolls the page as well: on phones, part of the list may be out of sight. */
function useJumpInSight(scroller: RefObject<HTMLDivElement | null>, jump: Jump | undefined): void {
  useLayoutEffect(() => {
    if (!jump) return;
    const row = scroller.current?.querySelector(`[data-seq="${jump.seq}"]`);
    const wanted = jump.where === 'nearest' && row ? row : scroller.current;
    wanted?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }, [scroller, jump]);
}

/** Focuses the selected row, for Enter and screen readers, unless the user is typing. */
function useFocusOnSelected(scroller: RefObject<HTMLDivElement | null>, { selected, jump }: LogState): void {
  const seq = selected?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection moves the focus
  useLayoutEffect(() => {
    if (seq === undefined || document.activeElement?.matches('input, select, textarea')) return;
    const focus = () => {
      const button = scroller.current?.querySelector<HTMLElement>(`[data-seq="${seq}"] button`);
      button?.focus({ preventScroll: true });
      return button != null;
    };
    // At once if possible, because Enter may be the next key. A row that was out of sight is drawn in the next frame.
    if (focus()) return;
    const frame = requestAnimationFrame(focus);
    return () => cancelAnimationFrame(frame);
  }, [seq, jump]);
}
