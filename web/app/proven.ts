/** What of a parcel's records proves that it was handed over, and what the store has asked for and did not get. */

import { type AskedProof, askedProofs } from '../../protocol/asked-proofs.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Profile } from '../../protocol/profile.ts';
import type { Proof } from '../../protocol/proof.ts';
import { verdictIn } from '../../protocol/proof-check.ts';

export type ShownProof = Proof & { readonly time: string; readonly of: CapsRecord['event'] | undefined };

export interface ProvenLife {
  readonly proofs: readonly ShownProof[];
  readonly wrongPins: number;
  readonly receivedBy: string | undefined;
  /** What is missing of what the store insists on. */
  readonly missing: readonly AskedProof[];
}

/** Whether there is anything to show of it. */
export function hasProofs(records: readonly CapsRecord[]): boolean {
  return records.some(({ event }) => event === 'proof' || event === 'delivered');
}

/** @param records of one parcel, ascending @param profile of its store, if known */
export function provenLife(records: readonly CapsRecord[], profile: Profile | undefined): ProvenLife {
  const proofs = records.flatMap((record) => proofIn(record, records));
  const right = proofs.filter((proof) => verdictIn(proof) !== 'wrong');
  const takenBack = new Set(records.map(({ event, details }) => event === 'corrected' && details?.['rev']));
  const standing = records.filter(({ rev }) => !takenBack.has(rev));
  const delivered = standing.findLast(({ event }) => event === 'delivered');
  const receiver = delivered?.details?.['receivedBy'];
  const receivedBy = typeof receiver === 'string' ? receiver : undefined;
  const isDelivered = delivered !== undefined && records.at(-1)?.status === 'delivered';
  const collected = standing.findLast(({ event }) => event === 'in-transit')?.rev ?? 0;
  const wanted = isDelivered && profile ? insistedOn(profile) : [];
  const missing = wanted.filter((kind) =>
    kind === 'receivedBy'
      ? receivedBy === undefined
      : !right.some((proof) => proof.kind === kind && isOfDelivery(proof, collected)),
  );
  return { proofs: right, wrongPins: proofs.length - right.length, receivedBy, missing };
}

function proofIn(
  { event, details, machineTime, time }: CapsRecord,
  records: readonly CapsRecord[],
): ShownProof[] {
  if (event !== 'proof') return [];
  const proof = details as Proof;
  return [{ ...proof, time: machineTime ?? time, of: records.find(({ rev }) => rev === proof.rev)?.event }];
}

/** What was made while it was collected has the collection's number; a PIN is typed before the step. */
function isOfDelivery({ kind, rev }: ShownProof, collected: number): boolean {
  return kind === 'pin' ? rev >= collected : rev > collected;
}

function insistedOn(profile: Profile): AskedProof[] {
  const asked = Object.entries(askedProofs(profile, 'delivery')) as [AskedProof, string | undefined][];
  return asked.flatMap(([kind, wish]) => (wish === 'warned' || wish === 'required' ? [kind] : []));
}
