/** From where somebody comes: what the connection says, or a proxy that is to be believed. */

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** `::ffff:10.0.0.5` and `10.0.0.5` are one address. */
export function addressOf(remote: string | undefined): string {
  return remote?.replace(/^::ffff:/i, '') ?? 'unknown';
}

/**
 * Who sent a request, seen through this many proxies. Each proxy appends whom it heard, so that only the last entries
 * of `X-Forwarded-For` are the proxies' own words; what stands before them anybody may have written.
 */
export function senderOf({ socket, headers }: IncomingMessage, proxies: number): string {
  const own = addressOf(socket.remoteAddress);
  const said = entriesOf(headers['x-forwarded-for']).slice(-proxies);
  if (proxies === 0 || said.length === 0) return own;
  // From the nearest on, as far as they can be read.
  const known = said.map(addressIn).reverse();
  const unreadable = known.indexOf(undefined);
  return (unreadable < 0 ? known : known.slice(0, unreadable)).at(-1) ?? own;
}

/** What the outermost proxy that is believed was asked for. */
export function forwarded({ headers }: IncomingMessage, name: string, proxies: number): string | undefined {
  return proxies === 0 ? undefined : entriesOf(headers[name]).slice(-proxies)[0];
}

function entriesOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join() : (header ?? '');
  return text.split(',').flatMap((entry) => entry.trim() || []);
}

/** Some proxies say the port too: `10.0.0.5:4711`, `[::1]:4711`. */
function addressIn(entry: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(entry) ?? [];
  const address = bracketed ?? dotted ?? entry;
  return isIP(address) ? addressOf(address.toLowerCase()) : undefined;
}
