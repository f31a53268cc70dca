import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useGlide } from '../../app/glide.ts';

export interface OrderRowsProps {
  /** One text for each row, which names it whatever its place. */
  keys: readonly string[];
  row: (place: number) => ReactNode;
}

const usualHeight = 64;
/** Rows beyond the window's edges, so that nobody sees one being drawn. */
const overscan = 10;

/**
 * The rows that are in sight, however many there are. They stand in the page's flow between two spaces: then the
 * browser itself keeps the row that one reads where it is when new ones come in above.
 */
export function WindowRows({ keys, row }: OrderRowsProps) {
  const place = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  // What stands above the list grows and shrinks with what is in it, and the page with it. Asked for when the browser
  // has laid the page out anyway: with every drawing it would have to do so twice.
  useLayoutEffect(() => {
    const measure = () =>
      setScrollMargin(Math.round((place.current?.getBoundingClientRect().top ?? 0) + scrollY));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  // The same function while the keys are the same, or all rows would be measured out with every scroll.
  const getItemKey = useCallback((at: number) => keys[at] ?? at, [keys]);
  const virtualizer = useWindowVirtualizer({
    count: keys.length,
    estimateSize: () => usualHeight,
    getItemKey,
    overscan,
    scrollMargin,
    useFlushSync: false,
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  const items = virtualizer.getVirtualItems();
  // Further down the browser keeps what is read where it is, and asking for places meanwhile would have it not.
  useGlide(list, items[0]?.index === 0);
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtualizer.getTotalSize() + scrollMargin - (items.at(-1)?.end ?? scrollMargin);
  return (
    <>
      <div ref={place} style={{ blockSize: before }} />
      <ul ref={list}>
        {items.map(({ key, index }) => (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            aria-setsize={keys.length}
            aria-posinset={index + 1}
          >
            {row(index)}
          </li>
        ))}
      </ul>
      <div style={{ blockSize: Math.max(0, after) }} />
    </>
  );
}
