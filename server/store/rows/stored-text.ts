import type { Term } from '../../../protocol/search.ts';

/** Characters that JSON escapes, or that `fold` changes beyond capitals. */
const changed = /[^ -~]|\\| {2}/;
/** Words that match across other characters: digits with separators, and texts joined by \0. */
const notStored = /^\+?\d+$|\0/;

/** The times in a stored text by which an order may be due: of the order as it was placed, and as it was amended. */
const dues = /"dueAt":"([^"]*)"/g;

/**
 * Whether a stored text may match these words; false only if certain. It saves parsing, which takes several times as
 * long.
 *
 * @param now milliseconds since 1970, for what is late
 */
export function mayAnswer(
  terms: readonly Term[],
  now = Number.POSITIVE_INFINITY,
): (stored: string) => boolean {
  const words = terms.filter(
    ({ field, value, exclude }) => field === undefined && !exclude && !notStored.test(value),
  );
  const needsDue = terms.some(({ field, value, exclude }) => field === 'is' && value === 'late' && !exclude);
  if (words.length === 0 && !needsDue) return () => true;
  return (stored) => {
    if (needsDue && !hasDueBefore(now, stored)) return false;
    if (changed.test(stored)) return true;
    const text = stored.toLowerCase();
    return words.every(({ value }) => text.includes(value));
  };
}

function hasDueBefore(now: number, stored: string): boolean {
  if (!stored.includes('"dueAt"')) return false;
  for (const [, due = ''] of stored.matchAll(dues)) if (Date.parse(due) < now) return true;
  return false;
}
