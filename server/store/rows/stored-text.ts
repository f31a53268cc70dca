import type { Term } from '../../../protocol/search.ts';

/** Characters that JSON escapes, or that `fold` changes beyond capitals. */
const changed = /[^ -~]|\\| {2}/;
/** Words that match across other characters: digits with separators, and texts joined by \0. */
const notStored = /^\+?\d+$|\0/;

/**
 * Whether a stored text may match these words; false only if certain. It saves parsing, which takes several times as
 * long.
 */
export function mayAnswer(terms: readonly Term[]): (stored: string) => boolean {
  const words = terms.filter(
    ({ field, value, exclude }) => field === undefined && !exclude && !notStored.test(value),
  );
  const needsDue = terms.some(({ field, value, exclude }) => field === 'is' && value === 'late' && !exclude);
  if (words.length === 0 && !needsDue) return () => true;
  return (stored) => {
    if (needsDue && !stored.includes('"dueAt"')) return false;
    if (changed.test(stored)) return true;
    const text = stored.toLowerCase();
    return words.every(({ value }) => text.includes(value));
  };
}
