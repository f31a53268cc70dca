/** Finds a client's address: the connection's, or the one that a trusted proxy names. */

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** `::ffff:10.0.0.5` and `10.0.0.5` are one address. */
export function addressOf(remote: string | undefined): string {
  return remote?.replace(/^::ffff:/i, '') ?? 'unknown';
}

/**
 * The sender's address behind this many proxies. Each proxy appends the address that it heard from, so only the last
 * entries of `X-Forwarded-For` can be trusted.
 */
export function senderOf({ socket, headers }: IncomingMessage, proxies: number): string {
  const own = addressOf(socket.remoteAddress);
  const said = entriesOf(headers['x-forwarded-for']).slice(-proxies);
  if (proxies === 0 || said.length === 0) return own;
  // Nearest first, as far as they can be parsed.
  const known = said.map(addressIn).reverse();
  const unreadable = known.indexOf(undefined);
  return (unreadable < 0 ? known : known.slice(0, unreadable)).at(-1) ?? own;
}

/** The value that the outermost trusted proxy received. */
export function forwarded({ headers }: IncomingMessage, name: string, proxies: number): string | undefined {
  return proxies === 0 ? undefined : entriesOf(headers[name]).slice(-proxies)[0];
}

function entriesOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join() : (header ?? '');
  return text.split(',').flatMap((entry) => entry.trim() || []);
}

/** Some proxies add the port: `10.0.0.5:4711`, `[::1]:4711`. */
function addressIn(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  const address = bracketed ?? dotted ?? entry;
  return isIP(address) ? addressOf(address.toLowerCase()) : undefined;
}
