/** Which certificates a hub has, and where they come from. */

import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { isOwnable, isPublicName, localNames } from './local-names.ts';
import { OwnCertificate, type Root } from './own-certificate.ts';
import type { Pair } from './pairs.ts';

/** The certificates of a hub that speaks HTTPS. */
export interface Certificates {
  /** For whoever asks for no other name. */
  readonly pair: Pair;
  /** For one host name; undefined if it is `pair`. */
  contextFor(name: string): SecureContext | undefined;
  /** The hub's own authority, which devices have to be told to trust; undefined if there is none. */
  readonly root: Root | undefined;
  /** Whether browsers trust it for this host as they are. */
  isTrustedFor(host: string): boolean;
  /** What a person has to know about them now; undefined if nothing. */
  readonly fault: string | undefined;
  /** @param run called when `pair` is another one */
  onChange(run: () => void): void;
  close(): void;
}

export interface CertificatesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly tell: (words: string) => void;
  readonly onFault: (error: unknown, what: string) => void;
}

/** @returns undefined if the hub speaks plain HTTP alone @throws ConfigError */
export async function openCertificates(options: CertificatesOptions): Promise<Certificates | undefined> {
  const { config } = options;
  if (config.autoHttps) return openAuto(options);
  if (!config.tls) return undefined;
  const { tls } = config;
  return {
    pair: tls,
    contextFor: () => undefined,
    root: undefined,
    isTrustedFor: () => true,
    fault: undefined,
    onChange: () => {},
    close: () => {},
  };
}

async function openAuto({ config, clock, tell, onFault }: CertificatesOptions): Promise<Certificates> {
  const { publicUrl, dataFolder, origins } = config;
  const host = publicUrl === undefined ? undefined : hostIn(publicUrl);
  if (host !== undefined && !isPublicName(host) && !isOwnable(host)) {
    tell(
      `CAPS_PUBLIC_URL: ${host} is neither a name of the internet nor surely one of your network, so no certificate names it. Use an address, or ${host}.local.`,
    );
  }
  const further = origins.map(hostIn).filter((name) => !isPublicName(name));
  const names = () => localNames(further);
  const folder = join(dataFolder, 'https');
  const own = await OwnCertificate.open({ folder, clock, names, onFault });
  return {
    get pair() {
      return own.pair;
    },
    contextFor: () => undefined,
    root: own.root,
    isTrustedFor: () => false,
    get fault() {
      return own.fault;
    },
    onChange: (run) => own.onChange(run),
    close: () => own.close(),
  };
}

function hostIn(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}
