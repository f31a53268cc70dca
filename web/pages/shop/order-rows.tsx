import { useEffect, useRef, useState } from 'react';
import { useGlide } from '../../app/glide.ts';
import type { OrderRowsProps, WindowRows } from './window-rows.tsx';

/** Even a phone draws this many rows quickly. */
const allDrawnMax = 60;
const retryMs = 5_000;

/**
 * Draws a short list completely. For a long list it loads the virtual list; until then it draws the first rows. The switch
 * waits while the list has the focus.
 */
export function OrderRows({ keys, row }: OrderRowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [Window, setWindow] = useState<typeof WindowRows>();
  const [tries, setTries] = useState(0);
  const isLong = keys.length > allDrawnMax;
  useGlide(list);
  useEffect(() => {
    if (!isLong || Window) return;
    let isStale = false;
    const show = async (): Promise<void> => {
      const code = await import('./window-rows.tsx');
      const isFree = () => !list.current?.contains(document.activeElement);
      while (!isStale && !isFree()) await nextFocus();
      if (!isStale) setWindow(() => code.WindowRows);
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    show().catch(() => {
      // The hub is away or serves another build. The first rows stay.
      again = setTimeout(() => setTries(tries + 1), retryMs);
    });
    return () => {
      isStale = true;
      clearTimeout(again);
    };
  }, [isLong, Window, tries]);
  if (Window) return <Window keys={keys} row={row} />;
  return (
    <ul ref={list}>
      {keys.slice(0, allDrawnMax).map((key, index) => (
        <li key={key} aria-setsize={keys.length} aria-posinset={index + 1}>
          {row(index)}
        </li>
      ))}
    </ul>
  );
}

/** Resolves when the focus moves. */
function nextFocus(): Promise<unknown> {
  return new Promise((resolve) => {
    document.addEventListener('focusin', resolve, { once: true });
    document.addEventListener('focusout', () => setTimeout(resolve, 0), { once: true });
  });
}
