import { ask } from '../../client/read.ts';
import type { HubInfo } from '../../protocol/rest.ts';
import { shared } from '../words/shared.ts';
import { answerIn } from './hub-answer.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** The hub does not know this page's address. The message names the missing setting. */
export class UnknownAddressError extends Error {}

/** The hub does not know this key. */
export class UnknownKeyError extends Error {}

/**
 * @throws UnknownAddressError, UnknownKeyError, or another Error if the hub gives no proper answer
 */
export async function fetchHubInfo(key?: string): Promise<HubInfo> {
  // With a POST the browser sends the page's origin, as it does when the page connects.
  const reply = await ask('POST /api/hub', { key });
  if ('status' in reply && reply.status === 401) throw new UnknownKeyError(shared().hub.unknownKey);
  // A proxy's 403 says nothing about the hub.
  if (reply.kind === 'refusal' && reply.status === 403) throw new UnknownAddressError(reply.message);
  const info = answerIn(reply);
  safeLocalStorage.write('access', info.access);
  return info;
}

/** Whether the hub asked for keys last time: its pages are drawn before it answers. */
export function wasKeyed(): boolean {
  return safeLocalStorage.read('access') === 'keyed';
}
