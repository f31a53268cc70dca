/** A real hub with keyed access, for the suites that come to its doors with keys and without. */

import type { Identity } from '../client/client.ts';
import type { IssuedKey } from '../protocol/rest.ts';
import { type RealHub, startRealHub } from './real-hub.ts';

/** Of the settings. */
export const adminKey = 'the-first-admins-own-key';

export interface KeyedHub extends RealHub {
  /** A request with a key, or without. */
  ask(path: string, key?: string, options?: RequestInit): Promise<Response>;
  /** Has a key issued. */
  issue(wanted: object): Promise<IssuedKey>;
  revoke(id: string): Promise<void>;
  /** Who it is, with a new key. */
  keyed(who: Identity): Promise<Identity>;
}

/** Keeps everything that it logs, at any level, in `faults`. @param settings that differ from the defaults */
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
