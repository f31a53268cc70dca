/** Certificates with their keys, as PEM, and the files that hold them. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** A certificate, with those above it, and its key. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** When a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

const ownFile = 0o600;
const certificates = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/g;
const keys = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----\n?/;

/** The first certificate of a pair. */
export function leafOf({ cert }: Pair): X509Certificate {
  return new X509Certificate(cert);
}

export function validityOf(pair: Pair): Validity {
  const { validFrom, validTo } = leafOf(pair);
  return { from: Date.parse(validFrom), until: Date.parse(validTo) };
}

/** The part of its life that is left: 1 when it begins, 0 or less when it is over. */
export function lifeLeft({ from, until }: Validity, now: number): number {
  return (until - now) / Math.max(1, until - from);
}

/** Whether a certificate that renews itself should be renewed: in the last third of its life, or before it begins. */
export function isDue(validity: Validity, now: number): boolean {
  return lifeLeft(validity, now) < 1 / 3 || now < validity.from;
}

/** @throws Error if the text is no certificate with its key */
export function pairIn(text: string): Pair {
  const pair = { cert: (text.match(certificates) ?? []).join(''), key: keys.exec(text)?.[0] ?? '' };
  checkPair(pair);
  return pair;
}

/** @throws Error if they do not belong together */
export function checkPair(pair: Pair): void {
  if (!leafOf(pair).checkPrivateKey(createPrivateKey(pair.key))) {
    throw new Error('the key is not the certificate’s');
  }
}

/** @returns undefined if there is no such file @throws Error if it holds no pair */
export function readPair(file: string): Pair | undefined {
  const text = readIfThere(file);
  return text === undefined ? undefined : pairIn(text);
}

/** @returns undefined if there is no such file */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function writePair(file: string, { cert, key }: Pair): void {
  writeOwn(file, `${cert.trimEnd()}\n${key.trimEnd()}\n`);
}

/** Replaces a file that only its owner may read, as a whole or not at all. */
export function writeOwn(file: string, text: string): void {
  const part = writePart(file, text);
  renameSync(part, file);
}

/** Writes a file that is not there yet. @returns false if somebody else has written it meanwhile */
export function writeFirst(file: string, { cert, key }: Pair): boolean {
  const part = writePart(file, `${cert.trimEnd()}\n${key.trimEnd()}\n`);
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

function writePart(file: string, text: string): string {
  const part = `${file}.${Math.random().toString(36).slice(2)}.part`;
  const descriptor = openSync(part, 'wx', ownFile);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return part;
}
