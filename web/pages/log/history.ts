/** The hub's memory over REST: pages of the log, and the whole life of one parcel. */

import type { CapsRecord, ParcelKey, ParcelView } from '../../../protocol/messages.ts';
import { fetchAs } from '../../access-key.ts';
import type { Ask, HistoryPage } from './log-window.ts';

const pageSize = 200;

export interface ParcelLife {
  readonly parcel: ParcelView;
  readonly records: readonly CapsRecord[];
}

/** @throws Error in words for a person if the hub refuses; TypeError if it cannot be reached; AbortError */
export function readHistory({ way, place, search }: Ask, signal: AbortSignal): Promise<HistoryPage> {
  const query = new URLSearchParams({ [way === 'older' ? 'before' : 'after']: place, limit: `${pageSize}` });
  if (search.trim() !== '') query.set('q', search);
  return read<HistoryPage>(`/api/events?${query}`, signal);
}

/** @throws as above */
export function readParcel({ store, orderID }: ParcelKey, signal: AbortSignal): Promise<ParcelLife> {
  const path = `/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`;
  return read<ParcelLife>(path, signal);
}

async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetchAs('admin', path, {
    headers: { accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(await problemIn(response));
  return (await response.json()) as T;
}

/** The sentence of an `application/problem+json`, or what little else is known. */
async function problemIn(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => undefined);
  if (typeof problem === 'object' && problem !== null) {
    if ('detail' in problem && typeof problem.detail === 'string') return problem.detail;
    if ('title' in problem && typeof problem.title === 'string') return problem.title;
  }
  return `The hub answered with ${response.status}.`;
}
