/**
 * The access key of a page, if the hub asks for one. A link carries it behind the `#`, which browsers never send to a
 * server. The page stores the key and removes it from the address.
 */

import type { Identity } from '../../client/client.ts';
import { ask, type Question } from '../../client/read.ts';
import { keyIn } from '../../protocol/keys.ts';
import type { AnswerOf, RestRoute } from '../../protocol/rest.ts';
import { answerIn } from './hub-answer.ts';
import { wasKeyed } from './hub-info.ts';
import { safeLocalStorage } from './safe-storage.ts';

/** Roles that need an access key. A customer's link works without one. */
export type KeyedRole = Exclude<Identity['role'], 'customer'>;

export const keyedRoles = ['vendor', 'driver', 'admin'] as const satisfies readonly KeyedRole[];

/** The name under which a driver's page saves its session. */
export const shiftName = 'driver.shift';

/** @returns undefined if this browser has no key for the role */
export function keyOf(role: Identity['role']): string | undefined {
  return safeLocalStorage.read(storageName(role));
}

/** @returns the roles for which this browser has a key; undefined if it has none, or the hub needs none */
export function openedRoles(): readonly KeyedRole[] | undefined {
  const opened = wasKeyed() ? keyedRoles.filter((role) => keyOf(role) !== undefined) : [];
  return opened.length === 0 ? undefined : opened;
}

export function forgetKey(role: KeyedRole): void {
  safeLocalStorage.forget(storageName(role));
  // A phone must not keep names and addresses after its driver has signed out.
  if (role === 'driver') safeLocalStorage.forget(shiftName);
}

/** A browser does not reload an open page when only the part behind the `#` changes. */
export function reloadForLinkedKey(): void {
  if (/[#&]key=/.test(location.hash)) location.reload();
}

/** Removes the key of an access link from the address. @returns undefined if there is none */
export function takeLinkedKey(): string | undefined {
  const key = /[#&]key=/.test(location.hash) ? keyIn(location.hash) : undefined;
  if (key === undefined) return undefined;
  const url = new URL(location.href);
  url.hash = '';
  history.replaceState(history.state, '', url);
  return key;
}

/** Sends a REST request with this role's key. @throws Error in words for a person; AbortError */
export async function readAs<R extends RestRoute>(
  role: KeyedRole,
  route: R,
  question: Question<R>,
): Promise<AnswerOf<R>> {
  return answerIn(await ask(route, { ...question, key: keyOf(role) }));
}

/** The name under which a role's key is stored. */
export function storageName(role: Identity['role']): string {
  return `key.${role}`;
}
