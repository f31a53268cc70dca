/**
 * The certificate that a hub makes for itself, for its names on the local network. It is renewed in time, and when the
 * machine gets another address. The authority above it is made once: phones are told to trust it.
 */

import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../config.ts';
import { isDue, leafOf, lifeLeft, type Pair, readPair, validityOf, writeFirst, writePair } from './pairs.ts';

const lookEveryMs = 60_000;
/** The authority's last year: every phone will need the next one. */
const lastYear = 1 / 10;

export interface OwnCertificateOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** The machine's names and addresses now. */
  readonly names: () => readonly string[];
  readonly onFault: (error: unknown, what: string) => void;
}

/** The authority's certificate, as a phone gets it. */
export interface Root {
  /** DER. */
  readonly bytes: Buffer;
  /** SHA-256, as phones and browsers show it. */
  readonly fingerprint: string;
}

export class OwnCertificate {
  readonly root: Root;
  readonly #options: OwnCertificateOptions;
  readonly #authority: Pair;
  readonly #leafFile: string;
  #pair: Pair;
  #onChange: () => void = () => {};
  #cancel = () => {};
  #isClosed = false;

  private constructor(options: OwnCertificateOptions, authority: Pair, pair: Pair, leafFile: string) {
    const { raw, fingerprint256 } = new X509Certificate(authority.cert);
    this.root = { bytes: raw, fingerprint: fingerprint256 };
    this.#options = options;
    this.#authority = authority;
    this.#pair = pair;
    this.#leafFile = leafFile;
    this.#lookLater();
  }

  /** @throws ConfigError if the files of before cannot be used, or none can be written */
  static async open(options: OwnCertificateOptions): Promise<OwnCertificate> {
    const { folder, clock, names } = options;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new ConfigError(`CAPS_DATA: ${folder} cannot be made for certificates.`, { cause });
    }
    const authority = await authorityIn(join(folder, 'authority.pem'), names(), clock);
    const leafFile = join(folder, 'local.pem');
    const kept = keptLeaf(leafFile, authority);
    const pair = kept && !(await isWanting(kept, authority, names(), clock)) ? kept : undefined;
    const leaf = pair ?? (await newLeaf(leafFile, authority, names(), clock));
    return new OwnCertificate(options, authority, leaf, leafFile);
  }

  get pair(): Pair {
    return this.#pair;
  }

  /** What is wrong with the authority; undefined if nothing is. */
  get fault(): string | undefined {
    const validity = validityOf(this.#authority);
    const now = this.#options.clock.now();
    const day = new Date(validity.until).toISOString().slice(0, 10);
    const remedy = `Stop the hub, delete ${this.#options.folder}, start it, and open /phone on every phone again.`;
    if (now < validity.from)
      return 'The machine’s clock is behind, so no browser trusts this hub’s certificate.';
    if (this.isExpired) return `This hub’s certificate authority has expired on ${day}. ${remedy}`;
    return lifeLeft(validity, now) < lastYear
      ? `This hub’s certificate authority expires on ${day}. ${remedy}`
      : undefined;
  }

  get isExpired(): boolean {
    return this.#options.clock.now() >= validityOf(this.#authority).until;
  }

  /** @param run called when there is another certificate */
  onChange(run: () => void): void {
    this.#onChange = run;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      this.#look()
        .catch((error: unknown) => this.#options.onFault(error, 'the hub’s own certificate was not renewed'))
        .finally(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    const { clock, names } = this.#options;
    if (!(await isWanting(this.#pair, this.#authority, names(), clock)) || this.#isClosed) return;
    this.#pair = await newLeaf(this.#leafFile, this.#authority, names(), clock);
    if (!this.#isClosed) this.#onChange();
  }
}

/** Loaded when something has to be made: a hub starts sooner without. */
function load(): Promise<typeof import('./authority.ts')> {
  return import('./authority.ts');
}

async function authorityIn(file: string, names: readonly string[], clock: Clock): Promise<Pair> {
  const known = readAuthority(file);
  if (known) return known;
  const { makeAuthority } = await load();
  const made = await makeAuthority({ machine: hostname(), names, now: clock.now() });
  try {
    if (writeFirst(file, made)) return made;
  } catch (cause) {
    throw new ConfigError(`CAPS_DATA: ${file} cannot be written.`, { cause });
  }
  // Another hub was a moment faster.
  return readAuthority(file) ?? made;
}

function readAuthority(file: string): Pair | undefined {
  let pair: Pair | undefined;
  try {
    pair = readPair(file);
  } catch (cause) {
    throw damaged(file, cause);
  }
  if (pair && !leafOf(pair).ca) throw damaged(file);
  return pair;
}

function damaged(file: string, cause?: unknown): ConfigError {
  return new ConfigError(
    `${file} is not this hub’s certificate authority any more. Put a copy back, or delete the file: then the hub makes another one, which every phone has to be told to trust again.`,
    { cause },
  );
}

/** The leaf of before. Unlike the authority it can be made again, so what is wrong with it does not matter. */
function keptLeaf(file: string, authority: Pair): Pair | undefined {
  try {
    const pair = readPair(file);
    return pair && leafOf(pair).verify(new X509Certificate(authority.cert).publicKey) ? pair : undefined;
  } catch {
    return undefined;
  }
}

async function newLeaf(file: string, authority: Pair, names: readonly string[], clock: Clock): Promise<Pair> {
  const { issue } = await load();
  const pair = await issue(authority, names, clock.now());
  writePair(file, pair);
  return pair;
}

async function isWanting(
  pair: Pair,
  authority: Pair,
  names: readonly string[],
  clock: Clock,
): Promise<boolean> {
  // Not to be mended by another leaf.
  const isLast = validityOf(pair).until >= validityOf(authority).until;
  if (isDue(validityOf(pair), clock.now()) && !isLast) return true;
  if (isFor(pair, names)) return false;
  const { allowedNames } = await load();
  return !isFor(pair, allowedNames(authority, names));
}

/** Whether a certificate is for all of these names. */
function isFor(pair: Pair, names: readonly string[]): boolean {
  const leaf = leafOf(pair);
  return names.every((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined);
}
