import type { ParcelKey } from '../../../protocol/messages.ts';
import { fetchAs, keyOf } from '../../app/access-key.ts';
import { readAnswer } from '../../app/hub-answer.ts';
import { fetchHubInfo } from '../../app/hub-info.ts';

/** @returns the customer's link to this order, as another device reaches it. @throws where the hub does not answer */
export async function fetchTracking({ store, orderID }: ParcelKey): Promise<string> {
  const path = [store, orderID].map(encodeURIComponent).join('/');
  const response = await fetchAs(
    'vendor',
    `/api/orders/${path}?${new URLSearchParams({ as: `store:${store}` })}`,
  );
  const { tracking } = await readAnswer<{ tracking: string }>(response);
  const url = new URL(tracking);
  if (!isLoopback(url.hostname)) return url.href;
  // The customer's phone would look for the hub on itself.
  const { addresses = [] } = await fetchHubInfo(keyOf('vendor'));
  const elsewhere = addresses[0];
  return elsewhere === undefined ? url.href : new URL(url.pathname, elsewhere).href;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
