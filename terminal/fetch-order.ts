import { limits } from '../protocol/limits.ts';
import type { ParcelKey, ParcelView } from '../protocol/messages.ts';

export type FoundOrder =
  | { readonly kind: 'found'; readonly view: ParcelView }
  | { readonly kind: 'none'; readonly why: string };

/** An order as it is now, also a finished one, as its store sees it. Never rejects. */
export async function fetchOrder(
  url: string,
  { store, orderID }: ParcelKey,
  key: string | undefined,
): Promise<FoundOrder> {
  const path = `/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`;
  try {
    const response = await fetch(`${url}${path}?as=${encodeURIComponent(`store:${store}`)}`, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(limits.completeMs),
    });
    const said: { parcel?: ParcelView; code?: string } = await response.json();
    if (said.parcel) return { kind: 'found', view: said.parcel };
    const why = said.code === 'unknown-parcel' ? `${store} has no order ${orderID}` : `${url} cannot say`;
    return { kind: 'none', why };
  } catch {
    // No network, a hub that is stopping, or something else than a hub.
    return { kind: 'none', why: `${url} does not answer` };
  }
}
