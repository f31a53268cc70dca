import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

it('has a default for everything, and empty means unset', () => {
  const defaults = {
    ...{ port: 3000, host: undefined, tcpPort: 4000, dataFolder: './data', logLevel: 'info' },
    ...{ origins: [], publicUrl: undefined, ratePerSecond: 500, ignored: [] },
    ...{ connectionsPerAddress: 1_000, tls: undefined, trustProxy: 0 },
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
    CAPS_PUBLIC_URL: 'https://caps.example/path',
    LOG_LEVEL: 'debug',
    CAPS_TCP_PORT: 'off',
    CAPS_RATE: '50',
    CAPS_CONNECTIONS: 'off',
    CAPS_TRUST_PROXY: '2',
    CAPS_CLAIM_TIMEOUT: 'off',
  });
  expect(config).toEqual({
    ...{ port: 0, host: '127.0.0.1', tcpPort: undefined, dataFolder: '/var/caps', logLevel: 'debug' },
    publicUrl: 'https://caps.example',
    origins: ['https://a.example', 'http://b.example:8080', 'https://caps.example'],
    ratePerSecond: 50,
    ...{ connectionsPerAddress: Number.POSITIVE_INFINITY, tls: undefined, trustProxy: 2 },
    // What is off already is kept.
    ignored: [],
  });
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
    ['CAPS_ORIGINS', 'caps.example'],
    ['CAPS_ORIGINS', 'https://a.example,ftp://b.example'],
    ['CAPS_PUBLIC_URL', 'javascript:alert(1)'],
    ['CAPS_CONNECTIONS', '0'],
    ['CAPS_CONNECTIONS', 'many'],
    ['CAPS_TRUST_PROXY', 'yes'],
    ['CAPS_TRUST_PROXY', '-1'],
    ['CAPS_TRUST_PROXY', '11'],
    ['CAPS_RATE', '0'],
    ['CAPS_RATE', '-1'],
    ['CAPS_RATE', 'fast'],
    ['CAPS_RATE', '1e3'],
    ['CAPS_RATE', 'Infinity'],
    ['CAPS_RATE', 'on'],
    // Not supported yet: to go on without them would be a lie.
    ['CAPS_ADMIN_KEY', 'secret'],
    ['DATABASE_URL', 'postgres://db'],
    ['REDIS_URL', 'redis://cache'],
  ])('%s=%s', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
    if (name === 'CAPS_ADMIN_KEY') expect(read).not.toThrow(/secret/);
  });
});
