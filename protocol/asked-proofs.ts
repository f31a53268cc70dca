/** The proofs that a store asks its couriers for. */

import type { proofKinds } from './events.ts';

/** How much a store wants a proof. Absent: not at all. Only pages ask for it; the hub refuses nothing for want of it. */
export const proofWishes = ['offered', 'warned', 'required'] as const;
export type ProofWish = (typeof proofWishes)[number];

/** What can be asked for: the kinds of proof, and who received the parcel. */
export type AskedProof = (typeof proofKinds)[number] | 'receivedBy';
export type AskedProofs = Readonly<Partial<Record<AskedProof, ProofWish | undefined>>>;

/** The steps that a store can ask to be proven. */
export const provenSteps = ['delivery', 'collection', 'return'] as const;
export type ProvenStep = (typeof provenSteps)[number];

interface ProofPolicy {
  readonly proofs?: Readonly<Partial<Record<ProvenStep, AskedProofs | undefined>>> | undefined;
}

const usualProofs: Readonly<Record<ProvenStep, AskedProofs>> = {
  delivery: { photo: 'offered', receivedBy: 'offered' },
  collection: {},
  return: {},
};

/** What a courier is asked for at a step of a store's parcel. */
export function askedProofs(profile: ProofPolicy | undefined, step: ProvenStep): AskedProofs {
  return profile?.proofs === undefined ? usualProofs[step] : (profile.proofs[step] ?? {});
}
