import { fetchAs, type KeyedRole } from './access-key.ts';
import { fetchInWords, readAnswer } from './hub-answer.ts';

/** What the hub says of itself before anyone connects. */
export interface HubInfo {
  /** Of a keyed hub for those with a key alone, and so are the addresses. */
  readonly version?: string;
  /** `open`: anyone who can reach the hub may take any role. */
  readonly access: 'open' | 'keyed';
  /** The hub's origins on this network, those for other machines first. */
  readonly addresses?: readonly string[];
}

/** @param role whose page asks. @throws where the hub does not answer, or not as it should */
export async function fetchHubInfo(role?: KeyedRole): Promise<HubInfo> {
  return readAnswer<HubInfo>(await (role ? fetchAs(role, '/api/hub') : fetchInWords('/api/hub')));
}
