/** Changes the text of a search term by term, so that the box always shows the whole of what is filtered. */

import { parseSearch, type SearchField, type Term } from '../../../protocol/search.ts';

/** Whether the search asks for exactly this value, or excludes it. */
export function hasTerm(search: string, field: SearchField, value: string, exclude = false): boolean {
  const wanted: Term = { field, value: value.toLowerCase(), exclude };
  return parseSearch(search).some((term) => isSame(term, wanted));
}

/**
 * The search with one value of a field wanted or excluded. A field has one value, so wanting another replaces the
 * one before; wanting again what is wanted takes it back, and so for excluding.
 */
export function toggleTerm(search: string, field: SearchField, value: string, exclude = false): string {
  const terms = parseSearch(search);
  const wanted: Term = { field, value: value.toLowerCase(), exclude };
  const isThere = terms.some((term) => isSame(term, wanted));
  const rest = terms.filter(
    (term) => term.field !== field || (term.value !== wanted.value && (exclude || term.exclude)),
  );
  return formatSearch(isThere ? rest : [...rest, wanted]);
}

export function formatSearch(terms: readonly Term[]): string {
  return terms
    .map(({ field, value, exclude }) => {
      // A word that looks like a term of its own is kept together by quotes.
      const bare = field === undefined ? /^[^-"\s:][^\s:]*$/ : /^[^"\s]\S*$/;
      return `${exclude ? '-' : ''}${field ? `${field}:` : ''}${bare.test(value) ? value : `"${value}"`}`;
    })
    .join(' ');
}

function isSame(a: Term, b: Term): boolean {
  return a.field === b.field && a.value === b.value && a.exclude === b.exclude;
}
