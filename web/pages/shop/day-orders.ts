import type { ParcelView } from '../../../protocol/messages.ts';
import { fetchOrder, fetchOrders } from './fetch-orders.ts';
import type { Shop } from './shop.ts';

/** So many orders that the page does not have are asked about one by one; more are looked for in the hub's list. */
const oneByOneMax = 20;

/**
 * The orders as they are now, in this order. Those that the page keeps cost nothing.
 * @throws Error in words for a person
 */
export async function readViews(
  { store, state }: Pick<Shop, 'store' | 'state'>,
  ids: readonly string[],
): Promise<readonly ParcelView[]> {
  const found = new Map(state.get().orders.map(({ view }) => [view.payload.orderID, view]));
  const missing = () => ids.filter((id) => !found.has(id));
  const add = (view: ParcelView) => found.set(view.payload.orderID, view);
  if (missing().length <= oneByOneMax) {
    for (const orderID of missing()) add((await fetchOrder({ store, orderID })).parcel);
  } else {
    let cursor: string | undefined;
    do {
      const { items, next } = await fetchOrders(store, cursor);
      for (const view of items) if (!found.has(view.payload.orderID)) add(view);
      cursor = next ?? undefined;
    } while (cursor !== undefined && missing().length > 0);
  }
  return ids.map((id) => found.get(id)).filter((view) => view !== undefined);
}
