/** Signs a browser in. Apart, because open hubs do not need it. */

import { keyIn } from '../../protocol/keys.ts';
import { shared } from '../words/shared.ts';
import { signInWords } from '../words/sign-in.ts';
import { type KeyedRole, storageName } from './access-key.ts';
import { fetchHubInfo, UnknownAddressError, UnknownKeyError } from './hub-info.ts';
import { safeLocalStorage } from './safe-storage.ts';

/**
 * Stores the key and the name of its store or driver.
 * @param text the key, or a link that carries it
 * @throws Error in words for a person
 */
export async function signIn(role: KeyedRole, text: string): Promise<void> {
  const key = keyIn(text);
  if (key === undefined) throw new Error(shared().key.notValid);
  const { actor } = await fetchHubInfo(key).catch((error: unknown) => {
    if (error instanceof UnknownAddressError) throw error;
    throw new Error(error instanceof UnknownKeyError ? shared().key.notValid : shared().hub.noAnswer);
  });
  // An open hub asks for no key.
  if (!actor) return;
  if (actor.role !== role) {
    const holder = actor.role === 'vendor' || actor.role === 'driver' ? actor.role : 'admin';
    throw new Error(signInWords().otherRole(holder, role));
  }
  safeLocalStorage.write(storageName(role), key);
  if (role === 'vendor') safeLocalStorage.write('store', actor.id);
  if (role === 'driver') safeLocalStorage.write('driver', actor.id);
}
