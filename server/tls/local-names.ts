/** What a hub is called on its local network. */

import { isIP, isIPv4 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Domains that are nobody's on the internet, each with all names below it. */
export const localDomains = ['localhost', 'local', 'lan', 'home', 'internal', 'home.arpa', 'test'];

/** Ranges of addresses that are nobody's on the internet: address and number of bits. */
export const localRanges = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '127.0.0.0/8'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
];

/** Whether a certificate authority of the internet could give this name a certificate. */
export function isPublicName(name: string): boolean {
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return false;
  // One label is a public suffix, or a machine's name.
  return name.includes('.') && !localDomains.some((domain) => isBelow(name, domain));
}

/**
 * Whether our own authority may vouch for a name. Whoever may vouch for a name may vouch for all names below it, so it
 * must be nobody's domain: `kitchen` is one, as are `com` and `co.uk`. None has a digit or a hyphen in it.
 */
export function isOwnable(name: string): boolean {
  if (isIP(name) !== 0 || localDomains.some((domain) => isBelow(name, domain))) return true;
  const labels = name.split('.');
  return labels.length > 2 || (labels.length === 1 && /[\d-]/.test(name) && !name.startsWith('xn--'));
}

/** Whether a name is this domain, or below it. */
export function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** The names and addresses of this machine that stay for a while. @param more further names */
export function localNames(more: readonly string[] = []): string[] {
  const machine = hostname().toLowerCase();
  const [label = machine] = machine.split('.');
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const addresses = found
    .filter(({ internal }) => !internal)
    .map(({ address }) => address.toLowerCase())
    // Public addresses of IPv6 change daily; those of one link need its name behind them.
    .filter((address) => isIPv4(address) || /^f[cd]/.test(address));
  const names = [machine, `${label}.local`, ...more].filter((name) => isIP(name) !== 0 || isName(name));
  return [...new Set(['localhost', ...names, '127.0.0.1', '::1', ...addresses])];
}

function isName(name: string): boolean {
  return /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*$/.test(name);
}
