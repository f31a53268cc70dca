/** Edits the text of a search term by term. */

import { parseSearch, type SearchField, type Term, termValue } from '../../protocol/search.ts';

/** Whether the search contains this term. */
export function hasTerm(
  search: string,
  field: SearchField | undefined,
  value: string,
  exclude = false,
): boolean {
  return parseSearch(search).some((term) => isSame(term, termOf(field, value, exclude)));
}

/**
 * Adds a term to the search, or removes it if it is there. A field has one wanted value, so a new one replaces it; words
 * (no field) and exclusions add up.
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

/** Removes a term from the search. */
export function withoutTerm(search: string, term: Term): string {
  return formatSearch(parseSearch(search).filter((one) => !isSame(one, term)));
}

function termOf(field: SearchField | undefined, value: string, exclude: boolean): Term {
  // A quoted text cannot contain a quote.
  return { field, value: termValue(field, value).replaceAll('"', ' ').trim(), exclude };
}

export function formatSearch(terms: readonly Term[]): string {
  return terms
    .map(({ field, value, exclude }) => {
      // Quote a word that looks like a term.
      const bare = field === undefined ? /^[^-"\s:][^\s:]*$/ : /^[^"\s]\S*$/;
      return `${exclude ? '-' : ''}${field ? `${field}:` : ''}${bare.test(value) ? value : `"${value}"`}`;
    })
    .join(' ');
}

function isSame(a: Term, b: Term): boolean {
  return a.field === b.field && a.value === b.value && a.exclude === b.exclude;
}
