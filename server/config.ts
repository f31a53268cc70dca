/** Reads the settings once from the environment: a frozen value, or an error that names the variable. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Config {
  /** 0 picks a free port. */
  readonly port: number;
  /** Undefined means all interfaces. */
  readonly host: string | undefined;
  /** Port of the TCP door; 0 picks a free one, undefined closes the door. */
  readonly tcpPort: number | undefined;
  readonly dataFolder: string;
  /** Address of the PostgreSQL database; undefined means a SQLite file in the data folder. May contain a password. */
  readonly databaseUrl: string | undefined;
  /** Address of the Redis that rings between hubs; undefined means PostgreSQL's own NOTIFY. May contain a password. */
  readonly redisUrl: string | undefined;
  /** Further origins whose pages may speak to the hub. */
  readonly origins: readonly string[];
  /** Address for links and QR codes. */
  readonly publicUrl: string | undefined;
  /** Key of the first admin; undefined means open access. */
  readonly adminKey: string | undefined;
  /** What the hub sends by itself, e.g. webhooks; `private`: also to addresses of private networks. */
  readonly outbound: OutboundReach;
  /** Commands per second of one connection, or of one actor and address; Infinity means no limit. */
  readonly ratePerSecond: number;
  /** Connections per address; Infinity means no limit. */
  readonly connectionsPerAddress: number;
  /** Certificate and key as PEM; undefined means HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The files of `tls`, which are read again when they change. */
  readonly tlsFiles: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the hub gets certificates by itself. */
  readonly autoHttps: boolean;
  /** Directory of the certificate authority that gives certificates for public names. */
  readonly acmeUrl: string;
  /** Whether the port of HTTPS serves programs over plain HTTP, too. */
  readonly plainHttp: boolean;
  /** Number of trusted proxies in front of the hub. */
  readonly trustProxy: number;
  /** Time between SIGTERM and the stop, in which clients move to other hubs; 0 means no time. */
  readonly drainMs: number;
  readonly logLevel: LogLevel;
  /** Printed form of events: one line each, or as the lab's hub prints them. */
  readonly print: PrintStyle;
  /** How long the holder of a claim may be silent; undefined means for ever. */
  readonly claimTimeoutMs: number | undefined;
  /** How customers are told of their parcels, besides web push. All of it may contain passwords. */
  readonly channels: ChannelConfig;
}

export interface ChannelConfig {
  /** The SMTP server, and the hub's own address. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** The ntfy server. */
  readonly ntfy: string | undefined;
  /** Takes a POST for each text message, signed if there is a secret. */
  readonly sms: { readonly url: string; readonly secret: string | undefined } | undefined;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
const outboundReaches = ['on', 'private', 'off'] as const;
export type OutboundReach = (typeof outboundReaches)[number];
const printStyles = ['line', 'lab'] as const;
export type PrintStyle = (typeof printStyles)[number];

/** A bad setting, in one sentence. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const databaseUrl = serverIn('DATABASE_URL', env['DATABASE_URL'], postgres);
  const redisUrl = serverIn('REDIS_URL', env['REDIS_URL'], redis);
  if (redisUrl !== undefined && databaseUrl === undefined) {
    throw new ConfigError('REDIS_URL rings between hubs that share a database: set DATABASE_URL too.');
  }
  const publicUrl = isSet(env['CAPS_PUBLIC_URL'])
    ? originIn('CAPS_PUBLIC_URL', env['CAPS_PUBLIC_URL'])
    : undefined;
  const origins = (env['CAPS_ORIGINS'] ?? '').split(',').filter(isSet);
  const https = httpsIn(env);
  return Object.freeze({
    port: portIn('PORT', env['PORT'], 3000),
    host: isSet(env['HOST']) ? env['HOST'] : undefined,
    tcpPort: isOff(env['CAPS_TCP_PORT']) ? undefined : portIn('CAPS_TCP_PORT', env['CAPS_TCP_PORT'], 4000),
    dataFolder: isSet(env['CAPS_DATA']) ? env['CAPS_DATA'] : './data',
    databaseUrl,
    redisUrl,
    origins: [
      ...origins.map((origin) => originIn('CAPS_ORIGINS', origin.trim())),
      ...(publicUrl ? [publicUrl] : []),
    ],
    publicUrl,
    adminKey: secretIn('CAPS_ADMIN_KEY', env['CAPS_ADMIN_KEY']),
    outbound: oneOf('CAPS_OUTBOUND', env['CAPS_OUTBOUND']?.trim().toLowerCase(), outboundReaches, 'on'),
    ratePerSecond: limitIn('CAPS_RATE', env['CAPS_RATE'], 500, 'commands per second'),
    connectionsPerAddress: limitIn('CAPS_CONNECTIONS', env['CAPS_CONNECTIONS'], 1_000, 'connections'),
    ...https,
    trustProxy: proxiesIn('CAPS_TRUST_PROXY', env['CAPS_TRUST_PROXY']),
    drainMs: drainIn(env['CAPS_DRAIN']),
    logLevel: oneOf('LOG_LEVEL', env['LOG_LEVEL'], logLevels, 'info'),
    print: oneOf('CAPS_PRINT', env['CAPS_PRINT'], printStyles, 'line'),
    claimTimeoutMs: claimTimeoutIn(env['CAPS_CLAIM_TIMEOUT']),
    channels: {
      mail: mailIn(env['CAPS_SMTP_URL'], env['CAPS_MAIL_FROM'], publicUrl),
      ntfy: serverIn('CAPS_NTFY_URL', env['CAPS_NTFY_URL'], ntfy),
      sms: smsIn(env['CAPS_SMS_WEBHOOK'], env['CAPS_SMS_SECRET']),
    },
  });
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

function isOff(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'off';
}

function portIn(name: string, value: string | undefined, otherwise: number): number {
  if (!isSet(value)) return otherwise;
  const port = Number(value);
  if (/^\d+$/.test(value.trim()) && port <= 65_535) return port;
  throw new ConfigError(`${name} must be a port number from 0 to 65535, not "${value}".`);
}

/** In seconds, up to a month. */
function claimTimeoutIn(value: string | undefined): number | undefined {
  if (isOff(value)) return undefined;
  if (!isSet(value)) return 1_800_000;
  const seconds = Number(value);
  if (/^\d+$/.test(value.trim()) && seconds >= 1 && seconds <= 2_678_400) return seconds * 1_000;
  throw new ConfigError(`CAPS_CLAIM_TIMEOUT must be seconds from 1 to 2678400 or "off", not "${value}".`);
}

/** In seconds, up to ten minutes. */
function drainIn(value: string | undefined): number {
  if (!isSet(value) || isOff(value)) return 0;
  const seconds = Number(value);
  if (/^\d+$/.test(value.trim()) && seconds >= 1 && seconds <= 600) return seconds * 1_000;
  throw new ConfigError(`CAPS_DRAIN must be seconds from 1 to 600 or "off", not "${value}".`);
}

/** Infinity for `off`. */
function limitIn(name: string, value: string | undefined, otherwise: number, unit: string): number {
  if (!isSet(value)) return otherwise;
  if (isOff(value)) return Number.POSITIVE_INFINITY;
  const limit = Number(value);
  if (/^(\d+\.?\d*|\.\d+)$/.test(value.trim()) && limit > 0 && limit <= Number.MAX_SAFE_INTEGER) return limit;
  throw new ConfigError(`${name} must be a number of ${unit} above 0, or "off", not "${value}".`);
}

const proxiesMax = 10;

function proxiesIn(name: string, value: string | undefined): number {
  const said = value?.trim().toLowerCase() ?? '';
  if (said === '' || said === 'off') return 0;
  if (said === 'on') return 1;
  const proxies = Number(said);
  if (/^\d+$/.test(said) && proxies <= proxiesMax) return proxies;
  throw new ConfigError(
    `${name} must be "on", "off" or a number of proxies up to ${proxiesMax}, not "${value}".`,
  );
}

type HttpsSettings = Pick<Config, 'tls' | 'tlsFiles' | 'autoHttps' | 'acmeUrl' | 'plainHttp'>;

const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';

function httpsIn(env: Readonly<Record<string, string | undefined>>): HttpsSettings {
  const { CAPS_TLS_CERT: cert, CAPS_TLS_KEY: key, CAPS_HTTPS: https } = env;
  const autoHttps = !isOff(https) && oneOf('CAPS_HTTPS', https, ['auto', 'off'], 'off') === 'auto';
  if (autoHttps && (isSet(cert) || isSet(key))) {
    throw new ConfigError(
      'CAPS_HTTPS=auto gets a certificate, and CAPS_TLS_CERT names one: unset one of them.',
    );
  }
  const plain = oneOf('CAPS_PLAIN_HTTP', env['CAPS_PLAIN_HTTP'], ['on', 'off'], autoHttps ? 'on' : 'off');
  return {
    tls: tlsIn(cert, key),
    tlsFiles: isSet(cert) && isSet(key) ? { cert, key } : undefined,
    autoHttps,
    acmeUrl: directoryIn('CAPS_ACME_URL', env['CAPS_ACME_URL']),
    plainHttp: plain === 'on',
  };
}

function directoryIn(name: string, value: string | undefined): string {
  if (!isSet(value)) return letsEncrypt;
  const said = value.trim();
  if (URL.canParse(said) && new URL(said).protocol === 'https:') return said;
  throw new ConfigError(`${name} must hold the address of an ACME directory such as "${letsEncrypt}".`);
}

function tlsIn(certFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  if (!isSet(certFile) && !isSet(keyFile)) return undefined;
  if (!isSet(certFile)) throw new ConfigError('CAPS_TLS_CERT must name a file too where CAPS_TLS_KEY does.');
  if (!isSet(keyFile)) throw new ConfigError('CAPS_TLS_KEY must name a file too where CAPS_TLS_CERT does.');
  const [cert, certificate] = pemIn('CAPS_TLS_CERT', certFile, (pem) => new X509Certificate(pem));
  const [key, privateKey] = pemIn('CAPS_TLS_KEY', keyFile, (pem) => createPrivateKey(pem));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(`CAPS_TLS_KEY ${keyFile} is not the key of the certificate ${certFile}.`);
  }
  return { cert, key };
}

/** Reads a PEM file. Errors never quote the content, which may be a key. */
function pemIn<T>(name: string, file: string, read: (pem: string) => T): [pem: string, held: T] {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new ConfigError(`${name} ${file} cannot be read (${reason}).`, { cause });
  }
  try {
    return [pem, read(pem)];
  } catch (cause) {
    // Thrown with OpenSSL's own message.
    const what = name === 'CAPS_TLS_CERT' ? 'certificate' : 'private key without a passphrase';
    throw new ConfigError(`${name} ${file} holds no ${what} in PEM.`, { cause });
  }
}

interface ServerKind {
  readonly schemes: readonly string[];
  readonly example: string;
}

const postgres: ServerKind = {
  schemes: ['postgres:', 'postgresql:'],
  example: 'postgresql://caps@localhost/caps',
};
const redis: ServerKind = { schemes: ['redis:', 'rediss:'], example: 'redis://localhost:6379' };
const web = ['https:', 'http:'];
const smtp: ServerKind = { schemes: ['smtp:', 'smtps:'], example: 'smtp://user:password@mail.example:587' };
const ntfy: ServerKind = { schemes: web, example: 'https://ntfy.sh' };
const sms: ServerKind = { schemes: web, example: 'https://sms.example/send' };

/** Errors never quote the value, which may contain a password. */
function serverIn(name: string, value: string | undefined, kind: ServerKind): string | undefined {
  if (!isSet(value)) return undefined;
  const said = value.trim();
  if (URL.canParse(said) && kind.schemes.includes(new URL(said).protocol) && isDecodable(new URL(said))) {
    return said;
  }
  throw new ConfigError(`${name} must hold an address such as "${kind.example}".`);
}

/** A "%" in a password is written "%25". */
function isDecodable({ username, password, hostname }: URL): boolean {
  try {
    return decodeURIComponent(username + password).length >= 0 && hostname !== '';
  } catch {
    // URIError
    return false;
  }
}

/** Without CAPS_MAIL_FROM: the user of the server if it is an address, else one of the hub's own name. */
function mailIn(
  url: string | undefined,
  from: string | undefined,
  publicUrl: string | undefined,
): ChannelConfig['mail'] {
  const server = serverIn('CAPS_SMTP_URL', url, smtp);
  if (server === undefined) {
    if (isSet(from))
      throw new ConfigError('CAPS_MAIL_FROM needs a server that sends: set CAPS_SMTP_URL too.');
    return undefined;
  }
  const said = from?.trim() ?? '';
  if (said !== '') {
    if (isMailbox(said)) return { url: server, from: said };
    throw new ConfigError('CAPS_MAIL_FROM must hold one address and no name, such as "hub@caps.example".');
  }
  const user = decodeURIComponent(new URL(server).username);
  const host = publicUrl === undefined ? '' : new URL(publicUrl).hostname;
  const derived = isMailbox(user) ? user : `caps@${host}`;
  if (isMailbox(derived)) return { url: server, from: derived };
  throw new ConfigError(
    'CAPS_MAIL_FROM must hold the address that mails come from: CAPS_SMTP_URL has no user that is one.',
  );
}

/** In a domain with a name: no number, and nothing that only this machine knows. */
function isMailbox(text: string): boolean {
  return (
    /^[\w.+-]{1,64}@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/i.test(text) &&
    text.length <= 254
  );
}

function smsIn(url: string | undefined, secret: string | undefined): ChannelConfig['sms'] {
  const server = serverIn('CAPS_SMS_WEBHOOK', url, sms);
  if (!isSet(secret)) return server === undefined ? undefined : { url: server, secret: undefined };
  if (server === undefined) {
    throw new ConfigError('CAPS_SMS_SECRET signs what goes to CAPS_SMS_WEBHOOK: set that too.');
  }
  const [, key = ''] = /^whsec_([A-Za-z\d+/]{32,88}={0,2})$/.exec(secret.trim()) ?? [];
  // Standard Webhooks has 24 to 64 bytes.
  if (Buffer.from(key, 'base64').length >= 24) return { url: server, secret: secret.trim() };
  throw new ConfigError('CAPS_SMS_SECRET must be "whsec_" and 24 to 64 bytes in base64.');
}

/** @param value e.g. `https://caps.example`; anything after a slash would be dropped, and so is refused */
function originIn(name: string, value: string): string {
  const said = value.trim();
  // It may contain a password: do not quote it.
  if (said.includes('@')) {
    throw new ConfigError(`${name} must not hold a user or a password, only an address like "${example}".`);
  }
  const isList = name === 'CAPS_ORIGINS';
  if (/[\s;,|]/.test(said)) {
    const parts = said.split(/[\s;,|]+/).filter(isSet);
    throw new ConfigError(
      isList
        ? `${name} separates addresses by commas: write "${parts.join(',')}", not "${said}".`
        : `${name} holds one address, not "${said}"; CAPS_ORIGINS takes further ones.`,
    );
  }
  if (said.includes('*')) {
    throw new ConfigError(`${name} knows no wildcards: write each address out, not "${said}".`);
  }
  const bare = said.replace(/^["'“”]+|["'“”]+$/g, '');
  if (bare !== said) throw new ConfigError(`${name} is written without quotes: ${bare}, not ${said}.`);
  const url = /^https?:\/\//i.test(said) && URL.canParse(said) ? new URL(said) : undefined;
  if (!url || !/^(\[[\da-f:.]+\]|[\w.-]+)$/.test(url.hostname)) {
    const host = /^(?![a-z]+:\/)[\w.-]+(:\d+)?\/?$/i.test(said)
      ? `https://${said.replace(/\/$/, '')}`
      : example;
    throw new ConfigError(
      `${name} must hold an address that begins with https:// or http://: write "${host}", not "${said}".`,
    );
  }
  const { origin, pathname, search, hash } = url;
  const more = pathname === '/' ? search + hash : pathname + search + hash;
  if (more === '' && !/[?#]$/.test(said)) return origin;
  const reason = pathname === '/' ? '' : ' The hub has a host to itself and cannot be put under a path.';
  throw new ConfigError(
    `${name} must end with the host and port: write "${origin}", not "${said}".${reason}`,
  );
}

const example = 'https://caps.example';

/** Never quoted, not even in an error. It must fit into an HTTP header. */
function secretIn(name: string, value: string | undefined): string | undefined {
  if (!isSet(value)) return undefined;
  const secret = value.trim();
  if (/^[\x21-\x7e]{1,200}$/.test(secret)) return secret;
  throw new ConfigError(`${name} must be at most 200 letters, digits and signs of ASCII, without spaces.`);
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
  otherwise: T,
): T {
  if (!isSet(value)) return otherwise;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ConfigError(`${name} must be one of ${known.join(', ')}, not "${value}".`);
}
