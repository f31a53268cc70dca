/**
 * Browsers do not draw elements that are too high (Firefox: 17.9 million pixels), but a million rows are higher. So the
 * scrolling element has a bounded height, and its offsets map to offsets in the content: one to one near both ends,
 * stretched between. All in CSS pixels.
 */

export const elementMaxPx = 16_000_000;
/** Nothing is stretched this close to either end. */
const exactPx = 200_000;

export interface ScrollSpace {
  /** Height of all rows. */
  readonly contentPx: number;
  /** Height of the visible part. */
  readonly viewPx: number;
}

export function elementPx({ contentPx }: ScrollSpace): number {
  return Math.min(contentPx, elementMaxPx);
}

/** Maximum offset in the content. */
export function contentEnd({ contentPx, viewPx }: ScrollSpace): number {
  return Math.max(0, contentPx - viewPx);
}

/** Maps an offset of the element to one in the content. */
export function contentAt(space: ScrollSpace, scrollTop: number): number {
  const end = contentEnd(space);
  const scrollEnd = Math.max(0, elementPx(space) - space.viewPx);
  const top = Math.min(Math.max(0, scrollTop), scrollEnd);
  if (end === scrollEnd || top <= exactPx) return top;
  if (top >= scrollEnd - exactPx) return end - (scrollEnd - top);
  return exactPx + ((top - exactPx) * (end - 2 * exactPx)) / (scrollEnd - 2 * exactPx);
}

/** Maps an offset in the content to one of the element. */
export function scrollTopFor(space: ScrollSpace, contentTop: number): number {
  const end = contentEnd(space);
  const scrollEnd = Math.max(0, elementPx(space) - space.viewPx);
  const top = Math.min(Math.max(0, contentTop), end);
  if (end === scrollEnd || top <= exactPx) return top;
  if (top >= end - exactPx) return scrollEnd - (end - top);
  return exactPx + ((top - exactPx) * (scrollEnd - 2 * exactPx)) / (end - 2 * exactPx);
}

/**
 * The content's offset after scrolling. A wheel, a key or a finger moves the content as far as the element, also in the
 * stretched part; only a drag of the scrollbar moves it further.
 */
export function contentAfter(
  space: ScrollSpace,
  before: { readonly scrollTop: number; readonly contentTop: number },
  scrollTop: number,
): number {
  const moved = scrollTop - before.scrollTop;
  if (Math.abs(moved) > 2 * space.viewPx) return contentAt(space, scrollTop);
  return Math.min(Math.max(0, before.contentTop + moved), contentEnd(space));
}
