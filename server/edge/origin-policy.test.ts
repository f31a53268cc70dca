import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createOriginPolicy } from './origin-policy.ts';

describe('[A3] the origin policy', () => {
  const origins = createOriginPolicy(['https://caps.example', 'http://other.example:8080']);

  it.each([
    'localhost:3000',
    'localhost',
    'LOCALHOST:3000',
    '127.0.0.1:3000',
    '192.168.77.5',
    '[::1]:3000',
    '[fe80::1]',
    `${hostname()}:3000`,
    `${hostname().toUpperCase()}.local:3000`,
    'caps.example',
    'other.example:1',
  ])('Host %s is ours', (host) => expect(origins.isOurHost(host)).toBe(true));

  it.each([
    undefined,
    '',
    ' ',
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evil.example@localhost',
    'localhost/evil',
    'localhost evil',
    'caps.example.evil.example',
    '127.0.0.1.evil.example',
    'localhost:99999',
    ':3000',
  ])('Host %s is not', (host) => expect(origins.isOurHost(host)).toBe(false));

  it.each([
    [undefined, 'localhost:3000'],
    ['http://localhost:3000', 'localhost:3000'],
    ['http://192.168.77.5', '192.168.77.5'],
    ['http://192.168.77.5:3000', '192.168.77.5:3000'],
    ['http://[::1]:3000', '[::1]:3000'],
    ['http://localhost:3000', 'LocalHost:3000'],
    ['https://caps.example', 'localhost:3000'],
    ['https://caps.example', 'caps.example'],
    ['http://other.example:8080', '10.0.0.1:3000'],
  ])('Origin %s may speak to %s', (origin, host) => expect(origins.isOurOrigin(origin, host)).toBe(true));

  it.each([
    ['null', 'localhost:3000'],
    ['', 'localhost:3000'],
    ['http://evil.example', 'localhost:3000'],
    // Rebound: the name is the page's own, but it is not ours.
    ['http://evil.example:3000', 'evil.example:3000'],
    ['http://localhost:3001', 'localhost:3000'],
    ['http://127.0.0.1:3000', 'localhost:3000'],
    ['http://other.example', 'localhost:3000'],
    ['http://caps.example', 'localhost:3000'],
    ['http://localhost:3000', undefined],
    ['file://', 'localhost:3000'],
  ])('Origin %s may not speak to %s', (origin, host) =>
    expect(origins.isOurOrigin(origin, host)).toBe(false),
  );
});
