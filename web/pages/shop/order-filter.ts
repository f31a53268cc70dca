/** The filter of the list, and its form in the page's address. */

import type { Status } from '../../../protocol/events.ts';
import { isLate } from '../../../protocol/lateness.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { matchesParcel, parseSearch } from '../../../protocol/search.ts';
import { searchTextOf } from '../../app/parcel-text.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { shared } from '../../words/shared.ts';

export interface OrderFilter {
  readonly search: string;
  readonly status: Status | undefined;
  /** Show late orders only. */
  readonly late: boolean;
}

export const everything: OrderFilter = { search: '', status: undefined, late: false };

export function isEverything({ search, status, late }: OrderFilter): boolean {
  return search.trim() === '' && status === undefined && !late;
}

/** @param now milliseconds since 1970 */
export function filterOrders<K extends KnownParcel>(
  orders: readonly K[],
  filter: OrderFilter,
  now: number,
): readonly K[] {
  if (isEverything(filter)) return orders;
  const terms = parseSearch(filter.search);
  return orders.filter(
    ({ view }) =>
      (filter.status === undefined || view.status === filter.status) &&
      (!filter.late || isLate(view, now)) &&
      matchesParcel(view, terms, now, searchTextOf),
  );
}

export function filterIn(query: URLSearchParams): OrderFilter {
  const status = (Object.keys(shared().status) as Status[]).find((one) => one === query.get('status'));
  return { search: query.get('q') ?? '', status, late: query.get('late') === 'yes' };
}

/** @returns the address with the filter; other parameters stay */
export function withFilter(address: string, { search, status, late }: OrderFilter): string {
  const url = new URL(address);
  const set = (name: string, value: string | undefined) => {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  };
  set('q', search.trim());
  set('status', status);
  set('late', late ? 'yes' : undefined);
  return url.href;
}

/** Prepares the search text when an order arrives, so that the first key does not prepare all of them. */
export function prepareSearch(view: ParcelView): void {
  searchTextOf(view);
}
