/** Issuing, listing and revoking access keys over REST, as dispatch. */

import { fetchAs, type KeyedRole } from '../../app/access-key.ts';
import { readAnswer } from '../../app/hub-answer.ts';

export interface ListedKey {
  readonly id: string;
  readonly role: KeyedRole;
  readonly store?: string;
  readonly driver?: string;
  readonly name: string;
  /** How the key begins and ends: nobody can see it whole again. */
  readonly hint: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

export interface IssuedKey extends Omit<ListedKey, 'hint' | 'revokedAt'> {
  readonly key: string;
}

export interface WantedKey {
  readonly role: KeyedRole;
  /** The store's or the driver's id; of no meaning for dispatch. */
  readonly owner: string;
  /** Whose it is, for people. */
  readonly name: string;
}

/** @throws Error in words for a person, as all of these */
export async function listKeys(): Promise<readonly ListedKey[]> {
  const { items } = (await ask('/api/keys')) as { items: ListedKey[] };
  return items;
}

export async function issueKey({ role, owner, name }: WantedKey): Promise<IssuedKey> {
  const whose = role === 'vendor' ? { store: owner } : role === 'driver' ? { driver: owner } : {};
  return (await ask('/api/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, ...whose, name }),
  })) as IssuedKey;
}

export async function revokeKey(id: string): Promise<void> {
  await ask(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

const pages: Readonly<Record<KeyedRole, string>> = { vendor: '/vendor', driver: '/driver', admin: '/log' };

/** What signs a browser in. Behind the `#`, which is never sent to a server. */
export function accessLink(origin: string, { role, key }: Pick<IssuedKey, 'role' | 'key'>): string {
  return `${origin}${pages[role]}#key=${encodeURIComponent(key)}`;
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetchAs('admin', path, init);
  return response.status === 204 ? undefined : readAnswer<unknown>(response);
}
