/**
 * The customer's link to one parcel. Its token is the seq of the parcel's pickup, encrypted and authenticated with
 * the log's secret. So nothing is stored, a link lives as long as the log, and nobody learns another link or the
 * number of parcels from one.
 *
 * The construction is SIV (RFC 5297 in spirit): the first half is an HMAC of the seq, and also the initialization
 * vector for the second half.
 */

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface Tracking {
  /** `trk_` and 32 URL-safe characters. @param seq of the parcel's pickup in the log */
  tokenOf(seq: number): string;
  /** The seq; undefined for a token that this log did not issue. */
  seqIn(token: string): number | undefined;
}

const prefix = 'trk_';
const macBytes = 16;
const seqBytes = 8;
const cipherName = 'aes-256-ctr';

/** @param secret the log's 32 random bytes */
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
