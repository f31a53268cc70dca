/** A real hub with keyed access, for suites that test doors with and without keys. */

import type { Identity } from '../client/client.ts';
import type { IssuedKey } from '../protocol/rest.ts';
import { type RealHub, startRealHub } from './real-hub.ts';

/** Admin key from the settings. */
export const adminKey = 'the-first-admins-own-key';

export interface KeyedHub extends RealHub {
  /** Sends a request, with a key if given. */
  ask(path: string, key?: string, options?: RequestInit): Promise<Response>;
  /** Issues a key. */
  issue(wanted: object): Promise<IssuedKey>;
  revoke(id: string): Promise<void>;
  /** The identity with a new key of its own. */
  keyed(who: Identity): Promise<Identity>;
}

/** Collects all of its log in `faults`. @param settings differing from the defaults */
export async function startKeyedHub(settings: Readonly<Record<string, string>> = {}): Promise<KeyedHub> {
  const hub = await startRealHub({ CAPS_ADMIN_KEY: adminKey, ...settings });
  const ask: KeyedHub['ask'] = (path, key, { headers, ...options } = {}) =>
    fetch(hub.url + path, {
      ...options,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
    });
  const issue: KeyedHub['issue'] = async (wanted) => {
    const response = await ask('/api/keys', adminKey, asJson('POST', wanted));
    if (response.status !== 201) throw new Error(await response.text());
    return (await response.json()) as IssuedKey;
  };
  return {
    ...hub,
    ask,
    issue,
    async revoke(id) {
      const { status } = await ask(`/api/keys/${id}`, adminKey, { method: 'DELETE' });
      if (status !== 204) throw new Error(`The key was not revoked: ${status}.`);
    },
    async keyed(who) {
      return who.role === 'customer' ? who : { ...who, key: (await issue(who)).key };
    },
  };
}

export function asJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
