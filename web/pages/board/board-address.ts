/** What of the board stands in its address, so that a link or a reload shows the same. */

import { useSyncExternalStore } from 'react';

export type GroupingName = 'status' | 'driver';

export interface ColumnChoice {
  readonly by: GroupingName;
  /** The column that a phone shows: the name of a column, or a driver's id; undefined for the first. */
  readonly column: string | undefined;
}

/** @returns a link to a grouping, and to one of its columns */
export function groupingLink(by: GroupingName, column?: string): string {
  const query = by === 'driver' ? '?by=driver' : location.pathname;
  return column === undefined ? query : `${query}#${encodeURIComponent(column)}`;
}

export function useGrouping(): ColumnChoice {
  const address = useSyncExternalStore(listen, () => location.search + location.hash);
  const [query = '', column = ''] = address.split('#');
  return {
    by: new URLSearchParams(query).get('by') === 'driver' ? 'driver' : 'status',
    column: column === '' ? undefined : decoded(column),
  };
}

/** Goes to a link of the board without loading the page again. */
export function goTo(link: string): void {
  history.pushState(history.state, '', link);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  addEventListener('popstate', changed);
  return () => {
    removeEventListener('hashchange', changed);
    removeEventListener('popstate', changed);
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
