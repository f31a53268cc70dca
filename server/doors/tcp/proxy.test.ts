import { describe, expect, it } from 'vitest';
import { proxyHeaderIn } from './proxy.ts';

const signature = '0d0a0d0a000d0a515549540a';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const line = (text: string): Buffer => Buffer.from(text, 'latin1');

const sound: [what: string, bytes: Buffer, address: string | undefined][] = [
  ['version 1, IPv4', line('PROXY TCP4 1.2.3.4 10.0.0.1 4711 4000\r\n'), '1.2.3.4'],
  ['version 1, IPv6', line('PROXY TCP6 2001:DB8::1 ::1 4711 4000\r\n'), '2001:db8::1'],
  ['version 1, IPv4 within IPv6', line('PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n'), '1.2.3.4'],
  ['version 1, for itself', line('PROXY UNKNOWN\r\n'), undefined],
  ['version 1, for itself, with more', line('PROXY UNKNOWN ffff:f::f ffff::1 1 2\r\n'), undefined],
  ['version 2, IPv4', hex(`${signature} 21 11 000c 01020304 0a000001 1267 0fa0`), '1.2.3.4'],
  [
    'version 2, IPv4, with more',
    hex(`${signature} 21 11 0010 01020304 0a000001 1267 0fa0 04000161`),
    '1.2.3.4',
  ],
  [
    'version 2, IPv6',
    hex(`${signature} 21 21 0024 20010db8${'00'.repeat(11)}01 ${'00'.repeat(20)}`),
    '2001:db8::1',
  ],
  [
    'version 2, IPv4 in IPv6',
    hex(`${signature} 21 21 0024 ${'00'.repeat(10)}ffff01020304 ${'00'.repeat(20)}`),
    '1.2.3.4',
  ],
  ['version 2, for itself', hex(`${signature} 20 00 0000`), undefined],
  ['version 2, of no family', hex(`${signature} 21 00 0000`), undefined],
];

describe('a PROXY header', () => {
  it.each(sound)('is read: %s', (_, bytes, address) => {
    const whole = Buffer.concat([bytes, Buffer.from('{"event":')]);
    expect(proxyHeaderIn(whole)).toEqual({ kind: 'read', address, length: bytes.length });
  });

  it.each(sound)('may come in pieces: %s', (_, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(proxyHeaderIn(bytes.subarray(0, length))).toEqual({ kind: 'unfinished' });
    }
  });

  it.each<[what: string, bytes: Buffer]>([
    ['a message', line('{"event":"pickup"}')],
    ['an empty line', line('\n')],
    ['a lower-case word', line('proxy TCP4 1.2.3.4 10.0.0.1 4711 4000\r\n')],
    ['another family', line('PROXY UDP4 1.2.3.4 10.0.0.1 4711 4000\r\n')],
    ['no addresses', line('PROXY TCP4\r\n')],
    ['no ports', line('PROXY TCP4 1.2.3.4 10.0.0.1\r\n')],
    ['a port that is none', line('PROXY TCP4 1.2.3.4 10.0.0.1 4711 65536\r\n')],
    ['an address that is none', line('PROXY TCP4 1.2.3.400 10.0.0.1 4711 4000\r\n')],
    ['an address of another family', line('PROXY TCP4 ::1 ::1 4711 4000\r\n')],
    ['two spaces', line('PROXY TCP4  1.2.3.4 10.0.0.1 4711 4000\r\n')],
    ['a line break alone', line('PROXY TCP4 1.2.3.4 10.0.0.1 4711 4000\n')],
    ['no end', line(`PROXY TCP4 ${'1'.repeat(200)}`)],
    ['another signature', hex('0d0a0d0a000d0a515549540b 21 11 000c')],
    ['another version', hex(`${signature} 11 11 000c 01020304 0a000001 1267 0fa0`)],
    ['another command', hex(`${signature} 22 11 000c 01020304 0a000001 1267 0fa0`)],
    ['too little for its family', hex(`${signature} 21 11 0008 01020304 0a000001`)],
    ['datagrams', hex(`${signature} 21 12 000c 01020304 0a000001 1267 0fa0`)],
    ['a length past all measure', hex(`${signature} 21 11 ffff`)],
  ])('is none: %s', (_, bytes) => expect(proxyHeaderIn(bytes)).toEqual({ kind: 'bad' }));
});
