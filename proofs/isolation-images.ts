/** The images of the isolation proof. */

import type { Command } from '../protocol/messages.ts';
import { hashOfImage, jpeg } from '../testkit/images.ts';
import { handsWordOf, wordOf } from '../testkit/wiretap.ts';

/** No parcel has this number. Its words are for the store and the driver, but for no customer. */
const signatureNumber = 900_000;

/** What the photo and the signature of the store's first parcel say. Each has its driver's word, too. */
export function imagesOf(store: number, drivers: number): readonly [photo: string, signature: string] {
  const hands = handsWordOf(store % drivers);
  return [`${wordOf(store, 1)} ${hands}`, `${wordOf(store, signatureNumber)} ${hands}`];
}

/** The proofs that have them. */
export function imageProofsOf(store: number, drivers: number): Command[] {
  const payload = { store: `shop-${store}`, orderID: '1' };
  const [photo, signature] = imagesOf(store, drivers).map((word) => hashOfImage(jpeg(word)));
  return [
    { event: 'proof', payload, details: { kind: 'photo', blob: photo, rev: 5 } },
    { event: 'proof', payload, details: { kind: 'signature', blob: signature, rev: 5 } },
  ];
}
