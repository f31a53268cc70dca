/** What shows a parcel's proofs: its images, and what its store asks for. */

import { ask, askFile } from '../../client/read.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { Profile } from '../../protocol/profile.ts';
import { keyOf } from './access-key.ts';
import { answerIn } from './hub-answer.ts';

export interface ProofSource {
  /** Undefined: it has not reached the hub yet. @throws Error in words for a person, or an abort */
  image(hash: string, signal: AbortSignal): Promise<Blob | undefined>;
  /** @throws likewise */
  profile(signal: AbortSignal): Promise<Profile>;
}

/** An `<img>` sends no key, so the image is asked for here. */
export function proofSource(role: 'vendor' | 'admin', { store, orderID }: ParcelId): ProofSource {
  const as = role === 'admin' ? 'admin' : `store:${store}`;
  const key = keyOf(role);
  return {
    async image(hash, signal) {
      const query = { store, orderID, as };
      const reply = await askFile('GET /api/blobs/:hash', { params: { hash }, query, key, signal });
      return reply.kind === 'refusal' && reply.status === 404 ? undefined : answerIn(reply);
    },
    async profile(signal) {
      return answerIn(await ask('GET /api/stores/:store', { params: { store }, query: { as }, key, signal }));
    },
  };
}
