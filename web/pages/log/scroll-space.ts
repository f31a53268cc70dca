/**
 * Browsers stop drawing elements that are too high (Firefox past 17.9 million pixels), and a million rows are
 * higher than that. So the element that scrolls has a height of its own, and its places stand for places in the
 * content: one to one near both ends, stretched between. All in CSS pixels.
 */

export const elementMaxPx = 16_000_000;
/** So far from either end nothing is stretched. */
const exactPx = 200_000;

export interface ScrollSpace {
  /** Of all rows together. */
  readonly contentPx: number;
  /** Of what is seen at once. */
  readonly viewPx: number;
}

export function elementPx({ contentPx }: ScrollSpace): number {
  return Math.min(contentPx, elementMaxPx);
}

/** How far the content can be scrolled. */
export function contentEnd({ contentPx, viewPx }: ScrollSpace): number {
  return Math.max(0, contentPx - viewPx);
}

/** The place in the content that this place of the element stands for. */
export function contentAt(space: ScrollSpace, scrollTop: number): number {
  const end = contentEnd(space);
  const scrollEnd = Math.max(0, elementPx(space) - space.viewPx);
  const top = Math.min(Math.max(0, scrollTop), scrollEnd);
  if (end === scrollEnd || top <= exactPx) return top;
  if (top >= scrollEnd - exactPx) return end - (scrollEnd - top);
  return exactPx + ((top - exactPx) * (end - 2 * exactPx)) / (scrollEnd - 2 * exactPx);
}

/** The other way round. */
export function scrollTopFor(space: ScrollSpace, contentTop: number): number {
  const end = contentEnd(space);
  const scrollEnd = Math.max(0, elementPx(space) - space.viewPx);
  const top = Math.min(Math.max(0, contentTop), end);
  if (end === scrollEnd || top <= exactPx) return top;
  if (top >= end - exactPx) return scrollEnd - (end - top);
  return exactPx + ((top - exactPx) * (scrollEnd - 2 * exactPx)) / (end - 2 * exactPx);
}

/**
 * Where the content is after the element was scrolled. A wheel, a key or a finger moves the content as far as the
 * element, also where places are stretched; only a drag of the scrollbar goes further than that.
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
