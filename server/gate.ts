/** From where a browser may come: which names are the hub's, and whose pages may speak to it. */

import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** From where a browser may speak to the hub. */
export interface Gate {
  /** Whether a request for this `Host` is meant for us: DNS rebinding names somebody else's. */
  isOurHost(host: string | undefined): boolean;
  /** Whether a page of this `Origin` may speak to us; programs and same-origin reads send none. */
  isOurOrigin(origin: string | undefined, host: string | undefined): boolean;
}

/** @param origins further allowed origins, e.g. `https://caps.example` */
export function createGate(origins: readonly string[]): Gate {
  const extra = new Set(origins);
  const machine = hostname().toLowerCase();
  const names = new Set([
    'localhost',
    machine,
    `${machine}.local`,
    ...origins.map((origin) => new URL(origin).hostname),
  ]);

  function isOurHost(host: string | undefined): boolean {
    const name = hostNameIn(host);
    return name !== undefined && (isIP(name) !== 0 || names.has(name));
  }
  return {
    isOurHost,
    isOurOrigin(origin, host) {
      if (origin === undefined) return true;
      if (extra.has(origin)) return true;
      return isOurHost(host) && hostIn(origin) === host?.toLowerCase();
    },
  };
}

/** `[::1]:3000` → `::1`, `Caps.local:3000` → `caps.local`; undefined where it is no host. */
function hostNameIn(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname, pathname, username } = new URL(`http://${host}`);
  if (pathname !== '/' || username !== '') return undefined;
  return hostname.replace(/^\[|\]$/g, '');
}

function hostIn(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
