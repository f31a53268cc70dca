import type { HubInfo } from '../../../protocol/rest.ts';
import { type KeyedRole, keyedRoles, keyOf } from '../../app/access-key.ts';
import { fetchHubInfo, UnknownKeyError } from '../../app/hub-info.ts';

/** What the start page shows of its hub. */
export interface HubOverview {
  readonly info: HubInfo;
  /** Roles whose pages this browser can open: on an open hub all, on a keyed hub those of its keys. */
  readonly opened: readonly KeyedRole[];
}

/** @throws UnknownAddressError, or another Error if the hub does not answer */
export async function readHubOverview(): Promise<HubOverview> {
  const info = await fetchHubInfo();
  if (info.access === 'open') return { info, opened: keyedRoles };
  const found = (await Promise.all(keyedRoles.map(holderOf))).filter((one) => one !== undefined);
  // With a key the hub returns more.
  return { info: found[0]?.info ?? info, opened: found.map(({ role }) => role) };
}

async function holderOf(role: KeyedRole): Promise<{ role: KeyedRole; info: HubInfo } | undefined> {
  const key = keyOf(role);
  if (key === undefined) return undefined;
  try {
    return { role, info: await fetchHubInfo(key) };
  } catch (error) {
    if (error instanceof UnknownKeyError) return undefined;
    throw error;
  }
}
