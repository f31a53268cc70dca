/** Reads history over REST: pages of the log, positions in it, and the life of a parcel. */

import { askFile } from '../../client/read.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { EventPage, ParcelLife, QueryOf } from '../../protocol/rest.ts';
import { keyOf, readAs } from '../app/access-key.ts';
import { answerIn } from '../app/hub-answer.ts';

type Query = QueryOf<'GET /api/events'>;

/** Query of `GET /api/events`. Blank values are left out. */
export interface EventsQuery extends Pick<Query, 'after' | 'before' | 'at' | 'q' | 'from' | 'to' | 'total'> {
  readonly limit: number;
}

/** @throws Error in words for a person; AbortError */
export function readEvents({ limit, ...query }: EventsQuery, signal: AbortSignal): Promise<EventPage> {
  return readAs('admin', 'GET /api/events', {
    query: { ...withoutBlanks(query), limit: String(limit) },
    signal,
  });
}

/** @returns seq of the last record up to this moment; 0 if there is none @throws as above */
export async function seqAt(moment: number, signal: AbortSignal): Promise<number> {
  const { items } = await readEvents({ at: new Date(moment).toISOString(), limit: 1 }, signal);
  return items.at(-1)?.seq ?? 0;
}

/** @throws as above */
export function readParcel({ store, orderID }: ParcelId, signal: AbortSignal): Promise<ParcelLife> {
  return readAs('admin', 'GET /api/orders/:store/:orderID', { params: { store, orderID }, signal });
}

export type DownloadFormat = 'csv' | 'ndjson';

/** @returns a file of all records that match the filters @throws as above */
export async function readFile(
  format: DownloadFormat,
  query: Pick<EventsQuery, 'q' | 'from' | 'to'>,
): Promise<Blob> {
  const asked = { query: { format, ...withoutBlanks(query) }, key: keyOf('admin') };
  return answerIn(await askFile('GET /api/events', asked));
}

function withoutBlanks(query: Omit<EventsQuery, 'limit'>): Omit<EventsQuery, 'limit'> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value?.trim() !== ''));
}
