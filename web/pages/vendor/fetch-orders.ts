import type { CapsRecord, ParcelKey, ParcelView } from '../../../protocol/messages.ts';
import { fetchAs } from '../../access-key.ts';

export interface OrderPage {
  /** Newest first. */
  readonly items: readonly ParcelView[];
  /** Where the next older page begins; null on the last. */
  readonly next: string | null;
}

/** The first page is small, so that there is something to see; the others need few requests. */
const firstPage = 100;
const furtherPages = 500;

/** A page of a store's orders, finished ones too. @throws where the hub does not answer, or not as it should */
export async function fetchOrders(store: string, cursor: string | undefined): Promise<OrderPage> {
  const limit = cursor === undefined ? firstPage : furtherPages;
  const query = new URLSearchParams({ as: `store:${store}`, store, limit: String(limit) });
  if (cursor !== undefined) query.set('cursor', cursor);
  return (await answerTo(`/api/orders?${query}`)) as OrderPage;
}

/** All that happened to an order, oldest first. @throws where the hub does not answer, or not as it should */
export async function fetchLife({ store, orderID }: ParcelKey): Promise<readonly CapsRecord[]> {
  const path = [store, orderID].map(encodeURIComponent).join('/');
  const query = new URLSearchParams({ as: `store:${store}` });
  const { records } = (await answerTo(`/api/orders/${path}?${query}`)) as { records: CapsRecord[] };
  return records;
}

async function answerTo(path: string): Promise<unknown> {
  const response = await fetchAs('vendor', path);
  if (!response.ok) throw new Error(`The hub answered ${response.status}.`);
  return response.json();
}
