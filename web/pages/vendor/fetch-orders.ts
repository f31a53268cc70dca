import type { ParcelView } from '../../../protocol/messages.ts';
import { fetchAs } from '../../access-key.ts';

export interface OrderPage {
  /** Newest first. */
  readonly items: readonly ParcelView[];
  /** Where the next older page begins; null on the last. */
  readonly next: string | null;
}

/** A page of a store's orders, finished ones too. @throws where the hub does not answer, or not as it should */
export async function fetchOrders(store: string, cursor: string | undefined): Promise<OrderPage> {
  const query = new URLSearchParams({ as: `store:${store}`, store, limit: '200' });
  if (cursor !== undefined) query.set('cursor', cursor);
  const response = await fetchAs('vendor', `/api/orders?${query}`);
  if (!response.ok) throw new Error(`The hub answered ${response.status}.`);
  return (await response.json()) as OrderPage;
}
