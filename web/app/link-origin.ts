import { keyOf } from './access-key.ts';
import { addressesFrom } from './hub-addresses.ts';
import { fetchHubInfo } from './hub-info.ts';

/**
 * The origin for links that leave this machine: the hub's public address if it was told one.
 * @throws Error in words for a person
 */
export async function readLinkOrigin(): Promise<string> {
  const { addresses = [] } = await fetchHubInfo(keyOf('vendor'));
  return addressesFrom(location.origin, addresses)[0] ?? location.origin;
}
