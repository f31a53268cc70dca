/** Changes the text of a search term by term, so that the box always shows the whole of what is filtered. */

import { parseSearch, type SearchField, type Term, termValue } from '../../../protocol/search.ts';

/** Whether the search asks for exactly this value, or excludes it. */
export function hasTerm(
  search: string,
  field: SearchField | undefined,
  value: string,
  exclude = false,
): boolean {
  return parseSearch(search).some((term) => isSame(term, termOf(field, value, exclude)));
}

/**
 * The search with one value of a field wanted or excluded. A field has one value, so wanting another replaces the
 * one before; wanting again what is wanted takes it back, and so for excluding. Without a field: words, of which
 * there may be many.
 */
export function toggleTerm(
  search: string,
  field: SearchField | undefined,
  value: string,
  exclude = false,
): string {
  const terms = parseSearch(search);
  const wanted = termOf(field, value, exclude);
  const isThere = terms.some((term) => isSame(term, wanted));
  const replaces = (term: Term) =>
    term.field === field &&
    (term.value === wanted.value || (field !== undefined && !exclude && !term.exclude));
  const rest = terms.filter((term) => !replaces(term));
  return formatSearch(isThere ? rest : [...rest, wanted]);
}

/** The search without one of its terms. */
export function withoutTerm(search: string, term: Term): string {
  return formatSearch(parseSearch(search).filter((one) => !isSame(one, term)));
}

function termOf(field: SearchField | undefined, value: string, exclude: boolean): Term {
  // A quote ends a text, and cannot be searched for within one.
  return { field, value: termValue(field, value).replaceAll('"', ' ').trim(), exclude };
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
