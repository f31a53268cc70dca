/** What the board's search leaves of its columns. */

import { matchesParcel, parseSearch } from '../../../protocol/search.ts';
import { searchTextOf } from '../../app/parcel-text.ts';
import type { Columns } from './board-rows.ts';
import { columnNames } from './columns.ts';

/**
 * @param now milliseconds since 1970
 * @returns the same object for a search without terms
 */
export function columnsFound(columns: Columns, search: string, now: number): Columns {
  const terms = parseSearch(search);
  if (terms.length === 0) return columns;
  const found: { -readonly [Name in keyof Columns]: Columns[Name] } = { ...columns };
  for (const name of columnNames)
    found[name] = columns[name].filter(({ view }) => matchesParcel(view, terms, now, searchTextOf));
  return found;
}
