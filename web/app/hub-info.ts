import { ask } from '../../client/read.ts';
import type { HubInfo } from '../../protocol/rest.ts';
import { shared } from '../words/shared.ts';
import { answerIn } from './hub-answer.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** The hub does not know this page's address. The message says which of its settings is missing. */
export class UnknownAddressError extends Error {}

/** The hub does not know this key. */
export class UnknownKeyError extends Error {}

/**
 * @param key of who asks
 * @throws UnknownAddressError, UnknownKeyError, and some other Error where the hub does not answer, or not as it should
 */
export async function fetchHubInfo(key?: string): Promise<HubInfo> {
  // With a POST the browser says the page's origin, as it does when the page connects.
  const reply = await ask('POST /api/hub', { key });
  if ('status' in reply && reply.status === 401) throw new UnknownKeyError(shared().hub.unknownKey);
  // A proxy's own refusal is no word of the hub's.
  if (reply.kind === 'refusal' && reply.status === 403) throw new UnknownAddressError(reply.message);
  const info = answerIn(reply);
  safeLocalStorage.write('access', info.access);
  return info;
}

/** As it was when the hub was asked last: a keyed hub's pages show themselves before it has answered. */
export function wasKeyed(): boolean {
  return safeLocalStorage.read('access') === 'keyed';
}
