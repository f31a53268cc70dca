import type { ParcelId } from '../../../protocol/orders.ts';
import { keyOf, readAs } from '../../app/access-key.ts';
import { fetchHubInfo } from '../../app/hub-info.ts';

/** @returns the customer's link to this order, with an address that other devices can reach @throws if the hub does not answer */
export async function fetchTracking({ store, orderID }: ParcelId): Promise<string> {
  const { tracking } = await readAs('vendor', 'GET /api/orders/:store/:orderID', {
    params: { store, orderID },
    query: { as: `store:${store}` },
  });
  if (tracking === undefined) throw new Error('The hub has given no link.');
  const url = new URL(tracking);
  if (!isLoopback(url.hostname)) return url.href;
  // On the customer's phone, a loopback address would mean the phone itself.
  const { addresses = [] } = await fetchHubInfo(keyOf('vendor'));
  const elsewhere = addresses[0];
  return elsewhere === undefined ? url.href : new URL(url.pathname, elsewhere).href;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
