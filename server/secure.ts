/** Joins the hub's certificates to its port and its doors. */

import type { HubInfo } from '../protocol/rest.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createListener, type Deadlines, type Listener } from './edge/listening.ts';
import type { OriginPolicy } from './edge/origin-policy.ts';
import type { Certificates } from './tls/certificates.ts';

export interface SecureListenerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly origins: OriginPolicy;
  readonly certificates: Certificates | undefined;
  readonly deadlines?: Deadlines | undefined;
  readonly dev?: boolean | undefined;
}

export function openListener(options: SecureListenerOptions): Listener {
  const { config, clock, origins, certificates, deadlines, dev } = options;
  const tls = certificates && { ...certificates.pair, ...certificates.handshakes };
  const policy = { ...origins, servesPlain: config.plainHttp };
  const listener = createListener({ clock, origins: policy, tls, deadlines, dev });
  certificates?.onChange(() => listener.useCertificate(certificates.pair));
  return listener;
}

/** What the doors of pages need to know about HTTPS. */
export interface SecureSite {
  /** For `GET /api/hub`. */
  info(): HubInfo['https'];
  /** Where a page that was asked for by plain HTTP is for every browser. @param host as asked, with its port */
  secureOrigin(host: string): string | undefined;
  /** Whether browsers shall never again ask this host by plain HTTP. */
  isSecureForGood(host: string): boolean;
}

/** @returns undefined if the hub speaks plain HTTP alone */
export function siteOf(
  { publicUrl, autoHttps }: Config,
  certificates: Certificates | undefined,
): SecureSite | undefined {
  if (!certificates) return undefined;
  const url = publicUrl?.startsWith('https:') ? new URL(publicUrl) : undefined;
  const isPublic = (name: string) => name === url?.hostname && certificates.isTrustedFor(name);
  return {
    info() {
      const { root } = certificates;
      return {
        ...(url && isPublic(url.hostname) ? { url: url.origin } : {}),
        ...(root ? { fingerprint: root.fingerprint } : {}),
      };
    },
    secureOrigin(host) {
      const name = nameIn(host);
      if (name === undefined || !certificates.isTrustedFor(name)) return undefined;
      return name === url?.hostname ? url.origin : `https://${host}`;
    },
    // At the usual port the name is the hub's alone. A certificate of the operator's is the operator's affair.
    isSecureForGood: (host) => autoHttps && url?.port === '' && host === url.host && isPublic(host),
  };
}

const lookEveryMs = 10_000;

export interface CertificateWatchOptions {
  readonly certificates: Pick<Certificates, 'fault' | 'isExpired'>;
  readonly clock: Clock;
  /** Called when it begins, and when it is another one. */
  readonly onFault: (words: string, isExpired: boolean) => void;
  readonly onRight: () => void;
}

/** Looks now and then regularly whether a person has to know something. @returns stop, safe to call twice */
export function watchCertificates(options: CertificateWatchOptions): () => void {
  const { certificates, clock, onFault, onRight } = options;
  let known: string | undefined;
  let cancel = () => {};
  const look = () => {
    const { fault } = certificates;
    // When it is tried again says nothing new.
    const kind = fault?.replace(/ at \d\d:\d\d UTC/g, '');
    if (fault !== undefined && kind !== known) onFault(fault, certificates.isExpired);
    if (fault === undefined && known !== undefined) onRight();
    known = kind;
    cancel = clock.after(lookEveryMs, look);
  };
  look();
  return () => cancel();
}

function nameIn(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}
