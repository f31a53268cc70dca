import { ask } from '../client/read.ts';
import { type ErrorCode, unreachable } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { ParcelView } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';

export type OrderLookup =
  | { readonly kind: 'found'; readonly view: ParcelView }
  | { readonly kind: 'none'; readonly why: string };

/** Reads an order, open or finished, as its store. Never rejects. */
export async function fetchOrder(
  url: string,
  { store, orderID }: ParcelId,
  key: string | undefined,
): Promise<OrderLookup> {
  const reply = await ask('GET /api/orders/:store/:orderID', {
    baseUrl: url,
    params: { store, orderID },
    query: { as: `store:${store}` },
    key,
    signal: AbortSignal.timeout(limits.completeMs),
  });
  switch (reply.kind) {
    case 'answer':
      // Another program than a hub may answer any request with any JSON.
      return 'parcel' in reply.answer
        ? { kind: 'found', view: reply.answer.parcel }
        : { kind: 'none', why: `${url} cannot say` };
    case 'refusal': {
      const isUnknown = reply.code === ('unknown-parcel' satisfies ErrorCode);
      return { kind: 'none', why: isUnknown ? `${store} has no order ${orderID}` : `${url} cannot say` };
    }
    case 'foreign':
    case 'silence':
      return { kind: 'none', why: `${url} does not answer` };
    default:
      return unreachable(reply);
  }
}
