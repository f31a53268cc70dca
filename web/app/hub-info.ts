import type { By } from '../../protocol/messages.ts';
import { shared } from '../words/shared.ts';
import { fetchInWords, readAnswer, sentenceIn } from './hub-answer.ts';
import { kept } from './kept.ts';

/** What the hub says of itself before anyone connects. */
export interface HubInfo {
  /** Of a keyed hub for those with a key alone, and so are the addresses. */
  readonly version?: string;
  /** `open`: anyone who can reach the hub may take any role. */
  readonly access: 'open' | 'keyed';
  /** The hub's origins on this network, those for other machines first. */
  readonly addresses?: readonly string[];
  /** Whose the key is. */
  readonly actor?: By;
}

/** The hub does not know this page's address. The message says which of its settings is missing. */
export class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
}

/** The hub does not know this key. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
}

/**
 * @param key of who asks
 * @throws TurnedAway, KeyRefused, and some other Error where the hub does not answer, or not as it should
 */
export async function fetchHubInfo(key?: string): Promise<HubInfo> {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  // With a POST the browser says the page's origin, as it does when the page connects.
  const response = await fetchInWords('/api/hub', { method: 'POST', headers });
  if (response.status === 401) throw new KeyRefused(shared().hub.unknownKey);
  if (response.status === 403) {
    // A proxy's own refusal is no word of the hub's.
    const why = await sentenceIn(response);
    throw why === undefined ? new Error(shared().hub.status(403)) : new TurnedAway(why);
  }
  const info = await readAnswer<HubInfo>(response);
  kept.write('access', info.access);
  return info;
}

/** As it was when the hub was asked last: a keyed hub's pages show themselves before it has answered. */
export function wasKeyed(): boolean {
  return kept.read('access') === 'keyed';
}
