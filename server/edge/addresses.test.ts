import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { addressOf, forwarded, senderOf } from './addresses.ts';

const request = (headers: object, remoteAddress = '::ffff:10.0.0.9'): IncomingMessage =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

it('one address is written in one way', () => {
  expect(['::ffff:10.0.0.5', '::FFFF:10.0.0.5', '10.0.0.5', '::1', undefined].map(addressOf)).toEqual([
    ...['10.0.0.5', '10.0.0.5', '10.0.0.5', '::1', 'unknown'],
  ]);
});

it.each<[said: string | undefined, proxies: number, sender: string]>([
  ['1.2.3.4', 0, '10.0.0.9'],
  [undefined, 1, '10.0.0.9'],
  ['', 1, '10.0.0.9'],
  ['1.2.3.4', 1, '1.2.3.4'],
  // What stands before the proxy's own word is the client's.
  ['6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
  ['6.6.6.6, 1.2.3.4, 10.0.0.8', 2, '1.2.3.4'],
  ['10.0.0.8', 2, '10.0.0.8'],
  ['::ffff:1.2.3.4', 1, '1.2.3.4'],
  ['2001:DB8::1', 1, '2001:db8::1'],
  ['[2001:db8::1]:4711', 1, '2001:db8::1'],
  ['1.2.3.4:4711', 1, '1.2.3.4'],
  ['unknown', 1, '10.0.0.9'],
  ['<script>, 10.0.0.8', 2, '10.0.0.8'],
  [`${'1.2.3.4, '.repeat(1_000)}5.6.7.8`, 1, '5.6.7.8'],
])('X-Forwarded-For: %s, seen through %i, is %s', (said, proxies, sender) => {
  expect(senderOf(request(said === undefined ? {} : { 'x-forwarded-for': said }), proxies)).toBe(sender);
});

it('other words of a proxy are read alike', () => {
  const headers = { 'x-forwarded-host': 'evil.example, caps.example' };
  expect([0, 1].map((proxies) => forwarded(request(headers), 'x-forwarded-host', proxies))).toEqual([
    ...[undefined, 'caps.example'],
  ]);
});
