/**
 * The PROXY protocol, versions 1 and 2: the header in which a proxy names its client. With `CAPS_TRUST_PROXY` it is
 * required. https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
 */

import { isIPv4, isIPv6, type Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { addressOf } from '../../edge/addresses.ts';

const headerMs = 5_000;
const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const fixedBytes = 16;
/** Bytes after the fixed part. Addresses are far shorter; the rest may be anything. */
const moreBytesMax = 1_024;
const lineStart = 'PROXY ';
/** Includes the line break. */
const lineMax = 107;

export type ProxyHeader =
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'bad' }
  /** `address` is undefined if the proxy speaks for itself, as in a health check. */
  | { readonly kind: 'read'; readonly address: string | undefined; readonly length: number };

/** Parses the first bytes of a connection. */
export function proxyHeaderIn(bytes: Buffer): ProxyHeader {
  const begins = (start: Buffer) => bytes.subarray(0, start.length).equals(start.subarray(0, bytes.length));
  if (begins(signature)) return binaryHeaderIn(bytes);
  return begins(Buffer.from(lineStart)) ? lineIn(bytes) : bad;
}

const bad: ProxyHeader = { kind: 'bad' };
const unfinished: ProxyHeader = { kind: 'unfinished' };

function lineIn(bytes: Buffer): ProxyHeader {
  const text = bytes.toString('latin1', 0, lineMax);
  const end = text.indexOf('\r\n');
  if (end < 0) return text.includes('\n') || bytes.length >= lineMax ? bad : unfinished;
  const length = end + 2;
  const line = text.slice(0, end);
  if (/^PROXY UNKNOWN( |$)/.test(line)) return { kind: 'read', address: undefined, length };
  const [, family, from = '', to = '', ...ports] =
    /^PROXY (TCP[46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line) ?? [];
  const isAddress = family === 'TCP4' ? isIPv4 : isIPv6;
  const isSound = isAddress(from) && isAddress(to) && ports.every((port) => Number(port) <= 65_535);
  return family && isSound ? { kind: 'read', address: addressOf(from.toLowerCase()), length } : bad;
}

function binaryHeaderIn(bytes: Buffer): ProxyHeader {
  if (bytes.length < fixedBytes) return unfinished;
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const more = bytes.readUInt16BE(14);
  if ((command !== 0x20 && command !== 0x21) || more > moreBytesMax) return bad;
  const length = fixedBytes + more;
  if (bytes.length < length) return unfinished;
  const own = { kind: 'read', address: undefined, length } as const;
  // LOCAL, or an unspecified family.
  if (command === 0x20 || family === 0x00) return own;
  const source = bytes.subarray(fixedBytes);
  if (family === 0x11 && more >= 12) return { ...own, address: source.subarray(0, 4).join('.') };
  if (family === 0x21 && more >= 36) return { ...own, address: addressOf(ipv6Of(source.subarray(0, 16))) };
  return bad;
}

/** In the hub's form: `2001:db8::1`. */
function ipv6Of(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const { hostname } = new URL(`http://[${groups.join(':')}]`);
  const mapped = bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
  return mapped ? bytes.subarray(12).join('.') : hostname.slice(1, -1);
}

/** @param done called with the header, or with nothing if it is wrong or late */
export function awaitProxyHeader(
  socket: Socket,
  clock: Clock,
  done: (header: { readonly address: string | undefined } | undefined) => void,
): void {
  let bytes = Buffer.alloc(0);
  const settle = (header?: Extract<ProxyHeader, { kind: 'read' }>) => {
    cancel();
    socket.off('data', came).off('end', gone).off('close', gone);
    socket.pause();
    if (header && header.length < bytes.length) socket.unshift(bytes.subarray(header.length));
    done(header);
    socket.resume();
  };
  const came = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const header = proxyHeaderIn(bytes);
    if (header.kind !== 'unfinished') settle(header.kind === 'read' ? header : undefined);
  };
  const gone = () => settle();
  const cancel = clock.after(headerMs, gone);
  socket.on('data', came).on('end', gone).on('close', gone);
}
