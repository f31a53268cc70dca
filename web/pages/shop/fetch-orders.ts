import type { CapsRecord, ParcelKey, ParcelView } from '../../../protocol/messages.ts';
import { fetchAs } from '../../app/access-key.ts';
import { readAnswer } from '../../app/hub-answer.ts';

export interface OrderPage {
  /** Newest first. */
  readonly items: readonly ParcelView[];
  /** Where the next older page begins; null on the last. */
  readonly next: string | null;
  /** A cursor: everything up to it is in the page. */
  readonly asOf: string;
}

/** The first page is small, so that there is something to see; the others need few requests. */
const firstPage = 100;
const furtherPages = 500;

/** A page of a store's orders, finished ones too. @throws where the hub does not answer, or not as it should */
export async function fetchOrders(store: string, cursor: string | undefined): Promise<OrderPage> {
  const limit = cursor === undefined ? firstPage : furtherPages;
  const query = new URLSearchParams({ as: `store:${store}`, store, limit: String(limit) });
  if (cursor !== undefined) query.set('cursor', cursor);
  return answerTo<OrderPage>(`/api/orders?${query}`);
}

/** All that happened to an order, oldest first. @throws where the hub does not answer, or not as it should */
export async function fetchLife({ store, orderID }: ParcelKey): Promise<readonly CapsRecord[]> {
  const path = [store, orderID].map(encodeURIComponent).join('/');
  const query = new URLSearchParams({ as: `store:${store}` });
  const { records } = await answerTo<{ records: CapsRecord[] }>(`/api/orders/${path}?${query}`);
  return records;
}

async function answerTo<T>(path: string): Promise<T> {
  return readAnswer<T>(await fetchAs('vendor', path));
}
