/** Which certificates a hub has, and where they come from. */

import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../clock.ts';
import { type Config, ConfigError } from '../config.ts';
import { GivenCertificate } from './given-certificate.ts';
import { isOwnable, isPublicName, localNames } from './local-names.ts';
import { OwnCertificate, type Root } from './own-certificate.ts';
import type { Pair } from './pairs.ts';
import { PublicCertificate } from './public-certificate.ts';

/** The certificates of a hub that speaks HTTPS. */
export interface Certificates {
  /** For whoever asks for no other name. */
  readonly pair: Pair;
  /** Handshakes that are made with something else. */
  readonly handshakes: Handshakes;
  /** What the hub says to prove that a name is its own; undefined if nobody asked. */
  answerTo(token: string): string | undefined;
  /** The hub's own authority, which devices have to be told to trust; undefined if there is none. */
  readonly root: Root | undefined;
  /** Whether browsers trust it for this host as they are. */
  isTrustedFor(host: string): boolean;
  /** What a person has to know about them now; undefined if nothing. */
  readonly fault: string | undefined;
  /** Whether browsers refuse one of them. */
  readonly isExpired: boolean;
  /** @param run called when `pair` is another one */
  onChange(run: () => void): void;
  /** Orders and renews from then on. Call it when the hub listens. */
  start(): void;
  close(): void;
}

export interface Handshakes {
  /** For one host name; undefined for the usual certificate. */
  contextFor?(name: string): SecureContext | undefined;
  /** For an authority that tries whether a name is the hub's. @param hello the first bytes */
  challengeFor?(hello: Buffer): SecureContext | 'incomplete' | undefined;
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
  const { tls, tlsFiles: files } = config;
  if (!tls || !files) return undefined;
  const given = new GivenCertificate({ files, pair: tls, clock: options.clock, tell: options.tell });
  return {
    get pair() {
      return given.pair;
    },
    handshakes: {},
    answerTo: () => undefined,
    root: undefined,
    isTrustedFor: () => true,
    get fault() {
      return given.fault;
    },
    get isExpired() {
      return given.isExpired;
    },
    onChange: (run) => given.onChange(run),
    start: () => {},
    close: () => given.close(),
  };
}

async function openAuto({ config, clock, tell, onFault }: CertificatesOptions): Promise<Certificates> {
  const { publicUrl, dataFolder, origins, acmeUrl } = config;
  const host = publicUrl === undefined ? undefined : hostIn(publicUrl);
  if (host !== undefined && !isPublicName(host) && !isOwnable(host)) {
    tell(
      `CAPS_PUBLIC_URL: ${host} is neither a name of the internet nor surely one of your network, so no certificate names it. Use an address, or ${host}.local.`,
    );
  }
  if (host !== undefined && isPublicName(host) && publicUrl?.startsWith('http:')) {
    throw new ConfigError(
      `CAPS_HTTPS=auto gets a certificate for ${host}: write CAPS_PUBLIC_URL=https://${host}.`,
    );
  }
  const further = origins.map(hostIn).filter((name) => !isPublicName(name));
  const names = () => localNames(further);
  const folder = join(dataFolder, 'https');
  const own = await OwnCertificate.open({ folder, clock, names, onFault });
  const isPublic = host !== undefined && isPublicName(host);
  const order = { name: host ?? '', directory: acmeUrl, folder, clock, chance: Math.random, tell };
  const outer = isPublic ? new PublicCertificate(order) : undefined;
  return {
    get pair() {
      return own.pair;
    },
    handshakes: outer
      ? {
          contextFor: (name) => (name === host ? outer.context : undefined),
          challengeFor: (hello) => outer.challenges.contextFor(hello),
        }
      : {},
    answerTo: (token) => outer?.challenges.answerTo(token),
    root: own.root,
    isTrustedFor: (name) => name === host && outer?.context !== undefined,
    get fault() {
      return [outer?.fault, own.fault].filter((words) => words !== undefined).join(' ') || undefined;
    },
    get isExpired() {
      return own.isExpired || outer?.isExpired === true;
    },
    onChange: (run) => own.onChange(run),
    start: () => outer?.start(),
    close() {
      own.close();
      outer?.close();
    },
  };
}

function hostIn(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}
