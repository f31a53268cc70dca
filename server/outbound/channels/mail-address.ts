/** Addresses and names of mail, so that none of them can become a header or a second recipient. */

import { lineOf } from '../texts/line.ts';

const addressMax = 254;
const nameMax = 100;
/** One mailbox without quotes, comments, spaces or signs that separate addresses. */
const mailbox =
  /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?)*$/u;

/** @returns undefined if it is not exactly one address */
export function mailAddress(text: string | undefined): string | undefined {
  const address = text?.trim() ?? '';
  return address.length <= addressMax && mailbox.test(address) ? address : undefined;
}

export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

/** @param name anything; what a header cannot hold is left out */
export function named(name: string | undefined, address: string): NamedAddress {
  return { name: lineOf(name, nameMax) ?? '', address };
}

export function domainIn(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
