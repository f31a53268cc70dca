/** The hub's memory over REST: pages of the log, places in it, and the whole life of one parcel. */

import type { CapsRecord, ParcelKey, ParcelView } from '../../../protocol/messages.ts';
import { fetchAs } from '../../app/access-key.ts';
import { problemIn, readAnswer } from '../../app/hub-answer.ts';
import type { HistoryPage } from './found.ts';

export interface ParcelLife {
  readonly parcel: ParcelView;
  readonly records: readonly CapsRecord[];
}

/** As `GET /api/events` takes it. */
export interface EventsQuery {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly at?: string | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

/** @throws Error in words for a person if the hub refuses or cannot be reached; AbortError */
export function readEvents(query: EventsQuery, signal: AbortSignal): Promise<HistoryPage> {
  return read<HistoryPage>(`/api/events?${queryText({ ...query, limit: `${query.limit}` })}`, signal);
}

/** The last record up to this moment, 0 if there is none. @throws as above */
export async function seqAt(moment: number, signal: AbortSignal): Promise<number> {
  const { items } = await readEvents({ at: new Date(moment).toISOString(), limit: 1 }, signal);
  return items.at(-1)?.seq ?? 0;
}

/** @throws as above */
export function readParcel({ store, orderID }: ParcelKey, signal: AbortSignal): Promise<ParcelLife> {
  const path = `/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`;
  return read<ParcelLife>(path, signal);
}

export type DownloadFormat = 'csv' | 'ndjson';

/** Everything that answers to the filters, as a file. @throws as above */
export async function readFile(
  format: DownloadFormat,
  query: Pick<EventsQuery, 'q' | 'from' | 'to'>,
): Promise<Blob> {
  const response = await fetchAs('admin', `/api/events?${queryText({ format, ...query })}`);
  if (!response.ok) throw new Error(await problemIn(response));
  return response.blob();
}

function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value.trim() !== '');
  return new URLSearchParams(given as [string, string][]).toString();
}

async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetchAs('admin', path, {
    headers: { accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  return readAnswer<T>(response);
}
