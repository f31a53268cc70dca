/** Decides which `Host` names are the hub's, and which origins' pages may speak to it. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { CapsError } from '../../protocol/errors.ts';

/** Refusals reported to the operator: a stranger can make up any number of names. */
const toldMax = 20;
/** Characters quoted of a foreign name. */
const nameSaidMax = 100;

export interface OriginPolicy {
  /** Whether this request may read or write data. */
  isOurs(headers: IncomingHttpHeaders): boolean;
  /**
   * The error for a refused request, naming the setting that would allow it. The operator is told once per message.
   */
  refusalOf(request: IncomingMessage): CapsError;
  /** The same for plain HTTP on an HTTPS port; undefined if the `Host` is ours. */
  refusalOfPlain(host: string): CapsError | undefined;
  /** Whether this `Host` is ours. With DNS rebinding it is somebody else's. */
  isOurHost(host: string | undefined): boolean;
  /** Whether a page of this `Origin` may speak to us; programs and same-origin reads send none. */
  isOurOrigin(origin: string | undefined, host: string | undefined): boolean;
}

/** @param origins further allowed origins, e.g. `https://caps.example` @param tell called with each new refusal */
export function createOriginPolicy(
  origins: readonly string[],
  tell: (words: string) => void = () => {},
): OriginPolicy {
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
  function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    if (extra.has(origin)) return true;
    return isOurHost(host) && hostIn(origin) === host?.toLowerCase();
  }
  const told = new Set<string>();
  const refusal = (words: string): CapsError => {
    if (told.size < toldMax && !told.has(words)) {
      told.add(words);
      tell(words);
    }
    return new CapsError('not-allowed', words);
  };
  return {
    isOurHost,
    isOurOrigin,
    isOurs: ({ host, origin }) => isOurHost(host) && isOurOrigin(origin, host),
    refusalOf(request) {
      const { host, origin } = request.headers;
      return refusal(
        refusalWords({
          host: isOurHost(host) ? 'ours' : hostOf(request),
          origin: isOurOrigin(origin, host) ? 'ours' : originIn(origin),
          askedAs: host?.slice(0, nameSaidMax) ?? '',
        }),
      );
    },
    refusalOfPlain(host) {
      if (isOurHost(host)) return undefined;
      const asked = hostNameIn(host) === undefined ? undefined : originIn(`https://${host}`);
      return refusal(refusalWords({ host: asked, origin: 'ours', askedAs: '' }));
    },
  };
}

/** A host or an origin as quoted, `ours`, or undefined if it cannot be parsed. */
type AddressText = string | undefined;

function refusalWords({
  host,
  origin,
  askedAs,
}: {
  host: AddressText;
  origin: AddressText;
  askedAs: string;
}): string {
  if (host === undefined)
    return 'This request does not say which host it is for; ask the hub by its address.';
  if (origin === undefined) return 'A page without an origin of its own may not speak to this hub.';
  const isOnePlace = origin === 'ours' || origin === host;
  if (isOnePlace) {
    return `This hub does not know the address ${host}. If it is one of the hub’s own, set CAPS_PUBLIC_URL=${host}, or add it to CAPS_ORIGINS, and start the hub again.`;
  }
  const settings = host === 'ours' ? '' : ` and CAPS_ORIGINS=${host}`;
  return `A page at ${origin} asked this hub as ${askedAs}, as behind a proxy that changes the name. If the page is the hub’s own, set CAPS_PUBLIC_URL=${origin}${settings} and start the hub again, or have the proxy pass the name on (nginx: proxy_set_header Host $http_host).`;
}

/** The address by which the hub was asked; undefined if there is no valid host. */
function hostOf({ headers: { host, origin, ...more }, socket }: IncomingMessage): AddressText {
  if (host === undefined || hostNameIn(host) === undefined) return undefined;
  // A page's origin is most precise. Without one, a proxy's header is good enough for a hint.
  if (origin !== undefined && hostIn(origin) === host.toLowerCase()) return originIn(origin);
  const isSecure = 'encrypted' in socket || /^https\b/i.test(String(more['x-forwarded-proto'] ?? ''));
  return new URL(`${isSecure ? 'https' : 'http'}://${host}`).origin.slice(0, nameSaidMax);
}

function originIn(origin: string | undefined): AddressText {
  if (origin === undefined || hostIn(origin) === undefined) return undefined;
  return new URL(origin).origin.slice(0, nameSaidMax);
}

/** `[::1]:3000` → `::1`, `Caps.local:3000` → `caps.local`; undefined for anything else. */
function hostNameIn(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname, pathname, username } = new URL(`http://${host}`);
  if (pathname !== '/' || username !== '') return undefined;
  return hostname.replace(/^\[|\]$/g, '');
}

/** Undefined for origins of no web page, like `null` or `file://`. */
function hostIn(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host || undefined : undefined;
}
