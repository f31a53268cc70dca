/**
 * A hub's own certificate authority, for its names on the local network. It may vouch for local names alone: whoever has
 * its key can be nobody else on the internet.
 */

import { randomBytes, webcrypto } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import { isBelow, isOwnable, localDomains, localRanges } from './local-names.ts';
import { type Pair, validityOf } from './pairs.ts';

const dayMs = 86_400_000;
/** Ten years. */
const authorityDays = 3_652;
/** Browsers take no certificate that is valid for longer than 397 days. */
const leafDays = 396;
/** This code did not exist before, so a clock that says so is wrong. A certificate of then would soon have expired. */
const earliest = Date.UTC(2026, 0, 1);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const nameConstraints = '2.5.29.30';

x509.cryptoProvider.set(webcrypto as Crypto);

export interface AuthorityOptions {
  /** Distinguishes hubs in a phone's list of authorities. */
  readonly machine: string;
  /** Further names and addresses that it may vouch for. */
  readonly names: readonly string[];
  readonly now: number;
}

export async function makeAuthority({ machine, names, now }: AuthorityOptions): Promise<Pair> {
  const keys = await newKeys();
  const from = new Date(earliest);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: subjectText(`CAPS hub ${machine}`.slice(0, 60)),
    notBefore: from,
    notAfter: new Date(Math.max(now, earliest) + authorityDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      constraintsFor(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** @param names those that the authority may not vouch for are left out */
export async function issue(authority: Pair, names: readonly string[], now: number): Promise<Pair> {
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await newKeys();
  const from = Math.max(now, earliest) - dayMs;
  const until = Math.min(from + leafDays * dayMs, validityOf(authority).until);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    issuer: issuer.subjectName,
    subject: subjectText('CAPS hub'),
    notBefore: new Date(from),
    notAfter: new Date(until),
    publicKey: keys.publicKey,
    signingKey: await signingKeyIn(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        allowed(issuer, names).map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** These names, without those that the authority may not vouch for. */
export function allowedNames(authority: Pair, names: readonly string[]): string[] {
  return allowed(new x509.X509Certificate(authority.cert), names);
}

function allowed(issuer: x509.X509Certificate, names: readonly string[]): string[] {
  const value = issuer.getExtension(nameConstraints)?.value;
  if (value === undefined) return [...names];
  const { permittedSubtrees } = AsnConvert.parse(value, NameConstraints);
  const bases = (permittedSubtrees ?? []).map(({ base }) => base);
  const domains = bases.flatMap(({ dNSName }) => dNSName ?? []);
  const ranges = new BlockList();
  for (const { iPAddress } of bases) if (iPAddress !== undefined) addRange(ranges, iPAddress);
  return names.filter((name) => {
    if (isIP(name) === 0) return domains.some((domain) => isBelow(name, domain));
    return ranges.check(name, isIPv6(name) ? 'ipv6' : 'ipv4');
  });
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

async function pemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function signingKeyIn(pem: string): Promise<CryptoKey> {
  const [bytes = new ArrayBuffer(0)] = x509.PemConverter.decode(pem);
  return webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']) as Promise<CryptoKey>;
}

/** Positive, and of 128 bits. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function subjectText(common: string): string {
  return new x509.Name([{ O: ['CAPS'] }, { CN: [common] }]).toString();
}

// ---- what it may vouch for ----

function constraintsFor(names: readonly string[]): x509.Extension {
  const own = new BlockList();
  for (const range of localRanges) addRange(own, range);
  const isLocal = (name: string) =>
    isIP(name) === 0
      ? localDomains.some((domain) => isBelow(name, domain))
      : own.check(name, isIPv6(name) ? 'ipv6' : 'ipv4');
  const further = names.filter((name) => isOwnable(name) && !isLocal(name));
  const domains = [...localDomains, ...further.filter((name) => isIP(name) === 0)];
  const ranges = [...localRanges, ...further.filter((name) => isIP(name) !== 0).map(rangeOf)];
  const bases = [
    ...domains.map((dNSName) => new GeneralName({ dNSName })),
    ...ranges.map((range) => new GeneralName({ iPAddress: range })),
  ];
  const permittedSubtrees = new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base })));
  return new x509.Extension(
    nameConstraints,
    true,
    AsnConvert.serialize(new NameConstraints({ permittedSubtrees })),
  );
}

/** @param range such as `10.0.0.0/8` */
function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
}

function rangeOf(address: string): string {
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}
