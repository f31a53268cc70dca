/** Which addresses the hub connects to when others have chosen them. */

import ipaddr from 'ipaddr.js';

/** Of a network of one's own; every other class is never connected to. */
const privateRanges: ReadonlySet<string> = new Set([
  ...['private', 'loopback', 'linkLocal', 'carrierGradeNat', 'uniqueLocal'],
]);

/** @param isPrivateToo whether addresses that only some networks reach are fine as well */
export function mayConnectTo(address: string, isPrivateToo: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.parse(address);
  const isMapped = read instanceof ipaddr.IPv6 && read.isIPv4MappedAddress();
  // No name of a public host leads to a mapped address.
  if (isMapped && !isPrivateToo) return false;
  const range = isMapped ? read.toIPv4Address().range() : read.range();
  return range === 'unicast' || (isPrivateToo && privateRanges.has(range));
}

/** The same address in one spelling, an IPv4-mapped one as IPv4. */
export function plainAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}
