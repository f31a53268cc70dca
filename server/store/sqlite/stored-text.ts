import type { Term } from '../../../protocol/search.ts';

/** What JSON writes otherwise than it is read, and what `fold` changes beyond capitals. */
const changed = /[^ -~]|\\| {2}/;
/** What is found in numbers with anything between their digits, and what stands between two texts. */
const notStored = /^\+?\d+$|\0/;

/**
 * Whether records or parcels, as they are stored, may answer to the words of a search: false only where that is certain
 * without reading them, which takes several times as long.
 */
export function mayAnswer(terms: readonly Term[]): (stored: string) => boolean {
  const words = terms.filter(
    ({ field, value, exclude }) => field === undefined && !exclude && !notStored.test(value),
  );
  if (words.length === 0) return () => true;
  return (stored) => {
    if (changed.test(stored)) return true;
    const text = stored.toLowerCase();
    return words.every(({ value }) => text.includes(value));
  };
}
