/** Issues, lists and revokes access keys over REST, as dispatch. */

import { unreachable } from '../../protocol/errors.ts';
import type { IssuedKey, KeyRequest, ListedKey } from '../../protocol/rest.ts';
import { type KeyedRole, readAs } from '../app/access-key.ts';

export interface KeyDraft {
  readonly role: KeyedRole;
  /** The store's or driver's id; ignored for dispatch. */
  readonly owner: string;
  /** The owner's name, for people. */
  readonly name: string;
}

/** @throws Error in words for a person, as do all functions here */
export async function listKeys(): Promise<readonly ListedKey[]> {
  return (await readAs('admin', 'GET /api/keys', {})).items;
}

export function issueKey(wanted: KeyDraft): Promise<IssuedKey> {
  return readAs('admin', 'POST /api/keys', { body: requestFor(wanted) });
}

export async function revokeKey(id: string): Promise<void> {
  await readAs('admin', 'DELETE /api/keys/:id', { params: { id } });
}

const pages: Readonly<Record<KeyedRole, string>> = { vendor: '/vendor', driver: '/driver', admin: '/log' };

/** A link that signs a browser in. The key is behind the `#`, which browsers never send to a server. */
export function accessLink(origin: string, { role, key }: Pick<IssuedKey, 'role' | 'key'>): string {
  return `${origin}${pages[role]}#key=${encodeURIComponent(key)}`;
}

function requestFor({ role, owner, name }: KeyDraft): KeyRequest {
  switch (role) {
    case 'vendor':
      return { role, store: owner, name };
    case 'driver':
      return { role, driver: owner, name };
    case 'admin':
      return { role, name };
    default:
      return unreachable(role);
  }
}
