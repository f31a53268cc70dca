/**
 * The customer's link to one parcel. The token is the place of the parcel's pickup in the log, encrypted and
 * authenticated with the log's secret: nothing has to be stored, a link stays the same for as long as the log
 * lives, and whoever has one learns neither another's nor how many parcels there are.
 *
 * The construction is SIV (RFC 5297 in spirit): the first half is an HMAC of the place, which also serves as the
 * cipher's initialization vector for the second.
 */

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface Tracking {
  /** `trk_` and 32 characters that are safe in an address. @param seq of the parcel's pickup in the log */
  tokenOf(seq: number): string;
  /** The seq again; undefined for a token that this log has not given out. */
  seqIn(token: string): number | undefined;
}

const prefix = 'trk_';
const macBytes = 16;
const seqBytes = 8;
const cipherName = 'aes-256-ctr';

/** @param secret of the log, 32 random bytes */
export function createTracking(secret: Uint8Array): Tracking {
  const [macKey, cipherKey] = ['caps track mac', 'caps track cipher'].map((purpose) =>
    Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)),
  ) as [Buffer, Buffer];
  const macOf = (plain: Uint8Array) =>
    createHmac('sha256', macKey).update(plain).digest().subarray(0, macBytes);

  return {
    tokenOf(seq) {
      const plain = Buffer.alloc(seqBytes);
      plain.writeBigUInt64BE(BigInt(seq));
      const mac = macOf(plain);
      const sealed = createCipheriv(cipherName, cipherKey, mac).update(plain);
      return prefix + Buffer.concat([mac, sealed]).toString('base64url');
    },
    seqIn(token) {
      if (!/^trk_[A-Za-z0-9_-]{32}$/.test(token)) return undefined;
      const bytes = Buffer.from(token.slice(prefix.length), 'base64url');
      const mac = bytes.subarray(0, macBytes);
      const plain = createDecipheriv(cipherName, cipherKey, mac).update(bytes.subarray(macBytes));
      return timingSafeEqual(macOf(plain), mac) ? Number(plain.readBigUInt64BE()) : undefined;
    },
  };
}
