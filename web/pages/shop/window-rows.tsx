import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useGlide } from '../../app/glide.ts';

export interface OrderRowsProps {
  /** A unique key for each row. */
  keys: readonly string[];
  row: (place: number) => ReactNode;
}

const usualHeight = 64;
/** Rows drawn beyond the window's edges. */
const overscan = 10;

/**
 * A virtual list: draws only visible rows. They are in the page's flow between two spacers, so that the browser's scroll
 * anchoring keeps them in place when new rows arrive above.
 */
export function WindowRows({ keys, row }: OrderRowsProps) {
  const place = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  // The content above the list changes its height. An observer measures it after layout; measuring in every render would
  // force a second layout.
  useLayoutEffect(() => {
    const measure = () =>
      setScrollMargin(Math.round((place.current?.getBoundingClientRect().top ?? 0) + scrollY));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  // A stable function, or all rows would be measured again on every scroll.
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
  // Only at the top: further down, reading offsets would interfere with scroll anchoring.
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
