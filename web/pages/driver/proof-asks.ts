/** What a shop asks a courier for at a step, and what of it is still missing. */

import type { AskedProof, AskedProofs, ProvenStep } from '../../../protocol/asked-proofs.ts';
import type { outcomes, Status } from '../../../protocol/events.ts';
import type { KeptImage } from './image-store.ts';

/** What was made for the next step of a parcel, and belongs to no step yet. */
export interface ProofDraft {
  readonly photo?: KeptImage | undefined;
  readonly signature?: KeptImage | undefined;
  readonly scan?: string | undefined;
  readonly pin?: PinDraft | undefined;
}

export interface PinDraft {
  readonly text: string;
  /** `kept`: it is checked with the step, as there is no network. `asking`: the hub is checking it. */
  readonly state: 'kept' | 'asking' | 'right';
}

export const noDraft: ProofDraft = {};

/** The answers that are no proofs. */
interface NameAnswer {
  readonly outcome: (typeof outcomes)[number] | undefined;
  readonly name: string;
}

/** @returns undefined for a status whose next step needs no proof */
export function provenStep(status: Status): ProvenStep | undefined {
  if (status === 'claimed') return 'collection';
  if (status === 'in-transit') return 'delivery';
  return status === 'returning' ? 'return' : undefined;
}

export interface MissingProofs {
  readonly required: readonly AskedProof[];
  /** The step goes on without these when the driver says so. */
  readonly warned: readonly AskedProof[];
}

/** What a step still lacks. What is only offered never lacks. */
export function missingProofs(asked: AskedProofs, draft: ProofDraft, answer?: NameAnswer): MissingProofs {
  const kinds = ['photo', 'signature', 'pin', 'scan', 'receivedBy'] as const;
  const missing = kinds.filter((kind) => {
    if (kind === 'receivedBy') return answer !== undefined && lacksName(answer);
    return kind === 'pin'
      ? draft.pin === undefined || draft.pin.state === 'asking'
      : draft[kind] === undefined;
  });
  return {
    required: missing.filter((kind) => asked[kind] === 'required'),
    warned: missing.filter((kind) => asked[kind] === 'warned'),
  };
}

/** Nobody receives what is left in a safe place or a mailbox. */
function lacksName({ outcome, name }: NameAnswer): boolean {
  return outcome !== 'safe-place' && outcome !== 'mailbox' && name.trim() === '';
}

/** Whether a step may be taken for several parcels at once. */
export function asksForProof(asked: AskedProofs): boolean {
  return Object.values(asked).some((wish) => wish === 'warned' || wish === 'required');
}
