import type { CapsRecord, ParcelId } from '../../../protocol/messages.ts';
import type { OrderPage } from '../../../protocol/rest.ts';
import { readAs } from '../../app/access-key.ts';

/** The first page is small, so that there is something to see; the others need few requests. */
const firstPage = 100;
const furtherPages = 500;

/** A page of a store's orders, finished ones too. @throws where the hub does not answer, or not as it should */
export async function fetchOrders(store: string, cursor: string | undefined): Promise<OrderPage> {
  const limit = cursor === undefined ? firstPage : furtherPages;
  const query = { as: `store:${store}`, store, limit: String(limit), cursor };
  return readAs('vendor', 'GET /api/orders', { query });
}

/** All that happened to an order, oldest first. @throws where the hub does not answer, or not as it should */
export async function fetchLife({ store, orderID }: ParcelId): Promise<readonly CapsRecord[]> {
  const { records } = await readAs('vendor', 'GET /api/orders/:store/:orderID', {
    params: { store, orderID },
    query: { as: `store:${store}` },
  });
  return records;
}
