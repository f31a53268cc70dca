import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificate, certificateKey } from '../testkit/simulation/certificate.ts';
import { memoryFolder } from '../testkit/simulation/disk.ts';
import { ConfigError, readConfig } from './config.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const noHttps = {
  ...{ tls: undefined, tlsFiles: undefined, autoHttps: false, plainHttp: false },
  acmeUrl: 'https://acme-v02.api.letsencrypt.org/directory',
};

it('has a default for everything, and empty means unset', () => {
  const defaults = {
    ...{ port: 3000, host: undefined, tcpPort: 4000, dataFolder: './data', logLevel: 'info' },
    print: 'line',
    outbound: 'on',
    ...{ origins: [], publicUrl: undefined, adminKey: undefined, claimTimeoutMs: 1_800_000 },
    ...{ ratePerSecond: 500, connectionsPerAddress: 1_000, trustProxy: 0, drainMs: 0 },
    channels: { mail: undefined, ntfy: undefined, sms: undefined },
    ...noHttps,
  };
  expect(readConfig({})).toEqual(defaults);
  expect(readConfig({ PORT: '', HOST: ' ', CAPS_DATA: '', CAPS_ORIGINS: ' , ', CAPS_ADMIN_KEY: '' })).toEqual(
    defaults,
  );
  expect(readConfig({})).toSatisfy(Object.isFrozen);
});

it('takes what is set', () => {
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    CAPS_DATA: '/var/caps',
    CAPS_ORIGINS: 'https://a.example, http://b.example:8080/',
    CAPS_PUBLIC_URL: 'https://caps.example/',
    LOG_LEVEL: 'debug',
    CAPS_PRINT: 'lab',
    CAPS_OUTBOUND: 'Private',
    CAPS_TCP_PORT: 'off',
    CAPS_RATE: '50',
    CAPS_CONNECTIONS: 'off',
    CAPS_TRUST_PROXY: '2',
    CAPS_DRAIN: '10',
    CAPS_CLAIM_TIMEOUT: 'off',
    CAPS_ADMIN_KEY: ' open-sesame\n',
    CAPS_SMTP_URL: 'smtps://hub%40caps.example:a%25b@mail.example',
    CAPS_NTFY_URL: 'https://tk_token@ntfy.example',
    CAPS_SMS_WEBHOOK: 'http://10.0.0.5/send',
    CAPS_SMS_SECRET: secret,
  });
  expect(config).toEqual({
    ...{ port: 0, host: '127.0.0.1', tcpPort: undefined, dataFolder: '/var/caps', logLevel: 'debug' },
    print: 'lab',
    outbound: 'private',
    publicUrl: 'https://caps.example',
    claimTimeoutMs: undefined,
    origins: ['https://a.example', 'http://b.example:8080', 'https://caps.example'],
    adminKey: 'open-sesame',
    ratePerSecond: 50,
    ...{ connectionsPerAddress: Number.POSITIVE_INFINITY, trustProxy: 2, drainMs: 10_000 },
    channels: {
      mail: { url: 'smtps://hub%40caps.example:a%25b@mail.example', from: 'hub@caps.example' },
      ntfy: 'https://tk_token@ntfy.example',
      sms: { url: 'http://10.0.0.5/send', secret },
    },
    ...noHttps,
  });
});

it.each([
  ['what is said', { CAPS_MAIL_FROM: 'orders@red.example' }, 'orders@red.example'],
  ['the hub’s own host', { CAPS_PUBLIC_URL: 'https://caps.example:8443' }, 'caps@caps.example'],
])('mails come from %s', (_, more, from) => {
  expect(readConfig({ CAPS_SMTP_URL: 'smtp://mail.example', ...more }).channels.mail).toEqual({
    ...{ url: 'smtp://mail.example', from },
  });
});

it.each([
  [/^CAPS_MAIL_FROM must hold the address/, { CAPS_SMTP_URL: 'smtp://user:hunter2@mail.example' }],
  [
    /^CAPS_MAIL_FROM must hold the address/,
    { CAPS_SMTP_URL: 'smtp://localhost', CAPS_PUBLIC_URL: 'http://192.168.0.7' },
  ],
  [/^CAPS_MAIL_FROM must hold one address/, { CAPS_MAIL_FROM: 'Red <hunter2@red.example>' }],
  [/^CAPS_MAIL_FROM must hold one address/, { CAPS_MAIL_FROM: 'a@red.example\r\nBcc: hunter2@b.example' }],
  [/^CAPS_MAIL_FROM needs a server/, { CAPS_SMTP_URL: '', CAPS_MAIL_FROM: 'hunter2@red.example' }],
  [/^CAPS_SMTP_URL must hold an address such as/, { CAPS_SMTP_URL: 'mail.example:hunter2' }],
  [/^CAPS_SMTP_URL must hold an address such as/, { CAPS_SMTP_URL: 'https://a:hunter2@mail.example' }],
  [/^CAPS_SMTP_URL must hold an address such as/, { CAPS_SMTP_URL: 'smtp://a:hunter2%@mail.example' }],
  [/^CAPS_NTFY_URL must hold an address such as/, { CAPS_NTFY_URL: 'ntfy.sh/hunter2' }],
  [/^CAPS_SMS_WEBHOOK must hold an address such as/, { CAPS_SMS_WEBHOOK: 'ftp://hunter2@sms.example' }],
  [/^CAPS_SMS_SECRET signs what goes to CAPS_SMS_WEBHOOK/, { CAPS_SMS_SECRET: secret }],
  [/^CAPS_SMS_SECRET must be/, { CAPS_SMS_WEBHOOK: 'https://sms.example', CAPS_SMS_SECRET: 'hunter2' }],
])('refuses without quoting: %s', (why, env) => {
  const all = { CAPS_SMTP_URL: 'smtp://hub%40red.example@mail.example', ...env };
  expect(() => readConfig(all)).toThrow(ConfigError);
  expect(() => readConfig(all)).toThrow(why);
  expect(() => readConfig(all)).not.toThrow(/hunter2|MfKQ9r8G/);
});

it('takes the claim timeout in seconds', () => {
  expect(readConfig({ CAPS_CLAIM_TIMEOUT: '60' })).toMatchObject({ claimTimeoutMs: 60_000 });
});

it('takes certificates by itself, and plain HTTP beside them unless told not to', () => {
  expect(readConfig({ CAPS_HTTPS: 'auto' })).toMatchObject({ autoHttps: true, plainHttp: true });
  const alone = { CAPS_HTTPS: 'auto', CAPS_PLAIN_HTTP: 'off', CAPS_ACME_URL: 'https://ca.lan/dir' };
  expect(readConfig(alone)).toMatchObject({ plainHttp: false, acmeUrl: 'https://ca.lan/dir' });
  expect(() => readConfig({ CAPS_HTTPS: 'on' })).toThrow(/^CAPS_HTTPS must be one of auto, off, not "on"/);
  expect(() => readConfig({ CAPS_HTTPS: 'auto', CAPS_TLS_CERT: '/cert.pem' })).toThrow(/unset one of them/);
  expect(() => readConfig({ CAPS_ACME_URL: 'http://ca.lan' })).toThrow(/^CAPS_ACME_URL must hold/);
});

describe('the files of HTTPS', () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  beforeEach(() => {
    folder = memoryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read', () => {
    const CAPS_TLS_CERT = file('cert.pem', certificate);
    const CAPS_TLS_KEY = file('key.pem', certificateKey);
    expect(readConfig({ CAPS_TLS_CERT, CAPS_TLS_KEY }).tls).toEqual({
      cert: certificate,
      key: certificateKey,
    });
  });

  it.each<[why: RegExp, cert: string | undefined, key: string | undefined]>([
    [/^CAPS_TLS_KEY must name a file too/, certificate, undefined],
    [/^CAPS_TLS_CERT must name a file too/, undefined, certificateKey],
    [/^CAPS_TLS_CERT .* holds no certificate in PEM/, 'no certificate', certificateKey],
    [/^CAPS_TLS_CERT .* holds no certificate in PEM/, certificateKey, certificateKey],
    [/^CAPS_TLS_KEY .* holds no private key/, certificate, certificate],
    [/^CAPS_TLS_KEY .* holds no private key/, certificate, 'no key'],
    [/^CAPS_TLS_KEY .* is not the key of the certificate/, certificate, otherKey()],
  ])('or refused: %s', (why, cert, key) => {
    const files = {
      CAPS_TLS_CERT: cert && file('cert.pem', cert),
      CAPS_TLS_KEY: key && file('key.pem', key),
    };
    expect(() => readConfig(files)).toThrow(ConfigError);
    expect(() => readConfig(files)).toThrow(why);
    expect(() => readConfig(files)).not.toThrow(/BEGIN|no key$/);
  });

  it('or refused where they are not there', () => {
    const files = { CAPS_TLS_CERT: join(folder, 'none.pem'), CAPS_TLS_KEY: join(folder, 'none.pem') };
    expect(() => readConfig(files)).toThrow(/^CAPS_TLS_CERT .*none\.pem cannot be read \(ENOENT\)\.$/);
  });
});

function otherKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

it.each([
  ['', 0],
  ['off', 0],
  ['0', 0],
  ['on', 1],
  ['1', 1],
  ['3', 3],
])('CAPS_TRUST_PROXY=%s is %i proxies', (value, proxies) => {
  expect(readConfig({ CAPS_TRUST_PROXY: value }).trustProxy).toBe(proxies);
});

describe('refuses in one sentence that names the variable:', () => {
  it.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['PORT', '1e3'],
    ['CAPS_TCP_PORT', 'on'],
    ['CAPS_TCP_PORT', '70000'],
    ['LOG_LEVEL', 'loud'],
    ['CAPS_CLAIM_TIMEOUT', '0'],
    ['CAPS_CLAIM_TIMEOUT', '1.5'],
    ['CAPS_CLAIM_TIMEOUT', '2678401'],
    ['CAPS_ORIGINS', 'caps.example'],
    ['CAPS_ORIGINS', 'https://a.example,ftp://b.example'],
    ['CAPS_PUBLIC_URL', 'javascript:alert(1)'],
    ['CAPS_ADMIN_KEY', 'a secret'],
    ['CAPS_ADMIN_KEY', 'secret\u0000'],
    ['CAPS_ADMIN_KEY', 'sécret'],
    ['CAPS_ADMIN_KEY', 'secret'.repeat(50)],
    ['CAPS_CONNECTIONS', '0'],
    ['CAPS_CONNECTIONS', 'many'],
    ['CAPS_TRUST_PROXY', 'yes'],
    ['CAPS_TRUST_PROXY', '-1'],
    ['CAPS_TRUST_PROXY', '11'],
    ['CAPS_DRAIN', 'on'],
    ['CAPS_DRAIN', '0'],
    ['CAPS_DRAIN', '2.5'],
    ['CAPS_DRAIN', '601'],
    ['CAPS_RATE', '0'],
    ['CAPS_RATE', '-1'],
    ['CAPS_RATE', 'fast'],
    ['CAPS_RATE', '1e3'],
    ['CAPS_RATE', 'Infinity'],
    ['CAPS_RATE', 'on'],
    ['DATABASE_URL', 'mysql://db/secret'],
    ['DATABASE_URL', 'localhost:5432/secret'],
    ['REDIS_URL', 'http://cache/secret'],
    // Without a database there is nobody to ring for.
    ['REDIS_URL', 'redis://cache'],
  ])('%s=%s', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
    if (/KEY|URL/.test(name)) expect(read).not.toThrow(/s[eé]cret/);
  });
});

describe('an address that would be cut or never match is refused, with what to write instead:', () => {
  it.each([
    [
      'CAPS_PUBLIC_URL',
      'https://x/hub',
      'write "https://x", not "https://x/hub". The hub has a host to itself',
    ],
    ['CAPS_PUBLIC_URL', 'https://x:8443/hub/', 'write "https://x:8443"'],
    ['CAPS_PUBLIC_URL', 'https://x?a=1', 'write "https://x"'],
    ['CAPS_PUBLIC_URL', 'https://x/#log', 'write "https://x"'],
    ['CAPS_PUBLIC_URL', 'https://x/?', 'write "https://x"'],
    ['CAPS_PUBLIC_URL', 'https://a,https://b', 'holds one address'],
    ['CAPS_PUBLIC_URL', 'caps.example', 'write "https://caps.example"'],
    ['CAPS_PUBLIC_URL', 'caps.example:8443/', 'write "https://caps.example:8443"'],
    ['CAPS_PUBLIC_URL', '//caps.example', 'begins with https:// or http://'],
    ['CAPS_PUBLIC_URL', 'https://', 'begins with https:// or http://'],
    ['CAPS_PUBLIC_URL', 'ftp://caps.example', 'begins with https:// or http://'],
    ['CAPS_PUBLIC_URL', 'https://caps_$.example', 'begins with https:// or http://'],
    ['CAPS_PUBLIC_URL', '"https://caps.example"', 'without quotes: https://caps.example,'],
    ['CAPS_PUBLIC_URL', 'https://ana:geheim@caps.example', 'must not hold a user or a password'],
    ['CAPS_ORIGINS', 'https://a ana:geheim@caps.example', 'must not hold a user or a password'],
    ['CAPS_ORIGINS', 'https://a;https://b', 'by commas: write "https://a,https://b"'],
    ['CAPS_ORIGINS', 'https://a https://b', 'by commas: write "https://a,https://b"'],
    ['CAPS_ORIGINS', 'https://*.x', 'knows no wildcards'],
    ['CAPS_ORIGINS', '*', 'knows no wildcards'],
    ['CAPS_ORIGINS', 'null', 'begins with https:// or http://'],
    ['CAPS_ORIGINS', 'https://a,https://b/hub', 'write "https://b", not "https://b/hub"'],
  ])('%s=%s', (name, value, words) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(words);
    expect(read).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
    expect(read).not.toThrow('geheim');
  });

  it.each([
    ['https://a.example/', ['https://a.example']],
    [' https://A.example:443 , http://[::1]:3000/ ,', ['https://a.example', 'http://[::1]:3000']],
    ['https://bücher.example', ['https://xn--bcher-kva.example']],
    ['http://caps_hub:3000', ['http://caps_hub:3000']],
    [' , ', []],
  ])('but %j is taken', (value, origins) => {
    expect(readConfig({ CAPS_ORIGINS: value }).origins).toEqual(origins);
  });
});
