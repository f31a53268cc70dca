import { type RefObject, useLayoutEffect } from 'react';

/** Sets `--word` on an element to the width of the longest of these texts, so that columns fit in any language. */
export function useWordWidth(element: RefObject<HTMLElement | null>, texts: readonly string[]): void {
  const longest = Math.max(...texts.map(({ length }) => length));
  useLayoutEffect(() => element.current?.style.setProperty('--word', `${longest}ch`), [element, longest]);
}
