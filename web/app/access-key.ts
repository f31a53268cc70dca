/**
 * The access key of a page, where the hub asks for one. A link brings it behind the `#`, which no server ever sees;
 * from there it goes into what the browser keeps, and leaves the address.
 */

import type { Identity } from '../../client/client.ts';
import { ask, type Question } from '../../client/read.ts';
import { keyIn } from '../../protocol/keys.ts';
import type { AnswerOf, RestRoute } from '../../protocol/rest.ts';
import { shared } from '../words/shared.ts';
import { answerIn } from './hub-answer.ts';
import { fetchHubInfo, UnknownAddressError, UnknownKeyError, wasKeyed } from './hub-info.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** Who needs a key of their own. A customer's link is one already. */
export type KeyedRole = Exclude<Identity['role'], 'customer'>;

export const keyedRoles = ['vendor', 'driver', 'admin'] as const satisfies readonly KeyedRole[];

/** Where a driver's page keeps what it knew last. */
export const shiftName = 'driver.shift';

/** Undefined where this browser has none. */
export function keyOf(role: Identity['role']): string | undefined {
  return safeLocalStorage.read(storageName(role));
}

/** Whose pages this browser's keys open, as far as it knows; undefined where none is needed, or there is none. */
export function openedRoles(): readonly KeyedRole[] | undefined {
  const opened = wasKeyed() ? keyedRoles.filter((role) => keyOf(role) !== undefined) : [];
  return opened.length === 0 ? undefined : opened;
}

export function forgetKey(role: KeyedRole): void {
  safeLocalStorage.forget(storageName(role));
  // Names and addresses stay on no phone whose driver has signed out.
  if (role === 'driver') safeLocalStorage.forget(shiftName);
}

/** A link that is opened where the page is open already changes no more than what is behind the `#`. */
export function reloadForLinkedKey(): void {
  if (/[#&]key=/.test(location.hash)) location.reload();
}

/** Takes the key of an access link out of the address; undefined where it brought none. */
export function takeLinkedKey(): string | undefined {
  const key = /[#&]key=/.test(location.hash) ? keyIn(location.hash) : undefined;
  if (key === undefined) return undefined;
  const url = new URL(location.href);
  url.hash = '';
  history.replaceState(history.state, '', url);
  return key;
}

/**
 * Keeps the key, and the name of the store or driver whose it is.
 * @param text as it was pasted: the key, or a link with it
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
    throw new Error(shared().key.otherRole(holder, role));
  }
  safeLocalStorage.write(storageName(role), key);
  if (role === 'vendor') safeLocalStorage.write('store', actor.id);
  if (role === 'driver') safeLocalStorage.write('driver', actor.id);
}

/** Asks the hub's REST side as whoever holds this page's key. @throws Error in words for a person; AbortError */
export async function readAs<R extends RestRoute>(
  role: KeyedRole,
  route: R,
  question: Question<R>,
): Promise<AnswerOf<R>> {
  return answerIn(await ask(route, { ...question, key: keyOf(role) }));
}

function storageName(role: Identity['role']): string {
  return `key.${role}`;
}
