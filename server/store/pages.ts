import type { PageBounds } from './store.ts';

/**
 * As many of these as fit into one page. Reads one more, which tells whether there is more.
 * @param sizeOf in characters
 */
export function paged<T>(
  all: Iterable<T>,
  { limit, sizeMax = Number.POSITIVE_INFINITY }: PageBounds,
  sizeOf: (one: T) => number,
): { page: T[]; more: boolean } {
  const page: T[] = [];
  let size = 0;
  for (const one of all) {
    if (page.length === limit || size >= sizeMax) return { page, more: true };
    page.push(one);
    size += sizeOf(one);
  }
  return { page, more: false };
}
