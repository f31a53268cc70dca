import type { CapsRecord } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { OrderPage, ParcelLife } from '../../../protocol/rest.ts';
import { readAs } from '../../app/access-key.ts';

/** The first page is small, so that it arrives soon; the others are large, to need few requests. */
const firstPage = 100;
const furtherPages = 500;

/** Reads a page of a store's orders, including finished ones. @throws Error in words for a person */
export async function fetchOrders(store: string, cursor: string | undefined): Promise<OrderPage> {
  const limit = cursor === undefined ? firstPage : furtherPages;
  const query = { as: `store:${store}`, store, limit: String(limit), cursor };
  return readAs('vendor', 'GET /api/orders', { query });
}

interface DayQuery {
  readonly store: string;
  /** The first and the last moment of the day, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly cursor: string | undefined;
}

/** Reads a page of a store's orders that are meant for a day. @throws Error in words for a person; AbortError */
export async function fetchDay(
  { store, from, to, cursor }: DayQuery,
  signal?: AbortSignal,
): Promise<OrderPage> {
  const [dueFrom, dueTo] = [from, to].map((moment) => new Date(moment).toISOString());
  const query = { as: `store:${store}`, store, limit: String(furtherPages), dueFrom, dueTo, cursor };
  return readAs('vendor', 'GET /api/orders', { query, signal });
}

/** Reads an order and its records, oldest first. @throws Error in words for a person */
export async function fetchOrder({ store, orderID }: ParcelId): Promise<ParcelLife> {
  return readAs('vendor', 'GET /api/orders/:store/:orderID', {
    params: { store, orderID },
    query: { as: `store:${store}` },
  });
}

/** Reads the records of an order, oldest first. @throws Error in words for a person */
export async function fetchLife(parcel: ParcelId): Promise<readonly CapsRecord[]> {
  return (await fetchOrder(parcel)).records;
}
